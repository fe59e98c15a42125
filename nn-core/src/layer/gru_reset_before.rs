//! The gated recurrent unit, in its other formula.

use super::gru::Gru;
use super::recurrent::{bias, products};
use crate::kernel::{Isa, Lanes, Lanewise, Scalar, Start, dense, flush, lanewise};
use crate::number::arena::Flag;
use crate::number::shape::{Row, Vector};
use crate::number::storage::numbers::Numbers;
use crate::number::storage::{Plain, storage};
use crate::part::cell::{Cell, CellBackward, Frame, Slopes};
use crate::part::tensor::Tensor;
use core::slice::{from_mut, from_ref};
use generic_array::{ArrayLength, GenericArray};

/// The gated recurrent unit whose reset gate works before the product: `n = tanh(W x + b + U (r · h) + c)`, and all else as in
/// [`Gru`], with its parameters. It is Keras's with `reset_after=False`, and that of ONNX with `linear_before_reset = 0`, which is
/// the default there.
///
/// # Shapes
/// A frame of `I` values in, `N` values out, which it remembers.
#[repr(transparent)]
pub struct GruResetBefore<T: Scalar, I: ArrayLength, N: ArrayLength, Biased: Flag>(
    /// The parameters.
    pub Gru<T, I, N, Biased>,
);

storage! { [T: Scalar, I: ArrayLength, N: ArrayLength, B: Flag] GruResetBefore<T, I, N, B> as T { 0 } }
crate::part::cell::of_numbers! {
    [T: Scalar, I: ArrayLength, N: ArrayLength, B: Flag] GruResetBefore<T, I, N, B>, Self::LABEL
}

type Rows<T, N, const COUNT: usize> = [GenericArray<T, N>; COUNT];

impl<T: Scalar, I: ArrayLength, N: ArrayLength, B: Flag> Cell for GruResetBefore<T, I, N, B> {
    type T = T;
    type In = Vector<I>;
    type Out = Vector<N>;
    type State = Rows<T, N, 1>;
    /// r, z, n.
    type Tape = Rows<T, N, 3>;
    const ZEROED: Self = Plain::ZEROED;
    const NUMBERS: Option<Numbers<Self, T>> = Some(Numbers::of());
    const LABEL: &'static str = "gru, reset before";
    const MULTIPLIES: usize = Gru::<T, I, N, B>::MULTIPLIES;
    const TENSORS: &'static [Tensor] = Gru::<T, I, N, B>::TENSORS;
    const START: &'static [Tensor] = Gru::<T, I, N, B>::START;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn frame<K: Isa>(
        &self,
        k: K,
        x: &Row<T, Self::In>,
        [h]: &mut Self::State,
        [r, z, n]: &mut Self::Tape,
        y: &mut GenericArray<T, N>,
    ) {
        let (mut of_x, mut of_h) = (<Rows<T, N, 3> as Plain<T>>::ZEROED, <Rows<T, N, 3> as Plain<T>>::ZEROED);
        products(k, x, &self.0.weight_ih, bias(&self.0.bias_ih), &mut of_x);
        if let Some(bias) = bias(&self.0.bias_hh) {
            of_h.clone_from(bias);
        }
        let ([xr, xz, xn], [hr, hz, hn]) = (&of_x, &mut of_h);
        for (h, [wr, wz, _]) in h.iter().zip(&self.0.weight_hh) {
            lanewise::<T, K::V<T>, _, 2, 2>(Add(*h), [wr, wz], [hr, hz]);
        }
        let mut reset = <GenericArray<T, N> as Plain<T>>::ZEROED;
        lanewise::<T, K::V<T>, _, 5, 3>(Reset, [xr, xz, hr, hz, h], [r, z, &mut reset]);
        for (reset, [_, _, wn]) in reset.iter().zip(&self.0.weight_hh) {
            lanewise::<T, K::V<T>, _, 1, 1>(Add(*reset), [wn], [hn]);
        }
        lanewise::<T, K::V<T>, _, 3, 2>(Update, [xn, hn, z], [h, n]);
        y.clone_from(h);
    }
}

