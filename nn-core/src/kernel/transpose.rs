//! The transposition of a matrix.
#![allow(unsafe_code)]

use super::lanes::Lanes;
use super::scalar::Scalar;

/// `to[column][row] = from[row][column]`, where rows of `from` have `width` numbers. Nothing if both are not as long.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn transpose<T: Scalar, V: Lanes<T>>(from: &[T], width: usize, to: &mut [T]) {
    let rows = from.len().checked_div(width).unwrap_or_default();
    let is_right = rows * width == from.len() && from.len() == to.len();
    debug_assert!(is_right, "a matrix is its rows");
    if !is_right {
        return;
    }
    if const { V::LEN == 1 } || width < 4 {
        for (row, from) in from.chunks_exact(width.max(1)).enumerate() {
            for (from, to) in from.iter().zip(to.iter_mut().skip(row).step_by(rows.max(1))) {
                *to = *from;
            }
        }
        return;
    }
    if rows < V::LEN {
        return transpose::<T, V::Half>(from, width, to);
    }
    // Four columns of as many rows as there are lanes. The last ones begin earlier, and are in part written again.
    let mut row = 0;
    while row < rows {
        let first = row.min(rows - V::LEN);
        let mut column = 0;
        while column < width {
            let left = column.min(width - 4);
            // SAFETY: there are `V::LEN` rows from `first` on, and four columns from `left` on.
            unsafe {
                let columns = V::read_columns(from.as_ptr().add(first * width + left), width);
                for (at, column) in columns.into_iter().enumerate() {
                    column.write(to.as_mut_ptr().add((left + at) * rows + first));
                }
            }
            column += 4;
        }
        row += V::LEN;
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::kernel::{InstructionSet, Isa, Task, on};
    use std::vec::Vec;

    struct Both<'a>(&'a [f32], usize, [&'a mut [f32]; 2]);

    impl Task for Both<'_> {
        type Output = ();

        fn run<K: Isa>(self, _k: K) {
            let [to, back] = self.2;
            transpose::<f32, K::V<f32>>(self.0, self.1, to);
            transpose::<f32, K::V<f32>>(to, self.0.len() / self.1, back);
        }
    }

    #[test]
    fn columns_are_rows() {
        for (rows, width) in (1..40).flat_map(|rows| (1..20).map(move |width| (rows, width))) {
            let numbers: Vec<f32> = (0..rows * width).map(|at| at as f32).collect();
            let expected: Vec<f32> = (0..rows * width).map(|at| numbers[at % rows * width + at / rows]).collect();
            for set in InstructionSet::ALL.into_iter().filter(|set| set.is_available()) {
                let (mut to, mut back) = (std::vec![-1.0; rows * width], std::vec![-1.0; rows * width]);
                on(set, Both(&numbers, width, [&mut to, &mut back]));
                assert_eq!((&to, &back), (&expected, &numbers), "{rows} rows of {width} on {set:?}");
            }
        }
    }
}
