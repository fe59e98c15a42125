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
//! * [`train`], [`loss`], [`optimizer`] and [`dataset`] are for learning, [`init`] for the first weights.
//! * [`metric`] says how good a network is, [`statistics`] what its layers do, and [`collapse`](mod@collapse) folds those that
//!   are one.
//! * [`layer`] and [`activation`] have what the library comes with, and the traits for your own.
//! * [`embedding`] is a guide to microcontrollers and interrupts: memory, sharing, no panic, small programs.
//! * [`chain`], [`shape`], [`scalar`] and [`kernel`] are what networks are made of.
//!
//! # Promises
//! * A wrong shape does not compile: not between two layers, at the input, at the output, or in a target.
//! * The crate is `no_std` and knows no allocator, in training neither.
//! * What a network needs is a constant: [`PARAMETERS`](network::Network::PARAMETERS),
//!   [`MACS`](network::Network::MACS), [`WORKSPACE`](network::Network::WORKSPACE), [`RAM`](network::Network::RAM),
//!   [`FLASH`](network::Network::FLASH), and the size of the values that training holds.
//! * `forward`, `forward_batch` and a training step have no reachable panic.
//! * Results on the [portable instruction set](kernel::InstructionSet::Portable) do not depend on the platform: functions that
//!   `core` lacks are the library's own or `libm`'s. Those on others differ by rounding.
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
//! * `std`: `weights::load_file` and `weights::save_file`. Nothing else needs the standard library.
#![no_std]

#[cfg(feature = "std")]
extern crate std;

pub mod activation;
mod budget;
pub mod chain;
mod checked;
pub mod collapse;
pub mod dataset;
mod delegate;
#[doc = include_str!("../docs/embedding.md")]
pub mod embedding {}
pub mod init;
pub mod kernel;
pub mod layer;
#[doc(hidden)]
pub mod lint;
pub mod loss;
pub mod metric;
mod named;
pub mod network;
mod no_panic;
pub mod optimizer;
#[doc(hidden)]
pub mod parallel;
mod part;
#[doc(hidden)]
pub mod residual;
pub mod scalar;
pub mod setting;
pub mod shape;
pub mod statistics;
mod storage;
pub mod summary;
pub mod train;
pub mod weights;
pub mod width;

pub use typenum;

/// Random numbers: the generator trait of [`rand_core`], and a small seeded generator.
///
/// [`ChaCha8Rng`](random::ChaCha8Rng) gives the same numbers on every machine. Its state can be saved: it is `get_seed()`, `get_stream()` and
/// `get_word_pos()`.
///
/// ```
/// use nn_core::random::{ChaCha8Rng, Rng, SeedableRng};
///
/// let mut rng = ChaCha8Rng::seed_from_u64(7);
/// rng.next_u64();
/// let (seed, stream, position) = (rng.get_seed(), rng.get_stream(), rng.get_word_pos());
///
/// let mut again = ChaCha8Rng::from_seed(seed);
/// again.set_stream(stream);
/// again.set_word_pos(position);
/// assert_eq!(again.next_u64(), rng.next_u64());
/// ```
pub mod random {
    pub use rand_chacha::ChaCha8Rng;
    pub use rand_core::{Rng, SeedableRng};
}

/// What most programs need.
pub mod prelude {
    pub use crate::layer::Kind;
    pub use crate::loss::{
        BinaryCrossEntropy, BinaryCrossEntropyWithLogits, CrossEntropy, CrossEntropyOfProbabilities,
        DistributionCrossEntropy, Hinge, Huber, Loss, MeanAbsoluteError, MeanSquaredError,
    };
    #[cfg(feature = "macros")]
    pub use crate::network;
    pub use crate::network::Network;
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

/// What the expansion of [`network!`] refers to.
#[doc(hidden)]
pub mod __private {
    pub use crate::budget::{Budget, Largest, keep};
    pub use crate::chain::Chain;
    pub use crate::checked::{Checked, Fallback, Probe, Stage};
    pub use crate::init::Init;
    pub use crate::kernel::Isa;
    pub use crate::layer::{Kind, Parameters};
    pub use crate::lint;
    pub use crate::named::{Named, Nested};
    pub use crate::network::{Last, Net, Network};
    pub use crate::parallel::Parallel;
    pub use crate::part::{Part, Recorded, Seed, Watch, zero};
    pub use crate::residual::Residual;
    pub use crate::scalar::Scalar;
    pub use crate::shape::{Len, Row, Vector};
    pub use crate::storage::{End, Flag, Numbers};
    pub use crate::summary::{Module, Place};
    pub use crate::weights::{Header, Mismatch, agrees, trained};
    pub use crate::width::{Digits, Free, FreeWidth, digit};
    pub use crate::{activation, layer};
    pub use core::ops::FnMut;
    pub use core::option::Option;
    pub use core::primitive::{bool, f32, f64, str, u8, usize};
    pub use core::result::Result;
    #[cfg(feature = "macros")]
    pub use nn_macros::expand;
    pub use rand_core::Rng;
    pub use typenum::{B0, B1, Sum, UInt, UTerm, Unsigned};
}
