//! The types that are networks: one without a name, and those that `network!` declares.

use super::{Learns, Network, Stateless, Stream};
use crate::number::arena::{Flag, Yes};
use crate::number::element::Element;
use crate::number::storage::zeros::Zeros;
use crate::part::layout::zeros;
use crate::part::learn::Learn;
use crate::part::run::{Part, zero};
use core::marker::PhantomData;

/// A network without a name: `IN` and `OUT` values at its ends, `Layers` between them; its inputs are of `E`, and signals and images lie in
/// `Planes` at its ends, or not.
///
/// It is what `network!(2 => 8 relu => 1)` stands for, and with `STREAM` what `network!(stream 1 => lstm(8) => 1)` does.
#[derive(Clone, Debug, PartialEq)]
pub struct Net<const IN: usize, const OUT: usize, Layers, E = f32, Planes = Yes, const STREAM: bool = false>(
    /// The chain of its parts.
    pub Layers,
    PhantomData<(E, Planes)>,
    Last,
);

crate::__delegate_part!(inside, [const IN: usize, const OUT: usize, L: Part, E, P, const STREAM: bool] Net<IN, OUT, L, E, P, STREAM> => L, None, PhantomData, Last);
crate::__delegate_learn!([const IN: usize, const OUT: usize, L: Learn, E, P, const STREAM: bool] Net<IN, OUT, L, E, P, STREAM> => L);

impl<const IN: usize, const OUT: usize, L, E, P, const STREAM: bool> Net<IN, OUT, L, E, P, STREAM> {
    #[doc(hidden)]
    pub const __NN_CORE: &'static str = crate::__private::VERSION;

    /// The network of these layers.
    pub(crate) const fn of(layers: L) -> Self {
        Self(layers, PhantomData, Last)
    }
}

impl<const IN: usize, const OUT: usize, L: Part, E: Element<L::T>, P: Flag, const STREAM: bool> Network
    for Net<IN, OUT, L, E, P, STREAM>
{
    type Number = L::T;
    type Element = E;
    type Input = [E; IN];
    type Output = [L::T; OUT];
    type Planes = P;
    type Layers = L;
    const NAME: &'static str = "network";
    const ZERO: Self = Self::of(zero());
    const ZEROS: Option<Zeros<Self>> = zeros();

    #[inline]
    fn layers(&self) -> &L {
        &self.0
    }
    #[inline]
    fn layers_mut(&mut self) -> &mut L {
        &mut self.0
    }
}

#[diagnostic::do_not_recommend]
impl<const IN: usize, const OUT: usize, L: Part, E: Element<L::T>, P: Flag> Stateless for Net<IN, OUT, L, E, P> {}
#[diagnostic::do_not_recommend]
impl<const IN: usize, const OUT: usize, L: Part, E: Element<L::T>, P: Flag> Stream for Net<IN, OUT, L, E, P, true> {}
#[diagnostic::do_not_recommend]
impl<const IN: usize, const OUT: usize, L: Learn, E: Element<L::T>, P: Flag, const STREAM: bool> Learns
    for Net<IN, OUT, L, E, P, STREAM>
{
}

/// The last field of a declared network, of no size.
///
/// Whether a struct is `Sized` is read off its last field. Were that the chain, the compiler would evaluate the lengths in it
/// while it still collects the implementations of `Part` that those lengths need. It also aligns the network to a cache line
/// where the machine has them: a vector of weights that lies in two lines is read twice.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(any(target_arch = "x86_64", target_arch = "aarch64"), repr(align(64)))]
pub struct Last;

/// Implements [`Network`] for a newtype that `network!` declared.
#[doc(hidden)]
#[macro_export]
macro_rules! __network_item {
    (
        $Runs:ident, $Planes:ident, [$($generics:tt)*] $Name:ty, $name:literal, $Scalar:ty, $Element:ty, $In:ty, $Out:ty,
        [$($Layers:tt)*], [$($where:tt)*]
    ) => {
        #[automatically_derived]
        impl<$($generics)*> $crate::__private::Network for $Name where $($where)* {
            type Number = $Scalar;
            type Element = $Element;
            type Input = $In;
            type Output = $Out;
            type Planes = $crate::__private::$Planes;
            $($Layers)*
            const NAME: &'static $crate::__private::str = $name;
            const ZERO: Self = Self($crate::__private::zero(), $crate::__private::Last);
            const ZEROS: $crate::__private::Option<$crate::__private::Zeros<Self>> = $crate::__private::zeros();

            #[inline]
            fn layers(&self) -> &<Self as $crate::__private::Network>::Layers {
                &self.0
            }
            #[inline]
            fn layers_mut(&mut self) -> &mut <Self as $crate::__private::Network>::Layers {
                &mut self.0
            }
        }
        $crate::__delegate_part!(
            inside, [$($generics)*] $Name => <$Name as $crate::__private::Network>::Layers as $Scalar, $crate::__private::Option::None, $crate::__private::Last;
            where $($where)*
        );
        $crate::__delegate_learn!(
            [$($generics)*] $Name => <$Name as $crate::__private::Network>::Layers;
            where $($where)*
        );
        #[automatically_derived]
        impl<$($generics)*> $crate::__private::$Runs for $Name where $($where)* {}
        #[automatically_derived]
        impl<$($generics)*> $crate::__private::Learns for $Name where $($where)* {}
        #[automatically_derived]
        impl<__After, $($generics)*> $crate::__private::Unnormed<__After> for $Name
        where
            <$Name as $crate::__private::Network>::Layers: $crate::__private::Unnormed<__After>,
            $($where)*
        {
            type Before = <<$Name as $crate::__private::Network>::Layers as $crate::__private::Unnormed<__After>>::Before;
            type Rest = <<$Name as $crate::__private::Network>::Layers as $crate::__private::Unnormed<__After>>::Rest;
            fn unnormed(&self, after: __After) -> (Self::Rest, Self::Before) {
                $crate::__private::Unnormed::unnormed(&self.0, after)
            }
        }
        impl<$($generics)*> $Name where $($where)* {
            #[doc(hidden)]
            #[allow(dead_code)]
            pub const __NN_CORE: &'static $crate::__private::str = $crate::__private::VERSION;
        }
    };
}
