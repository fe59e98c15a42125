//! What the numbers of a tensor are.

/// What the numbers of a tensor in a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dtype {
    /// Half precision.
    F16,
    /// The upper half of single precision.
    Bf16,
    /// Single precision.
    F32,
    /// Double precision.
    F64,
    /// Integers, or others that parameters can't be.
    Other,
}

impl Dtype {
    /// Bytes a number, if it can be a parameter.
    pub const fn bytes(self) -> Option<usize> {
        match self {
            Self::F16 | Self::Bf16 => Some(2),
            Self::F32 => Some(4),
            Self::F64 => Some(8),
            Self::Other => None,
        }
    }

    /// The number of these bits.
    pub(crate) fn number(self, bits: u64) -> f64 {
        match self {
            Self::F16 => half(bits as u16),
            Self::Bf16 => f32::from_bits((bits as u32) << 16).into(),
            Self::F32 => f32::from_bits(bits as u32).into(),
            Self::F64 => f64::from_bits(bits),
            Self::Other => f64::NAN,
        }
    }
}

/// A number of half precision (IEEE 754-2019, binary16).
fn half(bits: u16) -> f64 {
    /// The least number above zero, 2 to the power of -24.
    const LEAST: f64 = 1.0 / 16_777_216.0;
    let (exponent, fraction) = (u64::from(bits >> 10 & 31), u64::from(bits & 1023));
    let size = match exponent {
        0 => fraction as f64 * LEAST,
        31 if fraction == 0 => f64::INFINITY,
        31 => f64::NAN,
        // The exponent has another bias.
        _ => f64::from_bits((exponent + 1023 - 15) << 52 | fraction << 42),
    };
    if bits >> 15 == 0 { size } else { -size }
}

#[cfg(test)]
mod tests {
    use super::{Dtype, half};

    #[test]
    #[cfg_attr(miri, ignore = "too many numbers for Miri")]
    fn every_half_is_what_its_bits_say() {
        for bits in 0..=u16::MAX {
            let (sign, exponent, fraction) = (bits >> 15, bits >> 10 & 31, bits & 1023);
            let size = match exponent {
                0 => f64::from(fraction) / 1024.0 * 2_f64.powi(-14),
                31 if fraction == 0 => f64::INFINITY,
                31 => f64::NAN,
                _ => (1.0 + f64::from(fraction) / 1024.0) * 2_f64.powi(i32::from(exponent) - 15),
            };
            let expected = if sign == 1 { -size } else { size };
            assert!(half(bits) == expected || expected.is_nan() && half(bits).is_nan(), "{bits:#x}");
        }
        assert_eq!(Dtype::Bf16.number(0xbf80), -1.0);
        assert_eq!(Dtype::F16.number(0x3c00), 1.0);
    }
}
