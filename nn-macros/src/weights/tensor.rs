//! A tensor as a file has it.

/// A tensor of floating-point numbers, or of others.
#[derive(Clone)]
pub struct Tensor {
    /// Its shape.
    pub shape: Vec<usize>,
    /// The type of its numbers as the file writes it.
    pub dtype: String,
    /// Its numbers in the order of the rows, if they are floating-point numbers.
    pub numbers: Option<Vec<f64>>,
}

/// How a floating-point number is written.
pub struct Encoding {
    /// Its bytes, least significant first.
    bytes: usize,
    /// The number of its bits.
    number: fn(u64) -> f64,
}

impl Encoding {
    /// Half precision.
    pub const HALF: Self = Self { bytes: 2, number: half };
    /// Half the bits of single precision.
    pub const BRAIN: Self = Self { bytes: 2, number: |bits| f32::from_bits((bits as u32) << 16).into() };
    /// Single precision.
    pub const SINGLE: Self = Self { bytes: 4, number: |bits| f32::from_bits(bits as u32).into() };
    /// Double precision.
    pub const DOUBLE: Self = Self { bytes: 8, number: f64::from_bits };

    /// All numbers of a tensor.
    pub fn read(&self, data: &[u8]) -> Vec<f64> {
        let bits = |chunk: &[u8]| chunk.iter().rev().fold(0, |bits, byte| bits << 8 | u64::from(*byte));
        data.chunks_exact(self.bytes).map(|chunk| (self.number)(bits(chunk))).collect()
    }
}

fn half(bits: u64) -> f64 {
    let (exponent, fraction) = ((bits >> 10 & 31) as i32, (bits & 1023) as f64 / 1024.0);
    let size = match exponent {
        0 => fraction * 2_f64.powi(-14),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction) * 2_f64.powi(exponent - 15),
    };
    if bits >> 15 & 1 == 0 { size } else { -size }
}
