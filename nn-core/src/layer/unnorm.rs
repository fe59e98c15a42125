//! How a batch norm becomes part of the layer before it, for [`Fold`](crate::network::Fold).
//!
//! The layers are walked from the last to the first. A norm is left out, and what it does, `y = scale · x + shift` channel by channel, goes on
//! to what stands before it, which has to be a weighted sum: its weights are scaled, and its bias is scaled and shifted.

use super::{BatchNorm, Conv, ConvTranspose, Dense, DenseWithoutBias, GroupNorm, LayerNorm, LinearUpsample};
use super::{Moved, Pool, Pooled, Remembers, RmsNorm, Standardize};
use crate::activation::Activate;
use crate::kernel::Scalar;
use crate::number::arena::{Flag, Yes};
use crate::number::shape::Places;
use crate::number::storage::Plain;
use crate::part::by_rows::{ByRows, Convolves};
use crate::part::chain::Chain;
use crate::part::checked::Checked;
use crate::part::learn::Learn;
use crate::part::named::{Named, Nested};
use crate::part::parallel::Parallel;
use crate::part::residual::Residual;
use crate::part::run::Part;
use crate::part::signal::OverSignal;
use core::marker::PhantomData;
use generic_array::{ArrayLength, GenericArray};

/// A part without batch norms, before something that is to be done to its output.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a `batch_norm` can't be folded into what stands before it",
    label = "has a `batch_norm` that does not follow a dense layer or a convolution",
    note = "norms fold into dense layers and convolutions that stand right before them"
)]
pub trait Unnormed<After> {
    /// What is to be done to its input.
    type Before;
    /// What it becomes; nothing, if it is a norm.
    type Rest;
    /// The part without norms, which does what is to be done after it, and what is left to be done before.
    fn unnormed(&self, after: After) -> (Self::Rest, Self::Before);
}

/// Nothing is to be done, or nothing is left.
#[doc(hidden)]
pub struct Nothing;

/// `y = scale · x + shift`, channel by channel.
#[doc(hidden)]
pub struct Scaled<T, C: ArrayLength> {
    scale: GenericArray<T, C>,
    shift: GenericArray<T, C>,
}

impl<T: Scalar, C: ArrayLength> Scaled<T, C> {
    /// Scales rows of outputs, as many of each as there are channels.
    fn weights(&self, values: &mut [T]) {
        for row in <GenericArray<T, C>>::blocks_mut(values) {
            row.iter_mut().zip(&self.scale).for_each(|(weight, scale)| *weight *= *scale);
        }
    }

    /// The bias, from one that may be missing.
    fn bias(&self, before: &[T]) -> GenericArray<T, C> {
        let mut bias = self.shift.clone();
        for ((bias, scale), before) in bias.iter_mut().zip(&self.scale).zip(before) {
            *bias += *scale * *before;
        }
        bias
    }
}

/// What stands before another part, if both are left.
#[doc(hidden)]
pub trait Join<Then> {
    /// Both.
    type Both;
    /// One after the other.
    fn join(self, then: Then) -> Self::Both;
}

impl<P: Learn, L: Learn<T = P::T, In = P::Out>> Join<L> for P {
    type Both = Chain<P, L>;
    fn join(self, then: L) -> Chain<P, L> {
        Chain { first: self, then }
    }
}
impl<P: Learn> Join<Nothing> for P {
    type Both = P;
    fn join(self, _: Nothing) -> P {
        self
    }
}
impl<L> Join<L> for Nothing {
    type Both = L;
    fn join(self, then: L) -> L {
        then
    }
}

#[diagnostic::do_not_recommend]
impl<S, P, L> Unnormed<S> for Chain<P, L>
where
    L: Part<T = P::T, In = P::Out> + Unnormed<S>,
    P: Part + Unnormed<L::Before, Rest: Join<L::Rest>>,
{
    type Before = P::Before;
    type Rest = <P::Rest as Join<L::Rest>>::Both;
    fn unnormed(&self, after: S) -> (Self::Rest, Self::Before) {
        let (then, between) = self.then.unnormed(after);
        let (first, before) = self.first.unnormed(between);
        (first.join(then), before)
    }
}

impl<T: Scalar, S: Places, const EPS: i64, const EPS_DEN: i64, const M: i64, const M_DEN: i64> Unnormed<Nothing>
    for BatchNorm<T, S, EPS, EPS_DEN, M, M_DEN>
{
    type Before = Scaled<T, S::Channels>;
    type Rest = Nothing;
    fn unnormed(&self, _: Nothing) -> (Nothing, Self::Before) {
        // scale = weight / √(variance + eps), shift = bias - mean · scale
        let (mut scale, mut shift) = (self.weight.clone(), self.bias.clone());
        let running = self.running_mean.iter().zip(&self.running_var);
        for ((scale, shift), (mean, variance)) in scale.iter_mut().zip(&mut shift).zip(running) {
            *scale *= Self::inverse(*variance);
            *shift -= *mean * *scale;
        }
        (Nothing, Scaled { scale, shift })
    }
}

impl<T, S, R, I, K, B, G> Unnormed<Scaled<T, R::Channels>> for Conv<T, S, R, I, K, B, G>
where
    T: Scalar,
    S: Places,
    R: Places,
    I: ArrayLength,
    K: ArrayLength,
    B: Flag,
{
    type Before = Nothing;
    type Rest = Conv<T, S, R, I, K, Yes, G>;
    fn unnormed(&self, after: Scaled<T, R::Channels>) -> (Self::Rest, Nothing) {
        let mut conv = Conv::of(self.weights.clone(), after.bias(self.bias.values()));
        after.weights(conv.weights.values_mut());
        (conv, Nothing)
    }
}

