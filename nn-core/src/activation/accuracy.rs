//! How far activations by approximations are from the exact ones.

use super::{Activation, GeluTanh, Mish, Silu, Softplus};
use crate::kernel::Fast;
use crate::kernel::math::PowerOfTwo;
use crate::kernel::math::accuracy::{Case, case, check, edges, exact_sigmoid};

/// An activation by approximations.
fn value<A: Activation, V: PowerOfTwo>(x: V) -> V {
    A::value::<f32, _>(Fast(x)).0
}

fn exact_gelu_tanh(x: f64) -> f64 {
    let inner = 0.797_884_560_802_865_4 * (x + 0.044_715 * x * x * x);
    // x/2 · (1 + tanh(a)) is x · sigmoid(2a), where nothing cancels.
    if x == f64::NEG_INFINITY { f64::NAN } else { x / (1.0 + libm::exp(-2.0 * inner)) }
}

fn exact_silu(x: f64) -> f64 {
    x * exact_sigmoid(x)
}

fn exact_softplus(x: f64) -> f64 {
    if x > 20.0 { x } else { libm::log1p(libm::exp(x)) }
}

fn exact_mish(x: f64) -> f64 {
    x * libm::tanh(exact_softplus(x))
}

const INF: f32 = f32::INFINITY;

/// The bounds that the documentation states.
const CASES: &[Case] = &[
    case!("fast gelu(tanh)", value::<GeluTanh, _>, exact_gelu_tanh, Absolute, [-1e30, 4.0], 1.1e-4),
    case!("fast gelu(tanh)", value::<GeluTanh, _>, exact_gelu_tanh, Relative, [4.0, 1e30], 2e-5),
    case!("fast silu", value::<Silu, _>, exact_silu, Absolute, [-1e30, 4.0], 1.7e-5),
    case!("fast silu", value::<Silu, _>, exact_silu, Relative, [4.0, INF], 2e-6),
    case!("fast softplus", value::<Softplus, _>, exact_softplus, Absolute, [-INF, 20.0], 7.7e-5),
    case!("fast softplus", value::<Softplus, _>, exact_softplus, Relative, [20.0, INF], 4e-6),
    case!("fast mish", value::<Mish, _>, exact_mish, Absolute, [-1e30, 4.0], 2e-4),
    case!("fast mish", value::<Mish, _>, exact_mish, Relative, [4.0, INF], 5.7e-5),
];

#[test]
#[cfg_attr(miri, ignore = "too many numbers for Miri")]
fn errors_are_bounded() {
    check(CASES, (0..=u32::MAX).step_by(4_097).chain(edges()));
}

#[test]
#[ignore = "all bit patterns: half an hour in release, with -C target-cpu=native"]
fn errors_are_bounded_everywhere() {
    check(CASES, 0..=u32::MAX);
}
