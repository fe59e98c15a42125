//! Standardisation of the inputs.

use crate::kernel::{Isa, Scalar};
use crate::number::shape::{Places, Row};
use crate::number::storage::numbers::Numbers;
use crate::number::storage::{Plain, storage};
use crate::part::by_rows::{ByRows, Convolves, Scales};
use crate::part::chain::Chain;
use crate::part::checked::Checked;
use crate::part::layer::{Backward, Layer, tensors};
use crate::part::named::Named;
use crate::part::run::Part;
use crate::part::tensor::{Kind, Tensor};
use core::marker::PhantomData;
use generic_array::GenericArray;
use typenum::Unsigned;

/// `(x - mean) / deviation`, channel by channel: scikit-learn's `StandardScaler`. In a declaration, `standardize`.
///
/// Mean and deviation are learnt from data by one call, [`standardize`](crate::statistics::standardize), or stated where the network
/// is declared, `standardize(mean = [124, 116, 104], deviation = 58)`; then `init` sets them. Both are part of the network and of its
/// file, and training does not change them. A deviation of zero counts as one, so that a value that was always the same becomes zero.
///
/// # Shapes
/// Places of `S` in and out; `V` is what is stated.
#[repr(C)]
pub struct Standardize<T: Scalar, S: Places, V = Learnt> {
    /// `mean[channel]`.
    pub mean: GenericArray<T, S::Channels>,
    /// `deviation[channel]`.
    pub deviation: GenericArray<T, S::Channels>,
    stated: PhantomData<V>,
}

storage! {
    [T: Scalar, S: Places, V] Standardize<T, S, V> as T = {
        mean: Some(Numbers::of()), deviation: Some(Numbers::of()), stated: Some(Numbers::none(&PhantomData))
    }
}

// Whatever the shape is, which a derive would ask for the same.
impl<T: Scalar, S: Places, V> Clone for Standardize<T, S, V> {
    fn clone(&self) -> Self {
        Self { mean: self.mean.clone(), deviation: self.deviation.clone(), stated: PhantomData }
    }
}

impl<T: Scalar, S: Places, V> PartialEq for Standardize<T, S, V> {
    fn eq(&self, other: &Self) -> bool {
        self.mean == other.mean && self.deviation == other.deviation
    }
}

impl<T: Scalar, S: Places, V> core::fmt::Debug for Standardize<T, S, V> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Standardize").field("mean", &self.mean).field("deviation", &self.deviation).finish()
    }
}

/// What a channel is divided by.
fn divisor<T: Scalar>(deviation: T) -> T {
    if deviation > T::ZERO { deviation } else { T::ONE }
}

impl<T: Scalar, S: Places, V: Stated> Layer for Standardize<T, S, V> {
    type T = T;
    type In = S;
    type Out = S;
    const ZEROED: Self = Self { mean: Plain::ZEROED, deviation: Plain::ZEROED, stated: PhantomData };
    const NUMBERS: Option<Numbers<Self, T>> = Self::COMPOSED;
    const LABEL: &'static str = "standardize";
    const MULTIPLIES: usize = S::LEN;
    const TENSORS: &'static [Tensor] = &[
        Tensor::new("mean", Kind::Statistic, &[S::Channels::USIZE]),
        Tensor::new("deviation", Kind::Statistic, &[S::Channels::USIZE]),
    ];

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn forward_rows<K: Isa>(&self, _: K, x: &[Row<T, S>], y: &mut [Row<T, S>]) {
        for (x, y) in x.iter().zip(y) {
            let y = <GenericArray<T, S::Channels>>::blocks_mut(y.values_mut());
            for (x, y) in <GenericArray<T, S::Channels>>::blocks(x.values()).iter().zip(y) {
                for (((y, x), mean), deviation) in y.iter_mut().zip(x).zip(&self.mean).zip(&self.deviation) {
                    *y = (*x - *mean) / divisor(*deviation);
                }
            }
        }
    }
}

impl<T: Scalar, S: Places, V: Stated> Backward for Standardize<T, S, V> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn backward_rows<K: Isa>(
        &self,
        _: K,
        _: &[Row<T, S>],
        dy: &[Row<T, S>],
        dx: Option<&mut [Row<T, S>]>,
        _: &mut Self,
    ) {
        for (dx, dy) in dx.into_iter().flatten().zip(dy) {
            let dx = <GenericArray<T, S::Channels>>::blocks_mut(dx.values_mut());
            for (dx, dy) in dx.iter_mut().zip(<GenericArray<T, S::Channels>>::blocks(dy.values())) {
                for ((dx, dy), deviation) in dx.iter_mut().zip(dy).zip(&self.deviation) {
                    *dx = *dy / divisor(*deviation);
                }
            }
        }
    }

    fn set_stated(&mut self) {
        for (channel, (mean, deviation)) in self.mean.iter_mut().zip(&mut self.deviation).enumerate() {
            if let Some(stated) = V::of(channel) {
                [*mean, *deviation] = stated.map(T::from_f64);
            }
        }
    }

    tensors! { mean, deviation }
}

