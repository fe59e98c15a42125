//! The parameters of convolutions and norms as plain arrays, which a layer with a name gives.

use crate::kernel::Scalar;
use crate::number::storage::{Plain, storage};

/// The parameters of a convolution that has a name: `net.edges()` and `net.edges_mut()` of `edges: conv(8, 3)`.
///
/// `W` are the weights, `weights[tap][input][output]` of a signal, and `weights[column][row][input][output]` of an image; of a convolution in
/// groups `input` is one of the group's, and of a transposed one the last two are the other way round. Without a bias, `OUT` is 0.
///
/// ```
/// use nn_core::prelude::*;
/// network! { struct Net: 1x4x5 => edges: conv(2, 3x2) relu => flatten => 1; }
///
/// let mut net = Net::ZERO;
/// for row in 0..3 {
///     net.edges_mut().weights[0][row][0] = [-1.0, 0.0]; // the left column of the first filter
///     net.edges_mut().weights[1][row][0] = [1.0, 0.0]; // the right one
/// }
/// net.edges_mut().bias[1] = 0.5;
/// let ramp: [f32; 20] = core::array::from_fn(|at| (at % 5) as f32);
/// net.activations(&ramp, |layer, values| {
///     if layer.label == "conv" {
///         assert_eq!(values[..2], [3.0, 0.5]); // both filters at the first place
///     }
/// });
/// ```
#[derive(Clone, Debug, PartialEq)]
#[repr(C)]
pub struct ConvParameters<T, W, const OUT: usize> {
    /// By tap.
    pub weights: W,
    /// `bias[output]`.
    pub bias: [T; OUT],
}

storage! { [T: Scalar, W: Plain<T>, const OUT: usize] ConvParameters<T, W, OUT> as T { weights, bias } }

/// The parameters of a `batch_norm` that has a name.
#[derive(Clone, Debug, PartialEq)]
#[repr(C)]
pub struct BatchNormParameters<T, const N: usize> {
    /// What each channel is multiplied by.
    pub weight: [T; N],
    /// What is added to it.
    pub bias: [T; N],
    /// The mean that is subtracted in use.
    pub running_mean: [T; N],
    /// The variance whose root, with `eps`, is divided by in use.
    pub running_var: [T; N],
}

storage! { [T: Scalar, const N: usize] BatchNormParameters<T, N> as T { weight, bias, running_mean, running_var } }

/// The methods that give a layer's parameters as plain arrays.
macro_rules! arrays {
    ([$($generics:tt)*] $Layer:ty) => {
        impl<$($generics)*> $Layer {
            const IS_NUMBERS: $crate::number::storage::numbers::Numbers<Self, T> = match Self::COMPOSED {
                Some(numbers) => numbers,
                None => panic!("a layer is its numbers"),
            };

            /// The parameters as plain arrays.
            #[doc(hidden)]
            pub fn arrays<A: $crate::number::storage::Plain<T>>(&self) -> &A {
                Self::IS_NUMBERS.cast(self)
            }

            /// The parameters as plain arrays, to be changed.
            #[doc(hidden)]
            pub fn arrays_mut<A: $crate::number::storage::Plain<T>>(&mut self) -> &mut A {
                Self::IS_NUMBERS.cast_mut(self)
            }
        }
    };
}
pub(super) use arrays;
