//! How far the functions are from the correctly rounded results.

extern crate std;

pub(crate) use super::fused::Fused;
use super::normal::normal;
use super::*;
use std::string::String;

/// A unit in the last place at the exact result.
fn place(exact: f64) -> f64 {
    let exponent = (exact.to_bits() >> 52 & 0x7ff) as i64 - 1023;
    f64::from_bits(((exponent.max(-126) - 23 + 1023) as u64) << 52)
}

/// How an error is counted.
#[derive(Clone, Copy)]
pub(crate) enum Count {
    Ulp,
    Absolute,
    Relative,
}

/// The error of a result; not a number if one of both is NaN and the other not.
fn error(got: f32, exact: f64, count: Count) -> f64 {
    let rounded = exact as f32;
    if got == rounded || got.is_nan() && exact.is_nan() {
        return 0.0;
    }
    // Infinity stands for 2^128, which an error of some units reaches from below.
    let finite = |x: f64| if x.is_infinite() { x.signum() * 2.0_f64.powi(128) } else { x };
    let difference = (finite(got.into()) - finite(exact)).abs();
    match count {
        Count::Ulp => difference / place(exact.abs().min(f32::MAX.into())),
        Count::Absolute => difference,
        Count::Relative => difference / exact.abs(),
    }
}

/// The largest error and where it is.
#[derive(Clone, Copy, Default)]
struct Worst {
    error: f64,
    at: f32,
}

impl Worst {
    fn see(&mut self, error: f64, at: f32) {
        assert!(!error.is_nan(), "NaN at {at:e}");
        if error > self.error {
            *self = Self { error, at };
        }
    }
}

/// One function of both kinds of arithmetic, and the bound of its error for `x` within a range.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) unfused: fn(f32) -> f32,
    pub(crate) fused: fn(f32) -> f32,
    pub(crate) exact: fn(f64) -> f64,
    pub(crate) count: Count,
    pub(crate) range: [f32; 2],
    pub(crate) bound: f64,
}

macro_rules! case {
    ($name:literal, $f:expr, $exact:expr, $count:ident, $range:expr, $bound:expr) => {
        $crate::kernel::math::accuracy::Case {
            name: $name,
            unfused: |x| $f($crate::kernel::One(x)).0,
            fused: |x| $f($crate::kernel::math::accuracy::Fused(x)).0,
            exact: $exact,
            count: $crate::kernel::math::accuracy::Count::$count,
            range: $range,
            bound: $bound,
        }
    };
}

pub(crate) use case;

pub(crate) const ALL: [f32; 2] = [f32::NEG_INFINITY, f32::INFINITY];

pub(crate) fn exact_sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

pub(crate) fn exact_normal(x: f64) -> f64 {
    0.5 * libm::erfc(-x * core::f64::consts::FRAC_1_SQRT_2)
}

pub(crate) fn exact_gelu(x: f64) -> f64 {
    if x < -1e3 { -0.0 } else { x * exact_normal(x) }
}

pub(crate) fn exact_gelu_slope(x: f64) -> f64 {
    let x = x.clamp(-1e3, 1e3);
    exact_normal(x) + x * 0.398_942_280_401_432_7 * libm::exp(-0.5 * x * x)
}

const CASES: &[Case] = &[
    case!("exp", exp, libm::exp, Ulp, ALL, 2.0),
    case!("exp_m1", exp_m1, libm::expm1, Ulp, ALL, 4.0),
    case!("ln", ln_normal, libm::log, Ulp, [f32::MIN_POSITIVE, f32::MAX], 1.0),
    case!("sigmoid", sigmoid, exact_sigmoid, Ulp, [-88.3, f32::INFINITY], 4.0),
    case!("sigmoid", sigmoid, exact_sigmoid, Absolute, [f32::NEG_INFINITY, -88.3], 5e-39),
    case!("tanh", tanh, libm::tanh, Ulp, ALL, 2.0),
    case!("normal", normal, exact_normal, Ulp, [-5.0, f32::INFINITY], 4.0),
    case!("gelu", gelu, exact_gelu, Ulp, [-5.0, f32::INFINITY], 4.0),
    case!("gelu", gelu, exact_gelu, Absolute, [f32::MIN, -5.0], 1e-7),
    case!("gelu_slope", gelu_slope, exact_gelu_slope, Absolute, ALL, 1e-6),
];

