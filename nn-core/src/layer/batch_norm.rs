//! Batch normalisation.

use super::arrays::arrays;
use crate::kernel::{Isa, Scalar};
use crate::number::arena::{End, Flag, No, Yes, copy};
use crate::number::shape::{Places, Row};
use crate::number::storage::numbers::Numbers;
use crate::number::storage::{Nothing, Plain, numbers, storage};
use crate::part::about::About;
use crate::part::ending::Open;
use crate::part::init::Init;
use crate::part::layout::Layout;
use crate::part::learn::{Learn, Recorded, Seen};
use crate::part::place::{Module, Place};
use crate::part::run::{Inputs, Part, Watch, module};
use crate::part::seed::Seed;
use crate::part::tensor::{Kind, Tensor};
use crate::text::Text;
use generic_array::GenericArray;
use rand_core::Rng;
use typenum::Unsigned;

/// Each channel less its mean, over its deviation, then scaled and shifted (Ioffe, Szegedy 2015):
/// `y = (x - mean) / √(variance + eps) · weight + bias`. PyTorch's `BatchNorm1d` and `BatchNorm2d`. In a declaration, `batch_norm`, or
/// `batch_norm(eps = 1e-3, momentum = 0.01)`.
///
/// In training, mean and variance are those of the rows that are computed together, at all of their places: of a batch, or of each
/// part of one that is larger than the `ROWS` of its [`Training`](crate::train::Training). Two running statistics follow them,
/// `running += momentum · (batch - running)`, the variance of the batch being the unbiased one; inference uses these. `EPS` and
/// `MOMENTUM` are fractions, 0.00001 and 0.1 by default.
///
/// Keras' `momentum = 0.99` is `0.01` here, and its running variance is the biased one.
///
/// # Shapes
/// Places of `S` in and out. A batch must have two values for each channel, so that rows of vectors come in batches of two or more.
#[doc(alias = "BatchNorm1d")]
#[doc(alias = "BatchNorm2d")]
#[repr(C)]
pub struct BatchNorm<T: Scalar, S: Places, const EPS: i64, const EPS_DEN: i64, const M: i64, const M_DEN: i64> {
    /// `weight[channel]`.
    pub weight: Channels<T, S>,
    /// `bias[channel]`.
    pub bias: Channels<T, S>,
    /// `running_mean[channel]`.
    pub running_mean: Channels<T, S>,
    /// `running_var[channel]`.
    pub running_var: Channels<T, S>,
}

type Channels<T, S> = GenericArray<T, <S as Places>::Channels>;

storage! {
    [T: Scalar, S: Places, const EPS: i64, const EPS_DEN: i64, const M: i64, const M_DEN: i64]
    BatchNorm<T, S, EPS, EPS_DEN, M, M_DEN> as T = {
        weight: Some(Numbers::of()), bias: Some(Numbers::of()), running_mean: Some(Numbers::of()),
        running_var: Some(Numbers::of())
    }
}

arrays! {
    [T: Scalar, S: Places, const EPS: i64, const EPS_DEN: i64, const M: i64, const M_DEN: i64]
    BatchNorm<T, S, EPS, EPS_DEN, M, M_DEN>
}

// Whatever the shape is, which a derive would ask for the same.
impl<T: Scalar, S: Places, const EPS: i64, const EPS_DEN: i64, const M: i64, const M_DEN: i64> Clone
    for BatchNorm<T, S, EPS, EPS_DEN, M, M_DEN>
{
    fn clone(&self) -> Self {
        Self {
            weight: self.weight.clone(),
            bias: self.bias.clone(),
            running_mean: self.running_mean.clone(),
            running_var: self.running_var.clone(),
        }
    }
}

impl<T: Scalar, S: Places, const EPS: i64, const EPS_DEN: i64, const M: i64, const M_DEN: i64> PartialEq
    for BatchNorm<T, S, EPS, EPS_DEN, M, M_DEN>
{
    fn eq(&self, other: &Self) -> bool {
        self.all() == other.all()
    }
}

