//! Neural networks declared in source code, checked by the compiler, trained and run without a heap.
//!
//! ```
//! use nn_core::prelude::*;
//!
//! network! {
//!     /// Predicts the exclusive or of two inputs.
//!     pub struct Xor: 2 => 8 relu => 4 sigmoid => 1;
//! }
//!
//! let data = [([0.0, 0.0], [0.0]), ([0.0, 1.0], [1.0]), ([1.0, 0.0], [1.0]), ([1.0, 1.0], [0.0])];
//! let mut net = Xor::ZERO;
//! net.init(&mut ChaCha8Rng::seed_from_u64(1));
//!
//! let mut memory = Training::<Xor, 4>::ZERO; // on the stack, in a static or in a box: it is the caller's
//! let mut adam = Adam::new(0.02);
//! let mut trainer = Trainer::new(&mut memory, &mut adam, BinaryCrossEntropyWithLogits);
//! trainer.fit(&mut net, &data, &mut [0; 4], 1_000, |_| Continue(()))?;
//!
//! assert!(net.forward(&[0.0, 1.0])[0] > 0.0); // above zero: more likely than not
//! # Ok::<(), nn_core::train::TrainError>(())
//! ```
//!
//! # Where things are
//! * [`network!`] is the language; [`network::Network`] is what a declared network can do.
//! * [`network::Stream`] is a network that remembers from one frame to the next, [`network::State`] what it remembers, and
//!   [`train::Sequence`] how it is trained, [`train::Streams`] what is carried from piece to piece then.
//! * [`train`], [`loss`], [`optimizer`] and [`dataset`] are for learning, [`init`] for the first weights.
//! * [`distribution`] is what a policy draws its actions from.
//! * [`input`] is for bytes, pixels and arrays of arrays at the entrance of a network.
//! * [`metric`] says how good a network is, [`statistics`] what its layers do, and [`collapse`](mod@collapse) folds those that
//!   are one.
//! * [`layer`] and [`activation`] have what the library comes with, and the traits for your own.
//! * [`network::Trainable`] is a network that learns, for functions that are generic over it.
//! * [`embedding`] is a guide to microcontrollers and interrupts: memory, sharing, no panic, small programs.
//! * [`chain`], [`shape`], [`scalar`] and [`kernel`] are what networks are made of.
//!
//! # Promises
//! * A wrong shape does not compile: not between two layers, at the input, at the output, or in a target.
//! * The crate is `no_std` and knows no allocator, in training neither, unless the feature `alloc` asks for one.
//! * What a network needs is a constant: [`PARAMETERS`](network::Network::PARAMETERS),
//!   [`MACS`](network::Network::MACS), [`WORKSPACE`](network::Network::WORKSPACE), [`RAM`](network::Network::RAM),
//!   [`FLASH`](network::Network::FLASH), [`STATE`](network::Network::STATE) of a stream, and the size of the values that training holds.
//! * `forward`, `forward_batch`, `forward_all`, `step`, `process` and a training step have no reachable panic, and no stack that
//!   grows with the rows or frames.
//! * A block of a stream gives the bits of its frames one by one.
//! * Results on the [portable instruction set](kernel::InstructionSet::Portable) do not depend on the platform: functions that
//!   `core` lacks are the library's own or `libm`'s. Those on others differ by rounding. The default environment of floating-point
//!   arithmetic is assumed: rounded to the nearest, subnormal numbers kept. (Rounded downwards, for one, `gelu` of large numbers
//!   is infinite.) No operation on finite numbers is invalid, so that a program may ask for a signal at those.
//!
//! # How it works
//! A declaration becomes a chain of parts whose shapes are [`typenum`] numbers. Each part names the blocks of memory
//! that it works in, and a chain names the larger of two or both after another, so the memory plan of the whole is a type, and
//! its working memory a value on the stack. Outputs alternate between the two ends of that memory; activations work
//! where their input lies. The kernels are written once over vectors of any length and compiled for each instruction
//! set, of which the best is chosen when the program runs ([`kernel::InstructionSet`]). Users meet none of this: arrays go
//! in, arrays come out.
//!
//! # Features
//! * `macros` (on by default): [`network!`]. Without it, chains are written by hand, see [`chain::Chain`].
//! * `weights`: the attributes `#[weights]` and `#[golden]`, which read files when a network is compiled.
//! * `portable`: only the portable instruction set, for the same bits everywhere and a smaller program.
//! * `alloc`: `boxed()` of networks, optimisers and the memory of training, on the heap without passing through the stack.
//! * `std`: `alloc`, vectors as data sets, `weights::load_file` and `weights::save_file`.
#![no_std]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub mod activation;
pub mod collapse;
pub mod dataset;
pub mod distribution;
#[doc = include_str!("../docs/embedding.md")]
pub mod embedding {}
mod error;
mod file;
pub mod input;
pub mod kernel;
pub mod layer;
#[doc(hidden)]
pub mod lint;
pub mod loss;
pub mod metric;
pub mod network;
mod no_panic;
mod number;
pub mod optimizer;
mod part;
pub mod random;
mod saved;
pub mod setting;
pub mod statistics;
pub mod summary;
mod text;
pub mod train;
pub mod weights;

