//! The way back through the end of an array of a WaveNet.

use super::head::BLOCK;
use super::{Spread, WaveHead, before, dilation};
use crate::kernel::planar::{Products, Sums};
use crate::kernel::{Isa, Scalar};
use crate::number::arena::{End, Flag, No, Yes, copy};
use crate::number::storage::{Both, Nothing, Plain, numbers};
use crate::part::delay::Delays;
use crate::part::init::Init;
use crate::part::learn::{Learn, Recorded, Seen};
use crate::part::run::Inputs;
use crate::part::seed::Seed;
use crate::part::tensor::Kind;
use generic_array::{ArrayLength, GenericArray};
use rand_core::Rng;

impl<T, C, D, K, F, H, B, O> Learn for WaveHead<T, C, D, K, F, H, B, O>
where
    T: Scalar,
    C: ArrayLength,
    D: ArrayLength,
    K: ArrayLength,
    F: Flag,
    H: Delays<T>,
    B: ArrayLength,
    O: ArrayLength,
{
    type Tape = Nothing<T>;
    type Slope<Wanted: Flag> = Both<GenericArray<T, O>, GenericArray<T, B>>;
    type ReadsInput = Yes;
    type ReadsOutput = No;
    type Seen = Seen<Self>;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn prepare<R: Rng>(&mut self, rng: &mut R, always: Option<Init>, follows: Option<Init>) {
        let deviations = const { Init::deviations(C::USIZE * K::USIZE, D::USIZE) };
        let filler = always.or(follows).unwrap_or_default().filler(deviations);
        Self::walk([self], &mut |kind, [values]| filler.fill(kind, values, rng));
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn record<S: Isa>(&self, k: S, x: &Inputs<Self>, past: &mut H, _seed: Seed, _tape: &mut [T], y: &mut [T]) {
        let mut room = <[GenericArray<T, C>; 2 * BLOCK]>::ZEROED;
        self.frames(k, numbers(x), x.len(), (y, Spread::tight(x.len())), room.values_mut(), past);
    }

    /// `dx[i][t - back] += weights[tap][i] · dy[t]`, as far as that is in the piece.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn backward<S: Isa, Wanted: Flag>(
        &self,
        k: S,
        pass: Recorded<'_, Self>,
        arena: &mut [T],
        end: End,
        gradient: &mut Self,
    ) -> End {
        if pass.first {
            Self::walk([gradient], &mut |_, [values]| values.fill(T::ZERO));
        }
        let (rows, c, d) = (pass.x.len(), C::USIZE, D::USIZE);
        let (dy, rest) = end.split(arena, rows * O::USIZE);
        let dx = end.other().split(rest, rows * B::USIZE).0;
        let tight = Spread::tight(rows);
        let [to, dsums, to_input] = tight.parts(dx, rows, c, c);
        let dy = if Self::IS_LAST {
            to.fill(T::ZERO);
            to_input.fill(T::ZERO);
            dy
        } else {
            let [from, dy, input] = tight.parts(dy, rows, c, d);
            copy(from, to);
            copy(input, to_input);
            dy
        };
        dsums.fill(T::ZERO);
        let sums = tight.parts_of(numbers(pass.x), rows, c, c)[1];
        if let (true, to) = (F::IS, gradient.bias.values_mut()) {
            k.call(Products { a: None, b: (dy, 0, rows), sizes: [1, d], rows, to });
        }
        for (tap, (weights, to)) in self.weights.iter().zip(&mut gradient.weights).enumerate() {
            let (back, sizes) = ((K::USIZE - 1 - tap) * const { dilation::<T, H>(K::USIZE) }, [c, d]);
            before(pass.before, back, rows, |rings, t, count| {
                k.call(Products { a: Some(rings), b: (dy, t, rows), sizes, rows: count, to: to.values_mut() });
            });
            let left = rows.saturating_sub(back);
            let later = (&*dy, rows - left, rows);
            k.call(Products { a: Some((sums, 0, rows)), b: later, sizes, rows: left, to: to.values_mut() });
            let (weights, y) = (weights.values(), (&mut *dsums, 0, rows));
            k.call(Sums { x: later, weights, steps: [1, d], sizes: [d, c], y, rows: left });
        }
        end.other()
    }

    #[inline]
    fn walk<const N: usize>(mut all: [&mut Self; N], each: &mut impl FnMut(Kind, [&mut [T]; N])) {
        each(Kind::Weight, all.each_mut().map(|head| head.weights.values_mut()));
        if F::IS {
            each(Kind::Bias, all.map(|head| head.bias.values_mut()));
        }
    }

    #[inline]
    fn read(&self, each: &mut impl FnMut(Kind, &[T])) {
        each(Kind::Weight, self.weights.values());
        if F::IS {
            each(Kind::Bias, self.bias.values());
        }
    }
}
