//! What stands in a network, and how several are composed.
//!
//! * [`run`] is the contract of what runs, [`learn`] of what learns, too; users implement the narrower ones of [`layer`] and [`cell`],
//!   of which both follow;
//! * [`about`], [`place`], [`tensor`], [`layout`] and [`ending`] are what is known of a part beside what it computes;
//! * [`chain`], [`parallel`], [`residual`], [`named`] and [`checked`] are compositions, `delegate` newtypes of parts;
//! * [`signal`], [`unrolled`], [`each_frame`] and [`with_past`] are parts of frames in a signal, a piece of a stream and its steps;
//! * [`memory`] is what a part remembers, [`past`] and [`delay`] the last frames, [`piece`] what is remembered in a piece of a stream,
//!   [`seed`] where its randomness comes from, [`init`] its first numbers.

pub mod about;
pub mod by_rows;
pub mod cell;
pub mod chain;
pub mod checked;
pub mod delay;
mod delegate;
pub mod each_frame;
pub mod ending;
mod header;
pub mod init;
pub mod join;
pub mod layer;
pub mod layout;
pub mod learn;
pub mod memory;
pub mod named;
pub mod parallel;
pub mod past;
pub mod piece;
pub mod place;
pub mod residual;
pub mod run;
pub mod seed;
pub mod signal;
pub mod tensor;
pub mod unrolled;
pub mod with_past;
