//! Softmax, the one activation that is not element by element.

use super::function::{Probability, RowActivation};
use crate::kernel::{Lanes, Scalar};
use crate::number::arena::next_rows;
use crate::part::ending::Ending;
use crate::part::init::Init;
use crate::part::seed::Seed;

/// `exp(x_i) / Σ exp(x_j)` over a row: values above zero that sum to one.
///
/// Computed after the largest value is subtracted, as PyTorch's `Softmax(dim=1)`. For training, leave it out and use
/// [`CrossEntropy`](crate::loss::CrossEntropy), which takes the values before it.
pub struct Softmax;

impl RowActivation for Softmax {
    type Keeps = Probability<Self>;
    const LABEL: &'static str = "softmax";
    const WANTS: Init = Init::GlorotUniform;
    const LIMITS: [f64; 2] = [f64::NEG_INFINITY, f64::INFINITY];

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<T: Scalar, V: Lanes<T>>(rows: &mut [T], width: usize) {
        for row in rows.chunks_exact_mut(width.max(1)) {
            V::softmax(row);
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn slopes<T: Scalar, V: Lanes<T>>(kept: &[T], dy: &mut [T], width: usize, _seed: Seed) {
        let (mut kept, mut rest) = (kept, dy);
        while let Some((y, dy)) = next_rows(&mut kept, width, &mut rest, width) {
            let mean = y.iter().zip(&*dy).fold(T::ZERO, |sum, (y, dy)| sum + *y * *dy);
            dy.iter_mut().zip(y).for_each(|(dy, y)| *dy = *y * (*dy - mean));
        }
    }
}

impl Ending for Softmax {
    type After<Before: Ending> = Self;
    type Or<Other: Ending> = Self;
    type Choose<Numbers, Each, Classes> = Classes;
}
