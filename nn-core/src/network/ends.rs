//! What is checked of the ends of a network, and of a batch, when it compiles.

use super::Network;
use crate::number::storage::Plain;
use crate::part::run::Part;
use crate::text::Text;

/// A compile error if a batch has no rows. Where the number is a parameter, only a build knows it.
#[track_caller]
pub(crate) const fn some(rows: usize) {
    if rows == 0 {
        Text::EMPTY.and("0 rows: a batch must have at least one").fail();
    }
}

/// The arrays at the boundary are as long as the chain's ends; a hand-written network could say otherwise.
pub(crate) const fn check_ends<N: Network>() {
    const {
        assert!(N::Input::LEN == N::Layers::IN, "the network's input is not as long as its first layer's");
        assert!(N::Output::LEN == N::Layers::OUT, "the network's output is not as long as its last layer's");
    }
}
