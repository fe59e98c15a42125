//! Group normalisation.

use crate::kernel::{Isa, Scalar};
use crate::number::shape::{Places, Row};
use crate::number::storage::numbers::Numbers;
use crate::number::storage::{Plain, storage};
use crate::part::layer::{Backward, Layer, tensors};
use crate::part::tensor::{Kind, Tensor};
use crate::text::Text;
use generic_array::GenericArray;
use typenum::Unsigned;

/// Each of so many groups of channels of a row, over all places, less its mean, over its deviation, then scaled and shifted channel by
/// channel (Wu, He 2018): `y = (x - mean) / √(variance + eps) · weight + bias`, `eps` being `NUM / DEN`, 0.00001 by default. PyTorch's
/// `GroupNorm`. In a declaration, `group_norm(4)`, or `group_norm(4, eps = 1e-3)`.
///
/// # Shapes
/// Places of `S` in and out, whose channels `GROUPS` divides.
#[repr(C)]
pub struct GroupNorm<T: Scalar, S: Places, const GROUPS: usize, const NUM: i64, const DEN: i64> {
    /// `weight[channel]`.
    pub weight: Channels<T, S>,
    /// `bias[channel]`.
    pub bias: Channels<T, S>,
}

type Channels<T, S> = GenericArray<T, <S as Places>::Channels>;

storage! {
    [T: Scalar, S: Places, const GROUPS: usize, const NUM: i64, const DEN: i64] GroupNorm<T, S, GROUPS, NUM, DEN> as T = {
        weight: Some(Numbers::of()), bias: Some(Numbers::of())
    }
}

// Whatever the shape is, which a derive would ask for the same.
impl<T: Scalar, S: Places, const GROUPS: usize, const NUM: i64, const DEN: i64> Clone
    for GroupNorm<T, S, GROUPS, NUM, DEN>
{
    fn clone(&self) -> Self {
        Self { weight: self.weight.clone(), bias: self.bias.clone() }
    }
}

impl<T: Scalar, S: Places, const GROUPS: usize, const NUM: i64, const DEN: i64> PartialEq
    for GroupNorm<T, S, GROUPS, NUM, DEN>
{
    fn eq(&self, other: &Self) -> bool {
        self.weight == other.weight && self.bias == other.bias
    }
}

impl<T: Scalar, S: Places, const GROUPS: usize, const NUM: i64, const DEN: i64> core::fmt::Debug
    for GroupNorm<T, S, GROUPS, NUM, DEN>
{
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("GroupNorm").field("weight", &self.weight).field("bias", &self.bias).finish()
    }
}

/// What is known of the group of each channel of a row.
struct Moments<C> {
    mean: C,
    /// `1 / √(variance + eps)`.
    by: C,
}

impl<T: Scalar, S: Places, const GROUPS: usize, const NUM: i64, const DEN: i64> GroupNorm<T, S, GROUPS, NUM, DEN> {
    /// How many channels a group has.
    const OF_CHANNELS: usize = {
        assert!(GROUPS > 0 && S::Channels::USIZE.is_multiple_of(GROUPS), "groups divide the channels");
        S::Channels::USIZE / GROUPS
    };

    /// The mean over each group of a function of its values, whose sums over the places are these.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn means(mut sums: Channels<T, S>) -> Channels<T, S> {
        let share = T::ONE / T::from_u64(const { (Self::OF_CHANNELS * S::SIZE[0] * S::SIZE[1]) as u64 });
        for group in sums.chunks_exact_mut(const { Self::OF_CHANNELS }) {
            let mean = group.iter().fold(T::ZERO, |sum, x| sum + *x) * share;
            group.fill(mean);
        }
        sums
    }

    /// The sum over the places of a function of each value, channel by channel.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sums(x: &Row<T, S>, of: impl Fn(T, usize) -> T) -> Channels<T, S> {
        let mut sums = <Channels<T, S> as Plain<T>>::ZEROED;
        for place in <Channels<T, S>>::blocks(x.values()) {
            for (channel, (sum, x)) in sums.iter_mut().zip(place).enumerate() {
                *sum += of(*x, channel);
            }
        }
        sums
    }

    /// Mean and deviation of each group of a row.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn moments(x: &Row<T, S>) -> Moments<Channels<T, S>> {
        let mean = Self::means(Self::sums(x, |x, _| x));
        // variance = mean((x - mean(x))²)
        let mut by = Self::means(Self::sums(x, |x, channel| {
            let x = x - mean.get(channel).copied().unwrap_or_default();
            x * x
        }));
        let eps = T::from_f64(const { NUM as f64 / DEN as f64 });
        by.iter_mut().for_each(|by| *by = T::ONE / (*by + eps).sqrt());
        Moments { mean, by }
    }
}

