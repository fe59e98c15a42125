//! The way back through planes.

use super::{Conv, Into, Plane, PlaneMut, read};
use crate::kernel::isa::{Isa, Task};
use crate::kernel::lanes::{Lanes, MOST_LANES, sum_by_halves};
use crate::kernel::scalar::Scalar;

/// Some channels, from a frame on: the numbers, the first frame, and from a channel to the next.
pub type Channels<'a, T> = (&'a [T], usize, usize);

/// `y[o][t] += Σ x[i][t] · weights[i][o]`.
pub struct Sums<'a, T> {
    /// The inputs.
    pub x: Channels<'a, T>,
    /// The weights of all pairs.
    pub weights: &'a [T],
    /// From the weight of an input and of an output to the next.
    pub steps: [usize; 2],
    /// How many inputs and outputs.
    pub sizes: [usize; 2],
    /// The outputs.
    pub y: (&'a mut [T], usize, usize),
    /// How many frames.
    pub rows: usize,
}

impl<T: Scalar> Task for Sums<'_, T> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(self, _k: K) {
        self.compute::<K::V<T>>();
    }
}

impl<T: Scalar> Sums<'_, T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn compute<V: Lanes<T>>(self) -> Option<()> {
        let ([inputs, outputs], [of_input, of_output], rows) = (self.sizes, self.steps, self.rows);
        if !is_matrix(self.weights.len(), self.sizes, self.steps) {
            return None;
        }
        let x = [Plane::of(self.x.0, inputs, self.x.2, self.x.1, rows)?];
        let y = PlaneMut::of(self.y.0, outputs, self.y.2, self.y.1, rows)?;
        let ends = Into { y, adds: true, bias: None };
        let steps = [of_input, of_output];
        // SAFETY: both planes have those frames, and the weights are there.
        unsafe { Conv { taps: &x, inputs, outputs, weights: self.weights.as_ptr(), steps, ends }.along::<V>(0, rows) }
        Some(())
    }
}

/// Whether so many numbers have a matrix of those sizes.
#[cfg_attr(not(debug_assertions), inline(always))]
fn is_matrix(len: usize, [inputs, outputs]: [usize; 2], [of_input, of_output]: [usize; 2]) -> bool {
    let is_right = inputs > 0 && outputs > 0 && (inputs - 1) * of_input + (outputs - 1) * of_output < len;
    debug_assert!(is_right, "the weights are those of the layer");
    is_right
}

/// `to[i][o] += Σ a[i][t] · b[o][t]`; without `a`, `to[o] += Σ b[o][t]`.
pub struct Products<'a, T> {
    /// The first.
    pub a: Option<Channels<'a, T>>,
    /// The second.
    pub b: Channels<'a, T>,
    /// How many channels each has.
    pub sizes: [usize; 2],
    /// How many frames.
    pub rows: usize,
    /// The sums, row by row.
    pub to: &'a mut [T],
}

impl<T: Scalar> Task for Products<'_, T> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(self, _k: K) {
        self.compute::<K::V<T>>();
    }
}

impl<T: Scalar> Products<'_, T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn compute<V: Lanes<T>>(self) -> Option<()> {
        let ([first, second], rows) = (self.sizes, self.rows);
        if !is_matrix(self.to.len(), self.sizes, [second, 1]) {
            return None;
        }
        let a = match self.a {
            Some((a, from, step)) => Some(Plane::of(a, first, step, from, rows)?),
            None => None,
        };
        let b = Plane::of(self.b.0, second, self.b.2, self.b.1, rows)?;
        for (i, row) in self.to.chunks_mut(second.max(1)).take(first).enumerate() {
            let a = a.map(|a| a.at.wrapping_add(i * a.step));
            let mut output = 0;
            for sums in row.chunks_mut(2) {
                // SAFETY: the channels have `rows` frames.
                unsafe {
                    let b = b.at.add(output * b.step);
                    match sums {
                        [first, second] => {
                            let [one, two] = dots::<T, V, 2>(a, b, self.b.2, rows);
                            (*first, *second) = (*first + one, *second + two);
                        }
                        [first] => *first += dots::<T, V, 1>(a, b, self.b.2, rows)[0],
                        _ => {}
                    }
                }
                output += 2;
            }
        }
        Some(())
    }
}

/// The products of one channel, or of ones, with `R` others. The sum of a product is in [`MOST_LANES`] parts, whatever vectors there are.
///
/// # Safety
/// They have `rows` frames.
#[cfg_attr(not(debug_assertions), inline(always))]
unsafe fn dots<T: Scalar, V: Lanes<T>, const R: usize>(
    a: Option<*const T>,
    b: *const T,
    step: usize,
    rows: usize,
) -> [T; R] {
    let vectors = const { MOST_LANES / V::LEN };
    let mut sums = [[V::splat(T::ZERO); MOST_LANES]; R];
    let mut t = 0;
    while t < rows {
        for part in 0..vectors {
            let (at, left) = (t + part * V::LEN, rows.saturating_sub(t + part * V::LEN));
            let count = left.min(V::LEN);
            // SAFETY: so many are left.
            unsafe {
                let a = match a {
                    Some(a) => read::<T, V>(a.wrapping_add(at), count),
                    None => V::splat(T::ONE),
                };
                for (r, sums) in sums.iter_mut().enumerate() {
                    if let Some(sum) = sums.get_mut(part) {
                        *sum = a.mul_add(read(b.wrapping_add(r * step + at), count), *sum);
                    }
                }
            }
        }
        t += MOST_LANES;
    }
    sums.map(|mut sums| sum_by_halves(sums.get_mut(..vectors).unwrap_or_default()))
}
