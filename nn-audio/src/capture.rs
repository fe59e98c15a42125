//! A capture that was read, and the channels that it plays.

use crate::file::{self, Error};
use crate::knobs::Knobs;
use crate::shapes::{AnyNetwork, AnyState, BLOCK, Shape};

/// What a file says beside the network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Info {
    /// Samples a second that the capture was made for; 48,000 where the file [says nothing](Self::is_rate_stated).
    pub sample_rate: f64,
    /// Whether the file says the sample rate.
    pub is_rate_stated: bool,
    /// The loudness of what it gives for a standard input, in decibels of full scale (`loudness`).
    pub loudness: Option<f64>,
    /// The level of the analogue input that full scale stands for, in dBu (`input_level_dbu`).
    pub input_level: Option<f64>,
    /// The same of the output (`output_level_dbu`).
    pub output_level: Option<f64>,
}

/// A capture of an amplifier or a pedal: a network with its weights. One serves any number of channels, from any thread.
pub struct Capture {
    network: AnyNetwork,
    around: Around,
    knobs: Knobs,
    info: Info,
}

/// What a file does around its network: `out · (f(in · x) + in · x)`, the latter if it `skips`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Around {
    pub(crate) skips: bool,
    pub(crate) gain_in: f32,
    pub(crate) gain_out: f32,
}

impl Around {
    pub(crate) const NOTHING: Self = Self { skips: false, gain_in: 1.0, gain_out: 1.0 };
}

/// What one channel of sound remembers of a [`Capture`].
#[derive(Clone, Debug)]
pub struct Channel(AnyState);

/// A host runs at another sample rate than a capture was made for: it would sound thin, or dull.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OtherRate {
    /// Samples a second of the host.
    pub host: f64,
    /// Those of the capture.
    pub capture: f64,
}

impl core::fmt::Display for OtherRate {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "the host runs at {} samples a second, the capture was made for {}", self.host, self.capture)
    }
}

impl core::error::Error for OtherRate {}

/// A channel was made by a capture of another [`Shape`]. Nothing was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherShape;

impl core::fmt::Display for OtherShape {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the channel was made by a capture of another shape")
    }
}

impl core::error::Error for OtherShape {}

impl Info {
    /// Whether a host of this sample rate may play it as it is.
    ///
    /// # Errors
    /// [`OtherRate`], if the host's differs by more than a tenth of a percent; its sound is to be resampled then, before and after.
    pub fn check_rate(&self, host: f64) -> Result<(), OtherRate> {
        let capture = self.sample_rate;
        // A rate that is no number is another one.
        if (host - capture).abs() <= capture / 1_000.0 { Ok(()) } else { Err(OtherRate { host, capture }) }
    }
}

fn or_other_shape(is_right: bool) -> Result<(), OtherShape> {
    if is_right { Ok(()) } else { Err(OtherShape) }
}

impl Capture {
    /// Reads the text of a file: a `.nam` of Neural Amp Modeler, or a JSON file of GuitarML or of RTNeural. In a container of models for several
    /// speeds, `SlimmableContainer`, `size` chooses the first one whose `max_value` is not below it; 1 is the best.
    ///
    /// # Errors
    /// Whatever is not played, and whatever is unknown, missing, or there twice, by its name.
    pub fn read(text: &str, size: f64) -> Result<Self, Error> {
        file::read(text, size)
    }

    pub(crate) fn new(network: AnyNetwork, around: Around, knobs: Knobs, info: Info) -> Self {
        Self { network, around, knobs, info }
    }

    /// Which network it is.
    pub fn shape(&self) -> Shape {
        self.network.shape()
    }

    /// How many knobs it has, two at most.
    pub fn knobs(&self) -> usize {
        self.knobs.count()
    }

