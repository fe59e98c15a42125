//! What the cells with gates have in common: the sums of the input and of the last output.

use crate::kernel::{Isa, Lanes, Scalar, Start, dense};
use crate::number::arena::Flag;
use crate::number::shape::{Row, Vector};
use crate::number::storage::numbers::Numbers;
use crate::number::storage::{Plain, storage};
use crate::part::cell::{Cell, CellBackward, Frame, Frames, Slopes};
use crate::part::tensor::{Kind, Tensor};
use core::slice::{from_mut, from_ref};
use generic_array::{ArrayLength, GenericArray};

/// What a cell does with its sums: those of the input, `W_ih x + b_ih`, and those of its last output, `W_hh h + b_hh`, one row of
/// `N` for each gate.
pub trait Gates {
    /// The name in a summary.
    const LABEL: &'static str;
    /// How many gates there are.
    const COUNT: usize;
    /// The names of what a stream may begin with, `h0` first.
    const START: &'static [&'static str];
    /// A row for each gate.
    type Sums<T: Scalar, N: ArrayLength>: Plain<T>;
    /// What is remembered, the last output first.
    type State<T: Scalar, N: ArrayLength>: Plain<T>;
    /// What the backward pass needs.
    type Tape<T: Scalar, N: ArrayLength>: Plain<T>;

    /// The state after a frame, in place of that before it, and the tape.
    fn frame<T: Scalar, V: Lanes<T>, N: ArrayLength>(
        x: &Self::Sums<T, N>,
        h: &Self::Sums<T, N>,
        state: &mut Self::State<T, N>,
        tape: &mut Self::Tape<T, N>,
    );

    /// The gradients by both kinds of sums from `dy`, that by the output, and `slope`, that by the state after the frame. What
    /// of the latter goes back to the state before it not through the sums is left in its place.
    fn frame_back<T: Scalar, V: Lanes<T>, N: ArrayLength>(
        tape: &Self::Tape<T, N>,
        before: &Self::State<T, N>,
        dy: &GenericArray<T, N>,
        slope: &mut Self::State<T, N>,
        by_sums: [&mut Self::Sums<T, N>; 2],
    );
}

/// A cell of `N` nodes that takes `I` values.
///
/// `Biased` says whether it has biases.
///
/// # Shapes
/// A frame of `I` values in, the output of the `N` nodes out.
#[repr(C)]
pub struct Recurrent<G: Gates, T: Scalar, I: ArrayLength, N: ArrayLength, Biased: Flag> {
    /// `weight_ih[input][gate][node]`.
    pub weight_ih: GenericArray<G::Sums<T, N>, I>,
    /// `weight_hh[node][gate][node]`.
    pub weight_hh: GenericArray<G::Sums<T, N>, N>,
    /// `bias_ih[gate][node]`.
    pub bias_ih: Biased::Then<T, G::Sums<T, N>>,
    /// `bias_hh[gate][node]`.
    pub bias_hh: Biased::Then<T, G::Sums<T, N>>,
}

storage! {
    [G: Gates, T: Scalar, I: ArrayLength, N: ArrayLength, B: Flag] Recurrent<G, T, I, N, B> as T {
        weight_ih, weight_hh, bias_ih, bias_hh
    }
}

crate::part::cell::of_numbers! {
    [G: Gates, T: Scalar, I: ArrayLength, N: ArrayLength, B: Flag] Recurrent<G, T, I, N, B>, G::LABEL
}

impl<G: Gates, T: Scalar, I: ArrayLength, N: ArrayLength, B: Flag> Recurrent<G, T, I, N, B> {
    const WEIGHTS: [Tensor; 2] = [
        Tensor::transposed("weight_ih_l0", Kind::Weight, &[G::COUNT * N::USIZE, I::USIZE]),
        Tensor::transposed("weight_hh_l0", Kind::Weight, &[G::COUNT * N::USIZE, N::USIZE]),
    ];
    const ALL: [Tensor; 4] = {
        let ([ih, hh], shape) = (Self::WEIGHTS, &[G::COUNT * N::USIZE]);
        [ih, hh, Tensor::new("bias_ih_l0", Kind::Bias, shape), Tensor::new("bias_hh_l0", Kind::Bias, shape)]
    };
    /// There are two starts at most.
    const STARTS: [Tensor; 2] = match G::START {
        [h, c] => [Tensor::new(h, Kind::Bias, &[N::USIZE]), Tensor::new(c, Kind::Bias, &[N::USIZE])],
        [h, ..] => [Tensor::new(h, Kind::Bias, &[N::USIZE]); 2],
        [] => [Tensor::new("h0", Kind::Bias, &[N::USIZE]); 2],
    };
}

