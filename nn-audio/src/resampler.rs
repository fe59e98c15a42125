//! Sound of other sample rates than a capture was made for: resampled to its rate before the network, and back after it.

use crate::capture::{Capture, Channel, OtherShape};
use crate::interpolator::{Interpolator, least_delay};

/// The samples of the host that are worked on at a time: many, for networks are fastest in whole blocks of their own.
const BLOCK: usize = 512;

/// Lets a channel play at the sample rate of a host, [`Capture::resampler`]: sound is resampled to the rate of the capture, played, and
/// resampled back, by the filters of the crate `rubato`. Each channel has its own; clones share the filters.
///
/// ```
/// # use nn_audio::Capture;
/// # let text = include_str!("../tests/captures/a1_nano.nam");
/// let capture = Capture::read(text, 1.0)?;
/// let (mut channel, mut resampler) = (capture.warm_channel(), capture.resampler(44_100.0)?);
/// let latency = resampler.latency(); // to be told to the host
/// # assert_eq!(latency, 69);
///
/// // In the callback, at any block length.
/// let mut samples = [0.1; 100];
/// resampler.process(&capture, &mut samples, &mut channel)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Resampler {
    /// Before the network and after it; nothing where the rates are the same.
    around: Option<[Interpolator; 2]>,
    latency: usize,
}

/// A host's sample rate is none: not from 1,000 to 1,000,000 samples a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateOutOfRange(pub f64);

impl core::fmt::Display for RateOutOfRange {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "a sample rate of {} is not from 1,000 to 1,000,000", self.0)
    }
}

impl core::error::Error for RateOutOfRange {}

/// The rates that files may have, too.
pub(crate) fn check_range(host: f64) -> Result<(), RateOutOfRange> {
    if (1_000.0..=1_000_000.0).contains(&host) { Ok(()) } else { Err(RateOutOfRange(host)) }
}

impl Capture {
    /// What lets a channel play at this sample rate of the host. It is on the heap, so it is made outside of the audio thread. Where
    /// [`check_rate`](crate::Info::check_rate) allows the rate, sound is not resampled, and there is no latency.
    ///
    /// # Errors
    /// [`RateOutOfRange`], if it is no sample rate.
    pub fn resampler(&self, host: f64) -> Result<Resampler, RateOutOfRange> {
        check_range(host)?;
        let rate = self.info().sample_rate;
        if self.info().check_rate(host).is_ok() {
            return Ok(Resampler { around: None, latency: 0 });
        }
        let (up, down) = (host / rate, rate / host);
        let delay = least_delay(up);
        // Whole samples of the host; a tenth of one is left for what rounding adds up to in years.
        let latency = (delay + least_delay(down) * up + 0.1).ceil();
        let before = Interpolator::new(up, delay, BLOCK);
        // Some of what is played lies there until the next block.
        let after = Interpolator::new(down, (latency - delay) * down, ((BLOCK + 2) as f64 * down).ceil() as usize);
        Ok(Resampler { around: Some([before, after]), latency: latency as usize })
    }
}

impl Resampler {
    /// By how many samples of the host what comes out is later than by the capture alone.
    pub fn latency(&self) -> usize {
        self.latency
    }

    /// Plays samples of the host, in place, as [`Capture::process`] does: blocks may be of any length, what is heard does not depend on
    /// it, nothing is allocated, and nothing waits. The capture is the one that it was made by.
    ///
    /// # Errors
    /// [`OtherShape`], if the channel is that of another; the samples are then as they were.
    pub fn process(&mut self, capture: &Capture, samples: &mut [f32], channel: &mut Channel) -> Result<(), OtherShape> {
        let Some([before, after]) = &mut self.around else { return capture.process(samples, channel) };
        capture.process(&mut [], channel)?;
        for samples in samples.chunks_mut(BLOCK) {
            before.make_room();
            after.make_room();
            samples.iter().for_each(|sample| before.put(*sample));
            let mut count = 0;
            while let Some(sample) = before.read() {
                after.put(sample);
                count += 1;
            }
            capture.process(after.last_mut(count), channel)?;
            for sample in samples {
                let read = after.read();
                debug_assert!(read.is_some(), "the latency is long enough");
                *sample = read.unwrap_or(0.0);
            }
        }
        Ok(())
    }

    /// Forgets what it has heard; [`Channel::copy_from`] or [`Capture::restart`] do so for the channel.
    pub fn restart(&mut self) {
        self.around.iter_mut().flatten().for_each(Interpolator::restart);
    }
}

/// Its latency.
impl core::fmt::Debug for Resampler {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Resampler").field("latency", &self.latency).finish_non_exhaustive()
    }
}
