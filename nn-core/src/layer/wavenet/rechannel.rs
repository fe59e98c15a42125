//! The beginning of an array of a WaveNet.

use super::Spread;
use crate::kernel::planar::{Block, Convolution, Products, Rings, Sums};
use crate::kernel::{Isa, Scalar};
use crate::number::arena::{End, Flag, No, Yes, copy, split_mut};
use crate::number::shape::Vector;
use crate::number::storage::numbers::Numbers;
use crate::number::storage::{Both, Nothing, Plain, numbers, storage};
use crate::part::about::About;
use crate::part::ending::Open;
use crate::part::init::Init;
use crate::part::layout::Layout;
use crate::part::learn::{Learn, Recorded, Seen};
use crate::part::place::{Module, Place};
use crate::part::run::{Inputs, Part, Watch, module};
use crate::part::seed::Seed;
use crate::part::tensor::{Kind, Tensor};
use core::marker::PhantomData;
use generic_array::{ArrayLength, GenericArray};
use rand_core::Rng;
use typenum::U1;

/// The beginning of an array of a [`WaveNet`](super::WaveNet): its channels are sums of those before.
///
/// # Shapes
/// Frames of `A` values: the input of the net, one, or `C` channels, `D` sums and that input, `C + D + 1`; to frames of `B = 2 D + 1`: `D`
/// channels, the sums, which are zeros in the first array, and the input.
#[derive(Clone, Debug, PartialEq)]
#[repr(C)]
pub struct Rechannel<T: Scalar, C: ArrayLength, D: ArrayLength, A, B> {
    /// `weights[input][output]`.
    pub weights: GenericArray<GenericArray<T, D>, C>,
    of: PhantomData<(A, B)>,
}

storage! {
    [T: Scalar, C: ArrayLength, D: ArrayLength, A, B] Rechannel<T, C, D, A, B> as T = {
        weights: Some(Numbers::of()), of: Some(Numbers::none(&PhantomData))
    }
}

impl<T: Scalar, C: ArrayLength, D: ArrayLength, A: ArrayLength, B: ArrayLength> Rechannel<T, C, D, A, B> {
    const TENSORS: [Tensor; 1] = [Tensor::transposed("weight", Kind::Weight, &[D::USIZE, C::USIZE, 1])];
    /// Whether it takes the input of the net.
    const IS_FIRST: bool = {
        let is_first = A::USIZE == 1 && C::USIZE == 1;
        assert!(B::USIZE == 2 * D::USIZE + 1 && (is_first || A::USIZE == C::USIZE + D::USIZE + 1));
        is_first
    };

    /// The frames `x` to `y`, both spread alike; the input of the net lies side by side.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn frames<S: Isa>(&self, k: S, x: &[T], rows: usize, y: &mut [T], spread: Spread) {
        let [to, head, to_input] = spread.parts(y, rows, D::USIZE, D::USIZE);
        let (channels, input, Spread { from, step }) = if Self::IS_FIRST {
            head.fill(T::ZERO);
            (x, x, Spread::tight(rows))
        } else {
            let [channels, sums, input] = spread.parts_of(x, rows, C::USIZE, D::USIZE);
            T::copy(sums, head);
            (channels, input, spread)
        };
        T::copy(input, to_input);
        let convolution = Convolution {
            sizes: [C::USIZE, D::USIZE, 1],
            weights: self.weights.values(),
            bias: None,
            x: channels,
            y: (to, spread.from, spread.step),
            block: Block { from, rows, step },
            rings: Rings { numbers: &mut [], len: 0, oldest: &mut 0, dilation: 1 },
            room: &mut [],
        };
        convolution.compute::<S, C, D, U1>(k);
    }
}

impl<T: Scalar, C: ArrayLength, D: ArrayLength, A: ArrayLength, B: ArrayLength> Part for Rechannel<T, C, D, A, B> {
    type T = T;
    type In = Vector<A>;
    type Out = Vector<B>;
    /// The frames in and out, with room before each channel.
    type Work<Inside: Flag> = Both<
        Both<Inside::Then<T, GenericArray<T, A>>, GenericArray<T, B>>,
        Both<Inside::Then<T, GenericArray<T, C>>, GenericArray<T, D>>,
    >;
    type State = ();
    type Starts = No;
    type Ends = Open;

