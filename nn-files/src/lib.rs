//! The reader of weights of `nn-core`, when a network is compiled and when it runs: safetensors and NumPy's `.npz`, read where
//! they lie. It is used through `nn-core`, whose module `weights` says what the rules are.
//!
//! Nothing here panics, allocates, or takes longer than a file is long, whatever is in it.
#![no_std]

#[cfg(test)]
extern crate std;

mod dims;
mod dtype;
mod file;
mod json;
mod name;
mod npz;
mod problem;
mod safetensors;
mod tensor;

pub use dims::Dims;
pub use dtype::Dtype;
pub use file::{File, Wanted};
pub use name::{Name, Spoken};
pub use problem::Problem;
pub use tensor::{Numbers, Tensor};