impl<T: Scalar, S: Places, const GROUPS: usize, const NUM: i64, const DEN: i64> Layer
    for GroupNorm<T, S, GROUPS, NUM, DEN>
{
    type T = T;
    type In = S;
    type Out = S;
    const ZEROED: Self = Self { weight: Plain::ZEROED, bias: Plain::ZEROED };
    const NUMBERS: Option<Numbers<Self, T>> = Self::COMPOSED;
    const LABEL: &'static str = match (NUM, DEN) {
        (1, 100_000) => const { &Text::EMPTY.and("group_norm").arguments(&[GROUPS as i64, 1]) }.text(),
        _ => const { &Text::EMPTY.and("group_norm").arguments(&[GROUPS as i64, 1, NUM, DEN]) }.text(),
    };
    const MULTIPLIES: usize = S::LEN;
    const TENSORS: &'static [Tensor] = &[
        Tensor::new("weight", Kind::Scale, &[S::Channels::USIZE]),
        Tensor::new("bias", Kind::Bias, &[S::Channels::USIZE]),
    ];

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn forward_rows<K: Isa>(&self, _: K, x: &[Row<T, S>], y: &mut [Row<T, S>]) {
        for (x, y) in x.iter().zip(y) {
            let Moments { mean, by } = Self::moments(x);
            let y = <Channels<T, S>>::blocks_mut(y.values_mut());
            for (x, y) in <Channels<T, S>>::blocks(x.values()).iter().zip(y) {
                let channels = mean.iter().zip(&by).zip(self.weight.iter().zip(&self.bias));
                for (((mean, by), (weight, bias)), (x, y)) in channels.zip(x.iter().zip(y)) {
                    *y = (*x - *mean) * *by * *weight + *bias;
                }
            }
        }
    }
}

impl<T: Scalar, S: Places, const GROUPS: usize, const NUM: i64, const DEN: i64> Backward
    for GroupNorm<T, S, GROUPS, NUM, DEN>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn backward_rows<K: Isa>(
        &self,
        _: K,
        x: &[Row<T, S>],
        dy: &[Row<T, S>],
        dx: Option<&mut [Row<T, S>]>,
        gradient: &mut Self,
    ) {
        let mut dx = dx.map(|dx| dx.iter_mut());
        for (x, dy) in x.iter().zip(dy) {
            let Moments { mean, by } = Self::moments(x);
            let places = || <Channels<T, S>>::blocks(x.values()).iter().zip(<Channels<T, S>>::blocks(dy.values()));
            // With n = (x - mean) / √(variance + eps): dweight = Σ dy · n, dbias = Σ dy.
            let mut dweight = <Channels<T, S> as Plain<T>>::ZEROED;
            let mut dbias = Self::sums(dy, |dy, _| dy);
            for (x, dy) in places() {
                let channels = dweight.iter_mut().zip(mean.iter().zip(&by));
                for ((sum, (mean, by)), (x, dy)) in channels.zip(x.iter().zip(dy)) {
                    *sum += *dy * ((*x - *mean) * *by);
                }
            }
            for (to, sums) in [(&mut gradient.weight, &dweight), (&mut gradient.bias, &dbias)] {
                to.iter_mut().zip(sums).for_each(|(to, sum)| *to += *sum);
            }
            let Some(dx) = dx.as_mut().and_then(Iterator::next) else { continue };
            // With dn = dy · weight: dx = (dn - mean(dn) - n · mean(dn · n)) / √(variance + eps), means being over the group.
            for sums in [&mut dweight, &mut dbias] {
                sums.iter_mut().zip(&self.weight).for_each(|(sum, weight)| *sum *= *weight);
            }
            let (mean_dn_n, mean_dn) = (Self::means(dweight), Self::means(dbias));
            for ((x, dy), dx) in places().zip(<Channels<T, S>>::blocks_mut(dx.values_mut())) {
                let channels = mean.iter().zip(&by).zip(mean_dn.iter().zip(&mean_dn_n)).zip(&self.weight);
                for ((((mean, by), (mean_dn, mean_dn_n)), weight), ((x, dy), dx)) in
                    channels.zip(x.iter().zip(dy).zip(dx))
                {
                    let n = (*x - *mean) * *by;
                    *dx = (*dy * *weight - *mean_dn - n * *mean_dn_n) * *by;
                }
            }
        }
    }

    tensors! { weight, bias }
}