impl<T: Scalar, In: ArrayLength, Out: ArrayLength> Unnormed<Scaled<T, Out>> for Dense<T, In, Out> {
    type Before = Nothing;
    type Rest = Self;
    fn unnormed(&self, after: Scaled<T, Out>) -> (Self, Nothing) {
        let mut dense = Dense { weights: self.weights.clone(), bias: after.bias(&self.bias) };
        after.weights(dense.weights.values_mut());
        (dense, Nothing)
    }
}

impl<T: Scalar, In: ArrayLength, Out: ArrayLength> Unnormed<Scaled<T, Out>> for DenseWithoutBias<T, In, Out> {
    type Before = Nothing;
    type Rest = Dense<T, In, Out>;
    fn unnormed(&self, after: Scaled<T, Out>) -> (Self::Rest, Nothing) {
        let mut dense = Dense { weights: self.weights.clone(), bias: after.bias(&[]) };
        after.weights(dense.weights.values_mut());
        (dense, Nothing)
    }
}

/// What has no norm in it.
macro_rules! stays {
    ($([$($generics:tt)*] $Part:ty);+ $(;)?) => {$(
        impl<$($generics)*> Unnormed<Nothing> for $Part
        where
            Self: Clone,
        {
            type Before = Nothing;
            type Rest = Self;
            fn unnormed(&self, _: Nothing) -> (Self, Nothing) {
                (self.clone(), Nothing)
            }
        }
    )+};
}
stays! {
    [A, T, S] Activate<A, T, S>;
    [T: Scalar, In: ArrayLength, Out: ArrayLength] Dense<T, In, Out>;
    [T: Scalar, In: ArrayLength, Out: ArrayLength] DenseWithoutBias<T, In, Out>;
    [T: Scalar, S: Places, R: Places, I: ArrayLength, K: ArrayLength, B: Flag, G] Conv<T, S, R, I, K, B, G>;
    [T, S, R, G, P] Pool<T, S, R, G, P>;
    [T, S, R, M] Moved<T, S, R, M>;
    [T: Scalar, S: Places, V] Standardize<T, S, V>;
    [T: Scalar, N: ArrayLength, const NUM: i64, const DEN: i64] LayerNorm<T, N, NUM, DEN>;
    [T: Scalar, N: ArrayLength, const NUM: i64, const DEN: i64] RmsNorm<T, N, NUM, DEN>;
    [T: Scalar, S: Places, const GROUPS: usize, const NUM: i64, const DEN: i64] GroupNorm<T, S, GROUPS, NUM, DEN>;
    [T: Scalar, S: Places, R: Places, O: ArrayLength, K: ArrayLength, B: Flag, G] ConvTranspose<T, S, R, O, K, B, G>;
    [T, S, R, const N: usize] LinearUpsample<T, S, R, N>;
    [P, const N: usize] OverSignal<P, N>;
    [C: super::Cell, L: Flag] Remembers<C, L>;
}

/// What is around others: a name, a check, a network in a network are left out, since places change.
macro_rules! unwrap {
    ($([$($generics:tt)*] $Wrapper:ty);+ $(;)?) => {$(
        #[diagnostic::do_not_recommend]
        impl<S, L: Unnormed<S>, $($generics)*> Unnormed<S> for $Wrapper {
            type Before = L::Before;
            type Rest = L::Rest;
            fn unnormed(&self, after: S) -> (Self::Rest, Self::Before) {
                self.0.unnormed(after)
            }
        }
    )+};
}
unwrap! {
    [const HEAD: u128, const TAIL: u128] Named<L, HEAD, TAIL>;
    [const FITS: bool] Checked<L, FITS>;
    [] Nested<L>;
}

#[diagnostic::do_not_recommend]
impl<S, P, const SPAN: usize> Unnormed<S> for ByRows<P, SPAN>
where
    P: Unnormed<S, Rest: Convolves<SPAN>>,
{
    type Before = P::Before;
    type Rest = ByRows<P::Rest, SPAN>;
    fn unnormed(&self, after: S) -> (Self::Rest, Self::Before) {
        let (rest, before) = self.0.unnormed(after);
        (ByRows(rest), before)
    }
}

#[diagnostic::do_not_recommend]
impl<L: Unnormed<Nothing, Before = Nothing>> Unnormed<Nothing> for Residual<L> {
    type Before = Nothing;
    type Rest = Residual<L::Rest>;
    fn unnormed(&self, _: Nothing) -> (Self::Rest, Nothing) {
        (Residual(self.0.unnormed(Nothing).0), Nothing)
    }
}

#[diagnostic::do_not_recommend]
impl<F, P, N, B> Unnormed<Nothing> for Pooled<F, P, N, B>
where
    F: Part + Unnormed<Nothing, Before = Nothing>,
    P: Part<T = F::T, In = F::Out> + Clone,
    F::Rest: Part<T = F::T, Out = F::Out>,
{
    type Before = Nothing;
    type Rest = Pooled<F::Rest, P, N, B>;
    fn unnormed(&self, _: Nothing) -> (Self::Rest, Nothing) {
        let both = Chain { first: self.0.first.unnormed(Nothing).0, then: self.0.then.clone() };
        (Pooled(both, PhantomData), Nothing)
    }
}

#[diagnostic::do_not_recommend]
impl<A, B, J> Unnormed<Nothing> for Parallel<A, B, J>
where
    A: Unnormed<Nothing, Before = Nothing>,
    B: Unnormed<Nothing, Before = Nothing>,
{
    type Before = Nothing;
    type Rest = Parallel<A::Rest, B::Rest, J>;
    fn unnormed(&self, _: Nothing) -> (Self::Rest, Nothing) {
        (Parallel::of(self.a.unnormed(Nothing).0, self.b.unnormed(Nothing).0), Nothing)
    }
}
