//! Random numbers, for samples that are made up.
//!
//! Functions that differ from one platform to the next are `libm`'s, so that a seed gives the same samples everywhere.

use nn_core::random::Rng;

/// Uniform from 0 to 1.
pub fn uniform(rng: &mut impl Rng) -> f64 {
    // The 53 bits that a number from 0 to 1 can hold.
    (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// Normal with mean 0 and deviation 1 (Box, Muller 1958).
pub fn normal(rng: &mut impl Rng) -> f64 {
    let (radius, angle) = (1.0 - uniform(rng), uniform(rng));
    (-2.0 * libm::log(radius)).sqrt() * libm::cos(core::f64::consts::TAU * angle)
}
