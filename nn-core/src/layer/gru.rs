//! The gated recurrent unit.

use super::recurrent::{Gates, Recurrent};
use crate::kernel::{Lanes, Lanewise, Scalar, flush, lanewise};
use generic_array::{ArrayLength, GenericArray};

/// The gated recurrent unit (Cho et al. 2014), with PyTorch's equations, gates and names:
///
/// `r, z = sigmoid(W x + b + U h + c)`, each with weights of its own, `n = tanh(W x + b + r · (U h + c))`; the output is
/// `(1 - z) · n + z · h`. The reset gate works after the product, as in PyTorch and in Keras's `reset_after=True`;
/// the other formula is [`GruResetBefore`](super::GruResetBefore).
///
/// # Shapes
/// A frame of `I` values in, `N` values out, which it remembers.
pub struct GruGates;

/// The cell with these [gates](GruGates).
#[doc(alias = "GRU")]
pub type Gru<T, I, N, Biased> = Recurrent<GruGates, T, I, N, Biased>;

type Rows<T, N, const COUNT: usize> = [GenericArray<T, N>; COUNT];

impl Gates for GruGates {
    const LABEL: &'static str = "gru";
    const COUNT: usize = 3;
    const START: &'static [&'static str] = &["h0"];
    /// r, z, n.
    type Sums<T: Scalar, N: ArrayLength> = Rows<T, N, 3>;
    type State<T: Scalar, N: ArrayLength> = Rows<T, N, 1>;
    /// r, z, n, and `U h + c` of n.
    type Tape<T: Scalar, N: ArrayLength> = Rows<T, N, 4>;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn frame<T: Scalar, V: Lanes<T>, N: ArrayLength>(
        [xr, xz, xn]: &Rows<T, N, 3>,
        [hr, hz, hn]: &Rows<T, N, 3>,
        [h]: &mut Rows<T, N, 1>,
        [r, z, n, u]: &mut Rows<T, N, 4>,
    ) {
        lanewise::<T, V, _, 6, 5>(Forward, [xr, xz, xn, hr, hz, hn], [h, r, z, n, u]);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn frame_back<T: Scalar, V: Lanes<T>, N: ArrayLength>(
        [r, z, n, u]: &Rows<T, N, 4>,
        [h]: &Rows<T, N, 1>,
        dy: &GenericArray<T, N>,
        [dh]: &mut Rows<T, N, 1>,
        [by_x, by_h]: [&mut Rows<T, N, 3>; 2],
    ) {
        let ([xr, xz, xn], [hr, hz, hn]) = (by_x, by_h);
        lanewise::<T, V, _, 6, 7>(Backward, [r, z, n, u, h, dy], [dh, xr, xz, xn, hr, hz, hn]);
    }
}

#[derive(Clone, Copy)]
struct Forward;

impl<T: Scalar> Lanewise<T, 6, 5> for Forward {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<V: Lanes<T>>(self, [xr, xz, xn, hr, hz, hn]: [V; 6], [h, ..]: [V; 5]) -> [V; 5] {
        let (r, z) = ((xr + hr).sigmoid(), (xz + hz).sigmoid());
        let n = (xn + r * hn).tanh();
        [flush((V::splat(T::ONE) - z) * n + z * h), r, z, n, hn]
    }
}

#[derive(Clone, Copy)]
struct Backward;

impl<T: Scalar> Lanewise<T, 6, 7> for Backward {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<V: Lanes<T>>(self, [r, z, n, u, h, dy]: [V; 6], [dh, ..]: [V; 7]) -> [V; 7] {
        let one = V::splat(T::ONE);
        let dh = dy + dh;
        let dn = dh * (one - z) * (one - n * n);
        let dr = dn * u * r * (one - r);
        let dz = dh * (h - n) * z * (one - z);
        [dh * z, dr, dz, dn, dr, dz, dn * r]
    }
}
