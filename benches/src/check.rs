//! Whether all contestants of a row do the same.

use crate::networks::Case;

/// Asserts that the values of a contestant after its first call are those of this library.
///
/// In training the step is compared, divided by the learning rate: it is the gradient. Adam's first step is the sign of
/// the gradient, however small that is, so there a few may differ.
pub fn agree(case: &Case, name: &str, values: &[f32], expected: &[f32]) {
    if case.is_adam() {
        assert_eq!(values.len(), expected.len(), "{name} on {}", case.name);
        let differences = values.iter().zip(expected).map(|(value, expected)| (value - expected).abs());
        let mean = differences.sum::<f32>() / values.len() as f32 / case.rate();
        assert!(mean < 1e-2, "{name} on {}: the steps differ by {mean} on average", case.name);
        return;
    }
    let scale = if case.is_training() { case.rate() } else { 1.0 };
    let tolerance = if case.is_training() { 2e-3 } else { 1e-4 };
    close(case.name, name, values, expected, scale, tolerance);
}

/// Asserts that no value of a contestant on a row differs by `tolerance` times `scale` or more.
pub fn close(row: &str, name: &str, values: &[f32], expected: &[f32], scale: f32, tolerance: f32) {
    assert_eq!(values.len(), expected.len(), "{name} on {row}");
    let differences = values.iter().zip(expected).map(|(value, expected)| (value - expected).abs());
    let worst = differences.fold(0.0, f32::max) / scale;
    assert!(worst < tolerance, "{name} on {row}: differs by {worst}");
}
