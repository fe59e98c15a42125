//! A convolution and the pool after it as one: the rows of the convolution that a row of the pool needs are computed one row of the pool
//! after another, so that there need not be memory for all of them.

use super::Pool;
use crate::activation::{Activate, Identity, RowActivation};
use crate::kernel::planar::Function;
use crate::kernel::pool::{self, Pooling};
use crate::kernel::sliding::Window;
use crate::kernel::{Isa, Lanes, Scalar, Task};
use crate::number::arena::{End, Flag, No, split_mut};
use crate::number::shape::{Places, Row, Shape};
use crate::number::storage::numbers::Numbers;
use crate::number::storage::{Both, Plain, storage};
use crate::part::about::About;
use crate::part::by_rows::looks;
use crate::part::chain::Chain;
use crate::part::checked::Checked;
use crate::part::ending::Open;
use crate::part::layout::{Field, Layout, Step};
use crate::part::learn::Learn;
use crate::part::named::Named;
use crate::part::place::{Module, Place};
use crate::part::run::{Inputs, Part, Watch, zero};
use core::marker::PhantomData;
use core::mem::offset_of;
use typenum::Unsigned;

/// A part that can compute some rows of its output alone.
pub trait RowByRow: Part<T: Scalar> {
    /// What is yet to be done to each value.
    type Then: RowActivation;

    /// The rows `from..to` of the output, one after another, of which those of the shape `N` are wanted, as if it had no others; mostly
    /// as many as a `B` has.
    fn some_rows<K: Isa, N: Places, B: Places>(&self, x: &Row<Self::T, Self::In>, rows: [usize; 2], y: &mut [Self::T]);
}

/// A pool of tiles side by side, none of which reaches beyond its input.
pub trait Tiled: Part<T: Scalar, Out: Places> {
    /// What is made of them.
    type How: Pooling;
    /// Rows and columns of a tile.
    const TILE: [usize; 2];
}

impl<T: Scalar, S: Places, R: Places<Channels = S::Channels>, G: Window, P: Pooling> Tiled for Pool<T, S, R, G, P> {
    type How = P;
    const TILE: [usize; 2] = {
        let (tile, is_apart) = (G::TAPS, G::STRIDE[0] == G::TAPS[0] && G::STRIDE[1] == G::TAPS[1]);
        let is_inside = R::SIZE[0] * tile[0] <= S::SIZE[0] && R::SIZE[1] * tile[1] <= S::SIZE[1];
        assert!(
            is_apart && is_inside && matches!((G::DILATION, G::PADDING), ([1, 1], [0, 0])),
            "tiles are side by side"
        );
        tile
    };
}

macro_rules! through {
    ([$($generics:tt)*] $Wrapper:ty) => {
        impl<F: RowByRow, $($generics)*> RowByRow for $Wrapper {
            type Then = F::Then;

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn some_rows<K: Isa, N: Places, B: Places>(&self, x: &Row<Self::T, Self::In>, rows: [usize; 2], y: &mut [Self::T]) {
                self.0.some_rows::<K, N, B>(x, rows, y);
            }
        }
    };
}
through!([const HEAD: u128, const TAIL: u128] Named<F, HEAD, TAIL>);
through!([const FITS: bool] Checked<F, FITS>);

impl<A: RowActivation, F: RowByRow<Then = Identity>> RowByRow for Chain<F, Activate<A, F::T, F::Out>> {
    type Then = A;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn some_rows<K: Isa, N: Places, B: Places>(&self, x: &Row<Self::T, Self::In>, rows: [usize; 2], y: &mut [Self::T]) {
        self.first.some_rows::<K, N, B>(x, rows, y);
    }
}

/// `F`, then the pool `P`, which sees nothing of the output of `F` beyond the shape `N`. Those rows that make one of the pool, of the shape
/// `B`, are computed at a time.
///
/// It trains, and is looked into, as the chain of both.
#[repr(C)]
pub struct Pooled<F: Part, P: Part<T = F::T, In = F::Out>, N, B>(
    /// Both.
    pub Chain<F, P>,
    pub(super) PhantomData<(N, B)>,
);

storage! {
    [F: Part, P: Part<T = F::T, In = F::Out>, N, B] Pooled<F, P, N, B> as F::T = {
        0: <Chain<F, P>>::NUMBERS, 1: Some(Numbers::none(&PhantomData))
    }
}
crate::__delegate_learn! {
    [F: RowByRow + Learn, P: Tiled + Learn + Part<T = F::T, In = F::Out>, N: Places, B: Places] Pooled<F, P, N, B> => Chain<F, P>
}

