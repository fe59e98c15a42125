//! The vectors of aarch64.
//!
//! **Why this is sound.** The intrinsics of a vector must run only where the CPU has them. All of these are NEON's, which this
//! module asks for when it is compiled.
#![allow(unsafe_code)]

use super::lanes::{Lanes, sealed::Sealed};
use super::math::{self, PowerOfTwo};
use super::one::One;
use super::scalar::Scalar;
use core::arch::aarch64::*;
use core::ops::{Add, Div, Mul, Neg, Sub};

/// The larger number of each lane; that of `b` if either is NaN, where the result of `vmaxq_f32` would be NaN.
#[target_feature(enable = "neon")]
#[inline]
fn max(a: float32x4_t, b: float32x4_t) -> float32x4_t {
    vbslq_f32(vcgtq_f32(a, b), a, b)
}

/// The smaller number of each lane; that of `b` if either is NaN.
#[target_feature(enable = "neon")]
#[inline]
fn min(a: float32x4_t, b: float32x4_t) -> float32x4_t {
    vbslq_f32(vcltq_f32(a, b), a, b)
}

/// The first two lanes of both vectors (`0x44`), or the last two.
#[target_feature(enable = "neon")]
#[inline]
fn pairs<const WHICH: i32>(a: float32x4_t, b: float32x4_t) -> float32x4_t {
    let (a, b) = (vreinterpretq_f64_f32(a), vreinterpretq_f64_f32(b));
    vreinterpretq_f32_f64(if WHICH == 0x44 { vzip1q_f64(a, b) } else { vzip2q_f64(a, b) })
}

/// A vector of four: with or without fused operations.
macro_rules! four {
    ($(#[$doc:meta])* $Vector:ident, $Half:ty, mul_add($a:ident, $b:ident, $c:ident) $mul_add:expr) => {
        vector! {
            $(#[$doc])*
            $Vector(float32x4_t), 4, $Half;
            vaddq_f32 vsubq_f32 vmulq_f32 vdivq_f32 max min vsqrtq_f32;
            vdupq_n_f32 vld1q_f32 vst1q_f32;
            mul_add($a, $b, $c) $mul_add;
            largest(x, later) vbslq_f32(vornq_u32(vcgtq_f32(later, x), vceqq_f32(later, later)), later, x);
            if_positive(x, yes, no) vbslq_f32(vcgtzq_f32(x), yes, no);
            abs(x) vabsq_f32(x);
            neg(x) vnegq_f32(x);
            sum(x) cpu!(vpadds_f32(vadd_f32(vget_low_f32(x), vget_high_f32(x))));
            shifted(x) vreinterpretq_f32_u32(vshlq_n_u32::<23>(vreinterpretq_u32_f32(x)));
            signed(x, signs) {
                let sign = vandq_u32(vreinterpretq_u32_f32(signs), vdupq_n_u32(1 << 31));
                vreinterpretq_f32_u32(vorrq_u32(vreinterpretq_u32_f32(x), sign))
            };
            split(x) {
                let bits = vaddq_u32(vreinterpretq_u32_f32(x), vdupq_n_u32(math::ABOVE_ROOT));
                let n = vsubq_s32(vreinterpretq_s32_u32(vshrq_n_u32::<23>(bits)), vdupq_n_s32(127));
                let m = vaddq_u32(vandq_u32(bits, vdupq_n_u32(0x7f_ffff)), vdupq_n_u32(math::ROOT_OF_HALF));
                (vcvtq_f32_s32(n), vreinterpretq_f32_u32(m))
            };
            four(at) {
                let x = vld1q_f32(at);
                [
                    Self(vdupq_laneq_f32::<0>(x)),
                    Self(vdupq_laneq_f32::<1>(x)),
                    Self(vdupq_laneq_f32::<2>(x)),
                    Self(vdupq_laneq_f32::<3>(x)),
                ]
            };
            columns(row, step) vzip1q_f32 vzip2q_f32 pairs, vld1q_f32(row);
            rows(row, step, x) vst1q_f32(row, x);
        }
    };
}

four! {
    /// Four `f32`, without fused operations.
    F32x4, One<f32>, mul_add(a, b, c) vaddq_f32(vmulq_f32(a, b), c)
}
four! {
    /// Four `f32`, with fused operations.
    F32x4Fused, F32x1Fused, mul_add(a, b, c) vfmaq_f32(c, a, b)
}

fused_one!(mul_add(a, b, c) vfmas_lane_f32::<0>(c, a, vdup_n_f32(b)));
