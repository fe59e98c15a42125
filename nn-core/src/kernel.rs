//! The only code that knows about instruction sets.
//!
//! A network runs with a zero-sized token, its [`Isa`], that says which vectors there are. Everything below the token
//! is written once and compiled for each [`InstructionSet`].
//!
//! * `scalar`: what a number must be able to do; `float`: `f32` and `f64`;
//! * `isa`: what an instruction set is to a kernel; `set`: the sets, their tokens, and which of them networks run on;
//! * `lanes`: what a vector can do; `one`, `x86`, `aarch64`, `wasm`: the vectors; `vector`: what those of registers have in common;
//! * `math`: functions of `f32`, by lanes; `fast`: vectors whose functions are approximations;
//! * `jobs`: what the kernels are asked for;
//! * `product`: sums of products, the loop of all dense layers, with vectors, and small (`plain`) where there are none;
//! * `native`: what is written by hand for machines without vectors; `arm`: for the floating-point unit of Cortex-M;
//! * `soft`: a multiply-accumulate for machines without a floating-point unit;
//! * `conv`: the passes of a convolution over the frames of a stream; `planar`: those over channels, with frames in the lanes;
//!   `spatial`: those of one over a signal or an image, whose windows are in `sliding`; `pool`: that of a pool; `dense`: those of a dense layer; `turned`: the same with a row
//!   in each lane;
//! * `transpose`: the transposition of a matrix; `sum`: sums over a row; `lanewise`: functions of several slices, place by place;
//! * `update`: the pass of an optimiser over all parameters.
//!
//! `dense` takes blocks of any kind, so that the gates of a cell, four rows side by side, are one product.
//!
//! **How a set is chosen.** Once for a forward pass, a batch or a training step: one atomic load, and a call of a
//! function compiled by `#[target_feature]` for the set. What that costs does not decide between the ways to do it: a
//! call through it, through `is_x86_feature_detected!`, `multiversion` 0.8 or `pulp` 0.22 took 0.3 ns longer than a direct
//! one (AMD EPYC, Zen 4, November 2026). Ours needs no `std`, lets the program choose the set, has vectors of every length
//! down to one number with the same bits, and is no dependency to build.
//!
//! **How precise.** The largest errors over all bit patterns of `f32`, in units of the last place but where it says
//! otherwise; with fused operations they are no larger:
//!
//! | `exp` | `exp_m1` | `sigmoid` | `tanh` | `gelu` | its slope | `softmax` |
//! |---|---|---|---|---|---|---|
//! | 1.8 | 1.8 | 3.9; 5e-39 below -88.3 | 2.0 | 3.8; 3e-9 below -5 | 6e-7 | 1e-6 relative |

#[macro_use]
mod one;
#[macro_use]
#[allow(unused_macros, reason = "not every machine has vectors")]
mod vector;

#[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
mod aarch64;
#[cfg(nn_vfp)]
#[cfg_attr(not(nn_fast), allow(dead_code, reason = "small programs have the loops, but for planes"))]
mod arm;
pub(crate) mod conv;
pub(crate) mod dense;
mod fast;
mod float;
mod isa;
mod jobs;
mod lanes;
pub(crate) mod lanewise;
pub(crate) mod math;
mod native;
pub(crate) mod planar;
pub(crate) mod pool;
pub(crate) mod product;
pub mod scalar;
pub(crate) mod set;
pub(crate) mod sliding;
#[cfg(any(test, nn_soft))]
pub(crate) mod soft;
pub(crate) mod spatial;
mod sum;
pub(crate) mod transpose;
pub(crate) mod turned;
pub(crate) mod update;
#[cfg(all(target_family = "wasm", target_feature = "simd128"))]
mod wasm;
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
mod x86;

#[cfg(test)]
pub(crate) use fast::Fast;
pub(crate) use float::nearest;
pub(crate) use isa::{Direct, Task};
pub use isa::{InstructionSet, Isa};
pub(crate) use jobs::Start;
pub use lanes::Lanes;
pub(crate) use lanes::{MOST_LANES, first_lanes, halves, sum_by_halves};
pub(crate) use lanewise::{Lanewise, flush, lanewise};
pub(crate) use native::Native;
pub use one::One;
pub use scalar::Scalar;
pub use set::Portable;
#[cfg(test)]
pub(crate) use set::on;
pub(crate) use set::{run, run_direct};
pub(crate) use sum::mean;
pub(crate) use update::{Rule, Squares, update};
