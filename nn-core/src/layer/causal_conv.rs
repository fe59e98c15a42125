//! The convolution over the frames of a stream.

use super::arrays::arrays;
use crate::kernel::{Isa, Scalar, conv};
use crate::number::arena::{End, Flag, No, Yes};
use crate::number::shape::{Row, Vector};
use crate::number::storage::numbers::Numbers;
use crate::number::storage::{Both, Nothing, Plain, storage};
use crate::part::about::About;
use crate::part::ending::Open;
use crate::part::init::Init;
use crate::part::layout::Layout;
use crate::part::learn::{Learn, Recorded, Seen};
use crate::part::past::History;
use crate::part::place::{Module, Place};
use crate::part::run::{Inputs, Part, Watch, module};
use crate::part::seed::Seed;
use crate::part::tensor::{Kind, Tensor};
use core::marker::PhantomData;
use generic_array::{ArrayLength, GenericArray};
use rand_core::Rng;

/// A causal convolution: each output frame is a weighted sum of the present frame and of `K - 1` before it, which are `dilation`
/// frames apart, `y[t] = bias + Σ x[t - (K - 1 - tap) · dilation] · weights[tap]`. In a declaration,
/// `conv(8, 3, dilation = 2, padding = causal)`.
///
/// It is PyTorch's `Conv1d` behind zeros for the frames before the first; its `weight` `[O, I, K]` is stored the other way round. It
/// remembers `H`, a `Past` of `(K - 1) · dilation` frames, or nothing, `()`, where there is one tap.
///
/// Each sum begins with the bias; then come the taps, the oldest first, and of each the inputs. Where a tap has four inputs or more,
/// they are dealt out to two or four sums, which are added in the end.
///
/// # Shapes
/// A frame of `I` values in, `O` values out.
#[doc(alias = "Conv1d")]
#[derive(Clone, Debug, PartialEq)]
#[repr(C)]
pub struct CausalConv<T: Scalar, I: ArrayLength, O: ArrayLength, K: ArrayLength, Biased: Flag, H> {
    /// `weights[tap][input][output]`, the oldest tap first.
    pub weights: GenericArray<GenericArray<GenericArray<T, O>, I>, K>,
    /// `bias[output]`.
    pub bias: Biased::Then<T, GenericArray<T, O>>,
    past: PhantomData<H>,
}

storage! {
    [T: Scalar, I: ArrayLength, O: ArrayLength, K: ArrayLength, B: Flag, H] CausalConv<T, I, O, K, B, H> as T = {
        weights: Some(Numbers::of()), bias: Some(Numbers::of()), past: Some(Numbers::none(&PhantomData))
    }
}

arrays! { [T: Scalar, I: ArrayLength, O: ArrayLength, K: ArrayLength, B: Flag, H] CausalConv<T, I, O, K, B, H> }

impl<T: Scalar, I: ArrayLength, O: ArrayLength, K: ArrayLength, B: Flag, H> CausalConv<T, I, O, K, B, H> {
    const ALL: [Tensor; 2] = [
        Tensor::transposed("weight", Kind::Weight, &[O::USIZE, I::USIZE, K::USIZE]),
        Tensor::new("bias", Kind::Bias, &[O::USIZE]),
    ];
    const TENSORS: &'static [Tensor] = const { &Self::ALL }.split_at(if B::IS { 2 } else { 1 }).0;
    const LABEL: &'static str = if B::IS { "conv" } else { "conv, no bias" };
}

impl<T, I, O, K, B, H> CausalConv<T, I, O, K, B, H>
where
    T: Scalar,
    I: ArrayLength,
    O: ArrayLength,
    K: ArrayLength,
    B: Flag,
    H: History<T, GenericArray<T, I>>,
{
    /// The frames from a tap to the next.
    const DILATION: usize = {
        assert!(K::USIZE > 0 && I::USIZE > 0 && O::USIZE > 0, "a convolution has a tap, an input and an output");
        let dilation = if K::USIZE > 1 { H::FRAMES / (K::USIZE - 1) } else { 1 };
        assert!(H::FRAMES == (K::USIZE - 1) * dilation, "the past is as long as the oldest tap looks back");
        dilation
    };

    /// The frames `x`, of which the first comes after `past`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn frames<'a>(x: &'a [GenericArray<T, I>], past: Option<&'a H>) -> conv::Frames<'a, GenericArray<T, I>> {
        conv::Frames { x, past: past.map(History::ring), dilation: Self::DILATION }
    }

    /// `y[t] = bias + Σ x[t - (K - 1 - tap) · dilation] · weights[tap]`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn forward<S: Isa>(&self, k: S, x: &[GenericArray<T, I>], past: &mut H, y: &mut [T]) {
        let bias = Plain::blocks(self.bias.values()).first();
        conv::forward::<T, _, _, _, GenericArray<T, O>>(
            k,
            Self::frames(x, Some(past)),
            &self.weights,
            bias,
            Plain::blocks_mut(y),
        );
        past.push(x);
    }
}

