//! How an activation of the user's own stands in a declaration.

use super::function::RowActivation;
use crate::kernel::{Lanes, Scalar};
use crate::part::checked::{Checked, Other, Probe};
use crate::part::init::Init;
use crate::part::seed::Seed;

impl<A: RowActivation> Probe<A> {
    /// An activation.
    pub const OTHER: Other = Other::Activation;
}

impl<A: RowActivation, const FITS: bool> RowActivation for Checked<A, FITS> {
    type Keeps = A::Keeps;
    const LABEL: &'static str = A::LABEL;
    const WANTS: Init = A::WANTS;
    const LIMITS: [f64; 2] = A::LIMITS;
    const BY_VALUE: bool = A::BY_VALUE;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<T: Scalar, V: Lanes<T>>(rows: &mut [T], width: usize) {
        A::apply::<T, V>(rows, width);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn train<T: Scalar, V: Lanes<T>>(rows: &mut [T], width: usize, seed: Seed) {
        A::train::<T, V>(rows, width, seed);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn slopes<T: Scalar, V: Lanes<T>>(kept: &[T], dy: &mut [T], width: usize, seed: Seed) {
        A::slopes::<T, V>(kept, dy, width, seed);
    }
}