impl<T: Scalar, S: Places, const EPS: i64, const EPS_DEN: i64, const M: i64, const M_DEN: i64> core::fmt::Debug
    for BatchNorm<T, S, EPS, EPS_DEN, M, M_DEN>
{
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let [weight, bias, mean, variance] = self.all();
        let mut f = f.debug_struct("BatchNorm");
        f.field("weight", weight)
            .field("bias", bias)
            .field("running_mean", mean)
            .field("running_var", variance)
            .finish()
    }
}

/// What is known of each channel of some rows.
struct Moments<C> {
    mean: C,
    /// The biased variance.
    variance: C,
}

impl<T: Scalar, S: Places, const EPS: i64, const EPS_DEN: i64, const M: i64, const M_DEN: i64>
    BatchNorm<T, S, EPS, EPS_DEN, M, M_DEN>
{
    const TENSORS: [Tensor; 4] = [
        Tensor::new("weight", Kind::Scale, &[S::Channels::USIZE]),
        Tensor::new("bias", Kind::Bias, &[S::Channels::USIZE]),
        Tensor::new("running_mean", Kind::Running, &[S::Channels::USIZE]),
        Tensor::new("running_var", Kind::Running, &[S::Channels::USIZE]),
    ];
    const LABEL: &'static str = match (EPS, EPS_DEN, M, M_DEN) {
        (1, 100_000, 1, 10) => "batch_norm",
        _ => const { &Text::EMPTY.and("batch_norm").arguments(&[EPS, EPS_DEN, M, M_DEN]) }.text(),
    };
    /// How many values a channel has in a row.
    const PLACES: usize = S::SIZE[0] * S::SIZE[1];

    fn all(&self) -> [&Channels<T, S>; 4] {
        [&self.weight, &self.bias, &self.running_mean, &self.running_var]
    }

    fn all_mut(&mut self) -> [&mut [T]; 4] {
        [&mut self.weight, &mut self.bias, &mut self.running_mean, &mut self.running_var]
    }

    /// The sum of a function of each value, channel by channel: row by row, so that many rows are as exact as few.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sums(x: &[Row<T, S>], of: impl Fn(T, usize) -> T) -> Channels<T, S> {
        let mut total = <Channels<T, S> as Plain<T>>::ZEROED;
        for row in x {
            let mut sums = <Channels<T, S> as Plain<T>>::ZEROED;
            for place in <Channels<T, S>>::blocks(row.values()) {
                for (channel, (sum, x)) in sums.iter_mut().zip(place).enumerate() {
                    *sum += of(*x, channel);
                }
            }
            total.iter_mut().zip(sums).for_each(|(total, sum)| *total += sum);
        }
        total
    }

    /// Mean and variance of some rows.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn moments(x: &[Row<T, S>]) -> Moments<Channels<T, S>> {
        let share = T::ONE / T::from_u64((x.len() * Self::PLACES).max(1) as u64);
        let over = |mut sums: Channels<T, S>| {
            sums.iter_mut().for_each(|sum| *sum *= share);
            sums
        };
        let mean = over(Self::sums(x, |x, _| x));
        let of = |x: T, channel: usize| {
            let x = x - mean.get(channel).copied().unwrap_or_default();
            x * x
        };
        let variance = over(Self::sums(x, of));
        Moments { mean, variance }
    }

    /// Those that a pass normalises by: of its rows, or the running ones.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn moments_for(&self, x: &[Row<T, S>], seed: Seed) -> Moments<Channels<T, S>> {
        if seed.is_use() { self.running() } else { Self::moments(x) }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn running(&self) -> Moments<Channels<T, S>> {
        Moments { mean: self.running_mean.clone(), variance: self.running_var.clone() }
    }

    /// `1 / √(variance + eps)`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn inverse(variance: T) -> T {
        T::ONE / (variance + T::from_f64(const { EPS as f64 / EPS_DEN as f64 })).sqrt()
    }

    /// `y = (x - mean) / √(variance + eps) · weight + bias`, where the values lie.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn normalise(&self, Moments { mean, variance }: &Moments<Channels<T, S>>, y: &mut [T]) {
        let mut scale = self.weight.clone();
        scale.iter_mut().zip(variance).for_each(|(scale, variance)| *scale *= Self::inverse(*variance));
        for place in <Channels<T, S>>::blocks_mut(y) {
            for ((y, scale), (mean, bias)) in place.iter_mut().zip(&scale).zip(mean.iter().zip(&self.bias)) {
                *y = (*y - *mean) * *scale + *bias;
            }
        }
    }
}

