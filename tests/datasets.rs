//! Data sets of sequences.

use nn_core::dataset::{Dataset, many_to_many, many_to_one, pieces};
use nn_core::train::TrainError;

/// What is filled up is the last step again, and does not count.
#[test]
fn sequences_are_cut_and_filled_up() {
    let (x, y): (Vec<_>, Vec<_>) = (0..7).map(|step| ([step as f32], [-step as f32])).unzip();
    let data = pieces::<_, _, f32, 3>(&x, &y).expect("as many");
    let (mut input, mut rows) = ([[0.0]; 3], Vec::new());
    for index in 0..data.len() {
        data.input(index, &mut input).expect("a piece");
        rows.push((input, data.target(index).expect("a piece")));
        assert!(!data.begins(index, 0));
    }
    let row = |from: i32, weights: [f32; 3]| {
        let step = |at: usize| (from + at as i32).min(6) as f32;
        (core::array::from_fn(|at| [step(at)]), core::array::from_fn(|at| ([-step(at)], weights[at])))
    };
    assert_eq!(rows, [row(0, [1.0; 3]), row(3, [1.0; 3]), row(6, [1.0, 0.0, 0.0])]);
    assert_eq!((data.input(3, &mut input), data.target(3)), (None, None));
    assert_eq!(data.target(usize::MAX), None);
    let error = pieces::<_, _, f32, 3>(&x, &y[1..]).expect_err("a target too few");
    assert_eq!(error, TrainError::Lengths { expected: 7, found: 6 });

    let sequences = [(&x[..1], 4), (&x[2..5], 5)];
    let data = many_to_one::<_, _, _, f32, 3>(&sequences).expect("of one to three");
    assert_eq!(data.target(0), Some([(4, 1.0), (4, 0.0), (4, 0.0)]));
    assert_eq!(data.target(1), Some([(5, 0.0), (5, 0.0), (5, 1.0)]));
    data.input(0, &mut input).expect("a sequence");
    assert_eq!(input, [[0.0]; 3]);
    assert_eq!((data.len(), data.input(2, &mut input)), (2, None));
    let error = many_to_one::<_, _, _, f32, 2>(&sequences).expect_err("three steps");
    assert_eq!(error, TrainError::Steps { index: 1, expected: 2, found: 3 });
    assert_eq!(error.to_string(), "sequence 1 has 3 steps, but 1 to 2 are expected");
    assert!(many_to_one::<_, _, _, f32, 3>(&[(&x[..0], 1)]).is_err(), "no step");

    let both = [(&x[..2], &y[..2])];
    let data = many_to_many::<_, _, _, _, f64, 3>(&both).expect("of two");
    assert_eq!(data.target(0), Some([([0.0], 1.0), ([-1.0], 1.0), ([-1.0], 0.0)]));
    let error = many_to_many::<_, _, _, _, f64, 3>(&[(&x[..2], &y[..3])]).expect_err("a target too many");
    assert_eq!(error, TrainError::Lengths { expected: 2, found: 3 });
}
