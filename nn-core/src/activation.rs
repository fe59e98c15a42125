//! Activations: the non-linearity after a layer, each with its slope.
//!
//! In a declaration an activation follows its layer, `8 relu`. One of your own takes four lines and stands there by its
//! path:
//!
//! ```
//! use nn_core::activation::{Activation, After, Lanes};
//! use nn_core::scalar::Scalar;
//!
//! /// max(0, x)², smooth at zero.
//! struct SquaredRelu;
//!
//! impl Activation for SquaredRelu {
//!     type Keeps = nn_core::activation::Before; // the slope is computed from the input
//!     const NAME: &'static str = "squared_relu";
//!     fn value<T: Scalar, V: Lanes<T>>(x: V) -> V {
//!         let y = V::splat(T::ZERO).max(x);
//!         y * y
//!     }
//!     fn slope<T: Scalar, V: Lanes<T>>(x: V, dy: V) -> V {
//!         let y = V::splat(T::ZERO).max(x);
//!         dy * (y + y)
//!     }
//! }
//! use nn_core::prelude::*;
//! type Net = network!(2 => 8 SquaredRelu => 1);
//! assert_eq!(Net::MACS, 24);
//! ```

#[cfg(test)]
mod accuracy;
mod activate;
mod approximate;
mod dropout;
mod element;
mod function;
mod own;
mod softmax;

pub use crate::kernel::Lanes;
pub use crate::part::seed::Seed;
pub use activate::{Activate, ActivateAfter};
pub use approximate::Approximate;
pub use dropout::Dropout;
pub use element::*;
pub use function::{Activation, After, Before, Keeps, Neither, Probability, RowActivation};
pub use softmax::Softmax;