impl<F, P, N, B> Part for Pooled<F, P, N, B>
where
    F: RowByRow,
    P: Tiled + Part<T = F::T, In = F::Out>,
    N: Places,
    B: Places,
{
    type T = F::T;
    type In = F::In;
    type Out = P::Out;
    type Work<Inside: Flag> = Both<Both<Inside::Then<F::T, Row<F::T, F::In>>, Row<F::T, P::Out>>, Row<F::T, B>>;
    type State = Both<F::State, P::State>;
    type Starts = No;
    type Ends = Open;

    const ABOUT: About = <Chain<F, P>>::ABOUT;
    const ALL_ZERO: Self = Self(zero(), PhantomData);
    const NUMBERS: Option<Numbers<Self, F::T>> = Self::COMPOSED;
    const TURNS: bool = false;
    const LAYOUT: Layout =
        Layout::Fields(const { &[Field::of(|this: &Self| &this.0, offset_of!(Self, 0), Step::Skip(0))] });

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(
        &self,
        k: K,
        x: Option<&Inputs<Self>>,
        rows: usize,
        state: &mut Self::State,
        arena: &mut [F::T],
        at: End,
        watch: &mut impl Watch<F::T>,
    ) -> End {
        let (x, y, band, at) = match x {
            Some(x) => {
                let (y, band) = at.split(arena, rows * Self::OUT);
                (x, y, band, at)
            }
            None => {
                let (x, rest) = at.split(arena, rows * Self::IN);
                let (y, band) = at.other().split(rest, rows * Self::OUT);
                (Plain::blocks(&*x), y, band, at.other())
            }
        };
        let y = Plain::blocks_mut(y);
        if looks(watch) {
            self.apart(k, x, state, y, watch);
        } else {
            let (band, _) = split_mut(band, B::LEN);
            k.call(Run::<F, P, N, B> { first: &self.0.first, x, band, y, needed: PhantomData });
        }
        at
    }

    fn describe(at: Place<'_>, each: &mut dyn FnMut(&Module<'_>)) {
        <Chain<F, P>>::describe(at, each);
    }
}

impl<F: RowByRow, P: Tiled + Part<T = F::T, In = F::Out>, N, B> Pooled<F, P, N, B> {
    /// One part after the other, each with all of its output.
    #[inline(never)]
    fn apart<K: Isa>(
        &self,
        k: K,
        x: &Inputs<F>,
        Both(first, then): &mut Both<F::State, P::State>,
        y: &mut [Row<F::T, P::Out>],
        watch: &mut impl Watch<F::T>,
    ) {
        let mut middle = [<Row<F::T, F::Out>>::ZEROED];
        for (x, y) in x.iter().zip(y) {
            let x = Some(core::slice::from_ref(x));
            self.0.first.run(k, x, 1, first, middle.values_mut(), End::Head, watch);
            self.0.then.run(k, Some(&middle), 1, then, y.values_mut(), End::Head, watch);
        }
    }
}

// Whatever the shapes are, which a derive would ask for the same.
impl<F: Part, P: Part<T = F::T, In = F::Out>, N, B> Clone for Pooled<F, P, N, B>
where
    Chain<F, P>: Clone,
{
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<F: Part, P: Part<T = F::T, In = F::Out>, N, B> PartialEq for Pooled<F, P, N, B>
where
    Chain<F, P>: PartialEq,
{
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<F: Part, P: Part<T = F::T, In = F::Out>, N, B> core::fmt::Debug for Pooled<F, P, N, B>
where
    Chain<F, P>: core::fmt::Debug,
{
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.fmt(f)
    }
}

/// Whether the activation after `F` may be that of the values that the pool gives, which are fewer.
const fn is_late<F: RowByRow, P: Tiled>() -> bool {
    P::How::IS_MAX && F::Then::RISES
}

/// The activation after `F`, if it is late.
struct Late<F, P>(PhantomData<(F, P)>);

impl<F: RowByRow, P: Tiled> Function for Late<F, P> {
    const IS_LONG: bool = false;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn value<T: Scalar, V: Lanes<T>>(x: V) -> V {
        if const { is_late::<F, P>() } { F::Then::rise::<T, V>(x) } else { x }
    }
}

/// All rows of the pool.
struct Run<'a, F: Part, P: Part, N, B> {
    first: &'a F,
    x: &'a Inputs<F>,
    band: &'a mut [F::T],
    y: &'a mut [Row<F::T, P::Out>],
    needed: PhantomData<(N, B)>,
}

impl<F: RowByRow, P: Tiled + Part<T = F::T>, N: Places, B: Places> Task for Run<'_, F, P, N, B> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(self, _k: K) {
        let ([rows, _], channels) = const { (P::TILE, N::Channels::USIZE) };
        for (x, y) in self.x.iter().zip(self.y) {
            let lines = y.values_mut().chunks_exact_mut(const { P::Out::LEN / <P::Out as Places>::SIZE[0] });
            for (row, y) in lines.enumerate() {
                self.first.some_rows::<K, N, B>(x, [row * rows, (row + 1) * rows], self.band);
                if const { !is_late::<F, P>() } {
                    F::Then::apply::<F::T, K::V<F::T>>(self.band, channels);
                }
                pool::tiles::<F::T, K::V<F::T>, P::How, Late<F, P>>(self.band, y, channels, P::TILE);
            }
        }
    }
}