impl<T: Scalar, S: Places, const EPS: i64, const EPS_DEN: i64, const M: i64, const M_DEN: i64> Part
    for BatchNorm<T, S, EPS, EPS_DEN, M, M_DEN>
{
    type T = T;
    type In = S;
    type Out = S;
    type Work<Inside: Flag> = Row<T, S>;
    type State = ();
    type Starts = No;
    type Ends = Open;

    const ABOUT: About = {
        let bytes = Tensor::total(&Self::TENSORS).saturating_mul(size_of::<T>());
        let about = About::layer(Self::LABEL, S::LEN, &Self::TENSORS, 0, bytes);
        About { least_rows: if Self::PLACES > 1 { 1 } else { 2 }, ..about }
    };
    const ALL_ZERO: Self =
        Self { weight: Plain::ZEROED, bias: Plain::ZEROED, running_mean: Plain::ZEROED, running_var: Plain::ZEROED };
    const NUMBERS: Option<Numbers<Self, T>> = Self::COMPOSED;
    const TURNS: bool = false;
    const LAYOUT: Layout = Layout::Tensors(&Self::TENSORS);

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(
        &self,
        _k: K,
        x: Option<&Inputs<Self>>,
        rows: usize,
        _state: &mut (),
        arena: &mut [T],
        at: End,
        watch: &mut impl Watch<T>,
    ) -> End {
        let (y, _) = at.split(arena, rows * S::LEN);
        if let Some(x) = x {
            copy(numbers(x), y);
        }
        self.normalise(&self.running(), y);
        watch.see(y);
        at
    }

    fn describe(at: Place<'_>, each: &mut dyn FnMut(&Module<'_>)) {
        each(&Module { tensors: &Self::TENSORS, ..module::<Self>(at, Self::LABEL) });
    }
}

