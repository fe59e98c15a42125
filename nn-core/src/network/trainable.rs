//! Networks that learn.

use super::{Network, Stateless};
use crate::kernel::Scalar;
use crate::part::learn::Learn;

/// A network that learns: one whose layers are all [`Backward`](crate::layer::Backward), and whose numbers a
/// [`Scalar`]. Every network that `network!` declares is one, but those in `i8`.
///
/// A function that is generic over the network asks for it if it trains:
///
/// ```
/// use nn_core::prelude::*;
///
/// fn first_weights<N: Trainable>(seed: u64) -> N {
///     let mut net = N::ZERO;
///     net.init(&mut ChaCha8Rng::seed_from_u64(seed));
///     net
/// }
/// # type Line = network!(1 => 1);
/// # assert!(first_weights::<Line>(1).forward(&[1.0])[0].is_finite());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be trained",
    label = "runs, but cannot learn",
    note = "a function that is generic over the network asks for `N: Trainable`"
)]
pub trait Trainable: Learns + Stateless {}

impl<N: Learns + Stateless> Trainable for N {}

/// The mark of a network that learns, if need be as a [`Sequence`](crate::train::Sequence) of its steps.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be trained",
    label = "runs, but cannot learn",
    note = "a function that is generic over the network asks for `N: Trainable`"
)]
pub trait Learns: Network<Number: Scalar, Layers: Learn> {}
