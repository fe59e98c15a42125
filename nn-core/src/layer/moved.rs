//! Layers that give values of their input at other places.

use crate::kernel::transpose::transpose;
use crate::kernel::{Isa, Lanes, Scalar};
use crate::number::shape::{Places, Row};
use crate::number::storage::Plain;
use crate::number::storage::numbers::Numbers;
use crate::part::layer::{Backward, Layer};
use crate::part::tensor::Tensor;
use crate::text::Text;
use core::marker::PhantomData;
use typenum::Unsigned;

/// Which value of a shape `S` each one of a shape `R` is.
pub trait Move {
    /// The name in a summary.
    const LABEL: &'static str;
    /// How many places it takes among the names of a PyTorch `Sequential`.
    const PLACES: usize;
    /// The value that is at `to` in the output, which is zero if the input has none there. Values lie place by place, each with all
    /// channels.
    fn from<S: Places, R: Places>(to: usize) -> usize;

    /// `y[to] = x[from(to)]`, or zero.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn forward<T: Scalar, V: Lanes<T>, S: Places, R: Places>(x: &[T], y: &mut [T]) {
        for (to, y) in y.iter_mut().enumerate() {
            *y = x.get(Self::from::<S, R>(to)).copied().unwrap_or_default();
        }
    }
    /// `dx[from(to)] = Σ dy[to]`.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn backward<T: Scalar, V: Lanes<T>, S: Places, R: Places>(dy: &[T], dx: &mut [T]) {
        dx.fill(T::ZERO);
        for (to, dy) in dy.iter().enumerate() {
            if let Some(dx) = dx.get_mut(Self::from::<S, R>(to)) {
                *dx += *dy;
            }
        }
    }
}

/// `flatten`: the values channel by channel, as in PyTorch.
pub struct Flatten;
/// `last`: the last frame of a signal.
pub struct Last;
/// `reverse`: the frames of a signal, the last one first.
pub struct Reverse;
/// `pass`: the input itself.
pub struct Pass;
/// `window(n)`: frames as one vector, the oldest first.
pub struct Window;
/// `take(from..to)`: the channels from `FROM` on, as many as the output has.
pub struct Take<const FROM: usize>;
/// `upsample(n)`: each place `n` times along each axis, PyTorch's `Upsample(scale_factor=n)` by the nearest.
pub struct Upsample<const N: usize>;

/// `pad(n)`: zeros around the places, `ROWS` before the first row and `COLUMNS` before the first column, PyTorch's `ZeroPad2d`. How many
/// lie after the last ones, follows from the shapes.
#[doc(alias = "ZeroPad1d")]
#[doc(alias = "ZeroPad2d")]
pub struct Pad<const ROWS: usize, const COLUMNS: usize>;

/// Channels and places of a shape.
const fn sizes<S: Places>() -> [usize; 2] {
    [S::Channels::USIZE, S::SIZE[0] * S::SIZE[1]]
}

