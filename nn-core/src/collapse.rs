//! Collapsing: neighbouring linear layers are one.
//!
//! A weighted sum of weighted sums is a weighted sum, so layers without a non-linearity between them add nothing that
//! one layer does not have.

use crate::layer::fold::{Fold, FoldAfter, unwrap};
use crate::network::{Net, Network, Trainable};
use crate::part::learn::Learn;

/// The same function with every run of neighbouring dense layers folded into one. What the network is then is part of its
/// type.
///
/// The outputs are equal but for rounding. Activations stay, `identity` too, and so does dropout. The result passes through the
/// stack; [`Collapse::Collapsed`] is its type.
///
/// ```
/// # #![allow(deprecated)]
/// use nn_core::prelude::*;
/// use nn_core::collapse::collapse;
/// network! { struct Deep: 2 => 8 => 8 relu => 4 => 1; }
///
/// let mut net = Deep::ZERO;
/// net.init(&mut ChaCha8Rng::seed_from_u64(1));
/// let folded = collapse(&net);
/// assert_eq!(parameters_of(&folded), (2 * 8 + 8) + (8 + 1)); // 2 => 8 relu => 1
/// let [difference] = [net.forward(&[0.3, 0.4])[0] - folded.forward(&[0.3, 0.4])[0]];
/// assert!(difference.abs() < 1e-6);
///
/// fn parameters_of<N: Network>(_: &N) -> usize {
///     N::PARAMETERS
/// }
/// ```
pub fn collapse<N: Collapse>(
    network: &N,
) -> impl Trainable<Number = N::Number, Element = N::Element, Input = N::Input, Output = N::Output> + use<N> {
    // An opaque type: to name it, the compiler would have to look into the network before it can say what is wrong with it.
    network.collapsed()
}

/// A network that can be [collapsed](collapse).
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be collapsed",
    label = "a network of dense layers, activations, dropout, residual blocks and branches can be",
    note = "networks in it and layers of your own can't be looked into"
)]
pub trait Collapse: Trainable {
    /// What it becomes.
    type Collapsed: Trainable<Number = Self::Number, Element = Self::Element, Input = Self::Input, Output = Self::Output>;
    /// The collapsed network, as [`collapse`] gives it, with its type.
    fn collapsed(&self) -> Self::Collapsed;
}

#[diagnostic::do_not_recommend]
impl<N, const IN: usize, const OUT: usize> Collapse for N
where
    N: Trainable<Input = [<N as Network>::Element; IN], Output = [<N as Network>::Number; OUT], Layers: Fold>,
{
    type Collapsed = Net<IN, OUT, <N::Layers as Fold>::Folded, N::Element, N::Planes>;
    fn collapsed(&self) -> Self::Collapsed {
        Net::of(self.layers().folded())
    }
}

unwrap! { [const IN: usize, const OUT: usize, E, P] Net<IN, OUT, L, E, P> }
