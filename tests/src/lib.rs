//! What several tests need: vectors made by PyTorch, and the parameters of a network as one list.

/// The README's programs compile and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

use nn_core::network::Learns;
use nn_core::prelude::*;
use nn_core::scalar::Scalar;
use std::collections::HashMap;

pub use nn_core;

pub mod agreement;
pub mod files;
pub mod pieces;

network! {
    /// A network for the networks of other crates.
    pub struct Shared: 4 => 3 tanh => 2;
}

/// A file of `vectors/`: lines of a name and its numbers.
pub struct Vectors(HashMap<&'static str, Vec<f64>>);

impl Vectors {
    /// Reads the text of a file.
    pub fn parse(text: &'static str) -> Self {
        let line = |line: &'static str| {
            let mut words = line.split_whitespace();
            Some((words.next()?, words.map(|word| word.parse().expect("a number")).collect()))
        };
        Self(text.lines().filter_map(line).collect())
    }

    /// The numbers of that name.
    pub fn get<T: Scalar>(&self, name: &str) -> Vec<T> {
        let numbers = self.0.get(name).unwrap_or_else(|| panic!("no vector `{name}`"));
        numbers.iter().map(|x| T::from_f64(*x)).collect()
    }

    /// The numbers of that name, as rows.
    pub fn rows<T: Scalar, const N: usize>(&self, name: &str) -> Vec<[T; N]> {
        let numbers = self.get(name);
        let (rows, []) = numbers.as_chunks::<N>() else { panic!("`{name}` is not rows of {N}") };
        rows.to_vec()
    }
}

/// All parameters of a network in the order of its tensors.
pub fn parameters<N: Learns>(net: &N) -> Vec<N::Number> {
    let mut all = Vec::new();
    net.parameters(|_, values| all.extend_from_slice(values));
    all
}

/// Sets all parameters of a network.
pub fn set_parameters<N: Learns>(net: &mut N, values: &[N::Number]) {
    assert_eq!(values.len(), N::PARAMETERS);
    let mut values = values.iter();
    net.parameters_mut(|_, tensor| tensor.iter_mut().zip(&mut values).for_each(|(to, from)| *to = *from));
}

/// Fails if two lists of numbers differ by more than `tolerance` times one plus the expected number.
#[track_caller]
pub fn assert_close<T: Scalar>(what: &str, found: &[T], expected: &[T], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
        let (found, expected) = (found.to_f64(), expected.to_f64());
        let close = (found - expected).abs() <= tolerance * (1.0 + expected.abs());
        assert!(
            expected.is_finite() && close || found == expected || found.is_nan() && expected.is_nan(),
            "{what}, number {at}: found {found}, expected {expected}"
        );
    }
}

/// Fails if a gradient at `values` is not that of `loss`, by central differences of the fourth order: what a step adds in third
/// derivatives goes.
#[track_caller]
pub fn assert_gradient(what: &str, gradient: &[f64], values: &[f64], loss: impl Fn(&[f64]) -> f64) {
    assert_eq!(gradient.len(), values.len(), "{what}");
    let mut moved = values.to_vec();
    for (index, analytic) in gradient.iter().enumerate() {
        let mut at = |by: f64| {
            moved[index] = values[index] + by;
            loss(&moved)
        };
        let mut slope = |by: f64| (at(by) - at(-by)) / (2.0 * by);
        let numeric = (4.0 * slope(1e-3) - slope(2e-3)) / 3.0;
        moved[index] = values[index];
        assert!((analytic - numeric).abs() <= 1e-8, "{what}, number {index}: {analytic} and {numeric}");
    }
}
