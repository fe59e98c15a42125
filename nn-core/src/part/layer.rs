//! The narrow contracts of a layer, which users implement, and how every layer is a part.

use super::about::About;
use super::ending::Open;
use super::init::Init;
use super::layout::Layout;
use super::learn::{Learn, Recorded, Seen};
use super::place::{Module, Place};
use super::run::{Inputs, Part, Watch, module};
use super::seed::Seed;
use super::tensor::{Kind, Tensor};
use crate::kernel::{Isa, Scalar};
use crate::number::Number;
use crate::number::arena::{End, Flag, No, Yes};
use crate::number::shape::{Row, Shape};
use crate::number::storage::numbers::Numbers;
use crate::number::storage::{Both, Nothing, Plain};
use crate::text::Text;
use rand_core::Rng;

/// A layer: rows of one shape to rows of another. One that learns is [`Backward`], too.
///
/// # Shapes
/// `forward_rows` and `backward_rows` get as many rows of each kind as the batch has samples; one sample is a batch of
/// one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a layer or a network",
    label = "not a layer or a network",
    note = "a stage is a width, a network made by `network!`, or a type that implements `nn_core::layer::Layer`"
)]
pub trait Layer: Sized {
    /// The number type.
    type T: Number;
    /// The shape of one row in.
    type In: Shape;
    /// The shape of one row out.
    type Out: Shape;
    /// The layer with every parameter zero.
    const ZEROED: Self;
    /// Whether it is its numbers and nothing else.
    #[doc(hidden)]
    const NUMBERS: Option<Numbers<Self, Self::T>> = None;
    /// The name in a summary, in lower case.
    const LABEL: &'static str;
    /// Multiplications by weights, for one row.
    const MULTIPLIES: usize;
    /// Its tensors of parameters, in order; `&[]` if it learns nothing.
    const TENSORS: &'static [Tensor];
    /// Bytes of its parameters; those of its tensors, unless it says otherwise.
    const BYTES: usize = Tensor::total(Self::TENSORS).saturating_mul(size_of::<Self::T>());

    /// How many places it takes among the names of a PyTorch `Sequential`.
    #[doc(hidden)]
    const PLACES: usize = 1;

    /// How many inputs a node has, and how many nodes an input.
    #[doc(hidden)]
    const FANS: [usize; 2] = [Self::In::LEN, Self::Out::LEN];

    /// Whether it also runs where [`Isa::TURNED`].
    #[doc(hidden)]
    const TURNS: bool = false;

    /// Computes the rows `y` from the rows `x`. What was in `y` is of no meaning.
    fn forward_rows<K: Isa>(&self, k: K, x: &[Row<Self::T, Self::In>], y: &mut [Row<Self::T, Self::Out>]);
}

/// A [`Layer`] that learns.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot learn",
    label = "runs, but cannot learn",
    note = "a layer of your own learns if it implements `nn_core::layer::Backward` too"
)]
pub trait Backward: Layer<T: Scalar> {
    /// From the gradient `dy` by the output, adds the gradient by the parameters to `gradient`, that is to the numbers that
    /// [`tensors`](Self::tensors) gives, and sets `dx` to that by the input, if it is wanted.
    fn backward_rows<K: Isa>(
        &self,
        k: K,
        x: &[Row<Self::T, Self::In>],
        dy: &[Row<Self::T, Self::Out>],
        dx: Option<&mut [Row<Self::T, Self::In>]>,
        gradient: &mut Self,
    );

    /// [`backward_rows`](Self::backward_rows), but sets the gradient by the parameters, whatever is there.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn first_backward_rows<K: Isa>(
        &self,
        k: K,
        x: &[Row<Self::T, Self::In>],
        dy: &[Row<Self::T, Self::Out>],
        dx: Option<&mut [Row<Self::T, Self::In>]>,
        gradient: &mut Self,
    ) {
        Self::tensors([gradient], &mut |[values]| values.fill(Self::T::ZERO));
        self.backward_rows(k, x, dy, dx, gradient);
    }

    /// Sets what the declaration says of first values.
    #[doc(hidden)]
    fn set_stated(&mut self) {}

    /// Calls `each` once for every tensor of [`TENSORS`](Layer::TENSORS), with that of all the given layers side by side. A
    /// layer without parameters has nothing to do.
    fn tensors<const N: usize>(_all: [&mut Self; N], _each: &mut impl FnMut([&mut [Self::T]; N])) {
        const { without_tensors::<Self>("tensors") }
    }

    /// Calls `each` once for every tensor of [`TENSORS`](Layer::TENSORS).
    fn read_tensors(&self, _each: &mut impl FnMut(&[Self::T])) {
        const { without_tensors::<Self>("read_tensors") }
    }
}

/// A compile error if the layer has tensors, and does not give them by this method.
#[track_caller]
const fn without_tensors<L: Layer>(method: &str) {
    if !L::TENSORS.is_empty() {
        let text = Text::EMPTY.and("`").and(L::LABEL).and("` says in `TENSORS` that it has parameters; ");
        text.and("`Backward::").and(method).and("` has to give them").fail();
    }
}

