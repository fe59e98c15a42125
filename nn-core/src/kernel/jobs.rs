//! What the kernels are asked for: matrices in memory, and what to compute of them. The code is in [`product`](super::product)
//! and [`dense`](super::dense).
#![allow(unsafe_code)]

/// `c[m][n] = start + Σ_k a[m][k] · b[k][n]`, over matrices that lie in memory with any steps. The numbers of a row of `b`
/// and of `c` are side by side, so that a vector is of several columns and no sum is reordered by it.
///
/// The order of a sum depends on the sizes and on [`Start`] alone. A long sum for a single column may be a dot product in
/// sixteen parts that lie side by side. Otherwise its terms are dealt out in turn to so many parts, each is
/// summed in order, and the parts are added in order: `k = 0, 2, 4, …`, then `k = 1, 3, 5, …` if there are two.
///
/// The gradients of small networks that learn with their rows [turned](super::turned) are no such products: on the sets with
/// fused operations a sum over rows has sixteen parts there, of every sixteenth row, which are added half to half.
#[derive(Clone, Copy, Debug)]
pub struct Product<T> {
    /// Rows of `a` and `c`.
    pub rows: usize,
    /// Columns of `b` and `c`.
    pub columns: usize,
    /// Columns of `a`, rows of `b`.
    pub terms: usize,
    /// Partial sums: 1, 2 or 4.
    pub parts: usize,
    /// The first number of `a`, and the steps to the next row and to the next term.
    pub a: (*const T, usize, usize),
    /// The first number of `b`, and the step to the next term.
    pub b: (*const T, usize),
    /// The first number of `c`, and the step to the next row.
    pub c: (*mut T, usize),
    /// What the products are added to.
    pub start: Start<T>,
}

/// What the products are added to.
#[derive(Clone, Copy, Debug)]
pub enum Start<T> {
    /// To nothing.
    Zero,
    /// To these numbers, in every row the same.
    Row(*const T),
    /// To what is in `c`, after they are summed.
    Sum,
}

impl<T> Start<T> {
    /// The numbers that every row begins with, if there are any.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) const fn row(&self) -> Option<*const T> {
        if let Self::Row(row) = self { Some(*row) } else { None }
    }
}

/// A product whose [`compute`](Product::compute) is safe to call.
#[derive(Clone, Copy, Debug)]
pub struct Promised<T>(pub(super) Product<T>);

impl<T> Product<T> {
    /// The product as a task.
    ///
    /// # Safety
    /// As [`compute`](Self::compute), until the task has run.
    pub const unsafe fn promise(self) -> Promised<T> {
        Promised(self)
    }
}

/// The backward pass of a layer of any sizes. Only [`dense::backward`](super::dense::backward),
/// [`conv::backward`](super::conv::backward) and [`spatial::backward`](super::spatial::backward) make one, which know from types and
/// slices that every pointer is to as many numbers as `rows`, `inputs`, `outputs` and `steps` say, and lives as long as the call.
#[derive(Clone, Copy, Debug)]
pub struct Gradients<T> {
    pub(super) rows: usize,
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    /// From a row of inputs, of outputs, and of weights to the next.
    pub(super) steps: [usize; 3],
    pub(super) x: *const T,
    pub(super) dy: *const T,
    pub(super) weights: *const T,
    /// Null if it is not wanted.
    pub(super) dx: *mut T,
    /// The gradients by the weights and by the bias, null if there is none.
    pub(super) to: (*mut T, *mut T),
    /// [`Start::Zero`] or [`Start::Sum`].
    pub(super) start: Start<T>,
    /// The same of the gradient by the input.
    pub(super) dx_start: Start<T>,
}
