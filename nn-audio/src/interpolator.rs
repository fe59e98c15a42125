//! A sound that is read between its samples, by the filters of the crate `rubato`.

use rubato::interpolation::{get_nearest_times_4, interp_cubic};
use rubato::sinc_interpolator::{AnyInterpolator, SincInterpolator, make_interpolator};
use rubato::{WindowFunction, calculate_cutoff};
use std::sync::Arc;

/// How long a filter is, in samples of the lower rate.
const LENGTH: usize = 64;
const WINDOW: WindowFunction = WindowFunction::BlackmanHarris;

/// For how many places between two samples there is a filter; between these it is a cubic.
const PLACES: usize = 64;

/// The least samples between what was put in last and the place that is read then: the last filter of a cubic may begin one later, and
/// `rubato` wants one more behind it.
pub(crate) fn least_delay(step: f64) -> f64 {
    half(step) + 2.0 - 1.0 / PLACES as f64
}

/// Half the length of a filter, which stretches with the distance of the places.
fn half(step: f64) -> f64 {
    (LENGTH as f64 * step.max(1.0) / 8.0).ceil() * 4.0
}

/// Reads the samples that are put in at places of one distance. Where it reads does not depend on how many are put in at a time.
#[derive(Clone)]
pub(crate) struct Interpolator {
    filters: Arc<AnyInterpolator<f32>>,
    /// From place to place: whole samples, and the part of one.
    step: (usize, f64),
    /// Zeros before the first sample, and the part of a sample that the first place is beyond one.
    begin: (usize, f64),
    heard: Box<[f32]>,
    /// How much of it is.
    count: usize,
    /// Where the next filter begins.
    at: usize,
    part: f64,
}

impl Interpolator {
    /// Reads at every `step` samples, first `delay` before the first one, and has room for so many at a time.
    pub(crate) fn new(step: f64, delay: f64, room: usize) -> Self {
        let half = half(step);
        let cutoff = calculate_cutoff(LENGTH, WINDOW);
        let filters = make_interpolator(half as usize * 2, 1.0 / step, Some(cutoff), PLACES, WINDOW);
        // A filter that begins at 1, the first to have a sample before it, reads at `half + 1 / PLACES`.
        let before = delay + half + 1.0 / PLACES as f64;
        let zeros = before.ceil();
        let mut new = Self {
            filters: Arc::new(filters),
            step: (step as usize, step.fract()),
            begin: (zeros as usize, zeros - before),
            heard: vec![0.0; zeros as usize + room + 2].into(),
            count: 0,
            at: 0,
            part: 0.0,
        };
        new.restart();
        new
    }

    /// As if nothing had been put in.
    pub(crate) fn restart(&mut self) {
        self.heard.fill(0.0);
        (self.count, self.part) = self.begin;
        self.at = 1;
    }

    /// Forgets what is no longer needed.
    pub(crate) fn make_room(&mut self) {
        let from = (self.at - 1).min(self.count);
        self.heard.copy_within(from..self.count, 0);
        self.count -= from;
        self.at -= from;
    }

    pub(crate) fn put(&mut self, sample: f32) {
        debug_assert!(self.count < self.heard.len(), "there is room");
        if let Some(last) = self.heard.get_mut(self.count) {
            *last = sample;
            self.count += 1;
        }
    }

    /// What was put in last, so many samples.
    pub(crate) fn last_mut(&mut self, count: usize) -> &mut [f32] {
        self.heard.get_mut(self.count.saturating_sub(count)..self.count).unwrap_or_default()
    }

    /// The sound at the next place, if enough after it is there.
    pub(crate) fn read(&mut self) -> Option<f32> {
        let heard = self.heard.get(..self.count)?;
        // The last of the four filters may begin one later.
        if self.at + 1 + self.filters.nbr_points() >= heard.len() {
            return None;
        }
        let mut nearest = [(0, 0); 4];
        get_nearest_times_4(self.part, PLACES as isize, &mut nearest);
        let values = nearest.map(|(sample, place)| {
            self.filters.get_sinc_interpolated(heard, self.at.saturating_add_signed(sample), place as usize)
        });
        let value = interp_cubic((self.part * PLACES as f64).fract() as f32, &values);
        let part = self.part + self.step.1;
        self.at += self.step.0 + part as usize;
        self.part = part.fract();
        Some(value)
    }
}