#[doc(inline)]
pub use kernel::scalar;
pub use number::{shape, width};
pub use part::{chain, init};
#[doc(hidden)]
pub use part::{parallel, residual};
pub use typenum;

/// What most programs need.
pub mod prelude {
    pub use crate::dataset::{Dataset, split};
    pub use crate::layer::Kind;
    pub use crate::loss::{
        BinaryCrossEntropy, BinaryCrossEntropyWithLogits, CrossEntropy, CrossEntropyOfProbabilities,
        DistributionCrossEntropy, Hinge, Huber, Loss, MeanAbsoluteError, MeanSquaredError,
    };
    pub use crate::network;
    pub use crate::network::{Arithmetic, Network, State, Stateless, Stream, Trainable};
    pub use crate::optimizer::{Adam, AdamW, Clip, Momentum, Optimizer, ReduceOnPlateau, RmsProp, Schedule, Sgd};
    pub use crate::random::{ChaCha8Rng, Rng, SeedableRng};
    pub use crate::train::{EarlyStopping, TrainError, Trainer, Training, evaluate};
    pub use core::ops::ControlFlow::{Break, Continue};
}

/// Declares a network; the whole language is described in the documentation of `nn-macros`.
///
/// ```
/// use nn_core::prelude::*;
///
/// network! {
///     /// Predicts the exclusive or of two inputs.
///     pub struct Xor: 2 => 8 relu => 4 sigmoid => 1;
/// }
/// type Same = network!(2 => 8 relu => 4 sigmoid => 1); // also as a type, anywhere a type may stand
///
/// assert_eq!(Xor::PARAMETERS, Same::PARAMETERS);
/// ```
#[cfg(feature = "macros")]
#[macro_export]
macro_rules! network {
    () => { ::core::compile_error! { "expected a network, as in `2 => 8 relu => 1`" } };
    ($($declaration:tt)*) => { $crate::__private::expand! { $crate $($declaration)* } };
}

/// Declares a network, with the feature `macros`.
#[cfg(not(feature = "macros"))]
#[macro_export]
macro_rules! network {
    ($($declaration:tt)*) => {
        ::core::compile_error! { "`network!` needs the feature `macros` of `nn-core`, which is one of its default features" }
    };
}

/// What the expansion of [`network!`] refers to.
#[doc(hidden)]
pub mod __private {
    pub use crate::activation;
    pub use crate::kernel::{Isa, Scalar};
    pub use crate::layer::unnorm::Unnormed;
    pub use crate::layer::{self, Kind};
    pub use crate::lint;
    pub use crate::network::{Budget, Last, Learns, Net, Network, Stateless, Stream, keep, possible};
    pub use crate::number::arena::{End, Flag, No, Yes};
    pub use crate::number::shape::{self, Image, Len, Row, Signal, Vector};
    pub use crate::number::storage::numbers::Numbers;
    pub use crate::number::storage::zeros::Zeros;
    pub use crate::number::width::{Computed, Digits, Free, FreeWidth, digit};
    pub use crate::part::about::About;
    pub use crate::part::by_rows::ByRows;
    pub use crate::part::chain::Chain;
    pub use crate::part::checked::{Checked, Constant, Fallback, Foreign, Probe, Stage, dims};
    pub use crate::part::each_frame::EachFrame;
    pub use crate::part::init::Init;
    pub use crate::part::join::{Addition, Multiplication};
    pub use crate::part::layout::{Field, Layout, Step, Stored, fits, trained_by_names, zeros};
    pub use crate::part::learn::{Learn, Recorded};
    pub use crate::part::named::{Named, Nested};
    pub use crate::part::parallel::Parallel;
    pub use crate::part::place::{Module, Place};
    pub use crate::part::residual::Residual;
    pub use crate::part::run::{Inputs, Part, Watch, zero};
    pub use crate::part::seed::Seed;
    pub use crate::part::signal::OverSignal;
    pub use crate::part::with_past::WithPast;
    pub use crate::weights::{Mismatch, agrees, trained};
    pub use core::mem::offset_of;
    /// Of this crate.
    pub const VERSION: &str = env!("CARGO_PKG_VERSION");
    pub use core::ops::FnMut;
    pub use core::option::Option;
    pub use core::primitive::{bool, f32, f64, str, u8, usize};
    pub use core::result::Result;
    #[cfg(all(feature = "macros", target_endian = "little"))]
    pub use nn_macros::expand;
    #[cfg(all(feature = "macros", target_endian = "big"))]
    pub use nn_macros::expand_big_endian as expand;
    pub use rand_core::Rng;
    pub use typenum::{B0, B1, Sum, UInt, UTerm, Unsigned};
}