impl<T: Scalar, S: Places, const EPS: i64, const EPS_DEN: i64, const M: i64, const M_DEN: i64> Learn
    for BatchNorm<T, S, EPS, EPS_DEN, M, M_DEN>
{
    type Tape = Nothing<T>;
    type Slope<Wanted: Flag> = Row<T, S>;
    type ReadsInput = Yes;
    type ReadsOutput = No;
    type Seen = Seen<Self>;

    fn prepare<R: Rng>(&mut self, _rng: &mut R, _always: Option<Init>, _follows: Option<Init>) {
        let [weight, bias, mean, variance] = self.all_mut();
        weight.fill(T::ONE);
        bias.fill(T::ZERO);
        mean.fill(T::ZERO);
        variance.fill(T::ONE);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn record<K: Isa>(&self, _k: K, x: &Inputs<Self>, _state: &mut (), seed: Seed, _tape: &mut [T], y: &mut [T]) {
        copy(numbers(x), y);
        self.normalise(&self.moments_for(x, seed), y);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn backward<K: Isa, Wanted: Flag>(
        &self,
        _k: K,
        pass: Recorded<'_, Self>,
        arena: &mut [T],
        end: End,
        gradient: &mut Self,
    ) -> End {
        let (moments, count) = (self.moments_for(pass.x, pass.seed), (pass.x.len() * Self::PLACES) as u64);
        let (dy, _) = end.split(arena, pass.x.len() * S::LEN);
        // With n = (x - mean) / √(variance + eps): dweight = Σ dy · n, dbias = Σ dy.
        let (mut dweight, mut dbias) = (<Channels<T, S> as Plain<T>>::ZEROED, <Channels<T, S> as Plain<T>>::ZEROED);
        let mut by = moments.variance.clone();
        by.iter_mut().for_each(|by| *by = Self::inverse(*by));
        for (x, dy) in pass.x.iter().zip(<Row<T, S>>::blocks(dy)) {
            let places = <Channels<T, S>>::blocks(x.values()).iter().zip(<Channels<T, S>>::blocks(dy.values()));
            for (x, dy) in places {
                let sums = dweight.iter_mut().zip(&mut dbias).zip(moments.mean.iter().zip(&by));
                for (((dweight, dbias), (mean, by)), (x, dy)) in sums.zip(x.iter().zip(dy)) {
                    *dweight += *dy * ((*x - *mean) * *by);
                    *dbias += *dy;
                }
            }
        }
        if Wanted::IS {
            // dx = (dy - dbias / count - n · dweight / count) · weight / √(variance + eps)
            // In use the moments do not depend on x.
            let share = if pass.seed.is_use() { T::ZERO } else { T::ONE / T::from_u64(count.max(1)) };
            for (x, dy) in pass.x.iter().zip(<Row<T, S>>::blocks_mut(dy)) {
                let dy = <Channels<T, S>>::blocks_mut(dy.values_mut());
                for (x, dy) in <Channels<T, S>>::blocks(x.values()).iter().zip(dy) {
                    let sums = dweight.iter().zip(&dbias).zip(moments.mean.iter().zip(&by)).zip(&self.weight);
                    for ((((dweight, dbias), (mean, by)), weight), (x, dy)) in sums.zip(x.iter().zip(dy)) {
                        let n = (*x - *mean) * *by;
                        *dy = (*dy - (*dbias + n * *dweight) * share) * (*weight * *by);
                    }
                }
            }
        }
        // The gradient by a running statistic is its next value: of several parts of a batch each in turn.
        let momentum = if pass.seed.is_use() { T::ZERO } else { T::from_f64(const { M as f64 / M_DEN as f64 }) };
        let unbiased = T::from_u64(count) / T::from_u64(count.saturating_sub(1).max(1));
        let before = if pass.first {
            [&self.running_mean, &self.running_var].map(Clone::clone)
        } else {
            [&gradient.running_mean, &gradient.running_var].map(Clone::clone)
        };
        for (to, (before, now)) in gradient.running_mean.iter_mut().zip(before[0].iter().zip(&moments.mean)) {
            *to = *before + momentum * (*now - *before);
        }
        for (to, (before, now)) in gradient.running_var.iter_mut().zip(before[1].iter().zip(&moments.variance)) {
            *to = *before + momentum * (*now * unbiased - *before);
        }
        for (to, sums) in [(&mut gradient.weight, &dweight), (&mut gradient.bias, &dbias)] {
            for (to, sum) in to.iter_mut().zip(sums) {
                *to = if pass.first { *sum } else { *to + *sum };
            }
        }
        end
    }

    #[inline]
    fn walk<const N: usize>(all: [&mut Self; N], each: &mut impl FnMut(Kind, [&mut [T]; N])) {
        let mut fields = all.map(|norm| norm.all_mut().map(Some));
        for (at, tensor) in Self::TENSORS.iter().enumerate() {
            each(
                tensor.kind,
                fields.each_mut().map(|norm| norm.get_mut(at).and_then(Option::take).unwrap_or_default()),
            );
        }
    }

    #[inline]
    fn read(&self, each: &mut impl FnMut(Kind, &[T])) {
        for (tensor, values) in Self::TENSORS.iter().zip(self.all()) {
            each(tensor.kind, values);
        }
    }
}
