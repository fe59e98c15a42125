//! The narrow contract of a layer, which users implement, and the layers of the library.
//!
//! A layer turns rows of one shape into rows of another. What it needs to be part of a network (memory, recording,
//! initialisation, descriptions) follows from that. A layer of your own:
//!
//! ```
//! use nn_core::layer::{Kind, Layer, Tensor};
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
//!     fn forward_rows<K: Isa<f32>>(&self, _: K, x: &[Row<f32, Self::In>], y: &mut [Row<f32, Self::Out>]) {
//!         for (x, y) in x.iter().zip(y) {
//!             for ((y, x), by) in y.iter_mut().zip(x).zip(&self.0) {
//!                 *y = x * by;
//!             }
//!         }
//!     }
//!
//!     fn backward_rows<K: Isa<f32>>(
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

mod dense;

#[doc(hidden)]
pub use dense::DenseAfter;
pub use dense::{Dense, Parameters};

use crate::kernel::Isa;
use crate::scalar::Scalar;
use crate::shape::{Row, Shape};
use crate::storage::Numbers;

/// What a tensor of parameters is for. Initialisers and optimisers treat them differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Multiplies values.
    Weight,
    /// Is added to values.
    Bias,
    /// Multiplies one value each, and is 1 at first; weight decay leaves it alone.
    Scale,
}

/// What is known of a tensor of parameters: its name and shape in a weights file, and what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tensor {
    /// Its name, which follows that of its layer: `weight` in `features.weight`.
    pub name: &'static str,
    /// What it is for.
    pub kind: Kind,
    /// Its shape in a file; in memory too, unless it is transposed.
    pub shape: &'static [usize],
    pub(crate) is_transposed: bool,
}

impl Tensor {
    /// A tensor whose numbers have the same order in a file and in memory.
    pub const fn new(name: &'static str, kind: Kind, shape: &'static [usize]) -> Self {
        Self { name, kind, shape, is_transposed: false }
    }

    /// A matrix that is stored column by column.
    pub(crate) const fn transposed(name: &'static str, kind: Kind, shape: &'static [usize; 2]) -> Self {
        Self { name, kind, shape, is_transposed: true }
    }

    /// How many numbers it has.
    pub const fn len(&self) -> usize {
        let (mut len, mut rest) = (1, self.shape);
        while let [size, after @ ..] = rest {
            len *= *size;
            rest = after;
        }
        len
    }

    /// Whether it has no number.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many numbers several have.
    const fn total(tensors: &[Self]) -> usize {
        match tensors {
            [first, rest @ ..] => first.len() + Self::total(rest),
            [] => 0,
        }
    }
}

/// A layer: rows of one shape to rows of another.
///
/// # Shapes
/// `forward_rows` and `backward_rows` get as many rows of each kind as the batch has samples; one sample is a batch of
/// one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a layer or a network",
    label = "not a layer or a network",
    note = "a stage is a width, a network made by `network!`, or a type that implements `nn_core::layer::Layer`"
)]
pub trait Layer: Sized {
    /// The number type.
    type T: Scalar;
    /// The shape of one row in.
    type In: Shape;
    /// The shape of one row out.
    type Out: Shape;
    /// The layer with every parameter zero.
    const ZEROED: Self;
    /// Whether it is its numbers and nothing else.
    #[doc(hidden)]
    const NUMBERS: Option<Numbers<Self>> = None;
    /// The name in a summary, in lower case.
    const LABEL: &'static str;
    /// Multiplications by weights, for one row.
    const MULTIPLIES: usize;
    /// Its tensors of parameters, in order; `&[]` if it learns nothing.
    const TENSORS: &'static [Tensor];
    /// How many numbers it learns.
    #[doc(hidden)]
    const LEARNS: usize = Tensor::total(Self::TENSORS);

    /// Computes the rows `y` from the rows `x`. What was in `y` is of no meaning.
    fn forward_rows<K: Isa<Self::T>>(&self, k: K, x: &[Row<Self::T, Self::In>], y: &mut [Row<Self::T, Self::Out>]);

    /// From the gradient `dy` by the output, adds the gradient by the parameters to `gradient`, that is to the numbers that
    /// [`tensors`](Self::tensors) gives, and sets `dx` to that by the input, if it is wanted.
    fn backward_rows<K: Isa<Self::T>>(
        &self,
        k: K,
        x: &[Row<Self::T, Self::In>],
        dy: &[Row<Self::T, Self::Out>],
        dx: Option<&mut [Row<Self::T, Self::In>]>,
        gradient: &mut Self,
    );

    /// [`backward_rows`](Self::backward_rows), but sets the gradient by the parameters, whatever is there.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn first_backward_rows<K: Isa<Self::T>>(
        &self,
        k: K,
        x: &[Row<Self::T, Self::In>],
        dy: &[Row<Self::T, Self::Out>],
        dx: Option<&mut [Row<Self::T, Self::In>]>,
        gradient: &mut Self,
    ) {
        Self::tensors([gradient], &mut |[values]| values.fill(Self::T::ZERO));
        self.backward_rows(k, x, dy, dx, gradient);
    }

    /// Calls `each` once for every tensor of [`TENSORS`](Self::TENSORS), with that of all the given layers side by side. A
    /// layer without parameters has nothing to do.
    fn tensors<const N: usize>(_all: [&mut Self; N], _each: &mut impl FnMut([&mut [Self::T]; N])) {}

    /// Calls `each` once for every tensor of [`TENSORS`](Self::TENSORS).
    fn read_tensors(&self, _each: &mut impl FnMut(&[Self::T])) {}
}
