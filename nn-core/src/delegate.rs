//! Newtypes that are the part they hold.

/// Implements [`Part`](crate::part::Part) for a newtype by the part in its field `0`.
///
/// With `inside`, the newtype is one place of its network and its layers are numbered inside it, as those of a
/// `Sequential` in a `Sequential`; with `through`, it is as many places as the part has, and
/// with `named` it also has a name, `Self::NAME`. The first expression is `Part::NUMBERS`, a second one the newtype's second
/// field.
#[doc(hidden)]
#[macro_export]
macro_rules! __delegate_part {
    ($how:ident, [$($generics:tt)*] $Name:ty => $Inner:ty, $numbers:expr $(, $last:expr)? $(; where $($where:tt)*)?) => {
        #[automatically_derived]
        #[doc(hidden)]
        impl<$($generics)*> $crate::__private::Part for $Name $(where $($where)*)? {
            type T = <$Inner as $crate::__private::Part>::T;
            type In = <$Inner as $crate::__private::Part>::In;
            type Out = <$Inner as $crate::__private::Part>::Out;
            type Work<__Inside: $crate::__private::Flag> = <$Inner as $crate::__private::Part>::Work<__Inside>;
            type Tape = <$Inner as $crate::__private::Part>::Tape;
            type State = <$Inner as $crate::__private::Part>::State;
            type Slope<__Wanted: $crate::__private::Flag> = <$Inner as $crate::__private::Part>::Slope<__Wanted>;
            type ReadsInput = <$Inner as $crate::__private::Part>::ReadsInput;
            type ReadsOutput = <$Inner as $crate::__private::Part>::ReadsOutput;
            type Ends = <$Inner as $crate::__private::Part>::Ends;
            type Seen = <$Inner as $crate::__private::Part>::Seen;

            const IN_PLACE: $crate::__private::bool = <$Inner as $crate::__private::Part>::IN_PLACE;
            const COUNT: $crate::__private::usize = <$Inner as $crate::__private::Part>::COUNT;
            const MULTIPLIES: $crate::__private::usize = <$Inner as $crate::__private::Part>::MULTIPLIES;
            const PLACES: $crate::__private::usize =
                $crate::__delegate_part!(@places $how <$Inner as $crate::__private::Part>::PLACES);
            const WANTS: $crate::__private::Option<$crate::__private::Init> =
                <$Inner as $crate::__private::Part>::WANTS;
            const ALL_ZERO: Self = Self($crate::__private::zero() $(, $last)?);
            const NUMBERS: $crate::__private::Option<$crate::__private::Numbers<Self>> = $numbers;
            const HEADER: $crate::__private::Header =
                $crate::__delegate_part!(@header $how <$Inner as $crate::__private::Part>::HEADER);

            const LARGEST: [$crate::__private::Largest; 3] = $crate::__delegate_part!(
                @largest $how <$Inner as $crate::__private::Part>::LARGEST
            );

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn prepare<__R: $crate::__private::Rng>(
                &mut self,
                rng: &mut __R,
                always: $crate::__private::Option<$crate::__private::Init>,
                follows: $crate::__private::Option<$crate::__private::Init>,
            ) {
                $crate::__private::Part::prepare(&mut self.0, rng, always, follows);
            }

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn run<__K: $crate::__private::Isa<Self::T>>(
                &self,
                k: __K,
                x: $crate::__private::Option<&[$crate::__private::Row<Self::T, Self::In>]>,
                rows: $crate::__private::usize,
                state: &mut [Self::T],
                arena: &mut [Self::T],
                at: $crate::__private::End,
                watch: &mut impl $crate::__private::Watch<Self::T>,
            ) -> $crate::__private::End {
                $crate::__private::Part::run(&self.0, k, x, rows, state, arena, at, watch)
            }

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn record<__K: $crate::__private::Isa<Self::T>>(
                &self,
                k: __K,
                x: &[$crate::__private::Row<Self::T, Self::In>],
                state: &mut [Self::T],
                seed: $crate::__private::Seed,
                tape: &mut [Self::T],
                y: &mut [Self::T],
            ) {
                $crate::__private::Part::record(&self.0, k, x, state, seed, tape, y);
            }

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn record_in_place<__K: $crate::__private::Isa<Self::T>>(
                &self,
                k: __K,
                seed: $crate::__private::Seed,
                y: &mut [Self::T],
            ) {
                $crate::__private::Part::record_in_place(&self.0, k, seed, y);
            }

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn backward<__K: $crate::__private::Isa<Self::T>, __Wanted: $crate::__private::Flag>(
                &self,
                k: __K,
                pass: $crate::__private::Recorded<'_, Self>,
                dstate: &mut [Self::T],
                arena: &mut [Self::T],
                end: $crate::__private::End,
                gradient: &mut Self,
            ) -> $crate::__private::End {
                $crate::__private::Part::backward::<__K, __Wanted>(
                    &self.0, k, pass.of(), dstate, arena, end, &mut gradient.0,
                )
            }

            #[inline]
            fn walk<const __N: $crate::__private::usize>(
                all: [&mut Self; __N],
                each: &mut impl $crate::__private::FnMut($crate::__private::Kind, [&mut [Self::T]; __N]),
            ) {
                $crate::__private::Part::walk(all.map(|each| &mut each.0), each);
            }

            #[inline]
            fn read(&self, each: &mut impl $crate::__private::FnMut($crate::__private::Kind, &[Self::T])) {
                $crate::__private::Part::read(&self.0, each);
            }

            fn describe(
                at: $crate::__private::Place<'_>,
                each: &mut dyn $crate::__private::FnMut(&$crate::__private::Module<'_>),
            ) {
                <$Inner as $crate::__private::Part>::describe($crate::__delegate_part!(@place $how at), each);
            }
        }
    };
    (@largest inside $largest:expr) => {
        [
            $crate::__private::Largest { place: 0, ..$largest[0] },
            $crate::__private::Largest { place: 0, ..$largest[1] },
            $crate::__private::Largest { place: 0, ..$largest[2] },
        ]
    };
    (@largest $how:ident $largest:expr) => { $largest };
    (@header inside $header:expr) => { $header.inside() };
    (@header named $header:expr) => { $header.named(Self::NAME) };
    (@header through $header:expr) => { $header };
    (@places named $places:expr) => { $places };
    (@place named $at:ident) => { $at.named(Self::NAME) };
    (@places inside $places:expr) => { 1 };
    (@places through $places:expr) => { $places };
    (@place inside $at:ident) => { $at.inside() };
    (@place through $at:ident) => { $at };
}
