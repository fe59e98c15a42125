//! Normalisation by the root mean square.

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

/// Each row over its root mean square, then scaled value by value (Zhang, Sennrich 2019):
/// `y = x / √(mean(x²) + eps) · weight`. `eps` is `NUM / DEN`; `0 / 0`, the default, stands for the distance from 1 to the
/// next number of `T`, as in PyTorch's `RMSNorm`.
///
/// # Shapes
/// Rows of `N` values in, rows of `N` values out.
///
/// ```
/// use nn_core::prelude::*;
/// type Net = network!(2 => 4 => rms_norm => 1);
///
/// let mut net = Net::ZERO;
/// net.init(&mut ChaCha8Rng::seed_from_u64(1)); // the weight is 1
/// net.activations(&[0.3, -0.7], |layer, values| {
///     if layer.label == "rms_norm" {
///         let square = values.iter().map(|y| y * y).sum::<f32>() / 4.0;
///         assert!((square - 1.0).abs() < 1e-5);
///     }
/// });
/// ```
#[derive(Clone, Debug, PartialEq)]
#[repr(C)]
pub struct RmsNorm<T: Scalar, N: ArrayLength, const NUM: i64 = 0, const DEN: i64 = 0> {
    /// What each value is multiplied by.
    pub weight: GenericArray<T, N>,
}

/// The parameters of a normalisation by the root mean square as plain arrays: what the accessor of a named one, `net.norm()`,
/// gives.
///
/// ```
/// use nn_core::prelude::*;
/// network! { struct Net: 2 => 3 relu => norm: rms_norm(eps = 1e-6) => 1; }
///
/// let mut net = Net::ZERO;
/// net.norm_mut().weight = [1.0, 2.0, 1.0];
/// assert_eq!(net.norm().weight[1], 2.0);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[repr(C)]
pub struct RmsNormParameters<T, const N: usize> {
    /// What each value is multiplied by.
    pub weight: [T; N],
}

storage! { [T: Scalar, N: ArrayLength, const NUM: i64, const DEN: i64] RmsNorm<T, N, NUM, DEN> as T { weight } }
storage! { [T: Scalar, const N: usize] RmsNormParameters<T, N> as T { weight } }
stays! { [N: ArrayLength, const NUM: i64, const DEN: i64] RmsNorm<T, N, NUM, DEN> }

/// A part, then a normalisation of what it gives.
#[doc(hidden)]
pub type RmsNormAfter<P, const NUM: i64, const DEN: i64> =
    Chain<P, RmsNorm<<P as Part>::T, Len<<P as Part>::Out>, NUM, DEN>>;

impl<T: Scalar, N: ArrayLength, const NUM: i64, const DEN: i64> RmsNorm<T, N, NUM, DEN> {
    const EPS: f64 = match (DEN, size_of::<T>()) {
        (0, 4) => f32::EPSILON as f64,
        (0, _) => f64::EPSILON,
        _ => NUM as f64 / DEN as f64,
    };

    /// The parameters as plain arrays.
    #[doc(hidden)]
    pub fn arrays<const LEN: usize>(&self) -> &RmsNormParameters<T, LEN> {
        storage::cast(self)
    }

    /// The parameters as plain arrays, to be changed.
    #[doc(hidden)]
    pub fn arrays_mut<const LEN: usize>(&mut self) -> &mut RmsNormParameters<T, LEN> {
        storage::cast_mut(self)
    }

    /// One over the root of the mean square of a row: `1 / √(mean(x²) + eps)`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn by<V: Lanes<T>>(x: &[T]) -> T {
        let square = kernel::mean::<T, V, 1>([x], N::USIZE, |[x]| x * x);
        T::ONE / (square + T::from_f64(Self::EPS)).sqrt()
    }
}

impl<T: Scalar, N: ArrayLength, const NUM: i64, const DEN: i64> Layer for RmsNorm<T, N, NUM, DEN> {
    type T = T;
    type In = Vector<N>;
    type Out = Vector<N>;
    const ZEROED: Self = Self { weight: Plain::ZEROED };
    const NUMBERS: Option<Numbers<Self, T>> = Some(Numbers::of());
    const LABEL: &'static str = const {
        let name = Text::EMPTY.and("rms_norm");
        &if DEN == 0 { name } else { name.arguments(&[NUM, DEN]) }
    }
    .text();
    const MULTIPLIES: usize = N::USIZE;
    const TENSORS: &'static [Tensor] = &[Tensor::new("weight", Kind::Scale, &[N::USIZE])];

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn forward_rows<K: Isa>(&self, _k: K, x: &[Row<T, Self::In>], y: &mut [Row<T, Self::Out>]) {
        for (x, y) in x.iter().zip(y) {
            let by = Self::by::<K::V<T>>(x);
            for ((y, x), weight) in y.iter_mut().zip(x).zip(&self.weight) {
                *y = *x * by * *weight;
            }
        }
    }
}

impl<T: Scalar, N: ArrayLength, const NUM: i64, const DEN: i64> Backward for RmsNorm<T, N, NUM, DEN> {
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
            let by = Self::by::<K::V<T>>(x);
            // With n = x / √(mean(x²) + eps): dweight = Σ dy · n
            for ((sum, x), dy) in gradient.weight.iter_mut().zip(x).zip(dy) {
                *sum += *dy * (*x * by);
            }
            let Some(dx) = dx.as_mut().and_then(Iterator::next) else { continue };
            // With dn = dy · weight: dx = (dn - n · mean(dn · n)) / √(mean(x²) + eps)
            for ((dn, dy), weight) in dx.iter_mut().zip(dy).zip(&self.weight) {
                *dn = *dy * *weight;
            }
            let scale = K::V::<T>::splat(by);
            let mean = kernel::mean::<T, K::V<T>, 2>([dx, x], N::USIZE, |[dn, x]| dn * (x * scale));
            for (dx, x) in dx.iter_mut().zip(x) {
                *dx = (*dx - *x * by * mean) * by;
            }
        }
    }

    tensors! { weight }
}
