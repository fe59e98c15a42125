//! How numbers are written for the program.

/// How the bytes of a number are.
#[derive(Clone, Copy)]
pub struct Format {
    /// Whether they are in double precision.
    pub is_double: bool,
    /// Whether the highest byte comes first.
    pub is_big_endian: bool,
}

impl Format {
    /// The bytes of a number.
    pub fn bytes(self, number: f64) -> Vec<u8> {
        let mut bytes =
            if self.is_double { number.to_le_bytes().to_vec() } else { (number as f32).to_le_bytes().to_vec() };
        if self.is_big_endian {
            bytes.reverse();
        }
        bytes
    }

    /// How many bytes a number has.
    pub const fn size(self) -> usize {
        if self.is_double { 8 } else { 4 }
    }
}