    const ABOUT: About = {
        let bytes = Tensor::total(&Self::TENSORS).saturating_mul(size_of::<T>());
        About::layer("wavenet channels", B::USIZE, &Self::TENSORS, C::USIZE.saturating_mul(D::USIZE), bytes)
    };
    const ALL_ZERO: Self = Self { weights: Plain::ZEROED, of: PhantomData };
    const NUMBERS: Option<Numbers<Self, T>> = Self::COMPOSED;
    const TURNS: bool = false;
    const LAYOUT: Layout = Layout::Tensors(&Self::TENSORS);

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<S: Isa>(
        &self,
        k: S,
        x: Option<&Inputs<Self>>,
        rows: usize,
        _state: &mut (),
        arena: &mut [T],
        at: End,
        watch: &mut impl Watch<T>,
    ) -> End {
        let (x, rest, at) = match x {
            Some(x) => (numbers(x), arena, at),
            None => {
                let (x, rest) = at.split(arena, rows * (A::USIZE + C::USIZE));
                (&*x, rest, at.other())
            }
        };
        let y = at.split(rest, rows * (B::USIZE + D::USIZE)).0;
        self.frames(k, x, rows, y, Spread::wide(rows));
        watch.see(split_mut(y, rows * B::USIZE).0);
        at
    }

    fn describe(at: Place<'_>, each: &mut dyn FnMut(&Module<'_>)) {
        each(&Module { tensors: &Self::TENSORS, ..module::<Self>(at, "wavenet channels") });
    }
}

impl<T: Scalar, C: ArrayLength, D: ArrayLength, A: ArrayLength, B: ArrayLength> Learn for Rechannel<T, C, D, A, B> {
    type Tape = Nothing<T>;
    type Slope<Wanted: Flag> = Both<GenericArray<T, B>, GenericArray<T, A>>;
    type ReadsInput = Yes;
    type ReadsOutput = No;
    type Seen = Seen<Self>;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn prepare<R: Rng>(&mut self, rng: &mut R, always: Option<Init>, _follows: Option<Init>) {
        let filler = always.unwrap_or_default().filler(const { Init::deviations(C::USIZE, D::USIZE) });
        Self::walk([self], &mut |kind, [values]| filler.fill(kind, values, rng));
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn record<S: Isa>(&self, k: S, x: &Inputs<Self>, _state: &mut (), _seed: Seed, _tape: &mut [T], y: &mut [T]) {
        self.frames(k, numbers(x), x.len(), y, Spread::tight(x.len()));
    }

    /// `dweights[i][o] += Σ x[i] · dy[o]`, `dx[i] = Σ weights[i][o] · dy[o]`, and what goes on unchanged.
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
        let (dy, rest) = end.split(arena, rows * B::USIZE);
        let dx = end.other().split(rest, rows * A::USIZE).0;
        let tight = Spread::tight(rows);
        let [dy, dhead, dinput] = tight.parts(dy, rows, d, d);
        let x = numbers(pass.x);
        let (x, dx) = if Self::IS_FIRST {
            copy(dinput, dx);
            (x, dx)
        } else {
            let [dx, to, to_input] = tight.parts(dx, rows, c, d);
            dx.fill(T::ZERO);
            copy(dhead, to);
            copy(dinput, to_input);
            (tight.parts_of(x, rows, c, d)[0], dx)
        };
        let (to, weights) = (gradient.weights.values_mut(), self.weights.values());
        k.call(Products { a: Some((x, 0, rows)), b: (dy, 0, rows), sizes: [c, d], rows, to });
        k.call(Sums { x: (dy, 0, rows), weights, steps: [1, d], sizes: [d, c], y: (dx, 0, rows), rows });
        end.other()
    }

    #[inline]
    fn walk<const N: usize>(all: [&mut Self; N], each: &mut impl FnMut(Kind, [&mut [T]; N])) {
        each(Kind::Weight, all.map(|channels| channels.weights.values_mut()));
    }

    #[inline]
    fn read(&self, each: &mut impl FnMut(Kind, &[T])) {
        each(Kind::Weight, self.weights.values());
    }
}
