//! A player in the audio thread, and the desk from which captures are put into it while it plays.

use crate::capture::{Capture, Channel};
#[cfg(feature = "resample")]
use crate::resampler::{RateOutOfRange, Resampler, check_range};
use rtrb::{Consumer, Producer, PushError, RingBuffer};

/// How many captures may wait, on the way in and on the way out.
const WAITING: usize = 4;

/// The samples that are worked on at a time.
const BLOCK: usize = 64;

/// A capture with a warm channel for each channel of sound.
struct Loaded {
    capture: Capture,
    channels: Vec<Channel>,
    /// One for each channel, or none where the rate of the host is not told.
    #[cfg(feature = "resample")]
    resamplers: Vec<Resampler>,
}

/// Puts captures into a [`Player`], from any other thread: what takes time and memory happens here.
pub struct Desk {
    to: Producer<Box<Loaded>>,
    back: Consumer<Box<Loaded>>,
    channels: usize,
    #[cfg(feature = "resample")]
    host: Option<f64>,
}

/// Plays the capture that was put in last; before the first, sound goes through as it is. It belongs to the audio thread: it does not wait, allocate, free or panic.
pub struct Player {
    from: Consumer<Box<Loaded>>,
    back: Producer<Box<Loaded>>,
    now: Option<Box<Loaded>>,
    /// What is faded out; nothing is the input.
    before: Option<Box<Loaded>>,
    /// How many samples of the fade are left.
    left: usize,
    fade: usize,
}

/// A desk and its player, for so many channels of sound. Where a capture takes the place of another, it is faded in over `fade` samples, in
/// which both are computed; a few milliseconds are enough.
///
/// ```
/// # use nn_audio::{Capture, player};
/// let (mut desk, mut player) = player(2, 240);
/// let text = include_str!("../tests/captures/a1_nano.nam");
/// desk.put(Capture::read(text, 1.0)?).map_err(|_| "the player does not run")?;
///
/// // In the callback, at any block length.
/// let (mut left, mut right) = ([0.1; 100], [0.2; 100]);
/// player.process(&mut [&mut left, &mut right]);
/// assert_ne!(left, [0.1; 100]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn player(channels: usize, fade: usize) -> (Desk, Player) {
    let (to, from) = RingBuffer::new(WAITING);
    // Everything that is on the way, and both that are played, have room.
    let (of_player, back) = RingBuffer::new(WAITING + 2);
    let player = Player { from, back: of_player, now: None, before: None, left: 0, fade };
    let desk = Desk {
        to,
        back,
        channels,
        #[cfg(feature = "resample")]
        host: None,
    };
    (desk, player)
}

/// [`player`] for a host of this sample rate: captures of other rates are [resampled](Resampler), each with the latency that it needs,
/// [`Player::latency`].
///
/// ```
/// # use nn_audio::{Capture, player_at};
/// let (mut desk, mut player) = player_at(2, 240, 44_100.0)?;
/// # let text = include_str!("../tests/captures/a1_nano.nam");
/// desk.put(Capture::read(text, 1.0)?).map_err(|_| "the player does not run")?;
/// # player.process(&mut []);
/// # assert_eq!(player.latency(), 69);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`RateOutOfRange`], if it is no sample rate.
#[cfg(feature = "resample")]
pub fn player_at(channels: usize, fade: usize, host: f64) -> Result<(Desk, Player), RateOutOfRange> {
    check_range(host)?;
    let (desk, player) = player(channels, fade);
    Ok((Desk { host: Some(host), ..desk }, player))
}

impl Desk {
    /// Puts in a capture, which is played from the next block on. Its channels have heard silence.
    ///
    /// # Errors
    /// The capture, if several wait already: the player does not run.
    #[expect(clippy::result_large_err, reason = "it is what was given")]
    pub fn put(&mut self, capture: Capture) -> Result<(), Capture> {
        self.collect();
        let channels = (0..self.channels).map(|_| capture.warm_channel()).collect();
        let loaded = Loaded {
            channels,
            #[cfg(feature = "resample")]
            resamplers: self.resamplers(&capture),
            capture,
        };
        let loaded = self.to.push(Box::new(loaded));
        loaded.map_err(|PushError::Full(loaded)| loaded.capture)
    }

