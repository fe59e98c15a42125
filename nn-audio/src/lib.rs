#![doc = include_str!("../README.md")]

mod capture;
mod file;
mod player;
pub mod shapes;

pub use capture::{Capture, Channel, Info, OtherRate, OtherShape};
pub use file::Error;
pub use player::{Desk, Player, player};
pub use shapes::Shape;