/// The errors over bit patterns, unfused and fused.
fn worst(case: &Case, patterns: impl Iterator<Item = u32>) -> [Worst; 2] {
    let mut worst = [Worst::default(); 2];
    for bits in patterns {
        let x = f32::from_bits(bits);
        if x < case.range[0] || x > case.range[1] {
            continue;
        }
        let exact = (case.exact)(x.into());
        worst[0].see(error((case.unfused)(x), exact, case.count), x);
        worst[1].see(error((case.fused)(x), exact, case.count), x);
    }
    worst
}

/// Both sides of everything that could be an edge.
pub(crate) fn edges() -> impl Iterator<Item = u32> + Clone {
    let bounds = [
        0.0_f32,
        0.5,
        0.625,
        1.0,
        3.93,
        5.0,
        9.0,
        10.0,
        13.27,
        20.0,
        25.0,
        87.3,
        87.336,
        87.68,
        88.0,
        88.3,
        88.37,
        88.72,
        88.75,
        89.0,
        103.9,
        104.0,
        f32::MAX,
        f32::MIN_POSITIVE,
        1e-40,
        f32::INFINITY,
        f32::NAN,
    ];
    let powers = (0..255_u32).map(|exponent| exponent << 23);
    // Where the whole number of powers of two changes.
    let halves = (0..300_u32).map(|half| (half as f32 * 0.5 * core::f32::consts::LN_2).to_bits());
    powers.chain(halves).chain(bounds.map(f32::to_bits)).flat_map(|bits| {
        (0..=4_u32).flat_map(move |near| {
            let bits = (bits + near).saturating_sub(2);
            [bits, bits | 1 << 31]
        })
    })
}

pub(crate) fn check(cases: &[Case], patterns: impl Iterator<Item = u32> + Clone) {
    let only: String = std::env::var("ONLY").unwrap_or_default();
    let mut wrong = false;
    for case in cases.iter().filter(|case| case.name.contains(&only)) {
        let worst = worst(case, patterns.clone());
        std::println!(
            "{:18} {:9.4e} at {:e}; fused {:9.4e} at {:e}",
            case.name,
            worst[0].error,
            worst[0].at,
            worst[1].error,
            worst[1].at
        );
        wrong |= worst.iter().any(|worst| worst.error > case.bound);
    }
    assert!(!wrong, "an error is above its bound");
}

#[test]
#[cfg_attr(miri, ignore = "too many numbers for Miri")]
fn errors_are_bounded() {
    check(CASES, (0..=u32::MAX).step_by(4_097).chain(edges()));
}

#[test]
#[cfg_attr(miri, ignore = "too many numbers for Miri")]
fn logarithms_have_the_bits_of_libm() {
    for bits in (f32::MIN_POSITIVE.to_bits()..f32::INFINITY.to_bits()).step_by(1_009).chain(edges()) {
        let x = f32::from_bits(bits);
        if x.is_normal() && x > 0.0 {
            assert_eq!(ln_normal(One(x)).0.to_bits(), libm::logf(x).to_bits(), "of {x:e}");
        }
    }
}

#[test]
#[ignore = "all bit patterns: half an hour in release, with -C target-cpu=native"]
fn errors_are_bounded_everywhere() {
    check(CASES, 0..=u32::MAX);
}

