#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

#[cfg(feature = "std")]
mod capture;
#[cfg(feature = "std")]
mod file;
#[cfg(feature = "std")]
mod knobs;
#[cfg(feature = "std")]
mod player;
pub mod shapes;

#[cfg(feature = "std")]
pub use capture::{Capture, Channel, Info, OtherRate, OtherShape};
#[cfg(feature = "std")]
pub use file::Error;
#[cfg(feature = "std")]
pub use player::{Desk, Player, player};
pub use shapes::Shape;
