//! Newtypes that are the part they hold.

/// Implements [`Part`](super::run::Part) for a newtype by the part in its field `0`.
///
/// With `inside`, the newtype is one place of its network and its layers are numbered inside it, as those of a
/// `Sequential` in a `Sequential`; with `through`, it is as many places as the part has, and
/// with `named` it also has a name, `Self::NAME`. The first expression is `Part::NUMBERS`, a second one the newtype's second
/// field. The number type stands behind `as` where it is known: a check of the implementation then need not walk through the part for it.
#[doc(hidden)]
#[macro_export]
macro_rules! __delegate_part {
    ($how:ident, [$($generics:tt)*] $Name:ty => $Inner:ty $(as $T:ty)?, $numbers:expr $(, $last:expr)* $(; where $($where:tt)*)?) => {
        #[automatically_derived]
        #[doc(hidden)]
        impl<$($generics)*> $crate::__private::Part for $Name $(where $($where)*)? {
            type T = $crate::__delegate_part!(@number $Inner $(, $T)?);
            type In = <$Inner as $crate::__private::Part>::In;
            type Out = <$Inner as $crate::__private::Part>::Out;
            type Work<__Inside: $crate::__private::Flag> = <$Inner as $crate::__private::Part>::Work<__Inside>;
            type State = <$Inner as $crate::__private::Part>::State;
            type Starts = <$Inner as $crate::__private::Part>::Starts;
            type Ends = <$Inner as $crate::__private::Part>::Ends;

            const ABOUT: $crate::__private::About =
                $crate::__delegate_part!(@about $how <$Inner as $crate::__private::Part>::ABOUT);
            const ALL_ZERO: Self = Self($crate::__private::zero() $(, $last)*);
            const NUMBERS: $crate::__private::Option<$crate::__private::Numbers<Self, Self::T>> = $numbers;
            const TURNS: $crate::__private::bool = <$Inner as $crate::__private::Part>::TURNS;

            #[inline]
            fn begin(&self, state: &mut Self::State) {
                $crate::__private::Part::begin(&self.0, state);
            }
            const LAYOUT: $crate::__private::Layout = $crate::__private::Layout::Fields(
                const {
                    &[$crate::__private::Field::of(
                        |this: &Self| &this.0,
                        $crate::__private::offset_of!(Self, 0),
                        $crate::__delegate_part!(@step $how),
                    )]
                },
            );

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn run<__K: $crate::__private::Isa>(
                &self,
                k: __K,
                x: $crate::__private::Option<&$crate::__private::Inputs<Self>>,
                rows: $crate::__private::usize,
                state: &mut Self::State,
                arena: &mut [Self::T],
                at: $crate::__private::End,
                watch: &mut impl $crate::__private::Watch<Self::T>,
            ) -> $crate::__private::End {
                $crate::__private::Part::run(&self.0, k, x, rows, state, arena, at, watch)
            }

            fn describe(
                at: $crate::__private::Place<'_>,
                each: &mut dyn $crate::__private::FnMut(&$crate::__private::Module<'_>),
            ) {
                <$Inner as $crate::__private::Part>::describe($crate::__delegate_part!(@place $how at), each);
            }
        }
    };
    (@number $Inner:ty, $T:ty) => { $T };
    (@number $Inner:ty) => { <$Inner as $crate::__private::Part>::T };
    (@about inside $about:expr) => { $about.inside() };
    (@about named $about:expr) => { $about.named(Self::NAME) };
    (@about through $about:expr) => { $about };
    (@step inside) => { $crate::__private::Step::Inside };
    (@step named) => { $crate::__private::Step::Named(Self::NAME) };
    (@step through) => { $crate::__private::Step::Skip(0) };
    (@place inside $at:ident) => { $at.inside() };
    (@place named $at:ident) => { $at.named(Self::NAME) };
    (@place through $at:ident) => { $at };
}

/// Implements [`Learn`](super::learn::Learn) likewise. What `network!` declares has no bound `$Inner: Learn`: with a
/// parameter it would hide the implementation by which the compiler knows the inner types.
#[doc(hidden)]
#[macro_export]
macro_rules! __delegate_learn {
    ([$($generics:tt)*] $Name:ty => $Inner:ty $(; where $($where:tt)*)?) => {
        #[automatically_derived]
        #[doc(hidden)]
        impl<$($generics)*> $crate::__private::Learn for $Name $(where $($where)*)? {
            type Tape = <$Inner as $crate::__private::Learn>::Tape;
            type Slope<__Wanted: $crate::__private::Flag> = <$Inner as $crate::__private::Learn>::Slope<__Wanted>;
            type ReadsInput = <$Inner as $crate::__private::Learn>::ReadsInput;
            type ReadsOutput = <$Inner as $crate::__private::Learn>::ReadsOutput;
            type Seen = <$Inner as $crate::__private::Learn>::Seen;

            const IN_PLACE: $crate::__private::bool = <$Inner as $crate::__private::Learn>::IN_PLACE;
            const WANTS: $crate::__private::Option<$crate::__private::Init> =
                <$Inner as $crate::__private::Learn>::WANTS;

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn prepare<__R: $crate::__private::Rng>(
                &mut self,
                rng: &mut __R,
                always: $crate::__private::Option<$crate::__private::Init>,
                follows: $crate::__private::Option<$crate::__private::Init>,
            ) {
                $crate::__private::Learn::prepare(&mut self.0, rng, always, follows);
            }

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn record<__K: $crate::__private::Isa>(
                &self,
                k: __K,
                x: &$crate::__private::Inputs<Self>,
                state: &mut <Self as $crate::__private::Part>::State,
                seed: $crate::__private::Seed,
                tape: &mut [<Self as $crate::__private::Part>::T],
                y: &mut [<Self as $crate::__private::Part>::T],
            ) {
                $crate::__private::Learn::record(&self.0, k, x, state, seed, tape, y);
            }

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn record_in_place<__K: $crate::__private::Isa>(
                &self,
                k: __K,
                seed: $crate::__private::Seed,
                y: &mut [<Self as $crate::__private::Part>::T],
            ) {
                $crate::__private::Learn::record_in_place(&self.0, k, seed, y);
            }

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn backward<__K: $crate::__private::Isa, __Wanted: $crate::__private::Flag>(
                &self,
                k: __K,
                pass: $crate::__private::Recorded<'_, Self>,
                arena: &mut [<Self as $crate::__private::Part>::T],
                end: $crate::__private::End,
                gradient: &mut Self,
            ) -> $crate::__private::End {
                $crate::__private::Learn::backward::<__K, __Wanted>(
                    &self.0, k, pass.of(), arena, end, &mut gradient.0,
                )
            }

            #[inline]
            fn walk<const __N: $crate::__private::usize>(
                all: [&mut Self; __N],
                each: &mut impl $crate::__private::FnMut(
                    $crate::__private::Kind,
                    [&mut [<Self as $crate::__private::Part>::T]; __N],
                ),
            ) {
                $crate::__private::Learn::walk(all.map(|each| &mut each.0), each);
            }

            #[inline]
            fn read(
                &self,
                each: &mut impl $crate::__private::FnMut(
                    $crate::__private::Kind,
                    &[<Self as $crate::__private::Part>::T],
                ),
            ) {
                $crate::__private::Learn::read(&self.0, each);
            }
        }
    };
}
