//! The loops of a dense layer.
//!
//! Weights are stored input-major, `weights[input][output]`, so that an input times its row of weights is added to all
//! outputs at once and no sum is reordered: single samples and batches, long and short vectors give the same bits.

use super::lanes::{Lanes, One};
use crate::scalar::Scalar;
use generic_array::{ArrayLength, GenericArray};

/// `y = bias + x · weights` for one sample.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn forward<T: Scalar, V: Lanes<T>, O: ArrayLength>(
    x: &[T],
    weights: &[GenericArray<T, O>],
    bias: &GenericArray<T, O>,
    y: &mut GenericArray<T, O>,
) {
    let count = O::USIZE / V::LEN;
    let mut at = 0;
    // As many sums as stay in registers, each of its own outputs.
    while at + 8 <= count {
        block::<T, V, O, 8>(x, weights, bias, y, at);
        at += 8;
    }
    if at + 4 <= count {
        block::<T, V, O, 4>(x, weights, bias, y, at);
        at += 4;
    }
    if at + 2 <= count {
        block::<T, V, O, 2>(x, weights, bias, y, at);
        at += 2;
    }
    if at < count {
        block::<T, V, O, 1>(x, weights, bias, y, at);
    }
    for at in count * V::LEN..O::USIZE {
        block::<T, One<T>, O, 1>(x, weights, bias, y, at);
    }
}

/// Outputs `at * LEN..(at + J) * LEN`.
#[cfg_attr(not(debug_assertions), inline(always))]
fn block<T: Scalar, V: Lanes<T>, O: ArrayLength, const J: usize>(
    x: &[T],
    weights: &[GenericArray<T, O>],
    bias: &GenericArray<T, O>,
    y: &mut GenericArray<T, O>,
    at: usize,
) {
    let mut sums = [V::splat(T::ZERO); J];
    for (sum, chunk) in sums.iter_mut().zip(vectors::<T, V>(bias, at)) {
        *sum = V::load(chunk);
    }
    for (x, row) in x.iter().zip(weights) {
        let x = V::splat(*x);
        for (sum, chunk) in sums.iter_mut().zip(vectors::<T, V>(row, at)) {
            *sum = x.mul_add(V::load(chunk), *sum);
        }
    }
    let (chunks, _) = V::chunks_mut(y);
    for (chunk, sum) in chunks.iter_mut().skip(at).zip(sums) {
        sum.store(chunk);
    }
}

/// The vectors of `row` from the one with index `at` on.
#[cfg_attr(not(debug_assertions), inline(always))]
fn vectors<T: Scalar, V: Lanes<T>>(row: &[T], at: usize) -> &[V::Chunk] {
    V::chunks(row).0.get(at..).unwrap_or_default()
}

/// Adds `x ⊗ dy` to `weights` and `dy` to `bias`, for one sample.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn add_gradient<T: Scalar, V: Lanes<T>, O: ArrayLength>(
    x: &[T],
    dy: &GenericArray<T, O>,
    weights: &mut [GenericArray<T, O>],
    bias: &mut GenericArray<T, O>,
) {
    for (x, row) in x.iter().zip(weights) {
        add_scaled::<T, V>(*x, dy, row);
    }
    add_scaled::<T, V>(T::ONE, dy, bias);
}

/// `to += by * from`.
#[cfg_attr(not(debug_assertions), inline(always))]
fn add_scaled<T: Scalar, V: Lanes<T>>(by: T, from: &[T], to: &mut [T]) {
    let (from, from_tail) = V::chunks(from);
    let (to, to_tail) = V::chunks_mut(to);
    for (to, from) in to.iter_mut().zip(from) {
        V::splat(by).mul_add(V::load(from), V::load(to)).store(to);
    }
    for (to, from) in to_tail.iter_mut().zip(from_tail) {
        *to = One(by).mul_add(One(*from), One(*to)).0;
    }
}

/// `dx = weights · dy` for one sample.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn input_gradient<T: Scalar, V: Lanes<T>, O: ArrayLength>(
    weights: &[GenericArray<T, O>],
    dy: &GenericArray<T, O>,
    dx: &mut [T],
) {
    for (dx, row) in dx.iter_mut().zip(weights) {
        *dx = if V::LEN == 1 { dot::<T, V, 4>(row, dy) } else { dot::<T, V, 1>(row, dy) };
    }
}

/// The dot product, as `J * LEN` sums that are added by pairs. Four sums of one number give the bits of one sum of four.
#[cfg_attr(not(debug_assertions), inline(always))]
fn dot<T: Scalar, V: Lanes<T>, const J: usize>(a: &[T], b: &[T]) -> T {
    let (a, a_tail) = V::chunks(a);
    let (b, b_tail) = V::chunks(b);
    let (a, a_more) = a.as_chunks::<J>();
    let (b, b_more) = b.as_chunks::<J>();
    let mut sums = [V::splat(T::ZERO); J];
    for (a, b) in a.iter().zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum = V::load(a).mul_add(V::load(b), *sum);
        }
    }
    let mut sum = match sums.as_slice() {
        [a, b, c, d] => (*a + *b) + (*c + *d),
        [a, ..] => *a,
        [] => V::splat(T::ZERO),
    }
    .sum();
    for (a, b) in a_more.iter().zip(b_more) {
        sum += (V::load(a) * V::load(b)).sum();
    }
    for (a, b) in a_tail.iter().zip(b_tail) {
        sum += *a * *b;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::Plain;
    use generic_array::typenum::U39;

    #[test]
    fn vectors_of_any_length_give_the_same_bits() {
        type V = <f32 as Scalar>::Portable;
        let number = |i: usize| ((i * 7919 % 1009) as f32 / 504.0 - 1.0) * 1.1;
        let mut weights = <[GenericArray<f32, U39>; 5]>::ZEROED;
        weights.values_mut().iter_mut().enumerate().for_each(|(i, w)| *w = number(i));
        let mut dy = GenericArray::<f32, U39>::ZEROED;
        dy.iter_mut().enumerate().for_each(|(i, w)| *w = number(i + 300));
        let x = [0.3, -0.7, 1.1, 0.0, 2.5];

        let (mut y, mut y1) = (dy, dy);
        forward::<_, V, _>(&x, &weights, &dy, &mut y);
        forward::<_, One<f32>, _>(&x, &weights, &dy, &mut y1);
        assert_eq!(y, y1);
        for (o, y) in y.iter().enumerate() {
            let exact: f64 = (0..5).map(|i| f64::from(x[i]) * f64::from(weights[i][o])).sum();
            assert!((f64::from(*y) - exact - f64::from(dy[o])).abs() < 1e-5);
        }

        let (mut dx, mut dx1) = ([0.0; 5], [0.0; 5]);
        input_gradient::<_, V, _>(&weights, &dy, &mut dx);
        input_gradient::<_, One<f32>, _>(&weights, &dy, &mut dx1);
        assert_eq!(dx, dx1);

        let (mut g, mut g1) = (weights, weights);
        add_gradient::<_, V, _>(&x, &dy, &mut g, &mut y);
        add_gradient::<_, One<f32>, _>(&x, &dy, &mut g1, &mut y1);
        assert_eq!((g, y), (g1, y1));
    }
}
