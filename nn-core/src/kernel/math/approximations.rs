//! The same for the approximations.

extern crate std;

use super::accuracy::*;
use super::fused::Fused;
use super::*;

const INF: f32 = f32::INFINITY;

/// The bounds that the documentation states.
const CASES: &[Case] = &[
    case!("fast exp", fast::exp, libm::exp, Relative, [-87.3, 88.37], 8.5e-5),
    case!("fast exp", fast::exp, libm::exp, Absolute, [-INF, -87.3], 1.2e-38),
    case!("fast sigmoid", fast::sigmoid, exact_sigmoid, Absolute, ALL, 2.9e-5),
    case!("fast tanh", fast::tanh, libm::tanh, Absolute, ALL, 5.7e-5),
    case!("fast tanh", fast::tanh, libm::tanh, Relative, [f32::MIN_POSITIVE, INF], 2.5e-4),
    case!("fast gelu", fast::gelu, exact_gelu, Absolute, [-INF, 4.0], 6.3e-5),
    case!("fast gelu", fast::gelu, exact_gelu, Relative, [4.0, INF], 2e-5),
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

#[test]
#[cfg_attr(miri, ignore = "too many numbers for Miri")]
fn fast_functions_stay_in_range() {
    let near_the_end = (5.1_f32.to_bits()..5.3_f32.to_bits()).step_by(3);
    for bits in (0..=u32::MAX).step_by(4_097).chain(edges()).chain(near_the_end) {
        for x in [f32::from_bits(bits), f32::from_bits(bits) * 2.0, -f32::from_bits(bits)] {
            let is_in = |name: &str, y: [f32; 2], range: [f32; 2]| {
                for y in y {
                    assert!(x.is_nan() && y.is_nan() || (range[0]..=range[1]).contains(&y), "{name} {x:e}: {y:e}");
                }
            };
            is_in("tanh", [fast::tanh(One(x)).0, fast::tanh(Fused(x)).0], [-1.0, 1.0]);
            is_in("sigmoid", [fast::sigmoid(One(x)).0, fast::sigmoid(Fused(x)).0], [0.0, 1.0]);
            is_in("exp", [fast::exp(One(x)).0, fast::exp(Fused(x)).0], [0.0, 2.42e38]);
        }
    }
}

#[test]
fn fast_edges_are_exact() {
    macro_rules! edges {
        ($($f:ident: $($x:expr => $y:expr),*;)*) => {$($(
            assert_eq!(fast::$f(One($x)).0.to_bits(), f32::to_bits($y), "{} of {}", stringify!($f), $x);
            assert_eq!(fast::$f(Fused($x)).0.to_bits(), f32::to_bits($y), "{} of {}", stringify!($f), $x);
        )*)*};
    }
    edges! {
        exp: -INF => 0.0;
        sigmoid: INF => 1.0, -INF => 0.0, 0.0 => 0.5, -0.0 => 0.5;
        tanh: INF => 1.0, -INF => -1.0, 0.0 => 0.0, -0.0 => -0.0;
        gelu: INF => INF, 0.0 => 0.0, -0.0 => -0.0;
    }
}

#[test]
#[cfg_attr(miri, ignore = "too many numbers for Miri")]
fn fast_softmax_is_bounded() {
    let unfused = softmax_error(softmax::<One<f32>, true>, softmax::<Portable, true>);
    let fused = softmax_error(softmax::<Fused, true>, softmax::<Fused, true>);
    std::println!("fast softmax {unfused:e}, fused {fused:e}");
    assert!(unfused < 2e-4 && fused < 2e-4);

    let mut row = [1.0, f32::NEG_INFINITY, 1.0];
    softmax::<One<f32>, true>(&mut row);
    assert_eq!(row, [0.5, 0.0, 0.5]);
    for odd in [f32::NAN, INF] {
        let mut row = [1.0, odd, 2.0];
        softmax::<One<f32>, true>(&mut row);
        assert!(row.iter().all(|x| x.is_nan()));
    }
    softmax::<One<f32>, true>(&mut []);
}
