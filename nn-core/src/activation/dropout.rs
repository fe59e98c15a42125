//! Dropout.

use super::function::{Neither, RowActivation};
use crate::kernel::{Lanes, Scalar};
use crate::part::init::Init;
use crate::part::seed::Seed;
use crate::text::Text;

/// In training, sets each value to zero with the probability `NUM / DEN`, and divides the others by the probability that
/// they stay (Srivastava et al. 2014). Otherwise it does nothing. PyTorch's `Dropout`.
///
/// It keeps no mask: the backward pass draws the same one again, from the seed of the step. At inference it costs
/// neither time nor memory, but for a copy of the input where it is the first stage of a network. In a declaration it is
/// a stage of its own:
///
/// ```
/// use nn_core::prelude::*;
/// type Net = network!(2 => 8 relu => dropout(0.25) => 1);
/// type Without = network!(2 => 8 relu => 1);
///
/// assert_eq!((Net::PARAMETERS, Net::MACS, Net::RAM), (Without::PARAMETERS, Without::MACS, Without::RAM));
/// ```
///
/// With `channels = true`, it is whole channels of a signal or an image that become zero (Tompson et al. 2015), since neighbouring places
/// of a feature map say much the same: PyTorch's `Dropout1d` and `Dropout2d`. `PLACES` is then how many places a channel has, and
/// otherwise 0.
///
/// ```
/// use nn_core::prelude::*;
/// type Net = network!(1x8x8 => conv(4, 3) relu => dropout(0.25, channels = true) => flatten => 2);
/// ```
pub struct Dropout<const NUM: i64, const DEN: i64, const PLACES: usize = 0>;

impl<const NUM: i64, const DEN: i64, const PLACES: usize> Dropout<NUM, DEN, PLACES> {
    /// Of 2^32 values, so many are set to zero.
    const DROPPED: u64 = {
        assert!(NUM >= 0 && NUM < DEN, "the rate of dropout is from 0 to below 1");
        (NUM as f64 / DEN as f64 * 4_294_967_296.0) as u64
    };

    /// Leaves values out, the same for the same seed; there are `width` channels.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn mask<T: Scalar>(values: &mut [T], width: usize, seed: Seed) {
        if seed.is_use() {
            return;
        }
        let scale = T::from_f64(1.0 / (1.0 - NUM as f64 / DEN as f64));
        for (place, value) in values.iter_mut().enumerate() {
            // All places of a channel have the seed of one.
            let drawn =
                if PLACES == 0 { place } else { place / (width * PLACES).max(1) * width + place % width.max(1) };
            let Seed(bits) = seed.next(drawn as u64 + 1);
            *value = if bits >> 32 < Self::DROPPED { T::ZERO } else { *value * scale };
        }
    }
}

impl<const NUM: i64, const DEN: i64, const PLACES: usize> RowActivation for Dropout<NUM, DEN, PLACES> {
    type Keeps = Neither;
    const LABEL: &'static str = match PLACES {
        0 => const { &Text::EMPTY.and("dropout").arguments(&[NUM, DEN]) }.text(),
        _ => const { &Text::EMPTY.and("dropout").arguments(&[NUM, DEN]).and(", channels") }.text(),
    };
    const WANTS: Init = Init::GlorotUniform;
    const LIMITS: [f64; 2] = [f64::NEG_INFINITY, f64::INFINITY];

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<T: Scalar, V: Lanes<T>>(_rows: &mut [T], _width: usize) {}

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn train<T: Scalar, V: Lanes<T>>(rows: &mut [T], width: usize, seed: Seed) {
        Self::mask(rows, width, seed);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn slopes<T: Scalar, V: Lanes<T>>(_kept: &[T], dy: &mut [T], width: usize, seed: Seed) {
        Self::mask(dy, width, seed);
    }
}
