//! The simple recurrent cell.

use super::recurrent::{Gates, Recurrent};
use crate::activation::{Activation, Tanh};
use crate::kernel::{Lanes, Lanewise, Scalar, flush, lanewise};
use core::marker::PhantomData;
use generic_array::{ArrayLength, GenericArray};

/// The simple recurrent cell (Elman 1990), with PyTorch's equations and names: the output is `A(W x + b + U h + c)`, `A` being
/// `tanh` unless it says otherwise. Its slope has to follow from its value, as that of `relu` does.
///
/// # Shapes
/// A frame of `I` values in, `N` values out, which it remembers.
pub struct RnnGates<A = Tanh>(PhantomData<A>);

/// The cell with these [gates](RnnGates).
#[doc(alias = "RNN")]
pub type Rnn<T, I, N, Biased, A = Tanh> = Recurrent<RnnGates<A>, T, I, N, Biased>;

type Row<T, N> = [GenericArray<T, N>; 1];

impl<A: Activation> Gates for RnnGates<A> {
    const LABEL: &'static str = "rnn";
    const COUNT: usize = 1;
    const START: &'static [&'static str] = &["h0"];
    type Sums<T: Scalar, N: ArrayLength> = Row<T, N>;
    type State<T: Scalar, N: ArrayLength> = Row<T, N>;
    /// The output.
    type Tape<T: Scalar, N: ArrayLength> = Row<T, N>;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn frame<T: Scalar, V: Lanes<T>, N: ArrayLength>(
        [x]: &Row<T, N>,
        [of_h]: &Row<T, N>,
        [h]: &mut Row<T, N>,
        [y]: &mut Row<T, N>,
    ) {
        lanewise::<T, V, _, 2, 2>(Rule::<A>(PhantomData), [x, of_h], [h, y]);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn frame_back<T: Scalar, V: Lanes<T>, N: ArrayLength>(
        [y]: &Row<T, N>,
        _: &Row<T, N>,
        dy: &GenericArray<T, N>,
        [dh]: &mut Row<T, N>,
        [[by_x], [by_h]]: [&mut Row<T, N>; 2],
    ) {
        lanewise::<T, V, _, 2, 3>(Rule::<A>(PhantomData), [y, dy], [dh, by_x, by_h]);
    }
}

/// The equations, forward and backward.
struct Rule<A>(PhantomData<A>);

impl<A> Clone for Rule<A> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<A> Copy for Rule<A> {}

impl<T: Scalar, A: Activation> Lanewise<T, 2, 2> for Rule<A> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<V: Lanes<T>>(self, [x, h]: [V; 2], _: [V; 2]) -> [V; 2] {
        [flush(A::value::<T, V>(x + h)); 2]
    }
}

impl<T: Scalar, A: Activation> Lanewise<T, 2, 3> for Rule<A> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<V: Lanes<T>>(self, [y, dy]: [V; 2], [dh, ..]: [V; 3]) -> [V; 3] {
        let slope = A::slope::<T, V>(y, dy + dh);
        [V::splat(T::ZERO), slope, slope]
    }
}