impl<T, I, O, K, B, H> Part for CausalConv<T, I, O, K, B, H>
where
    T: Scalar,
    I: ArrayLength,
    O: ArrayLength,
    K: ArrayLength,
    B: Flag,
    H: History<T, GenericArray<T, I>>,
{
    type T = T;
    type In = Vector<I>;
    type Out = Vector<O>;
    type Work<Inside: Flag> = Both<Inside::Then<T, GenericArray<T, I>>, GenericArray<T, O>>;
    type State = H;
    type Starts = No;
    type Ends = Open;

    const ABOUT: About = {
        let bytes = Tensor::total(Self::TENSORS).saturating_mul(size_of::<T>());
        let macs = K::USIZE.saturating_mul(I::USIZE).saturating_mul(O::USIZE);
        About::layer(Self::LABEL, O::USIZE, Self::TENSORS, macs, bytes).with_past(H::FRAMES)
    };
    const ALL_ZERO: Self = Self { weights: Plain::ZEROED, bias: Plain::ZEROED, past: PhantomData };
    const NUMBERS: Option<Numbers<Self, T>> = Self::COMPOSED;
    const TURNS: bool = false;
    const LAYOUT: Layout = Layout::Tensors(Self::TENSORS);

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<S: Isa>(
        &self,
        k: S,
        x: Option<&Inputs<Self>>,
        rows: usize,
        past: &mut H,
        arena: &mut [T],
        at: End,
        watch: &mut impl Watch<T>,
    ) -> End {
        let (x, y, at) = at.ends::<T, Row<T, Self::In>>(x, arena, [rows * I::USIZE, rows * O::USIZE]);
        self.forward(k, x, past, y);
        watch.see(y);
        at
    }

    fn describe(at: Place<'_>, each: &mut dyn FnMut(&Module<'_>)) {
        each(&Module { tensors: Self::TENSORS, ..module::<Self>(at, Self::LABEL) });
    }
}

impl<T, I, O, K, B, H> Learn for CausalConv<T, I, O, K, B, H>
where
    T: Scalar,
    I: ArrayLength,
    O: ArrayLength,
    K: ArrayLength,
    B: Flag,
    H: History<T, GenericArray<T, I>>,
{
    type Tape = Nothing<T>;
    type Slope<Wanted: Flag> = Both<GenericArray<T, O>, Wanted::Then<T, GenericArray<T, I>>>;
    type ReadsInput = Yes;
    type ReadsOutput = No;
    type Seen = Seen<Self>;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn prepare<R: Rng>(&mut self, rng: &mut R, always: Option<Init>, follows: Option<Init>) {
        let deviations = const { Init::deviations(I::USIZE * K::USIZE, O::USIZE * K::USIZE) };
        let filler = always.or(follows).unwrap_or_default().filler(deviations);
        Self::walk([self], &mut |kind, [values]| filler.fill(kind, values, rng));
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn record<S: Isa>(&self, k: S, x: &Inputs<Self>, past: &mut H, _seed: Seed, _tape: &mut [T], y: &mut [T]) {
        self.forward(k, x, past, y);
    }

    /// `weights[tap] += Σ x[t - back]ᵀ · dy[t]` and `bias += Σ dy[t]`; `dx[t - back] = Σ dy[t] · weights[tap]ᵀ`, as far as that is in
    /// the piece: what came before it is not changed any more.
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
            gradient.weights.values_mut().fill(T::ZERO);
            gradient.bias.values_mut().fill(T::ZERO);
        }
        let (dy, rest) = end.split(arena, pass.x.len() * O::USIZE);
        let (dx, _) = end.other().split(rest, if Wanted::IS { pass.x.len() * I::USIZE } else { 0 });
        let frames = Self::frames(pass.x, pass.before);
        let bias = Plain::blocks_mut(gradient.bias.values_mut()).first_mut();
        let (dx, to) = (Wanted::IS.then_some(Plain::blocks_mut(dx)), (&mut gradient.weights[..], bias));
        conv::backward::<T, _, _, _, GenericArray<T, O>>(k, frames, &self.weights, Plain::blocks(dy), dx, to);
        end.other()
    }

    #[inline]
    fn walk<const N: usize>(mut all: [&mut Self; N], each: &mut impl FnMut(Kind, [&mut [T]; N])) {
        each(Kind::Weight, all.each_mut().map(|conv| conv.weights.values_mut()));
        if B::IS {
            each(Kind::Bias, all.map(|conv| conv.bias.values_mut()));
        }
    }

    #[inline]
    fn read(&self, each: &mut impl FnMut(Kind, &[T])) {
        each(Kind::Weight, self.weights.values());
        if B::IS {
            each(Kind::Bias, self.bias.values());
        }
    }
}