    #[cfg(feature = "resample")]
    fn resamplers(&self, capture: &Capture) -> Vec<Resampler> {
        let one = self.host.and_then(|host| capture.resampler(host).ok());
        one.map_or(Vec::new(), |one| vec![one; self.channels])
    }

    /// Frees what is no longer played.
    pub fn collect(&mut self) {
        while self.back.pop().is_ok() {}
    }
}

impl Player {
    /// Plays the next samples of each channel, in place; channels of one block are of one length, and what is beyond the shortest stays as it
    /// was.
    pub fn process(&mut self, channels: &mut [&mut [f32]]) {
        if self.left == 0 {
            self.take();
        }
        let len = channels.iter().map(|samples| samples.len()).min().unwrap_or(0);
        let mut at = 0;
        while at < len {
            let count = BLOCK.min(len - at);
            for (number, samples) in channels.iter_mut().enumerate() {
                if let Some(samples) = samples.get_mut(at..at + count) {
                    self.block(number, samples);
                }
            }
            self.left = self.left.saturating_sub(count);
            at += count;
        }
        if self.left == 0
            && let Some(before) = self.before.take()
        {
            self.give_back(before);
        }
    }

    /// Turns a knob of the capture that plays, as [`Capture::set_knob`] does.
    pub fn set_knob(&mut self, knob: usize, value: f32) -> bool {
        self.now.as_mut().is_some_and(|now| now.capture.set_knob(knob, value))
    }

    /// By how many samples what comes out is late: the latency of the capture that plays. It may be another one after a block in which
    /// another capture was taken up.
    #[cfg(feature = "resample")]
    pub fn latency(&self) -> usize {
        self.now.iter().flat_map(|now| now.resamplers.first()).map(Resampler::latency).sum()
    }

    /// The latest of the captures that wait takes the place of the one that plays.
    fn take(&mut self) {
        while let Ok(next) = self.from.pop() {
            let last = self.now.replace(next);
            if self.left == 0 {
                (self.before, self.left) = (last, self.fade.max(1));
            } else if let Some(skipped) = last {
                self.give_back(skipped);
            }
        }
    }

    /// Returns a capture to the desk, which frees it. There is always room; if there were none, it would be left as it is.
    fn give_back(&mut self, loaded: Box<Loaded>) {
        if let Err(PushError::Full(loaded)) = self.back.push(loaded) {
            std::mem::forget(loaded);
        }
    }

    /// At most [`BLOCK`] samples of a channel.
    fn block(&mut self, number: usize, samples: &mut [f32]) {
        let mut old = [0.0; BLOCK];
        let old = old.get_mut(..samples.len()).unwrap_or_default();
        old.iter_mut().zip(&*samples).for_each(|(old, sample)| *old = *sample);
        self.now.iter_mut().for_each(|now| now.play(number, samples));
        if self.left > 0 {
            self.before.iter_mut().for_each(|before| before.play(number, old));
            for (at, (sample, old)) in samples.iter_mut().zip(old).enumerate() {
                // From 1 down to 0.
                let share = self.left.saturating_sub(at) as f32 / self.fade.max(1) as f32;
                *sample += (*old - *sample) * share;
            }
        }
    }
}

impl Loaded {
    fn play(&mut self, number: usize, samples: &mut [f32]) {
        if let Some(channel) = self.channels.get_mut(number) {
            #[cfg(feature = "resample")]
            let played = match self.resamplers.get_mut(number) {
                Some(resampler) => resampler.process(&self.capture, samples, channel),
                None => self.capture.process(samples, channel),
            };
            #[cfg(not(feature = "resample"))]
            let played = self.capture.process(samples, channel);
            debug_assert!(played.is_ok(), "the channels are those of the capture");
        }
    }
}
