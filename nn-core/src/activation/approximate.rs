//! Activations by approximations of their functions.

use super::function::RowActivation;
use crate::kernel::{Lanes, Scalar};
use crate::part::init::Init;
use crate::part::seed::Seed;
use core::marker::PhantomData;

/// The activation `A`, computed with fewer digits in less time: what `#[approximate]` before a network makes of each of its
/// activations.
///
/// ```
/// use nn_core::prelude::*;
///
/// network! { #[approximate] pub struct Fast: 2 => 8 tanh => 4 sigmoid => 1; }
/// network! { pub struct Precise: 2 => 8 tanh => 4 sigmoid => 1; }
///
/// let (mut fast, mut precise) = (Fast::ZERO, Precise::ZERO);
/// fast.init(&mut ChaCha8Rng::seed_from_u64(1));
/// precise.init(&mut ChaCha8Rng::seed_from_u64(1));
/// let ([a], [b]) = (fast.forward(&[0.0, 1.0]), precise.forward(&[0.0, 1.0]));
/// assert!((a - b).abs() < 3e-4);
/// ```
///
/// In `f32`, the methods `exp`, `sigmoid`, `tanh` and `gelu` of [`Lanes`] and the softmax of a row are then made of polynomials
/// of low degree, in training too, and so in activations of your own. In `f64` they stay what they are. Nothing else changes:
/// not the name, the first weights, or what a loss knows of the output. How large the errors are stands in the documentation
/// of the language, in `nn-macros`.
///
/// Values stay within the bounds of functions that have them, and saturate there; NaN stays NaN. The bits are as reproducible as
/// those of the precise functions, see [`InstructionSet`](crate::kernel::InstructionSet).
pub struct Approximate<A>(PhantomData<A>);

impl<A: RowActivation> RowActivation for Approximate<A> {
    type Keeps = A::Keeps;
    const LABEL: &'static str = A::LABEL;
    const WANTS: Init = A::WANTS;
    const LIMITS: [f64; 2] = A::LIMITS;
    const BY_VALUE: bool = A::BY_VALUE;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<T: Scalar, V: Lanes<T>>(rows: &mut [T], width: usize) {
        A::apply::<T, V::Fast>(rows, width);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn train<T: Scalar, V: Lanes<T>>(rows: &mut [T], width: usize, seed: Seed) {
        A::train::<T, V::Fast>(rows, width, seed);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn slopes<T: Scalar, V: Lanes<T>>(kept: &[T], dy: &mut [T], width: usize, seed: Seed) {
        A::slopes::<T, V::Fast>(kept, dy, width, seed);
    }
}
