//! Collapsing: neighbouring linear layers are one.
//!
//! A weighted sum of weighted sums is a weighted sum, so layers without a non-linearity between them add nothing that
//! one layer does not have.

use crate::activation::{Activate, RowActivation};
use crate::chain::Chain;
use crate::checked::Checked;
use crate::layer::Dense;
use crate::named::{Named, Nested};
use crate::network::{Net, Network};
use crate::part::Part;
use crate::residual::Residual;
use crate::scalar::Scalar;
use crate::shape::Vector;
use crate::storage::Plain;
use generic_array::ArrayLength;

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
) -> impl Network<Scalar = N::Scalar, Input = N::Input, Output = N::Output> + use<N> {
    // An opaque type: to name it, the compiler would have to look into the network before it can say what is wrong with it.
    network.collapsed()
}

/// A network that can be [collapsed](collapse).
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be collapsed",
    label = "a network of dense layers, activations, dropout, residual blocks and branches can be",
    note = "networks in it and layers of your own can't be looked into"
)]
pub trait Collapse: Network {
    /// What it becomes.
    type Collapsed: Network<Scalar = Self::Scalar, Input = Self::Input, Output = Self::Output>;
    /// The collapsed network, as [`collapse`] gives it, with its type.
    fn collapsed(&self) -> Self::Collapsed;
}

#[diagnostic::do_not_recommend]
impl<N, const IN: usize, const OUT: usize> Collapse for N
where
    N: Network<Input = [<N as Network>::Scalar; IN], Output = [<N as Network>::Scalar; OUT], Layers: Fold>,
{
    type Collapsed = Net<IN, OUT, <N::Layers as Fold>::Folded>;
    fn collapsed(&self) -> Self::Collapsed {
        Net::of(self.layers().folded())
    }
}

/// A part whose neighbouring linear layers can be folded.
#[doc(hidden)]
pub trait Fold: Part {
    /// What it becomes.
    type Folded: Part<T = Self::T, In = Self::In, Out = Self::Out>;
    /// The folded part.
    fn folded(&self) -> Self::Folded;
}

/// A part that can be folded into what is `Before` it.
#[doc(hidden)]
pub trait FoldAfter<Before: Part<T = Self::T, Out = Self::In>>: Part {
    /// What both become.
    type Folded: Part<T = Self::T, In = Before::In, Out = Self::Out>;
    /// The two, folded.
    fn folded_after(&self, before: Before) -> Self::Folded;
}

impl<T: Scalar, In: ArrayLength, Out: ArrayLength> Fold for Dense<T, In, Out> {
    type Folded = Self;
    fn folded(&self) -> Self {
        self.clone()
    }
}

impl<P, L> Fold for Chain<P, L>
where
    P: Fold,
    L: Part<T = P::T, In = P::Out> + FoldAfter<P::Folded>,
{
    type Folded = <L as FoldAfter<P::Folded>>::Folded;
    fn folded(&self) -> Self::Folded {
        self.then.folded_after(self.first.folded())
    }
}

/// The layer of the product of two: `w = w1 · w2` and `b = b1 · w2 + b2`.
fn product<T: Scalar, A: ArrayLength, B: ArrayLength, C: ArrayLength>(
    first: &Dense<T, A, B>,
    then: &Dense<T, B, C>,
) -> Dense<T, A, C> {
    let mut folded = Dense { weights: Plain::ZEROED, bias: then.bias.clone() };
    let add_row = |from: &[T], to: &mut [T]| {
        for (value, row) in from.iter().zip(&then.weights) {
            for (sum, weight) in to.iter_mut().zip(row) {
                *sum += *value * *weight;
            }
        }
    };
    for (from, to) in first.weights.iter().zip(&mut folded.weights) {
        add_row(from, to);
    }
    add_row(&first.bias, &mut folded.bias);
    folded
}

