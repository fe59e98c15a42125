//! Dropout.

use super::Kind;
use crate::activation::Open;
use crate::checked::Text;
use crate::init::Init;
use crate::kernel::Isa;
use crate::part::{Largest, Part, Recorded, Seed, Watch};
use crate::scalar::Scalar;
use crate::shape::{Row, Shape};
use crate::statistics::Seen;
use crate::storage::{End, Flag, No, Nothing, ZeroBytes, copy, empty_zero, numbers};
use crate::summary::{Module, Place};
use core::marker::PhantomData;
use rand_core::Rng;

/// In training, sets each value to zero with the probability `NUM / DEN`, and divides the others by the probability that
/// they stay (Srivastava et al. 2014). Otherwise it does nothing. PyTorch's `Dropout`.
///
/// It keeps no mask: the backward pass draws the same one again, from the seed of the step. At inference it costs
/// neither time nor memory, but for a copy of the input where it is the first stage of a network.
///
/// # Shapes
/// Rows of shape `S` in, rows of shape `S` out.
///
/// ```
/// use nn_core::prelude::*;
/// type Net = network!(2 => 8 relu => dropout(0.25) => 1);
/// type Without = network!(2 => 8 relu => 1);
///
/// assert_eq!((Net::PARAMETERS, Net::MACS, Net::RAM), (Without::PARAMETERS, Without::MACS, Without::RAM));
/// ```
pub struct Dropout<T, S, const NUM: i64, const DEN: i64>(PhantomData<(T, S)>);

impl<T, S, const NUM: i64, const DEN: i64> Clone for Dropout<T, S, NUM, DEN> {
    fn clone(&self) -> Self {
        Self(PhantomData)
    }
}

impl<T, S, const NUM: i64, const DEN: i64> PartialEq for Dropout<T, S, NUM, DEN> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<T, S, const NUM: i64, const DEN: i64> core::fmt::Debug for Dropout<T, S, NUM, DEN> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(Self::TEXT.text())
    }
}

impl<T, S, const NUM: i64, const DEN: i64> Dropout<T, S, NUM, DEN> {
    const TEXT: Text = Text::EMPTY.and("dropout").arguments(&[NUM, DEN]);
}

impl<T: Scalar, S, const NUM: i64, const DEN: i64> Dropout<T, S, NUM, DEN> {
    /// Of 2^32 values, so many are set to zero.
    const DROPPED: u64 = {
        assert!(NUM >= 0 && NUM < DEN, "the rate of dropout is from 0 to below 1");
        (NUM as f64 / DEN as f64 * 4_294_967_296.0) as u64
    };

    /// Leaves values out, the same for the same seed.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn mask(seed: Seed, values: &mut [T]) {
        let scale = T::from_f64(1.0 / (1.0 - NUM as f64 / DEN as f64));
        for (place, value) in values.iter_mut().enumerate() {
            let Seed(bits) = seed.next(place as u64 + 1);
            *value = if bits >> 32 < Self::DROPPED { T::ZERO } else { *value * scale };
        }
    }
}

impl<T: Scalar, S: Shape, const NUM: i64, const DEN: i64> Part for Dropout<T, S, NUM, DEN> {
    type T = T;
    type In = S;
    type Out = S;
    type Work<Inside: Flag> = Row<T, S>;
    type Tape = Nothing<T>;
    type State = Nothing<T>;
    type Slope<Wanted: Flag> = Row<T, S>;
    type ReadsInput = No;
    type ReadsOutput = No;
    type Ends = Open;
    type Seen = Seen<Self>;

    const IN_PLACE: bool = true;
    const COUNT: usize = 0;
    const MULTIPLIES: usize = 0;
    const PLACES: usize = 1;
    const WANTS: Option<Init> = None;
    const ALL_ZERO: Self = Self(PhantomData);
    const ZERO_BYTES: Option<ZeroBytes<Self>> = Some(empty_zero());
    const LARGEST: [Largest; 3] = Largest::of::<Self>(Self::TEXT.text());

    fn prepare<R: Rng>(&mut self, _rng: &mut R, _always: Option<Init>, _follows: Option<Init>) {}

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa<T>>(
        &self,
        _k: K,
        x: Option<&[Row<T, S>]>,
        rows: usize,
        _state: &mut [T],
        arena: &mut [T],
        at: End,
        watch: &mut impl Watch<T>,
    ) -> End {
        let (y, _) = at.split(arena, rows * S::LEN);
        if let Some(x) = x {
            copy(numbers(x), y);
        }
        watch.see(y);
        at
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn record<K: Isa<T>>(&self, k: K, x: &[Row<T, S>], _state: &mut [T], seed: Seed, _tape: &mut [T], y: &mut [T]) {
        copy(numbers(x), y);
        self.record_in_place(k, seed, y);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn record_in_place<K: Isa<T>>(&self, _k: K, seed: Seed, y: &mut [T]) {
        Self::mask(seed, y);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn backward<K: Isa<T>, Wanted: Flag>(
        &self,
        _k: K,
        pass: Recorded<'_, Self>,
        _dstate: &mut [T],
        arena: &mut [T],
        end: End,
        _gradient: &mut Self,
    ) -> End {
        let (dy, _) = end.split(arena, pass.x.len() * S::LEN);
        Self::mask(pass.seed, dy);
        end
    }

    #[inline]
    fn walk<const N: usize>(_all: [&mut Self; N], _each: &mut impl FnMut(Kind, [&mut [T]; N])) {}

    #[inline]
    fn read(&self, _each: &mut impl FnMut(Kind, &[T])) {}

    fn describe(at: Place<'_>, each: &mut dyn FnMut(&Module<'_>)) {
        each(&Module::of::<Self>(at, Self::TEXT.text()));
    }
}
