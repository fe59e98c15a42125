//! The dense layer.

use crate::kernel::{Isa, Scalar, Start, dense};
use crate::number::shape::{Len, Row, Vector};
use crate::number::storage::numbers::Numbers;
use crate::number::storage::{self, Plain, storage};
use crate::part::chain::Chain;
use crate::part::init::Init;
use crate::part::layer::{Backward, Layer, tensors};
use crate::part::run::Part;
use crate::part::tensor::{Kind, Tensor};
use generic_array::{ArrayLength, GenericArray};
use rand_core::Rng;

/// Every output is a weighted sum of all inputs, plus a bias: `y[o] = bias[o] + Σ x[i] · weights[i][o]`.
///
/// PyTorch's `Linear`, with the weights stored input-major (its transpose).
///
/// # Shapes
/// Rows of `In` values in, rows of `Out` values out; both are [`typenum`] numbers.
///
/// ```
/// use nn_core::layer::{Dense, Layer};
/// use nn_core::kernel::Portable;
/// use nn_core::typenum::{U1, U2};
///
/// let mut dense = Dense::<f32, U2, U1>::ZEROED;
/// dense.weights[0][0] = 3.0;
/// dense.weights[1][0] = 5.0;
/// dense.bias[0] = 0.5;
/// let mut y = [[0.0]].map(Into::into);
/// dense.forward_rows(Portable, &[[1.0, 2.0].into()], &mut y);
/// assert_eq!(y[0][0], 13.5);
/// ```
#[doc(alias = "Linear")]
#[derive(Clone, Debug, PartialEq)]
#[repr(C)]
pub struct Dense<T: Scalar, In: ArrayLength, Out: ArrayLength> {
    /// `weights[input][output]`.
    pub weights: GenericArray<GenericArray<T, Out>, In>,
    /// `bias[output]`.
    pub bias: GenericArray<T, Out>,
}

storage! { [T: Scalar, In: ArrayLength, Out: ArrayLength] Dense<T, In, Out> as T { weights, bias } }

/// A part, then a dense layer.
#[doc(hidden)]
pub type DenseAfter<P, Out> = Chain<P, Dense<<P as Part>::T, Len<<P as Part>::Out>, Out>>;

/// The parameters of a dense layer as plain arrays: what the accessor of a named layer, `net.features()`, gives.
///
/// ```
/// use nn_core::prelude::*;
///
/// network! { struct Net: 2 => features: 3 relu => 1; }
///
/// let mut net = Net::ZERO;
/// net.features_mut().weights[1] = [0.5, 0.0, 2.0]; // from input 1 to each of the three nodes
/// net.features_mut().bias[0] = 1.0;
/// assert_eq!(net.features().weights, [[0.0; 3], [0.5, 0.0, 2.0]]);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[repr(C)]
pub struct Parameters<T, const IN: usize, const OUT: usize> {
    /// `weights[input][output]`.
    pub weights: [[T; OUT]; IN],
    /// `bias[output]`.
    pub bias: [T; OUT],
}

storage! { [T: Scalar, const IN: usize, const OUT: usize] Parameters<T, IN, OUT> as T { weights, bias } }

impl<T: Scalar, const IN: usize, const OUT: usize> Parameters<T, IN, OUT> {
    /// Sets the weights as `init` says, and the bias to zero.
    ///
    /// ```
    /// use nn_core::prelude::*;
    /// use nn_core::init::Init;
    /// network! { struct Net: 2 => features: 3 relu => 1; }
    ///
    /// let mut net = Net::ZERO;
    /// net.features_mut().init(Init::Constant(0.1), &mut ChaCha8Rng::seed_from_u64(1));
    /// assert_eq!(net.features().weights, [[0.1; 3]; 2]);
    /// ```
    pub fn init(&mut self, init: Init, rng: &mut impl Rng) {
        let filler = init.filler(const { Init::deviations(IN, OUT) });
        filler.fill(Kind::Weight, self.weights.as_flattened_mut(), rng);
        filler.fill(Kind::Bias, &mut self.bias, rng);
    }
}

impl<T: Scalar, In: ArrayLength, Out: ArrayLength> Dense<T, In, Out> {
    /// The parameters as plain arrays.
    #[doc(hidden)]
    pub fn arrays<const IN: usize, const OUT: usize>(&self) -> &Parameters<T, IN, OUT> {
        const { assert!(In::USIZE == IN && Out::USIZE == OUT) };
        storage::cast(self)
    }

    /// The parameters as plain arrays, to be changed.
    #[doc(hidden)]
    pub fn arrays_mut<const IN: usize, const OUT: usize>(&mut self) -> &mut Parameters<T, IN, OUT> {
        const { assert!(In::USIZE == IN && Out::USIZE == OUT) };
        storage::cast_mut(self)
    }
}

impl<T: Scalar, In: ArrayLength, Out: ArrayLength> Layer for Dense<T, In, Out> {
    type T = T;
    type In = Vector<In>;
    type Out = Vector<Out>;
    const ZEROED: Self = Self { weights: Plain::ZEROED, bias: Plain::ZEROED };
    const NUMBERS: Option<Numbers<Self, T>> = Some(Numbers::of());
    const LABEL: &'static str = "dense";
    const TURNS: bool = true;
    const MULTIPLIES: usize = In::USIZE.saturating_mul(Out::USIZE);
    const TENSORS: &'static [Tensor] = &[
        Tensor::transposed("weight", Kind::Weight, &[Out::USIZE, In::USIZE]),
        Tensor::new("bias", Kind::Bias, &[Out::USIZE]),
    ];

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn forward_rows<K: Isa>(&self, k: K, x: &[Row<T, Self::In>], y: &mut [Row<T, Self::Out>]) {
        dense::forward(k, x, &self.weights, &self.bias, y);
    }
}

impl<T: Scalar, In: ArrayLength, Out: ArrayLength> Backward for Dense<T, In, Out> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn backward_rows<K: Isa>(
        &self,
        k: K,
        x: &[Row<T, Self::In>],
        dy: &[Row<T, Self::Out>],
        dx: Option<&mut [Row<T, Self::In>]>,
        gradient: &mut Self,
    ) {
        dense::backward(k, x, dy, &self.weights, dx, (&mut gradient.weights, Some(&mut gradient.bias)), Start::Sum);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn first_backward_rows<K: Isa>(
        &self,
        k: K,
        x: &[Row<T, Self::In>],
        dy: &[Row<T, Self::Out>],
        dx: Option<&mut [Row<T, Self::In>]>,
        gradient: &mut Self,
    ) {
        dense::backward(k, x, dy, &self.weights, dx, (&mut gradient.weights, Some(&mut gradient.bias)), Start::Zero);
    }

    tensors! { weights, bias }
}
