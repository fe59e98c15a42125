#![doc = include_str!("../README.md")]

mod capture;
mod file;
pub mod shapes;

pub use capture::{Capture, Channel, Info, OtherShape};
pub use file::Error;
pub use shapes::Shape;
