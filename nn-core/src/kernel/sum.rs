//! Sums over the numbers of a row, whose order does not depend on the vectors.

use super::lanes::{Lanes, MOST_LANES, first_lanes, sum_by_halves};
use super::scalar::Scalar;
use crate::number::arena::split_mut;

/// The sum of `f` of the numbers of several slices side by side, as far as all of them reach.
///
/// The terms are dealt out in turn to as many parts as the longest vector has lanes, whatever `V` is, and the parts are added
/// by halves.
#[cfg_attr(not(debug_assertions), inline(always))]
fn sum<T: Scalar, V: Lanes<T>, const N: usize>(slices: [&[T]; N], f: impl Fn([V; N]) -> V) -> T {
    let zero = V::splat(T::ZERO);
    let mut parts = [zero; MOST_LANES];
    let (parts, _) = split_mut(&mut parts, const { MOST_LANES / V::LEN });
    let len = slices.iter().fold(usize::MAX, |len, slice| len.min(slice.len()));
    let split = slices.map(|slice| V::chunks(slice.get(..len).unwrap_or_default()));
    for at in 0..len / V::LEN {
        let values = split.map(|(chunks, _)| chunks.get(at).map_or(zero, V::load));
        if let Some(part) = parts.get_mut(at % const { MOST_LANES / V::LEN }) {
            *part = *part + f(values);
        }
    }
    if !len.is_multiple_of(V::LEN)
        && let Some(part) = parts.get_mut(len / V::LEN % const { MOST_LANES / V::LEN })
    {
        let values = split.map(|(_, rest)| V::load_first(rest, zero));
        // The other lanes are no terms.
        *part = *part + first_lanes::<T, V>(len % V::LEN).if_positive(f(values), zero);
    }
    sum_by_halves(parts)
}

/// The mean of `f` of rows of `len` numbers side by side: their [`sum`] times one over `len`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn mean<T: Scalar, V: Lanes<T>, const N: usize>(rows: [&[T]; N], len: usize, f: impl Fn([V; N]) -> V) -> T {
    sum(rows, f) * (T::ONE / T::from_u64(len as u64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::isa::{Isa, Task};
    use crate::kernel::set::{Portable, WithoutVectors};

    struct Dot<'a>([&'a [f32]; 2]);

    impl Task for Dot<'_> {
        type Output = f32;

        fn run<K: Isa>(self, _k: K) -> f32 {
            sum::<f32, K::V<f32>, 2>(self.0, |[a, b]| a * b)
        }
    }

    #[test]
    fn sums_do_not_depend_on_vectors() {
        let numbers: [f32; 90] = core::array::from_fn(|i| (i * 7919 % 1009) as f32 / 504.0 - 1.0);
        for len in 0..80 {
            let slices = [&numbers[..len], &numbers[10..]];
            let exact: f64 = slices[0].iter().zip(slices[1]).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
            let found = Dot(slices).run(Portable);
            assert_eq!(found, Dot(slices).run(WithoutVectors), "{len}");
            assert!((f64::from(found) - exact).abs() < 1e-5, "{len}: {found} and {exact}");
        }
    }
}
