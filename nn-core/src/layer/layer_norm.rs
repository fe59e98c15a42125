//! Layer normalisation.

use super::fold::stays;
use crate::kernel::{self, Isa, Lanes, Scalar};
use crate::number::shape::{Len, Row, Vector};
use crate::number::storage::numbers::Numbers;
use crate::number::storage::{self, Plain, storage};
use crate::part::chain::Chain;
use crate::part::layer::{Backward, Layer, tensors};
use crate::part::run::Part;
use crate::part::tensor::{Kind, Tensor};
use crate::text::Text;
use generic_array::{ArrayLength, GenericArray};

/// Each row less its mean, over its deviation, then scaled and shifted value by value (Ba, Kiros, Hinton 2016):
/// `y = (x - mean) / √(variance + eps) · weight + bias`, `eps` being `NUM / DEN`, 0.00001 by default. PyTorch's `LayerNorm`.
///
/// # Shapes
/// Rows of `N` values in, rows of `N` values out.
///
/// ```
/// use nn_core::prelude::*;
/// type Net = network!(2 => 4 => layer_norm => 1);
///
/// let mut net = Net::ZERO;
/// net.init(&mut ChaCha8Rng::seed_from_u64(1)); // the weight is 1, the bias 0
/// net.activations(&[0.3, -0.7], |layer, values| {
///     if layer.label == "layer_norm" {
///         let mean = values.iter().sum::<f32>() / 4.0;
///         let variance = values.iter().map(|y| y * y).sum::<f32>() / 4.0;
///         assert!(mean.abs() < 1e-6 && (variance - 1.0).abs() < 1e-3);
///     }
/// });
/// ```
#[derive(Clone, Debug, PartialEq)]
#[repr(C)]
pub struct LayerNorm<T: Scalar, N: ArrayLength, const NUM: i64 = 1, const DEN: i64 = 100_000> {
    /// What each value is multiplied by.
    pub weight: GenericArray<T, N>,
    /// What is added to it.
    pub bias: GenericArray<T, N>,
}

/// The parameters of a layer normalisation as plain arrays: what the accessor of a named one, `net.norm()`, gives.
///
/// ```
/// use nn_core::prelude::*;
/// network! { struct Net: 2 => 3 relu => norm: layer_norm(eps = 1e-3) => 1; }
///
/// let mut net = Net::ZERO;
/// net.norm_mut().weight = [1.0, 2.0, 1.0];
/// assert_eq!(net.norm().bias, [0.0; 3]);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[repr(C)]
pub struct LayerNormParameters<T, const N: usize> {
    /// What each value is multiplied by.
    pub weight: [T; N],
    /// What is added to it.
    pub bias: [T; N],
}

storage! { [T: Scalar, N: ArrayLength, const NUM: i64, const DEN: i64] LayerNorm<T, N, NUM, DEN> as T { weight, bias } }
storage! { [T: Scalar, const N: usize] LayerNormParameters<T, N> as T { weight, bias } }
stays! { [N: ArrayLength, const NUM: i64, const DEN: i64] LayerNorm<T, N, NUM, DEN> }

/// A part, then a normalisation of what it gives.
#[doc(hidden)]
pub type LayerNormAfter<P, const NUM: i64, const DEN: i64> =
    Chain<P, LayerNorm<<P as Part>::T, Len<<P as Part>::Out>, NUM, DEN>>;

impl<T: Scalar, N: ArrayLength, const NUM: i64, const DEN: i64> LayerNorm<T, N, NUM, DEN> {
    /// The parameters as plain arrays.
    #[doc(hidden)]
    pub fn arrays<const LEN: usize>(&self) -> &LayerNormParameters<T, LEN> {
        storage::cast(self)
    }

    /// The parameters as plain arrays, to be changed.
    #[doc(hidden)]
    pub fn arrays_mut<const LEN: usize>(&mut self) -> &mut LayerNormParameters<T, LEN> {
        storage::cast_mut(self)
    }