impl<T: Scalar, I: ArrayLength, N: ArrayLength, B: Flag> CellBackward for GruResetBefore<T, I, N, B> {
    type Sums = [T; 0];

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn frame_back<K: Isa>(
        &self,
        k: K,
        Frame { x, before: [h], tape: [r, z, n], .. }: Frame<'_, Self>,
        dy: &GenericArray<T, N>,
        Slopes { state: [dh], x: dx, parameters: Self(gradient), .. }: Slopes<'_, Self>,
    ) {
        let weights = &self.0.weight_hh;
        // The gates and what they let through take other inputs from the same matrix: each as if the others' rows got nothing.
        let (mut of_gates, mut of_n) = (<Rows<T, N, 3> as Plain<T>>::ZEROED, <Rows<T, N, 3> as Plain<T>>::ZEROED);
        let mut back = <GenericArray<T, N> as Plain<T>>::ZEROED;
        let mut reset = <GenericArray<T, N> as Plain<T>>::ZEROED;
        let ([dr, dz, _], [_, _, dn]) = (&mut of_gates, &mut of_n);
        lanewise::<T, K::V<T>, _, 4, 3>(UpdateBack, [z, n, h, dy], [dh, dz, dn]);
        dense::back(k, &of_n, weights, &mut back);
        lanewise::<T, K::V<T>, _, 3, 3>(ResetBack, [r, h, &back], [dh, dr, &mut reset]);
        dense::back(k, &of_gates, weights, &mut back);
        lanewise::<T, K::V<T>, _, 1, 1>(Add(T::ONE), [&back], [dh]);

        for (input, of_sums) in [(h, &of_gates), (&reset, &of_n)] {
            let of_h = (&mut gradient.weight_hh, Plain::blocks_mut(gradient.bias_hh.values_mut()).first_mut());
            dense::backward(k, from_ref(input), from_ref(of_sums), weights, None, of_h, Start::Sum);
        }
        let ([.., to], [.., dn]) = (&mut of_gates, &of_n);
        to.clone_from(dn);
        let of_x = (&mut gradient.weight_ih, Plain::blocks_mut(gradient.bias_ih.values_mut()).first_mut());
        let dx = dx.map(from_mut);
        dense::backward(k, from_ref(x), from_ref(&of_gates), &self.0.weight_ih, dx, of_x, Start::Sum);
    }

    fn tensors<const C: usize>(all: [&mut Self; C], each: &mut impl FnMut([&mut [T]; C])) {
        Gru::tensors(all.map(|cell| &mut cell.0), each);
    }

    fn read_tensors(&self, each: &mut impl FnMut(&[T])) {
        self.0.read_tensors(each);
    }
}

/// Adds so many times each number.
#[derive(Clone, Copy)]
struct Add<T>(T);

impl<T: Scalar, const N: usize> Lanewise<T, N, N> for Add<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<V: Lanes<T>>(self, read: [V; N], mut sums: [V; N]) -> [V; N] {
        for (sum, read) in sums.iter_mut().zip(read) {
            *sum = read.mul_add(V::splat(self.0), *sum);
        }
        sums
    }
}

/// The gates, and what they leave of the last output.
#[derive(Clone, Copy)]
struct Reset;

impl<T: Scalar> Lanewise<T, 5, 3> for Reset {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<V: Lanes<T>>(self, [xr, xz, hr, hz, h]: [V; 5], _: [V; 3]) -> [V; 3] {
        let (r, z) = ((xr + hr).sigmoid(), (xz + hz).sigmoid());
        [r, z, r * h]
    }
}

/// The next output.
#[derive(Clone, Copy)]
struct Update;

impl<T: Scalar> Lanewise<T, 3, 2> for Update {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<V: Lanes<T>>(self, [xn, hn, z]: [V; 3], [h, _]: [V; 2]) -> [V; 2] {
        let n = (xn + hn).tanh();
        [flush((V::splat(T::ONE) - z) * n + z * h), n]
    }
}

#[derive(Clone, Copy)]
struct UpdateBack;

impl<T: Scalar> Lanewise<T, 4, 3> for UpdateBack {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<V: Lanes<T>>(self, [z, n, h, dy]: [V; 4], [dh, ..]: [V; 3]) -> [V; 3] {
        let one = V::splat(T::ONE);
        let dh = dy + dh;
        [dh * z, dh * (h - n) * z * (one - z), dh * (one - z) * (one - n * n)]
    }
}

#[derive(Clone, Copy)]
struct ResetBack;

impl<T: Scalar> Lanewise<T, 3, 3> for ResetBack {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<V: Lanes<T>>(self, [r, h, back]: [V; 3], [dh, ..]: [V; 3]) -> [V; 3] {
        [dh + back * r, back * h * r * (V::splat(T::ONE) - r), r * h]
    }
}