impl<G: Gates, T: Scalar, I: ArrayLength, N: ArrayLength, B: Flag> Cell for Recurrent<G, T, I, N, B> {
    type T = T;
    type In = Vector<I>;
    type Out = Vector<N>;
    type State = G::State<T, N>;
    type Tape = G::Tape<T, N>;
    const ZEROED: Self = Plain::ZEROED;
    const NUMBERS: Option<Numbers<Self, T>> = Some(Numbers::of());
    const LABEL: &'static str = G::LABEL;
    const MULTIPLIES: usize = G::COUNT.saturating_mul(N::USIZE).saturating_mul(I::USIZE.saturating_add(N::USIZE));
    const TENSORS: &'static [Tensor] = if B::IS { const { &Self::ALL } } else { const { &Self::WEIGHTS } };
    const START: &'static [Tensor] = const { &Self::STARTS }.split_at(G::START.len()).0;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn frame<K: Isa>(
        &self,
        k: K,
        x: &Row<T, Self::In>,
        state: &mut Self::State,
        tape: &mut Self::Tape,
        y: &mut GenericArray<T, N>,
    ) {
        let (mut of_x, mut of_h) = (G::Sums::<T, N>::ZEROED, G::Sums::<T, N>::ZEROED);
        if let Some(h) = hidden::<T, N>(state).first() {
            products(k, x, &self.weight_ih, bias(&self.bias_ih), &mut of_x);
            products(k, h, &self.weight_hh, bias(&self.bias_hh), &mut of_h);
        }
        G::frame::<T, K::V<T>, N>(&of_x, &of_h, state, tape);
        if let Some(h) = hidden::<T, N>(state).first() {
            y.clone_from(h);
        }
    }
}

/// The sums of one row.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn products<T: Scalar, K: Isa, X: Plain<T>, W: Plain<T>, S: Plain<T>>(
    k: K,
    x: &X,
    weights: &W,
    bias: Option<&S>,
    sums: &mut S,
) {
    match bias {
        Some(bias) => dense::forward(k, from_ref(x), weights, bias, from_mut(sums)),
        None => dense::forward(k, from_ref(x), weights, (), from_mut(sums)),
    }
}

/// The bias, if there is one.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn bias<T: Scalar, S: Plain<T>>(of: &impl Plain<T>) -> Option<&S> {
    Plain::blocks(of.values()).first()
}

/// The last output, and what else is remembered.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn hidden<T: Scalar, N: ArrayLength>(state: &impl Plain<T>) -> &[GenericArray<T, N>] {
    Plain::blocks(state.values())
}

impl<G: Gates, T: Scalar, I: ArrayLength, N: ArrayLength, B: Flag> CellBackward for Recurrent<G, T, I, N, B> {
    type Sums = G::Sums<T, N>;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn frame_back<K: Isa>(
        &self,
        k: K,
        Frame { before, tape, .. }: Frame<'_, Self>,
        dy: &GenericArray<T, N>,
        slopes: Slopes<'_, Self>,
    ) {
        let [by_x, by_h] = slopes.sums;
        G::frame_back::<T, K::V<T>, N>(tape, before, dy, slopes.state, [by_x, by_h]);
        // What goes back through the sums: `dh += W_hhᵀ · by_h`.
        let mut back = <GenericArray<T, N> as Plain<T>>::ZEROED;
        dense::back(k, by_h, &self.weight_hh, &mut back);
        for (slope, back) in slopes.state.values_mut().iter_mut().zip(back) {
            *slope += back;
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn frames_back<K: Isa>(
        &self,
        k: K,
        Frames { x, y, before, sums: [by_x, by_h] }: Frames<'_, Self>,
        dx: Option<&mut [Row<T, Self::In>]>,
        gradient: &mut Self,
    ) {
        // `dW_ih += xᵀ · by_x`, `dx = by_x · W_ihᵀ`.
        let of_x = (&mut gradient.weight_ih, Plain::blocks_mut(gradient.bias_ih.values_mut()).first_mut());
        dense::backward(k, x, by_x, &self.weight_ih, dx, of_x, Start::Sum);
        // `dW_hh += hᵀ · by_h`: before the first frame, and then what each frame but the last gave.
        let (first, others) = by_h.split_at_checked(1).unwrap_or_default();
        let before = hidden(before).get(..1).unwrap_or_default();
        for (h, by_h) in [(before, first), (y.get(..others.len()).unwrap_or_default(), others)] {
            let of_h = (&mut gradient.weight_hh, Plain::blocks_mut(gradient.bias_hh.values_mut()).first_mut());
            dense::backward(k, h, by_h, &self.weight_hh, None, of_h, Start::Sum);
        }
    }

    fn tensors<const C: usize>(mut all: [&mut Self; C], each: &mut impl FnMut([&mut [T]; C])) {
        each(all.each_mut().map(|cell| cell.weight_ih.values_mut()));
        each(all.each_mut().map(|cell| cell.weight_hh.values_mut()));
        if B::IS {
            each(all.each_mut().map(|cell| cell.bias_ih.values_mut()));
            each(all.each_mut().map(|cell| cell.bias_hh.values_mut()));
        }
    }

    fn read_tensors(&self, each: &mut impl FnMut(&[T])) {
        each(self.weight_ih.values());
        each(self.weight_hh.values());
        if B::IS {
            each(self.bias_ih.values());
            each(self.bias_hh.values());
        }
    }
}