impl Move for Flatten {
    const LABEL: &'static str = "flatten";
    const PLACES: usize = 1;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn from<S: Places, R: Places>(to: usize) -> usize {
        let [channels, places] = const { sizes::<S>() };
        to % places * channels + to / places
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn forward<T: Scalar, V: Lanes<T>, S: Places, R: Places>(x: &[T], y: &mut [T]) {
        transpose::<T, V>(x, S::Channels::USIZE, y);
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn backward<T: Scalar, V: Lanes<T>, S: Places, R: Places>(dy: &[T], dx: &mut [T]) {
        let [_, places] = const { sizes::<S>() };
        transpose::<T, V>(dy, places, dx);
    }
}

impl Move for Last {
    const LABEL: &'static str = "last";
    const PLACES: usize = 0;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn from<S: Places, R: Places>(to: usize) -> usize {
        let [channels, places] = const { sizes::<S>() };
        (places - 1) * channels + to
    }
}

impl Move for Reverse {
    const LABEL: &'static str = "reverse";
    const PLACES: usize = 0;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn from<S: Places, R: Places>(to: usize) -> usize {
        let [channels, places] = const { sizes::<S>() };
        (places - 1 - to / channels) * channels + to % channels
    }
}

impl Move for Pass {
    const LABEL: &'static str = "pass";
    const PLACES: usize = 0;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn from<S: Places, R: Places>(to: usize) -> usize {
        to
    }
}

impl Move for Window {
    const LABEL: &'static str = "window";
    const PLACES: usize = 0;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn from<S: Places, R: Places>(to: usize) -> usize {
        to
    }
}

impl<const FROM: usize> Move for Take<FROM> {
    const LABEL: &'static str = const { &Text::EMPTY.and("take from ").digits(FROM as u64) }.text();
    const PLACES: usize = 0;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn from<S: Places, R: Places>(to: usize) -> usize {
        let ([all, _], [taken, _]) = const { (sizes::<S>(), sizes::<R>()) };
        to / taken * all + FROM + to % taken
    }
}

impl<const N: usize> Move for Upsample<N> {
    const LABEL: &'static str = const { &Text::EMPTY.and("upsample ").digits(N as u64) }.text();
    const PLACES: usize = 1;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn from<S: Places, R: Places>(to: usize) -> usize {
        let [channels, _] = const { sizes::<S>() };
        let (place, width) = (to / channels, R::SIZE[1]);
        // A signal has one row.
        let row = if S::AXES > 1 { place / width / N } else { 0 };
        (row * S::SIZE[1] + place % width / N) * channels + to % channels
    }
}

impl<const ROWS: usize, const COLUMNS: usize> Move for Pad<ROWS, COLUMNS> {
    const LABEL: &'static str = "pad";
    const PLACES: usize = 1;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn from<S: Places, R: Places>(to: usize) -> usize {
        let [channels, _] = const { sizes::<S>() };
        let place = to / channels;
        let (row, column) = ((place / R::SIZE[1]).wrapping_sub(ROWS), (place % R::SIZE[1]).wrapping_sub(COLUMNS));
        // What lies before wraps around to beyond the last row or column.
        let is_inside = row < S::SIZE[0] && column < S::SIZE[1];
        if is_inside { (row * S::SIZE[1] + column) * channels + to % channels } else { usize::MAX }
    }
}

/// A layer that moves values, `y[to] = x[from(to)]`.
///
/// # Shapes
/// `S` in, `R` out.
pub struct Moved<T, S, R, M>(PhantomData<(T, S, R, M)>);

crate::layer::stateless! { [T, S, R, M] Moved<T, S, R, M> }

impl<T: Scalar, S: Places, R: Places, M: Move> Layer for Moved<T, S, R, M> {
    type T = T;
    type In = S;
    type Out = R;
    const ZEROED: Self = Self(PhantomData);
    const NUMBERS: Option<Numbers<Self, T>> = Some(Numbers::none(&Self(PhantomData)));
    const LABEL: &'static str = M::LABEL;
    const MULTIPLIES: usize = 0;
    const TENSORS: &'static [Tensor] = &[];
    const PLACES: usize = M::PLACES;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn forward_rows<K: Isa>(&self, _: K, x: &[Row<T, S>], y: &mut [Row<T, R>]) {
        for (x, y) in x.iter().zip(y) {
            M::forward::<T, K::V<T>, S, R>(x.values(), y.values_mut());
        }
    }
}

impl<T: Scalar, S: Places, R: Places, M: Move> Backward for Moved<T, S, R, M> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn backward_rows<K: Isa>(
        &self,
        _: K,
        _: &[Row<T, S>],
        dy: &[Row<T, R>],
        dx: Option<&mut [Row<T, S>]>,
        _: &mut Self,
    ) {
        for (dx, dy) in dx.into_iter().flatten().zip(dy) {
            M::backward::<T, K::V<T>, S, R>(dy.values(), dx.values_mut());
        }
    }
}
