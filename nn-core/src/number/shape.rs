//! Shapes as types.
//!
//! A shape decides how the values of one sample lie in memory. This version has vectors; signals and images will join
//! them as further implementations of [`Shape`].

use super::Number;
use super::size::product;
use super::storage::Plain;
use core::marker::PhantomData;
pub use generic_array::{ArrayLength, GenericArray};
use typenum::UInt;

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

/// A shape whose number of values is also a type-level number.
pub trait Flat: Shape {
    /// The number of values of one sample.
    type Len: ArrayLength;
}

/// The number of values of a [`Flat`] shape, as a type.
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
    const DIMS: [usize; 3] = [S::DIMS[0], product(S::DIMS[1], N), S::DIMS[2]];
}

/// A shape of two values or more, whose number has two digits or more.
pub trait Several: Shape {}

impl<High, A, B> Several for Vector<UInt<UInt<High, A>, B>> where UInt<UInt<High, A>, B>: ArrayLength {}

/// The values of one sample of shape `S`. A batch is a slice of rows.
pub type Row<T, S> = <S as Shape>::Block<T>;
