//! Long short-term memory.

use super::recurrent::{Gates, Recurrent};
use crate::kernel::{Lanes, Lanewise, Scalar, flush, lanewise};
use crate::number::storage::Plain;
use generic_array::{ArrayLength, GenericArray};

/// Long short-term memory (Hochreiter, Schmidhuber 1997), with PyTorch's equations, gates and names:
///
/// `i, f, o = sigmoid(W x + b + U h + c)`, `g = tanh(…)`, each with weights of its own; the cells become `f · c + i · g`, the
/// output `o · tanh(c)`.
///
/// # Shapes
/// A frame of `I` values in, `N` values out. It remembers `N` outputs and as many cells.
pub struct LstmGates;

/// The cell with these [gates](LstmGates).
#[doc(alias = "LSTM")]
pub type Lstm<T, I, N, Biased> = Recurrent<LstmGates, T, I, N, Biased>;

type Rows<T, N, const COUNT: usize> = [GenericArray<T, N>; COUNT];

impl Gates for LstmGates {
    const LABEL: &'static str = "lstm";
    const COUNT: usize = 4;
    const START: &'static [&'static str] = &["h0", "c0"];
    /// i, f, g, o.
    type Sums<T: Scalar, N: ArrayLength> = Rows<T, N, 4>;
    /// h, c.
    type State<T: Scalar, N: ArrayLength> = Rows<T, N, 2>;
    /// i, f, g, o, and the hyperbolic tangent of the cells.
    type Tape<T: Scalar, N: ArrayLength> = Rows<T, N, 5>;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn frame<T: Scalar, V: Lanes<T>, N: ArrayLength>(
        [xi, xf, xg, xo]: &Rows<T, N, 4>,
        [hi, hf, hg, ho]: &Rows<T, N, 4>,
        [h, c]: &mut Rows<T, N, 2>,
        [i, f, g, o, t]: &mut Rows<T, N, 5>,
    ) {
        lanewise::<T, V, _, 8, 7>(Forward, [xi, xf, xg, xo, hi, hf, hg, ho], [h, c, i, f, g, o, t]);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn frame_back<T: Scalar, V: Lanes<T>, N: ArrayLength>(
        [i, f, g, o, t]: &Rows<T, N, 5>,
        [_, before]: &Rows<T, N, 2>,
        dy: &GenericArray<T, N>,
        [dh, dc]: &mut Rows<T, N, 2>,
        [by_x, by_h]: [&mut Rows<T, N, 4>; 2],
    ) {
        let [di, df, dg, d_o] = by_x;
        lanewise::<T, V, _, 7, 6>(Backward, [i, f, g, o, t, before, dy], [dh, dc, di, df, dg, d_o]);
        crate::number::arena::copy(by_x.values(), by_h.values_mut());
    }
}

#[derive(Clone, Copy)]
struct Forward;

impl<T: Scalar> Lanewise<T, 8, 7> for Forward {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<V: Lanes<T>>(self, [xi, xf, xg, xo, hi, hf, hg, ho]: [V; 8], [_, c, ..]: [V; 7]) -> [V; 7] {
        let (i, f, o) = ((xi + hi).sigmoid(), (xf + hf).sigmoid(), (xo + ho).sigmoid());
        let g = (xg + hg).tanh();
        let c = flush(f * c + i * g);
        let t = c.tanh();
        [flush(o * t), c, i, f, g, o, t]
    }
}

#[derive(Clone, Copy)]
struct Backward;

impl<T: Scalar> Lanewise<T, 7, 6> for Backward {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<V: Lanes<T>>(self, [i, f, g, o, t, before, dy]: [V; 7], [dh, dc, ..]: [V; 6]) -> [V; 6] {
        let one = V::splat(T::ONE);
        let dh = dy + dh;
        let dc = dc + dh * o * (one - t * t);
        let di = dc * g * i * (one - i);
        let df = dc * before * f * (one - f);
        let dg = dc * i * (one - g * g);
        let d_o = dh * t * o * (one - o);
        // The output goes back through the sums alone, the cells directly.
        [V::splat(T::ZERO), dc * f, di, df, dg, d_o]
    }
}
