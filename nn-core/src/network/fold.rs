//! Folding: a network without batch norms, for use.

use super::{Net, Network, Trainable};
use crate::layer::unnorm::{Nothing, Unnormed};
use crate::part::learn::Learn;
use crate::part::run::Part;

/// A network whose batch norms can be folded into the layers before them, by [`folded`](Network::folded).
///
/// Each norm is folded into the dense layer or the convolution that it follows, which saves its numbers and its time; other norms, and
/// `standardize`, stay. The outputs are equal but for rounding. The result passes through the stack; its layers have other numbers among
/// the names of a file, and no names of their own.
///
/// ```
/// use nn_core::prelude::*;
/// network! { struct Net: 1x8x8 => conv(4, 3, bias = false) => batch_norm relu => global_avg_pool => 2; }
///
/// let mut net = Net::ZERO;
/// net.init(&mut ChaCha8Rng::seed_from_u64(1));
/// let folded = net.folded();
/// let [of_net, of_folded] = [net.forward(&[0.5; 64]), folded.forward(&[0.5; 64])];
/// assert!(of_net.iter().zip(of_folded).all(|(a, b)| (a - b).abs() < 1e-6));
/// assert_eq!(Net::PARAMETERS - parameters_of(&folded), 4 * 4 - 4); // a bias in place of four numbers a channel
///
/// fn parameters_of<N: Network>(_: &N) -> usize {
///     N::PARAMETERS
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "the batch norms of `{Self}` can't be folded",
    label = "each `batch_norm` has to follow a dense layer or a convolution",
    note = "layers of your own and streams can't be looked into"
)]
pub trait Fold: Trainable {
    /// What it becomes: a network of another type, without batch norms, at whose places nothing is.
    type Folded: Trainable<Number = Self::Number, Element = Self::Element, Input = Self::Input, Output = Self::Output>;

    /// The network without them, as [`folded`](Network::folded) gives it.
    #[doc(hidden)]
    fn without_norms(&self) -> Self::Folded;
}

#[diagnostic::do_not_recommend]
impl<N, const IN: usize, const OUT: usize> Fold for N
where
    N: Trainable<Input = [<N as Network>::Element; IN], Output = [<N as Network>::Number; OUT]>,
    N::Layers: Unnormed<Nothing, Before = Nothing>,
    <N::Layers as Unnormed<Nothing>>::Rest:
        Learn<T = N::Number, In = <N::Layers as Part>::In, Out = <N::Layers as Part>::Out>,
    Net<IN, OUT, <N::Layers as Unnormed<Nothing>>::Rest, N::Element, N::Planes>:
        Trainable<Number = N::Number, Element = N::Element, Input = N::Input, Output = N::Output>,
{
    type Folded = Net<IN, OUT, <N::Layers as Unnormed<Nothing>>::Rest, N::Element, N::Planes>;
    fn without_norms(&self) -> Self::Folded {
        Net::of(self.layers().unnormed(Nothing).0)
    }
}

#[diagnostic::do_not_recommend]
impl<S, L: Unnormed<S>, E, P, const IN: usize, const OUT: usize> Unnormed<S> for Net<IN, OUT, L, E, P> {
    type Before = L::Before;
    type Rest = L::Rest;
    fn unnormed(&self, after: S) -> (Self::Rest, Self::Before) {
        self.0.unnormed(after)
    }
}
