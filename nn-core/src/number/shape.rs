//! Shapes as types.
//!
//! A shape decides how the values of one sample lie in memory: a vector is its values, a signal its frames one after another,
//! each of all channels, an image its rows.

use super::Number;
use super::size::product;
use super::storage::Plain;
use core::marker::PhantomData;
use core::ops::Add;
pub use generic_array::{ArrayLength, GenericArray};
use typenum::{Sum, UInt};

mod sealed {
    pub trait Sealed {}
    impl<N> Sealed for super::Vector<N> {}
    impl<S, const N: usize> Sealed for super::Frames<S, N> {}
}

/// The shape of what enters or leaves a layer, for one sample.
pub trait Shape: sealed::Sealed + 'static {
    /// The values of one sample.
    type Block<T: Number>: Plain<T>;
    /// How many values one sample has.
    const LEN: usize;
    /// Channels, rows and columns; a vector of `N` is `N` x 1 x 1.
    const DIMS: [usize; 3];
}

/// A shape whose number of channels is also a type-level number; those of a vector are its values.
pub trait Flat: Shape {
    /// The number of channels.
    type Len: ArrayLength;
}

/// The number of channels of a [`Flat`] shape, as a type.
pub type Len<S> = <S as Flat>::Len;

/// `N` values, `N` being a [`typenum`] number.
pub struct Vector<N>(PhantomData<N>);

impl<N: ArrayLength> Shape for Vector<N> {
    type Block<T: Number> = GenericArray<T, N>;
    const LEN: usize = N::USIZE;
    const DIMS: [usize; 3] = [N::USIZE, 1, 1];
}

impl<N: ArrayLength> Flat for Vector<N> {
    type Len = N;
}

/// `N` frames of shape `S`, one after another.
pub struct Frames<S, const N: usize>(PhantomData<S>);

impl<S: Shape, const N: usize> Shape for Frames<S, N> {
    type Block<T: Number> = [S::Block<T>; N];
    const LEN: usize = product(N, S::LEN);
    const DIMS: [usize; 3] = match S::DIMS {
        [channels, columns, 1] => [channels, N, columns],
        [channels, rows, columns] => [channels, product(rows, N), columns],
    };
}

/// `L` frames of `C` channels: a sound, a recording of sensors. In memory frame by frame; at the ends of a network, and in files,
/// channel by channel, as PyTorch has it.
pub type Signal<C, const L: usize> = Frames<Vector<C>, L>;

/// `H` rows of `W` places of `C` channels. In memory row by row, each place with all channels; at the ends of a network, and in files,
/// channel by channel, as PyTorch has it.
pub type Image<C, const H: usize, const W: usize> = Frames<Signal<C, W>, H>;

impl<S: Flat, const N: usize> Flat for Frames<S, N> {
    type Len = S::Len;
}

/// A shape of places that have the same channels each; a vector is one place.
pub trait Places: Shape {
    /// The channels.
    type Channels: ArrayLength;
    /// So many rows of an image, as an image; of anything else, the same.
    type Rows<const N: usize>: Places<Channels = Self::Channels>;
    /// Rows and columns of places; those of a signal are one row.
    const SIZE: [usize; 2];
    /// Along how many axes they lie.
    const AXES: usize;
}

/// One place.
impl<C: ArrayLength> Places for Vector<C> {
    type Channels = C;
    type Rows<const N: usize> = Self;
    const SIZE: [usize; 2] = [1, 1];
    const AXES: usize = 0;
}

impl<C: ArrayLength, const L: usize> Places for Signal<C, L> {
    type Channels = C;
    type Rows<const N: usize> = Self;
    const SIZE: [usize; 2] = [1, L];
    const AXES: usize = 1;
}

impl<C: ArrayLength, const H: usize, const W: usize> Places for Image<C, H, W> {
    type Channels = C;
    type Rows<const N: usize> = Image<C, N, W>;
    const SIZE: [usize; 2] = [H, W];
    const AXES: usize = 2;
}

/// A shape that can have the channels of another beside its own, place by place.
pub trait Beside<Other: Shape>: Shape {
    /// The shape with all channels.
    type All: Shape;
}

impl<A, B> Beside<Vector<B>> for Vector<A>
where
    A: ArrayLength + Add<B, Output: ArrayLength>,
    B: ArrayLength,
{
    type All = Vector<Sum<A, B>>;
}

impl<A: Beside<B>, B: Shape, const N: usize> Beside<Frames<B, N>> for Frames<A, N> {
    type All = Frames<A::All, N>;
}

/// A shape that can be added to another, value by value; or, where one of them is a vector, channel by channel.
pub trait Meets<Other: Shape>: Shape {
    /// The shape of the sum.
    type Both: Shape;
}

impl<C: ArrayLength> Meets<Self> for Vector<C> {
    type Both = Self;
}
impl<C: ArrayLength, const L: usize> Meets<Self> for Signal<C, L> {
    type Both = Self;
}
impl<C: ArrayLength, const L: usize> Meets<Signal<C, L>> for Vector<C> {
    type Both = Signal<C, L>;
}
impl<C: ArrayLength, const L: usize> Meets<Vector<C>> for Signal<C, L> {
    type Both = Self;
}

impl<C: ArrayLength, const H: usize, const W: usize> Meets<Self> for Image<C, H, W> {
    type Both = Self;
}
impl<C: ArrayLength, const H: usize, const W: usize> Meets<Image<C, H, W>> for Vector<C> {
    type Both = Image<C, H, W>;
}
impl<C: ArrayLength, const H: usize, const W: usize> Meets<Vector<C>> for Image<C, H, W> {
    type Both = Self;
}

/// A shape of two values or more, whose number has two digits or more.
pub trait Several: Shape {}

impl<High, A, B> Several for Vector<UInt<UInt<High, A>, B>> where UInt<UInt<High, A>, B>: ArrayLength {}

/// The values of one sample of shape `S`. A batch is a slice of rows.
pub type Row<T, S> = <S as Shape>::Block<T>;