/// The methods [`tensors`](Backward::tensors) and [`read_tensors`](Backward::read_tensors) of a layer whose tensors are fields.
macro_rules! tensors {
    ($($field:ident),+) => {
        #[inline]
        fn tensors<const COUNT: usize>(
            mut all: [&mut Self; COUNT],
            each: &mut impl FnMut([&mut [Self::T]; COUNT]),
        ) {
            $(each(all.each_mut().map(|layer| $crate::number::storage::Plain::values_mut(&mut layer.$field)));)+
        }

        #[inline]
        fn read_tensors(&self, each: &mut impl FnMut(&[Self::T])) {
            $(each($crate::number::storage::Plain::values(&self.$field));)+
        }
    };
}
pub(crate) use tensors;

/// Every layer is a part.
impl<L: Layer> Part for L {
    type T = <L as Layer>::T;
    type In = <L as Layer>::In;
    type Out = <L as Layer>::Out;
    type Work<Inside: Flag> = Both<Inside::Then<Self::T, Row<Self::T, Self::In>>, Row<Self::T, Self::Out>>;
    type State = ();
    type Starts = No;
    type Ends = Open;

    const ABOUT: About =
        About { places: L::PLACES, ..About::layer(L::LABEL, Self::OUT, L::TENSORS, L::MULTIPLIES, L::BYTES) };
    const ALL_ZERO: Self = L::ZEROED;
    const NUMBERS: Option<Numbers<Self, Self::T>> = L::NUMBERS;
    const TURNS: bool = L::TURNS;
    const LAYOUT: Layout = match L::NUMBERS {
        Some(_) => Layout::Tensors(L::TENSORS),
        None if size_of::<L>() == 0 => Layout::Fields(&[]),
        None => Layout::Unknown(L::LABEL),
    };

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(
        &self,
        k: K,
        x: Option<&Inputs<Self>>,
        rows: usize,
        _state: &mut (),
        arena: &mut [Self::T],
        at: End,
        watch: &mut impl Watch<Self::T>,
    ) -> End {
        const { assert!(Self::IN > 0 && Self::OUT > 0, "a layer takes and gives at least one value") };
        let (x, y, at) = at.ends::<_, Row<Self::T, Self::In>>(x, arena, [rows * Self::IN, rows * Self::OUT]);
        self.forward_rows(k, x, Plain::blocks_mut(y));
        watch.see(y);
        at
    }

    fn describe(at: Place<'_>, each: &mut dyn FnMut(&Module<'_>)) {
        each(&Module { tensors: L::TENSORS, ..module::<Self>(at, L::LABEL) });
    }
}

/// Every layer that learns is a part that does.
impl<L: Backward> Learn for L {
    type Tape = Nothing<Self::T>;
    type Slope<Wanted: Flag> = Both<Row<Self::T, Self::Out>, Wanted::Then<Self::T, Row<Self::T, Self::In>>>;
    type ReadsInput = Yes;
    type ReadsOutput = No;
    type Seen = Seen<Self>;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn prepare<R: Rng>(&mut self, rng: &mut R, always: Option<Init>, follows: Option<Init>) {
        let filler = always.or(follows).unwrap_or_default().filler(const { Init::deviations(L::FANS[0], L::FANS[1]) });
        Self::walk([&mut *self], &mut |kind, [values]| filler.fill(kind, values, rng));
        self.set_stated();
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn record<K: Isa>(
        &self,
        k: K,
        x: &Inputs<Self>,
        _state: &mut (),
        _seed: Seed,
        _tape: &mut [Self::T],
        y: &mut [Self::T],
    ) {
        self.forward_rows(k, x, Plain::blocks_mut(y));
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn backward<K: Isa, Wanted: Flag>(
        &self,
        k: K,
        pass: Recorded<'_, Self>,
        arena: &mut [Self::T],
        end: End,
        gradient: &mut Self,
    ) -> End {
        let rows = pass.x.len();
        let (dy, rest) = end.split(arena, rows * Self::OUT);
        let dx = if Wanted::IS {
            let (dx, _) = end.other().split(rest, rows * Self::IN);
            Some(Plain::blocks_mut(dx))
        } else {
            None
        };
        if pass.first {
            self.first_backward_rows(k, pass.x, Plain::blocks(dy), dx, gradient);
        } else {
            self.backward_rows(k, pass.x, Plain::blocks(dy), dx, gradient);
        }
        end.other()
    }

    #[inline]
    fn walk<const N: usize>(all: [&mut Self; N], each: &mut impl FnMut(Kind, [&mut [Self::T]; N])) {
        let mut tensors = L::TENSORS.iter();
        L::tensors(all, &mut |values| {
            let tensor = tensors.next();
            debug_assert!(tensor.is_some_and(|tensor| values.iter().all(|values| values.len() == tensor.len())));
            if let Some(tensor) = tensor {
                each(tensor.kind, values);
            }
        });
        debug_assert!(tensors.next().is_none(), "a layer has fewer tensors than `TENSORS` says");
    }

    #[inline]
    fn read(&self, each: &mut impl FnMut(Kind, &[Self::T])) {
        let mut tensors = L::TENSORS.iter();
        self.read_tensors(&mut |values| {
            let tensor = tensors.next();
            debug_assert!(tensor.is_some_and(|tensor| values.len() == tensor.len()));
            if let Some(tensor) = tensor {
                each(tensor.kind, values);
            }
        });
        debug_assert!(tensors.next().is_none(), "a layer has fewer tensors than `TENSORS` says");
    }
}