/// What a declaration says of the mean and the deviation of a channel.
#[doc(hidden)]
pub trait Stated: 'static {
    /// Both, if it says them.
    fn of(channel: usize) -> Option<[f64; 2]>;
}

/// It says nothing: they are learnt.
#[doc(hidden)]
pub struct Learnt;

impl Stated for Learnt {
    fn of(_: usize) -> Option<[f64; 2]> {
        None
    }
}

/// A mean and a deviation, as fractions; of every channel, unless it is one of [several](Several).
#[doc(hidden)]
pub struct Given<const MEAN: i64, const MEAN_DEN: i64, const DEVIATION: i64, const DEVIATION_DEN: i64>;

impl<const M: i64, const M_DEN: i64, const D: i64, const D_DEN: i64> Stated for Given<M, M_DEN, D, D_DEN> {
    fn of(_: usize) -> Option<[f64; 2]> {
        Some([M as f64 / M_DEN as f64, D as f64 / D_DEN as f64])
    }
}

/// Those of the first `COUNT` channels, and of those after them.
#[doc(hidden)]
pub struct Several<A, B, const COUNT: usize>(PhantomData<(A, B)>);

impl<A: Stated, B: Stated, const COUNT: usize> Stated for Several<A, B, COUNT> {
    fn of(channel: usize) -> Option<[f64; 2]> {
        channel.checked_sub(COUNT).map_or_else(|| A::of(channel), B::of)
    }
}

impl<T: Scalar, S: Places, V: Stated> Scales for Standardize<T, S, V> {
    fn scale(&self, channel: usize) -> [T; 2] {
        match (self.mean.get(channel), self.deviation.get(channel)) {
            (Some(mean), Some(deviation)) => [*mean, divisor(*deviation)],
            _ => [T::ZERO, T::ONE],
        }
    }
}

/// Shows rows, one after another, to a function.
pub type Rows<'a, T> = &'a mut dyn FnMut(&mut dyn FnMut(&[T]));

/// A part that begins with [`Standardize`].
#[doc(hidden)]
pub trait Standardizes: Part {
    /// Takes mean and deviation from rows.
    #[doc(hidden)]
    fn learn(&mut self, rows: Rows<'_, Self::T>);
}

impl<T: Scalar, S: Places, V: Stated> Standardizes for Standardize<T, S, V> {
    fn learn(&mut self, rows: Rows<'_, T>) {
        let (mut count, mut sums) = (0.0, <GenericArray<[f64; 2], S::Channels> as Plain<f64>>::ZEROED);
        rows(&mut |values| {
            for place in <GenericArray<T, S::Channels>>::blocks(values) {
                count += 1.0;
                // Welford 1962
                for ([mean, spread], x) in sums.iter_mut().zip(place) {
                    let before = x.to_f64() - *mean;
                    *mean += before / count;
                    *spread += before * (x.to_f64() - *mean);
                }
            }
        });
        for (([mean, spread], to), deviation) in sums.iter().zip(&mut self.mean).zip(&mut self.deviation) {
            *to = T::from_f64(*mean);
            *deviation = T::from_f64(libm::sqrt(*spread / f64::max(count, 1.0)));
        }
    }
}

#[diagnostic::do_not_recommend]
impl<P: Standardizes, L: Part<T = P::T, In = P::Out>> Standardizes for Chain<P, L> {
    fn learn(&mut self, rows: Rows<'_, P::T>) {
        self.first.learn(rows);
    }
}
#[diagnostic::do_not_recommend]
impl<P: Standardizes + Convolves<SPAN>, const SPAN: usize> Standardizes for ByRows<P, SPAN> {
    fn learn(&mut self, rows: Rows<'_, P::T>) {
        self.0.learn(rows);
    }
}
#[diagnostic::do_not_recommend]
impl<P: Standardizes, const FITS: bool> Standardizes for Checked<P, FITS> {
    fn learn(&mut self, rows: Rows<'_, P::T>) {
        self.0.learn(rows);
    }
}
#[diagnostic::do_not_recommend]
impl<P: Standardizes, const HEAD: u128, const TAIL: u128> Standardizes for Named<P, HEAD, TAIL> {
    fn learn(&mut self, rows: Rows<'_, P::T>) {
        self.0.learn(rows);
    }
}
