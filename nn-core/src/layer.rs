//! The layers of the library, and the contracts of a layer of your own.
//!
//! A layer turns rows of one shape into rows of another ([`Layer`]), and their gradients back ([`Backward`]). What it needs to be part of a network (memory, recording,
//! initialisation, descriptions) follows from that. A layer of your own:
//!
//! ```
//! use nn_core::layer::{Backward, Kind, Layer, Tensor};
//! use nn_core::shape::{Row, Vector};
//! use nn_core::kernel::Isa;
//! use nn_core::typenum::U3;
//!
//! /// Multiplies each of three values by a factor of its own.
//! #[derive(Clone, Debug)]
//! struct Scale([f32; 3]);
//!
//! impl Layer for Scale {
//!     type T = f32;
//!     type In = Vector<U3>;
//!     type Out = Vector<U3>;
//!     const ZEROED: Self = Self([0.0; 3]);
//!     const LABEL: &'static str = "scale";
//!     const MULTIPLIES: usize = 3;
//!     const TENSORS: &'static [Tensor] = &[Tensor::new("weight", Kind::Scale, &[3])];
//!
//!     fn forward_rows<K: Isa>(&self, _: K, x: &[Row<f32, Self::In>], y: &mut [Row<f32, Self::Out>]) {
//!         for (x, y) in x.iter().zip(y) {
//!             for ((y, x), by) in y.iter_mut().zip(x).zip(&self.0) {
//!                 *y = x * by;
//!             }
//!         }
//!     }
//! }
//!
//! // Without this, it runs in networks that are not trained.
//! impl Backward for Scale {
//!     fn backward_rows<K: Isa>(
//!         &self,
//!         _: K,
//!         x: &[Row<f32, Self::In>],
//!         dy: &[Row<f32, Self::Out>],
//!         dx: Option<&mut [Row<f32, Self::In>]>,
//!         gradient: &mut Self,
//!     ) {
//!         for (x, dy) in x.iter().zip(dy) {
//!             for ((sum, x), dy) in gradient.0.iter_mut().zip(x).zip(dy) {
//!                 *sum += x * dy;
//!             }
//!         }
//!         for (dx, dy) in dx.into_iter().flatten().zip(dy) {
//!             for ((dx, dy), by) in dx.iter_mut().zip(dy).zip(&self.0) {
//!                 *dx = dy * by;
//!             }
//!         }
//!     }
//!
//!     fn tensors<const N: usize>(all: [&mut Self; N], each: &mut impl FnMut([&mut [f32]; N])) {
//!         each(all.map(|scale| scale.0.as_mut_slice()));
//!     }
//!
//!     fn read_tensors(&self, each: &mut impl FnMut(&[f32])) {
//!         each(&self.0);
//!     }
//! }
//! use nn_core::prelude::*;
//! type Net = network!(2 => 3 tanh => Scale => 1);
//! assert_eq!(Net::PARAMETERS, 9 + 3 + 4);
//! ```

/// `Clone`, `PartialEq` and `Debug` of a layer without numbers, whatever its parameters are.
macro_rules! stateless {
    ([$($generics:tt)*] $Name:ty) => {
        impl<$($generics)*> Clone for $Name {
            fn clone(&self) -> Self {
                Self(core::marker::PhantomData)
            }
        }
        impl<$($generics)*> PartialEq for $Name {
            fn eq(&self, _: &Self) -> bool {
                true
            }
        }
        impl<$($generics)*> core::fmt::Debug for $Name
        where
            Self: $crate::part::layer::Layer,
        {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(<Self as $crate::part::layer::Layer>::LABEL)
            }
        }
    };
}
use stateless;

mod arrays;
mod batch_norm;
mod causal_conv;
mod conv;
mod conv_transpose;
mod dense;
mod dense_without_bias;
pub(crate) mod fold;
mod group_norm;
mod gru;
mod gru_reset_before;
mod layer_norm;
mod linear_upsample;
mod lstm;
mod moved;
mod pool;
mod pooled;
mod recurrent;
mod rms_norm;
mod rnn;

mod standardize;
pub(crate) mod unnorm;
mod wavenet;

pub use crate::kernel::pool::Pooling;
#[doc(hidden)]
pub use crate::kernel::sliding::{Sliding, Window as SlidingWindow};
pub use crate::number::arena::{Flag, No, Yes};
pub use crate::part::cell::{Cell, CellBackward, Frame, Frames, Remembers, Slopes};
#[doc(hidden)]
pub use crate::part::delay::Delay;
pub use crate::part::layer::{Backward, Layer};
#[doc(hidden)]
pub use crate::part::past::Past;
pub use crate::part::tensor::{Kind, Tensor};
pub use arrays::{BatchNormParameters, ConvParameters};
pub use batch_norm::BatchNorm;
pub use causal_conv::CausalConv;
pub use conv::Conv;
pub use conv_transpose::ConvTranspose;
pub use dense::{Dense, DenseAfter, Parameters};
pub use dense_without_bias::{DenseWithoutBias, DenseWithoutBiasAfter, ParametersWithoutBias};
pub use group_norm::GroupNorm;
pub use gru::{Gru, GruGates};
pub use gru_reset_before::GruResetBefore;
pub use layer_norm::{LayerNorm, LayerNormAfter, LayerNormParameters};
pub use linear_upsample::LinearUpsample;
pub use lstm::{Lstm, LstmGates};
pub use moved::{Flatten, Last, Move, Moved, Pad, Pass, Reverse, Take, Upsample, Window};
pub use pool::{Max, Mean, Pool};
#[doc(hidden)]
pub use pooled::Pooled;
pub use recurrent::{Gates, Recurrent};
pub use rms_norm::{RmsNorm, RmsNormAfter, RmsNormParameters};
pub use rnn::{Rnn, RnnGates};
pub use standardize::Standardize;
#[doc(hidden)]
pub use standardize::{Given, Learnt, Rows, Several, Standardizes, Stated};
pub use wavenet::{Rechannel, WaveHead, WaveLayer, WaveNet};