    /// The mean of a row, and one over its deviation.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn moments<V: Lanes<T>>(x: &[T]) -> (T, T) {
        let mean = kernel::mean::<T, V, 1>([x], N::USIZE, |[x]| x);
        // variance = mean((x - mean(x))²)
        let centre = V::splat(mean);
        let variance = kernel::mean::<T, V, 1>([x], N::USIZE, |[x]| (x - centre) * (x - centre));
        (mean, T::ONE / (variance + T::from_f64(const { NUM as f64 / DEN as f64 })).sqrt())
    }
}

impl<T: Scalar, N: ArrayLength, const NUM: i64, const DEN: i64> Layer for LayerNorm<T, N, NUM, DEN> {
    type T = T;
    type In = Vector<N>;
    type Out = Vector<N>;
    const ZEROED: Self = Self { weight: Plain::ZEROED, bias: Plain::ZEROED };
    const NUMBERS: Option<Numbers<Self, T>> = Some(Numbers::of());
    const LABEL: &'static str = match (NUM, DEN) {
        (1, 100_000) => "layer_norm",
        _ => const { &Text::EMPTY.and("layer_norm").arguments(&[NUM, DEN]) }.text(),
    };
    const MULTIPLIES: usize = N::USIZE;
    const TENSORS: &'static [Tensor] =
        &[Tensor::new("weight", Kind::Scale, &[N::USIZE]), Tensor::new("bias", Kind::Bias, &[N::USIZE])];

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn forward_rows<K: Isa>(&self, _k: K, x: &[Row<T, Self::In>], y: &mut [Row<T, Self::Out>]) {
        for (x, y) in x.iter().zip(y) {
            let (mean, by) = Self::moments::<K::V<T>>(x);
            for ((y, x), (weight, bias)) in y.iter_mut().zip(x).zip(self.weight.iter().zip(&self.bias)) {
                *y = (*x - mean) * by * *weight + *bias;
            }
        }
    }
}

impl<T: Scalar, N: ArrayLength, const NUM: i64, const DEN: i64> Backward for LayerNorm<T, N, NUM, DEN> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn backward_rows<K: Isa>(
        &self,
        _k: K,
        x: &[Row<T, Self::In>],
        dy: &[Row<T, Self::Out>],
        dx: Option<&mut [Row<T, Self::In>]>,
        gradient: &mut Self,
    ) {
        let mut dx = dx.map(|dx| dx.iter_mut());
        for (x, dy) in x.iter().zip(dy) {
            let (mean, by) = Self::moments::<K::V<T>>(x);
            // With n = (x - mean) / √(variance + eps): dweight = Σ dy · n, dbias = Σ dy
            for ((sum, x), dy) in gradient.weight.iter_mut().zip(x).zip(dy) {
                *sum += *dy * ((*x - mean) * by);
            }
            for (sum, dy) in gradient.bias.iter_mut().zip(dy) {
                *sum += *dy;
            }
            let Some(dx) = dx.as_mut().and_then(Iterator::next) else { continue };
            // With dn = dy · weight: dx = (dn - mean(dn) - n · mean(dn · n)) / √(variance + eps)
            for ((dn, dy), weight) in dx.iter_mut().zip(dy).zip(&self.weight) {
                *dn = *dy * *weight;
            }
            let (centre, scale) = (K::V::<T>::splat(mean), K::V::<T>::splat(by));
            let mean_dn = kernel::mean::<T, K::V<T>, 1>([dx], N::USIZE, |[dn]| dn);
            let mean_dn_n = kernel::mean::<T, K::V<T>, 2>([dx, x], N::USIZE, |[dn, x]| dn * ((x - centre) * scale));
            for (dx, x) in dx.iter_mut().zip(x) {
                *dx = (*dx - mean_dn - (*x - mean) * by * mean_dn_n) * by;
            }
        }
    }

    tensors! { weight, bias }
}
