#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
// The text is about every feature.
#![cfg_attr(not(feature = "resample"), allow(rustdoc::broken_intra_doc_links))]

#[cfg(feature = "std")]
mod capture;
#[cfg(feature = "std")]
mod file;
#[cfg(feature = "resample")]
mod interpolator;
#[cfg(feature = "std")]
mod knobs;
#[cfg(feature = "std")]
mod player;
#[cfg(feature = "resample")]
mod resampler;
pub mod shapes;

#[cfg(feature = "std")]
pub use capture::{Capture, Channel, Info, OtherRate, OtherShape};
#[cfg(feature = "std")]
pub use file::Error;
#[cfg(feature = "resample")]
pub use player::player_at;
#[cfg(feature = "std")]
pub use player::{Desk, Player, player};
#[cfg(feature = "resample")]
pub use resampler::{RateOutOfRange, Resampler};
pub use shapes::Shape;