#[test]
pub(crate) fn edges_are_exact() {
    macro_rules! edges {
        ($($f:ident: $($x:expr => $y:expr),*;)*) => {$(
            $(
                assert_eq!($f(One($x)).0.to_bits(), f32::to_bits($y), "{} of {}", stringify!($f), $x);
                assert_eq!($f(Fused($x)).0.to_bits(), f32::to_bits($y), "{} of {}", stringify!($f), $x);
            )*
            for bits in [0x7fc0_0000, 0xffc0_0000, 0x7f80_0001, 0x7fff_ffff, 0x7fc0_00ff] {
                let x = f32::from_bits(bits);
                assert!($f(One(x)).0.is_nan() && $f(Fused(x)).0.is_nan(), "{} of NaN", stringify!($f));
            }
        )*};
    }
    const INF: f32 = f32::INFINITY;
    edges! {
        exp: INF => INF, -INF => 0.0, 0.0 => 1.0, -0.0 => 1.0;
        ln_normal: 1.0 => 0.0;
        exp_m1: INF => INF, -INF => -1.0, 0.0 => 0.0, -0.0 => -0.0;
        sigmoid: INF => 1.0, -INF => 0.0, 0.0 => 0.5, -0.0 => 0.5;
        tanh: INF => 1.0, -INF => -1.0, 0.0 => 0.0, -0.0 => -0.0;
        normal: INF => 1.0, -INF => 0.0, 0.0 => 0.5, -0.0 => 0.5;
        gelu: INF => INF, 0.0 => 0.0, -0.0 => -0.0;
        gelu_slope: INF => 1.0, -INF => 0.0, 0.0 => 0.5, -0.0 => 0.5;
    }
}

/// Numbers within -1..1, from a generator of Knuth's.
fn noise(seed: &mut u64) -> f64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 40) as f64 / (1_u64 << 23) as f64 - 1.0
}

/// The vectors of the portable set.
pub(crate) type Portable = <crate::kernel::Portable as crate::kernel::Isa>::V<f32>;

/// The largest relative error of results above `f32::MIN_POSITIVE`, and whether `same` gives the same bits.
pub(crate) fn softmax_error(softmax: fn(&mut [f32]) -> [f32; 2], same: fn(&mut [f32]) -> [f32; 2]) -> f64 {
    let (mut seed, mut worst) = (1, 0.0_f64);
    for width in [1, 2, 3, 10, 15, 16, 17, 31, 33, 100, 1_000, 4_096] {
        for (scale, offset) in [(0.1, 0.0), (1.0, 5.0), (7.0, -1e3), (45.0, 0.3), (45.0, 1e4), (1e30, 0.0), (0.0, 1.0)]
        {
            let mut row: std::vec::Vec<f32> = (0..width).map(|_| (noise(&mut seed) * scale + offset) as f32).collect();
            let largest = row.iter().fold(f64::NEG_INFINITY, |largest, x| largest.max((*x).into()));
            let exact: std::vec::Vec<f64> = row.iter().map(|x| libm::exp(f64::from(*x) - largest)).collect();
            let sum: f64 = exact.iter().sum();
            let mut other = row.clone();
            softmax(&mut row);
            same(&mut other);
            assert!(row.iter().zip(other).all(|(x, other)| x.to_bits() == other.to_bits()), "{width} {scale} {offset}");
            for (result, exact) in row.iter().zip(exact).filter(|(_, e)| *e / sum >= f32::MIN_POSITIVE.into()) {
                worst = worst.max((f64::from(*result) * sum / exact - 1.0).abs());
            }
        }
    }
    worst
}

#[test]
#[cfg_attr(miri, ignore = "too many numbers for Miri")]
fn softmax_is_precise() {
    let unfused = softmax_error(softmax::<One<f32>, false>, softmax::<Portable, false>);
    let fused = softmax_error(softmax::<Fused, false>, softmax::<Fused, false>);
    std::println!("softmax {unfused:e}, fused {fused:e}");
    assert!(unfused < 1e-6 && fused < 1e-6);
}

#[test]
fn softmax_of_infinite_numbers() {
    let mut row = [1.0, f32::NEG_INFINITY, 1.0];
    softmax::<One<f32>, false>(&mut row);
    assert_eq!(row, [0.5, 0.0, 0.5]);
    for odd in [f32::NAN, f32::INFINITY] {
        let mut row = [1.0, odd, 2.0];
        softmax::<One<f32>, false>(&mut row);
        assert!(row.iter().all(|x| x.is_nan()));
    }
    softmax::<One<f32>, false>(&mut []);
}
