//! How neighbouring linear layers become one, for [`collapse`](mod@crate::collapse).

use super::dense::Dense;
use crate::activation::{Activate, RowActivation};
use crate::kernel::Scalar;
use crate::number::shape::{Shape, Vector};
use crate::number::storage::Plain;
use crate::part::chain::Chain;
use crate::part::checked::Checked;
use crate::part::learn::Learn;
use crate::part::named::{Named, Nested};
use crate::part::residual::Residual;
use crate::part::run::Part;
use generic_array::ArrayLength;

/// A part whose neighbouring linear layers can be folded.
#[doc(hidden)]
pub trait Fold: Learn {
    /// What it becomes.
    type Folded: Learn<T = Self::T, In = Self::In, Out = Self::Out>;
    /// The folded part.
    fn folded(&self) -> Self::Folded;
}

/// A part that can be folded into what is `Before` it.
#[doc(hidden)]
pub trait FoldAfter<Before: Learn<T = Self::T, Out = Self::In>>: Learn {
    /// What both become.
    type Folded: Learn<T = Self::T, In = Before::In, Out = Self::Out>;
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
    L: Learn<T = P::T, In = P::Out> + FoldAfter<P::Folded>,
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
    P: Learn<T = T, Out = Vector<A>>,
{
    type Folded = Chain<P, Dense<T, A, C>>;
    fn folded_after(&self, before: Chain<P, Dense<T, A, B>>) -> Self::Folded {
        Chain { then: product(&before.then, self), first: before.first }
    }
}

/// What is left as it is: after anything, and before a dense layer, first in the network or not. It is a part of numbers of
/// type `T`.
macro_rules! stays {
    ($([$($generics:tt)*] $Part:ty);+ $(;)?) => {$(
        impl<T: $crate::kernel::Scalar, $($generics)*> $crate::layer::fold::Fold for $Part {
            type Folded = Self;
            fn folded(&self) -> Self {
                self.clone()
            }
        }

        impl<X, T: $crate::kernel::Scalar, $($generics)*> $crate::layer::fold::FoldAfter<X>
            for $Part
        where
            X: $crate::part::learn::Learn<T = T, Out = <Self as $crate::part::run::Part>::In>,
        {
            type Folded = $crate::part::chain::Chain<X, Self>;
            fn folded_after(&self, before: X) -> Self::Folded {
                $crate::part::chain::Chain { first: before, then: self.clone() }
            }
        }

        impl<T: $crate::kernel::Scalar, __B: generic_array::ArrayLength, __C: generic_array::ArrayLength, $($generics)*>
            $crate::layer::fold::FoldAfter<$Part> for $crate::layer::Dense<T, __B, __C>
        where
            $Part: $crate::part::learn::Learn<T = T, Out = $crate::number::shape::Vector<__B>>,
        {
            type Folded = $crate::part::chain::Chain<$Part, Self>;
            fn folded_after(&self, before: $Part) -> Self::Folded {
                $crate::part::chain::Chain { first: before, then: self.clone() }
            }
        }

        impl<__P, T: $crate::kernel::Scalar, __B: generic_array::ArrayLength, __C: generic_array::ArrayLength, $($generics)*>
            $crate::layer::fold::FoldAfter<$crate::part::chain::Chain<__P, $Part>> for $crate::layer::Dense<T, __B, __C>
        where
            __P: $crate::part::learn::Learn<T = T, Out = <$Part as $crate::part::run::Part>::In>,
            $Part: $crate::part::learn::Learn<T = T, Out = $crate::number::shape::Vector<__B>>,
        {
            type Folded = $crate::part::chain::Chain<$crate::part::chain::Chain<__P, $Part>, Self>;
            fn folded_after(&self, before: $crate::part::chain::Chain<__P, $Part>) -> Self::Folded {
                $crate::part::chain::Chain { first: before, then: self.clone() }
            }
        }
    )+};
}
stays! {
    [A: RowActivation, S: Shape] Activate<A, T, S>;
    [L: Learn<T = T, Out = <L as Part>::In> + Clone] Residual<L>;
    [L: Learn<T = T> + Clone] Nested<L>;
}

impl<X, P, L> FoldAfter<X> for Chain<P, L>
where
    X: Learn<T = P::T, Out = P::In>,
    P: FoldAfter<X>,
    L: Learn<T = P::T, In = P::Out> + FoldAfter<P::Folded>,
{
    type Folded = <L as FoldAfter<P::Folded>>::Folded;
    fn folded_after(&self, before: X) -> Self::Folded {
        self.then.folded_after(self.first.folded_after(before))
    }
}

/// A wrapper that disappears.
macro_rules! unwrap {
    ($([$($generics:tt)*] $Wrapper:ty);+ $(;)?) => {$(
        impl<L: Fold, $($generics)*> Fold for $Wrapper {
            type Folded = L::Folded;
            fn folded(&self) -> Self::Folded {
                self.0.folded()
            }
        }

        impl<X: Learn<T = L::T, Out = L::In>, L: FoldAfter<X>, $($generics)*> FoldAfter<X> for $Wrapper {
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
}
pub(crate) use {stays, unwrap};
