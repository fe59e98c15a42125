//! The backward pass of a layer with few weights, compiled for its sizes.
#![allow(unsafe_code)]

use super::FEW;
use crate::kernel::isa::{Isa, Task};
use crate::kernel::jobs::{Gradients, Product, Start};
use crate::kernel::lanes::{Lanes, MOST_LANES};
use crate::kernel::product::{add, least};
use crate::kernel::scalar::Scalar;
use crate::number::storage::Plain;
use core::marker::PhantomData;
use core::mem::MaybeUninit;

/// [`Gradients`] of a layer with fewer than [`FEW`] weights.
pub(super) struct Few<G, X, Y>(pub(super) G, pub(super) PhantomData<(X, Y)>);

impl<T: Scalar, X: Plain<T>, Y: Plain<T>> Task for Few<Gradients<T>, X, Y> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(self, _k: K) {
        let steps = [X::LEN, Y::LEN, Y::LEN];
        let gradients = Gradients { inputs: X::LEN, outputs: Y::LEN, steps, ..self.0 };
        // SAFETY: the matrices are as long as `backward` says; of `turned`, what is read was written before.
        unsafe {
            gradients.of_parameters::<K::V<T>, X, Y>();
            if !gradients.dx.is_null() {
                let mut turned = [const { MaybeUninit::<T>::uninit() }; FEW];
                let turned: *mut T = turned.as_mut_ptr().cast();
                for input in 0..X::LEN {
                    for output in 0..Y::LEN {
                        *turned.add(output * X::LEN + input) = *gradients.weights.add(input * Y::LEN + output);
                    }
                }
                Product { b: (turned, X::LEN), ..gradients.of_input() }.small::<K::V<T>, X>();
            }
        }
    }
}

impl<T: Scalar> Gradients<T> {
    /// The gradients by the weights and by the bias.
    ///
    /// # Safety
    /// As `backward` says; there are `X::LEN` inputs and `Y::LEN` outputs.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn of_parameters<V: Lanes<T>, X: Plain<T>, Y: Plain<T>>(&self) {
        // SAFETY: the caller's promise; the tiles below one another are all inputs, and there are columns for a vector.
        unsafe {
            if const { Y::LEN == 1 } {
                let one = T::ONE;
                self.of_weights().small::<V, X>();
                if !self.to.1.is_null() {
                    self.of_bias(&raw const one).small::<V, Y>();
                }
            } else if const { Y::LEN < least::<T, V>() } {
                self.of_parameters::<V::Half, X, Y>();
            } else if const { Y::LEN <= V::LEN && V::LEN == MOST_LANES } {
                // There are registers for sixteen inputs only of the longest vectors.
                self.panel::<V, X, 1, 16>(0);
            } else {
                let vectors = const { Y::LEN.div_ceil(V::LEN) };
                // The last two vectors, which may overlap, are in one panel: it reads what it adds to before it writes.
                let mut at = vectors % 2;
                if at > 0 {
                    self.panel::<V, X, 1, 8>(0);
                }
                while at < vectors {
                    self.panel::<V, X, 2, 4>(at);
                    at += 2;
                }
            }
        }
    }

    /// The `J` vectors of columns from vector `at` on, `M` inputs at a time.
    ///
    /// # Safety
    /// As `of_parameters`; there are so many vectors.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn panel<V: Lanes<T>, X: Plain<T>, const J: usize, const M: usize>(&self, at: usize) {
        // SAFETY: the caller's promise; there are so many inputs.
        unsafe {
            let mut input = 0;
            if !self.to.1.is_null() {
                input = self.with_bias::<V, X, J, M>(at);
            }
            while input + M <= X::LEN {
                self.tile::<V, J, M, false>(input, at);
                input += M;
            }
            while const { M > 8 } && input + 8 <= X::LEN {
                self.tile::<V, J, 8, false>(input, at);
                input += 8;
            }
            while input + 4 <= X::LEN {
                self.tile::<V, J, 4, false>(input, at);
                input += 4;
            }
            while input + 2 <= X::LEN {
                self.tile::<V, J, 2, false>(input, at);
                input += 2;
            }
            if input < X::LEN {
                self.tile::<V, J, 1, false>(input, at);
            }
        }
    }

    /// The first tile of a panel, with the bias. Returns of how many inputs it is.
    ///
    /// # Safety
    /// As `panel`; there is a gradient by the bias.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn with_bias<V: Lanes<T>, X: Plain<T>, const J: usize, const M: usize>(&self, at: usize) -> usize {
        // SAFETY: the caller's promise; there are so many inputs.
        unsafe {
            match const { X::LEN } {
                1 => self.tile::<V, J, 1, true>(0, at),
                2 | 3 => self.tile::<V, J, 2, true>(0, at),
                4..8 => self.tile::<V, J, 4, true>(0, at),
                8..16 if const { M > 8 } => self.tile::<V, J, 8, true>(0, at),
                _ => self.tile::<V, J, M, true>(0, at),
            }
        }
    }

    /// The gradient by the weights of the `M` inputs from `input` on, of the `J` vectors from vector `at` on; with them, if
    /// there is a `BIAS`, that by it, as the one pass over the rows has their `dy` at hand. Returns `M`.
    ///
    /// # Safety
    /// As `panel`; there are so many inputs.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn tile<V: Lanes<T>, const J: usize, const M: usize, const BIAS: bool>(
        &self,
        input: usize,
        at: usize,
    ) -> usize {
        let weights = self.of_weights();
        let columns = weights.columns_of::<V, J>(at);
        let zero = V::splat(T::ZERO);
        let (mut sums, mut of_bias) = ([[zero; J]; M], [zero; J]);
        let (mut x, mut dy) = (self.x.wrapping_add(input), self.dy);
        // SAFETY: every pointer is to an element, as the caller promises: there are `M` inputs from `input` on, and rows of
        // `dy` and of the gradients have `V::LEN` numbers from each of `columns` on.
        unsafe {
            for _ in 0..self.rows {
                let slopes = weights.read_columns::<V, J>(dy, columns);
                for (m, sums) in sums.iter_mut().enumerate() {
                    add(sums, V::splat(*x.add(m)), slopes);
                }
                if BIAS {
                    for (sum, slope) in of_bias.iter_mut().zip(slopes) {
                        *sum = *sum + slope;
                    }
                }
                (x, dy) = (x.wrapping_add(self.inputs), dy.wrapping_add(self.outputs));
            }
            let adds = matches!(self.start, Start::Sum);
            for (m, sums) in sums.into_iter().enumerate() {
                weights.finish_columns(sums, self.to.0.add((input + m) * self.outputs), columns, adds);
            }
            if BIAS {
                weights.finish_columns(of_bias, self.to.1, columns, adds);
            }
        }
        M
    }
}
