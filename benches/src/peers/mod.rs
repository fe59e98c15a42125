//! What one would take instead, each behind a feature of its own.

#[cfg(feature = "burn")]
mod burn;
#[cfg(feature = "candle")]
mod candle;
#[cfg(feature = "dfdx")]
mod dfdx;
#[cfg(feature = "embedded-nn")]
mod embedded_nn;
#[cfg(feature = "matrixmultiply")]
mod matrixmultiply;
#[cfg(feature = "tract")]
mod tract;

use crate::networks::Case;
use crate::timing::Entry;

/// The peers of this build that do what the case asks for.
pub fn contestants(case: &Case) -> Vec<Entry> {
    let contestants: &[fn(&Case) -> Option<Entry>] = &[
        #[cfg(feature = "burn")]
        burn::contestant,
        #[cfg(feature = "candle")]
        candle::contestant,
        #[cfg(feature = "dfdx")]
        dfdx::contestant,
        #[cfg(feature = "embedded-nn")]
        embedded_nn::contestant,
        #[cfg(feature = "matrixmultiply")]
        matrixmultiply::contestant,
        #[cfg(feature = "tract")]
        tract::contestant,
    ];
    contestants.iter().filter_map(|contestant| contestant(case)).collect()
}