impl<T: Scalar, A: ArrayLength, B: ArrayLength, C: ArrayLength> FoldAfter<Dense<T, A, B>> for Dense<T, B, C> {
    type Folded = Dense<T, A, C>;
    fn folded_after(&self, before: Dense<T, A, B>) -> Self::Folded {
        product(&before, self)
    }
}

impl<T, A, B, C, P> FoldAfter<Chain<P, Dense<T, A, B>>> for Dense<T, B, C>
where
    T: Scalar,
    A: ArrayLength,
    B: ArrayLength,
    C: ArrayLength,
    P: Part<T = T, Out = Vector<A>>,
{
    type Folded = Chain<P, Dense<T, A, C>>;
    fn folded_after(&self, before: Chain<P, Dense<T, A, B>>) -> Self::Folded {
        Chain { then: product(&before.then, self), first: before.first }
    }
}

/// What is left as it is: after anything, and before a dense layer, first in the network or not.
macro_rules! stays {
    ($([$($generics:tt)*] $Part:ty;)*) => {$(
        impl<T: Scalar, B: ArrayLength, $($generics)*> Fold for $Part {
            type Folded = Self;
            fn folded(&self) -> Self {
                self.clone()
            }
        }

        impl<X, T: Scalar, B: ArrayLength, $($generics)*> FoldAfter<X> for $Part
        where
            X: Part<T = T, Out = <Self as Part>::In>,
        {
            type Folded = Chain<X, Self>;
            fn folded_after(&self, before: X) -> Self::Folded {
                Chain { first: before, then: self.clone() }
            }
        }

        impl<T: Scalar, B: ArrayLength, C: ArrayLength, $($generics)*> FoldAfter<$Part> for Dense<T, B, C> {
            type Folded = Chain<$Part, Self>;
            fn folded_after(&self, before: $Part) -> Self::Folded {
                Chain { first: before, then: self.clone() }
            }
        }

        impl<P, T: Scalar, B: ArrayLength, C: ArrayLength, $($generics)*> FoldAfter<Chain<P, $Part>> for Dense<T, B, C>
        where
            P: Part<T = T, Out = <$Part as Part>::In>,
        {
            type Folded = Chain<Chain<P, $Part>, Self>;
            fn folded_after(&self, before: Chain<P, $Part>) -> Self::Folded {
                Chain { first: before, then: self.clone() }
            }
        }
    )*};
}
stays! {
    [A: RowActivation] Activate<A, T, Vector<B>>;
    [L: Part<T = T, In = Vector<B>, Out = Vector<B>> + Clone] Residual<L>;
    [L: Part<T = T, Out = Vector<B>> + Clone] Nested<L>;
}

impl<X, P, L> FoldAfter<X> for Chain<P, L>
where
    X: Part<T = P::T, Out = P::In>,
    P: FoldAfter<X>,
    L: Part<T = P::T, In = P::Out> + FoldAfter<P::Folded>,
{
    type Folded = <L as FoldAfter<P::Folded>>::Folded;
    fn folded_after(&self, before: X) -> Self::Folded {
        self.then.folded_after(self.first.folded_after(before))
    }
}

/// A wrapper that disappears.
macro_rules! unwrap {
    ($([$($generics:tt)*] $Wrapper:ty;)*) => {$(
        impl<L: Fold, $($generics)*> Fold for $Wrapper {
            type Folded = L::Folded;
            fn folded(&self) -> Self::Folded {
                self.0.folded()
            }
        }

        impl<X: Part<T = L::T, Out = L::In>, L: FoldAfter<X>, $($generics)*> FoldAfter<X> for $Wrapper {
            type Folded = L::Folded;
            fn folded_after(&self, before: X) -> Self::Folded {
                self.0.folded_after(before)
            }
        }
    )*};
}
unwrap! {
    [const HEAD: u128, const TAIL: u128] Named<L, HEAD, TAIL>;
    [const FITS: bool] Checked<L, FITS>;
    [const IN: usize, const OUT: usize] Net<IN, OUT, L>;
}
