//! The activations of the language, with PyTorch's formulas and defaults.
//!
//! Arguments are fractions in the type, `LeakyRelu<1, 100>` for 0.01, so that they cost no memory and a network of
//! zeros is complete.

use super::function::{Activation, After, Before, Neither, Probability};
use crate::kernel::Lanes;
use crate::kernel::Scalar;
use crate::part::ending::Ending;
use crate::part::init::Init;
use crate::text::Text;

/// A fraction as a number: both parts are exact in `f64`, so this is the number nearest to the decimal.
#[cfg_attr(not(debug_assertions), inline(always))]
fn fraction<T: Scalar, V: Lanes<T>, const NUM: i64, const DEN: i64>() -> V {
    const { assert!(DEN > 0, "the denominator of an activation's argument must be positive") };
    V::splat(T::from_f64(NUM as f64 / DEN as f64))
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn number<T: Scalar, V: Lanes<T>>(x: f64) -> V {
    V::splat(T::from_f64(x))
}

/// The name of an activation, with its arguments.
macro_rules! name {
    ($name:literal) => {
        $name
    };
    ($name:literal, $($arg:ident),+) => {
        const { &Text::EMPTY.and($name).arguments(&[$($arg),+]) }.text()
    };
}

/// One activation: its documentation, type, name, initialiser, what it keeps, value and slope.
macro_rules! activations {
    ($(
        $(#[$doc:meta])*
        $Name:ident $(<$(const $arg:ident: i64 = $default:literal),*>)?, $name:literal, $init:ident, $Keeps:ty
        $(, rises: $rises:literal)? $(, in $range:expr)? $(, where $rule:expr)?;
        value($x:ident) $value:expr;
        $(values($V:ident, $numbers:ident) $values:expr;)?
        slope($k:ident, $dy:ident) $slope:expr;
    )*) => {$(
        $(#[$doc])*
        pub struct $Name $(<$(const $arg: i64 = $default),*>)?;

        impl $(<$(const $arg: i64),*>)? Activation for $Name $(<$($arg),*>)? {
            type Keeps = $Keeps;
            const NAME: &'static str = name!($name $(, $($arg),*)?);
            const INIT: Init = Init::$init;
            $(const RANGE: [f64; 2] = $range;)?
            $(const RISES: bool = $rises;)?

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn value<T: Scalar, V: Lanes<T>>($x: V) -> V {
                $(const { assert!($rule, concat!("an argument of ", $name, " is out of range")) };)?
                $value
            }
            $(
                #[cfg_attr(not(debug_assertions), inline(always))]
                fn some_values<T: Scalar, $V: Lanes<T>>($numbers: &mut [T]) -> usize {
                    $values
                }
            )?
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn slope<T: Scalar, V: Lanes<T>>($k: V, $dy: V) -> V {
                $slope
            }
        }
    )*};
}

activations! {
    /// `x`: no activation.
    Identity, "identity", GlorotUniform, Neither, rises: true;
    value(x) x;
    slope(_y, dy) dy;

    /// `max(0, x)`, with slope 0 at 0. Cheap, and its gradient does not vanish with depth.
    Relu, "relu", HeUniform, After, rises: true, in [0.0, f64::INFINITY];
    value(x) V::splat(T::ZERO).max(x);
    values(V, numbers) V::rectify(numbers);
    slope(y, dy) y.if_positive(dy, V::splat(T::ZERO));

    /// `x` above zero, `slope · x` below; the slope is `NUM / DEN`, 0.01 by default, and not negative.
    LeakyRelu<const NUM: i64 = 1, const DEN: i64 = 100>, "leaky_relu", HeUniform, After, rises: true, where NUM >= 0;
    value(x) x.if_positive(x, x * fraction::<T, V, NUM, DEN>());
    slope(y, dy) y.if_positive(dy, dy * fraction::<T, V, NUM, DEN>());

    /// The logistic function `1 / (1 + exp(-x))`: maps to 0..1, saturates at both ends, and its slope is at most 1/4, so
    /// that gradients vanish through a deep chain of it.
    Sigmoid, "sigmoid", GlorotUniform, Probability<Self>, in [0.0, 1.0];
    value(x) x.sigmoid();
    slope(y, dy) dy * (y * (V::splat(T::ONE) - y));

    /// The hyperbolic tangent: maps to -1..1 and saturates at both ends.
    Tanh, "tanh", GlorotUniform, After, in [-1.0, 1.0];
    value(x) x.tanh();
    slope(y, dy) dy * (V::splat(T::ONE) - y * y);

    /// `x` above zero, `alpha · (exp(x) - 1)` below; alpha is `NUM / DEN`, 1 by default, and positive
    /// (Clevert, Unterthiner, Hochreiter 2015).
    Elu<const NUM: i64 = 1, const DEN: i64 = 1>, "elu", HeUniform, After, where NUM > 0;
    value(x) x.if_positive(x, fraction::<T, V, NUM, DEN>() * x.exp_m1());
    slope(y, dy) y.if_positive(dy, dy * (y + fraction::<T, V, NUM, DEN>()));

    /// The self-normalising `scale · elu(x, alpha)` (Klambauer et al. 2017), with the constants of the paper.
    Selu, "selu", LecunUniform, After;
    value(x) x.if_positive(
        number::<T, V>(SELU_SCALE) * x,
        number::<T, V>(SELU_SCALE * SELU_ALPHA) * x.exp_m1(),
    );
    slope(y, dy) y.if_positive(
        dy * number(SELU_SCALE),
        dy * (y + number(SELU_SCALE * SELU_ALPHA)),
    );

    /// `x · Φ(x)`, Φ being the normal distribution function, by `erf` (Hendrycks, Gimpel 2016).
    Gelu, "gelu", HeUniform, Before;
    value(x) x.gelu();
    slope(x, dy) dy * x.gelu_slope();

    /// The approximation of [`Gelu`] by `tanh`: `x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³)))`.
    GeluTanh, "gelu(tanh)", HeUniform, Before;
    value(x) number::<T, V>(0.5) * x * (V::splat(T::ONE) + gelu_inner(x).tanh());
    slope(x, dy) {
        let t = gelu_inner(x).tanh();
        let one = V::splat(T::ONE);
        let inner = number::<T, V>(SQRT_2_OVER_PI) * (one + number::<T, V>(3.0 * 0.044_715) * (x * x));
        dy * number(0.5) * ((one + t) + x * (one - t * t) * inner)
    };

    /// `x · sigmoid(x)`, also known as swish.
    Silu, "silu", HeUniform, Before;
    value(x) x / (V::splat(T::ONE) + (-x).exp());
    slope(x, dy) {
        let s = x.sigmoid();
        dy * (s * (V::splat(T::ONE) + x * (V::splat(T::ONE) - s)))
    };

    /// `ln(1 + exp(beta · x)) / beta`, and `x` itself where `beta · x > 20`; beta is `NUM / DEN`, 1 by default, and
    /// positive.
    Softplus<const NUM: i64 = 1, const DEN: i64 = 1>, "softplus", HeUniform, After, where NUM > 0;
    value(x) {
        let beta = fraction::<T, V, NUM, DEN>();
        (x * beta - number(SOFTPLUS_LINEAR)).if_positive(x, (x * beta).exp().ln_1p() / beta)
    };
    slope(y, dy) {
        let by = y * fraction::<T, V, NUM, DEN>();
        (by - number(SOFTPLUS_AT_LINEAR)).if_positive(dy, -(dy * (-by).exp_m1()))
    };

    /// `x / (1 + |x|)`.
    Softsign, "softsign", GlorotUniform, After, in [-1.0, 1.0];
    value(x) x / (V::splat(T::ONE) + x.abs());
    slope(y, dy) {
        let rest = V::splat(T::ONE) - y.abs();
        dy * (rest * rest)
    };

    /// `x · tanh(ln(1 + exp(x)))` (Misra 2019).
    Mish, "mish", HeUniform, Before;
    value(x) x * Softplus::<1, 1>::value::<T, V>(x).tanh();
    slope(x, dy) {
        let t = Softplus::<1, 1>::value::<T, V>(x).tanh();
        dy * (t + x * (V::splat(T::ONE) - t * t) * x.sigmoid())
    };

    /// `x/6 + 1/2`, held within 0..1.
    HardSigmoid, "hard_sigmoid", GlorotUniform, Probability<Self>, in [0.0, 1.0];
    value(x) clamp(x + number(3.0), 0.0, 6.0) / number(6.0);
    slope(y, dy) inside(y, 0.0, 1.0, dy / number(6.0));

    /// `x`, held within the bounds, -1 and 1 by default.
    HardTanh<
        const MIN_NUM: i64 = -1, const MIN_DEN: i64 = 1, const MAX_NUM: i64 = 1, const MAX_DEN: i64 = 1
    >, "hard_tanh", GlorotUniform, After, rises: true, in [MIN_NUM as f64 / MIN_DEN as f64, MAX_NUM as f64 / MAX_DEN as f64],
    where (MIN_NUM as f64 / MIN_DEN as f64) < MAX_NUM as f64 / MAX_DEN as f64;
    value(x) fraction::<T, V, MAX_NUM, MAX_DEN>().min(fraction::<T, V, MIN_NUM, MIN_DEN>().max(x));
    slope(y, dy) inside(y, MIN_NUM as f64 / MIN_DEN as f64, MAX_NUM as f64 / MAX_DEN as f64, dy);

    /// `x · hard_sigmoid(x)` (Howard et al. 2019).
    HardSwish, "hard_swish", HeUniform, Before;
    value(x) x * clamp(x + number(3.0), 0.0, 6.0) / number(6.0);
    slope(x, dy) {
        let inner = dy * (x / number(3.0) + number(0.5));
        let below = (number::<T, V>(3.0) - x).if_positive(inner, dy);
        (x + number(3.0)).if_positive(below, V::splat(T::ZERO))
    };

    /// `x`, held within 0..6.
    Relu6, "relu6", HeUniform, After, rises: true, in [0.0, 6.0];
    value(x) clamp(x, 0.0, 6.0);
    slope(y, dy) inside(y, 0.0, 6.0, dy);
}

impl Ending for Sigmoid {
    type After<Before: Ending> = Self;
    type Or<Other: Ending> = Self;
    type Choose<Numbers, Each, Classes> = Each;
}
impl Ending for HardSigmoid {
    type After<Before: Ending> = Self;
    type Or<Other: Ending> = Self;
    type Choose<Numbers, Each, Classes> = Each;
}

const SELU_ALPHA: f64 = 1.673_263_242_354_377_2;
const SELU_SCALE: f64 = 1.050_700_987_355_480_5;
const SQRT_2_OVER_PI: f64 = 0.797_884_560_802_865_4;
/// Above this softplus is the identity, as in PyTorch, and this is its value there.
const SOFTPLUS_LINEAR: f64 = 20.0;
const SOFTPLUS_AT_LINEAR: f64 = 20.000_000_002_061_153;

#[cfg_attr(not(debug_assertions), inline(always))]
fn gelu_inner<T: Scalar, V: Lanes<T>>(x: V) -> V {
    number::<T, V>(SQRT_2_OVER_PI) * (x + number::<T, V>(0.044_715) * (x * x * x))
}

/// `x` within bounds; the constants come first, so that a NaN passes.
#[cfg_attr(not(debug_assertions), inline(always))]
fn clamp<T: Scalar, V: Lanes<T>>(x: V, min: f64, max: f64) -> V {
    number::<T, V>(max).min(number::<T, V>(min).max(x))
}

/// `dy` where `y` is strictly between the bounds, zero elsewhere.
#[cfg_attr(not(debug_assertions), inline(always))]
fn inside<T: Scalar, V: Lanes<T>>(y: V, min: f64, max: f64, dy: V) -> V {
    let zero = V::splat(T::ZERO);
    (y - number(min)).if_positive((number::<T, V>(max) - y).if_positive(dy, zero), zero)
}
