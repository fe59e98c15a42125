//! The way back through a layer of a WaveNet.

use super::{Spread, WaveLayer, before, dilation};
use crate::activation::{Activation, After, RowActivation};
use crate::kernel::planar::{Block, Frames, Products, Sums};
use crate::kernel::{Isa, Scalar};
use crate::number::arena::{End, Flag, No, Yes, copy, split_mut};
use crate::number::storage::{Both, Plain, numbers};
use crate::part::delay::Delays;
use crate::part::init::Init;
use crate::part::learn::{Learn, Recorded, Seen};
use crate::part::run::Inputs;
use crate::part::seed::Seed;
use crate::part::tensor::Kind;
use generic_array::{ArrayLength, GenericArray};
use rand_core::Rng;

/// So many frames at most are computed at a time.
const BLOCK: usize = 64;

impl<T, C, K, F, H, B> Learn for WaveLayer<T, C, K, F, H, B>
where
    T: Scalar,
    C: ArrayLength,
    K: ArrayLength,
    F: Activation<Keeps = After>,
    H: Delays<T>,
    B: ArrayLength,
{
    /// What goes to the head.
    type Tape = GenericArray<T, C>;
    type Slope<Wanted: Flag> = Both<GenericArray<T, B>, GenericArray<T, C>>;
    type ReadsInput = Yes;
    type ReadsOutput = No;
    type Seen = Seen<Self>;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn prepare<R: Rng>(&mut self, rng: &mut R, always: Option<Init>, _follows: Option<Init>) {
        let of = |inputs: usize, init: Init| always.unwrap_or(init).filler(Init::deviations(inputs, C::USIZE));
        of(C::USIZE * K::USIZE, F::INIT).fill(Kind::Weight, self.conv.values_mut(), rng);
        of(C::USIZE, F::INIT).fill(Kind::Weight, &mut self.mixer, rng);
        of(C::USIZE, Init::GlorotUniform).fill(Kind::Weight, self.out.values_mut(), rng);
        for bias in [&mut self.conv_bias, &mut self.out_bias] {
            bias.values_mut().fill(T::ZERO);
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn record<S: Isa>(&self, k: S, x: &Inputs<Self>, past: &mut H, _seed: Seed, tape: &mut [T], y: &mut [T]) {
        copy(numbers(x), y);
        let (step, mut from) = (x.len(), 0);
        let mut room = <[GenericArray<T, C>; 2 * BLOCK]>::ZEROED;
        while from < step {
            let block = Block { from, rows: BLOCK.min(step - from), step };
            self.frames(k, Frames::Piece(y, block, tape, room.values_mut()), past);
            from += BLOCK;
        }
    }

    /// With `da` the gradient inside of `f`, and `dx` that by the channels after the layer, which stays in its place:
    /// `da = f'(z) · (dhead + out · dx)`, `dinput += mixer · da`, `dx[t - back] += conv[tap] · da[t]` as far as that is in the piece.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn backward<S: Isa, Wanted: Flag>(
        &self,
        k: S,
        pass: Recorded<'_, Self>,
        arena: &mut [T],
        end: End,
        gradient: &mut Self,
    ) -> End {
        let (c, rows) = (C::USIZE, pass.x.len());
        if pass.first {
            Self::walk([gradient], &mut |_, [values]| values.fill(T::ZERO));
        }
        let (dy, rest) = end.split(arena, rows * B::USIZE);
        let da = split_mut(rest, rows * c).0;
        let tight = Spread::tight(rows);
        let [dx, dhead, dinput] = tight.parts(dy, rows, c, c);
        let [x, _, input] = tight.parts_of(numbers(pass.x), rows, c, c);
        let [of_x, of_z, of_input] = [x, pass.tape, input].map(|of| (of, 0, rows));
        let sizes = [c, c];

        // `dout[i][o] += Σ z[i] · dx[o]`
        k.call(Products { a: Some(of_z), b: (dx, 0, rows), sizes, rows, to: gradient.out.values_mut() });
        k.call(Products { a: None, b: (dx, 0, rows), sizes: [1, c], rows, to: &mut gradient.out_bias });
        copy(dhead, da);
        k.call(Sums { x: (dx, 0, rows), weights: self.out.values(), steps: [1, c], sizes, y: (da, 0, rows), rows });
        <F as RowActivation>::slopes::<T, S::V<T>>(pass.tape, da, c, pass.seed);
        k.call(Products { a: None, b: (da, 0, rows), sizes: [1, c], rows, to: &mut gradient.conv_bias });
        k.call(Products { a: Some(of_input), b: (da, 0, rows), sizes: [1, c], rows, to: &mut gradient.mixer });
        let steps = [1, 1];
        k.call(Sums { x: (da, 0, rows), weights: &self.mixer, steps, sizes: [c, 1], y: (dinput, 0, rows), rows });
        for (tap, (weights, to)) in self.conv.iter().zip(&mut gradient.conv).enumerate() {
            let back = (K::USIZE - 1 - tap) * const { dilation::<T, H>(K::USIZE) };
            before(pass.before, back, rows, |rings, t, rows| {
                k.call(Products { a: Some(rings), b: (da, t, pass.x.len()), sizes, rows, to: to.values_mut() });
            });
            let left = rows.saturating_sub(back);
            let later = (&*da, rows - left, rows);
            // `dconv[tap][i][o] += Σ x[i][t - back] · da[o][t]`
            k.call(Products { a: Some(of_x), b: later, sizes, rows: left, to: to.values_mut() });
            k.call(Sums { x: later, weights: weights.values(), steps: [1, c], sizes, y: (dx, 0, rows), rows: left });
        }
        end
    }

    #[inline]
    fn walk<const N: usize>(mut all: [&mut Self; N], each: &mut impl FnMut(Kind, [&mut [T]; N])) {
        each(Kind::Weight, all.each_mut().map(|layer| layer.conv.values_mut()));
        each(Kind::Bias, all.each_mut().map(|layer| layer.conv_bias.values_mut()));
        each(Kind::Weight, all.each_mut().map(|layer| layer.mixer.values_mut()));
        each(Kind::Weight, all.each_mut().map(|layer| layer.out.values_mut()));
        each(Kind::Bias, all.map(|layer| layer.out_bias.values_mut()));
    }

    #[inline]
    fn read(&self, each: &mut impl FnMut(Kind, &[T])) {
        each(Kind::Weight, self.conv.values());
        each(Kind::Bias, &self.conv_bias);
        each(Kind::Weight, &self.mixer);
        each(Kind::Weight, self.out.values());
        each(Kind::Bias, &self.out_bias);
    }
}