    /// Turns a knob, the first being 0, mostly from 0 to 1; it is in the middle, 0.5, until then. Returns whether the capture has it. It is
    /// for all channels, and may be turned while they play: nothing is allocated, and of a large network it costs what a sample does.
    pub fn set_knob(&mut self, knob: usize, value: f32) -> bool {
        self.knobs.set(knob, value, &mut self.network)
    }

    /// What the file says beside it.
    pub fn info(&self) -> &Info {
        &self.info
    }

    /// A channel whose first sample is still to come. It is on the heap, so it is made outside of the audio thread.
    pub fn channel(&self) -> Channel {
        Channel(self.network.state())
    }

    /// A channel that has heard silence for as long as it matters, which is what a stage is like before the music begins: a convolution
    /// gives something for silence, too. Made once and kept, it is put back by [`Channel::copy_from`], at the price of a copy.
    ///
    /// A cell remembers for ever, and begins with what its file says: for these it is [`channel`](Self::channel).
    pub fn warm_channel(&self) -> Channel {
        let mut channel = self.channel();
        let mut left = self.shape().warm_up().unwrap_or(0);
        while left > 0 {
            let count = left.min(BLOCK);
            self.network.process(&[0.0; BLOCK][..count], &mut [0.0; BLOCK][..count], &mut channel.0);
            left -= count;
        }
        channel
    }

    /// Plays samples, in place. Blocks may be of any length, also of none, and what is heard does not depend on it. Nothing is
    /// allocated, and nothing waits.
    ///
    /// # Errors
    /// [`OtherShape`], if the channel is that of another; the samples are then as they were.
    pub fn process(&self, samples: &mut [f32], channel: &mut Channel) -> Result<(), OtherShape> {
        let Around { skips, gain_in, gain_out } = self.around;
        let scale = |samples: &mut [f32], by: f32| samples.iter_mut().for_each(|sample| *sample *= by);
        if !self.network.is_of(&channel.0) {
            return Err(OtherShape);
        }
        for samples in samples.chunks_mut(BLOCK) {
            scale(samples, gain_in);
            let mut dry = [0.0; BLOCK];
            let dry = dry.get_mut(..samples.len()).unwrap_or_default();
            dry.iter_mut().zip(&*samples).for_each(|(dry, sample)| *dry = *sample);
            self.network.process(dry, samples, &mut channel.0);
            if skips {
                samples.iter_mut().zip(dry).for_each(|(sample, dry)| *sample += *dry);
            }
            scale(samples, gain_out);
        }
        Ok(())
    }

    /// The same from one buffer to another, as far as both reach; returns how many samples that were.
    ///
    /// # Errors
    /// As [`process`](Self::process).
    pub fn process_to(&self, input: &[f32], output: &mut [f32], channel: &mut Channel) -> Result<usize, OtherShape> {
        let count = input.len().min(output.len());
        let output = &mut output[..count];
        output.copy_from_slice(&input[..count]);
        self.process(output, channel)?;
        Ok(count)
    }

    /// Lets a channel begin anew, where it lies.
    ///
    /// # Errors
    /// [`OtherShape`], if it is that of another.
    pub fn restart(&self, channel: &mut Channel) -> Result<(), OtherShape> {
        or_other_shape(self.network.restart(&mut channel.0))
    }
}

/// Its shape, and what its file says.
impl core::fmt::Debug for Capture {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (shape, around) = (self.shape(), self.around);
        f.debug_struct("Capture").field("shape", &shape).field("around", &around).field("info", &self.info).finish()
    }
}

impl Channel {
    /// Remembers what another channel does, without a heap.
    ///
    /// # Errors
    /// [`OtherShape`], if it is that of another.
    pub fn copy_from(&mut self, other: &Self) -> Result<(), OtherShape> {
        or_other_shape(self.0.copy_from(&other.0))
    }

    /// Whether all that it remembers is finite. If not, a sample was not: what follows is not either, until the channel is restarted.
    pub fn is_finite(&self) -> bool {
        self.0.is_finite()
    }
}
