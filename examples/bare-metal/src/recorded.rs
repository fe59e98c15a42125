//! What was recorded of models, read from safetensors while the program compiles, so that the flash has what is used of a file.

/// The numbers of a tensor, the first `N`. A program whose file has no such tensor does not compile.
pub const fn tensor<const N: usize>(file: &[u8], name: &str) -> [f32; N] {
    let mut numbers = [0.0; N];
    let (mut at, mut index) = (offset(file, name), 0);
    while index < N {
        numbers[index] = f32::from_le_bytes([file[at], file[at + 1], file[at + 2], file[at + 3]]);
        (at, index) = (at + 4, index + 1);
    }
    numbers
}

/// Where the numbers of a tensor begin: behind the header, whose length comes first, and in it behind `"name":` and `"data_offsets":[`.
const fn offset(file: &[u8], name: &str) -> usize {
    let (mut header, mut byte) = (0, 8);
    while byte > 0 {
        byte -= 1;
        header = header << 8 | file[byte] as usize;
    }
    let mut at = 8;
    while !(file[at - 1] == b'"' && has(file, at, name) && has(file, at + name.len(), "\":")) {
        at += 1;
    }
    const KEY: &str = "\"data_offsets\":[";
    while !has(file, at, KEY) {
        at += 1;
    }
    (at, byte) = (at + KEY.len(), 0);
    while file[at].is_ascii_digit() {
        (at, byte) = (at + 1, 10 * byte + (file[at] - b'0') as usize);
    }
    8 + header + byte
}

const fn has(file: &[u8], at: usize, text: &str) -> bool {
    let mut index = 0;
    while index < text.len() && file[at + index] == text.as_bytes()[index] {
        index += 1;
    }
    index == text.len()
}

/// Whether every number is as near to its recording as that.
pub fn is_near(found: &[f32], recorded: &[f32], tolerance: f32) -> bool {
    found.len() == recorded.len() && found.iter().zip(recorded).all(|(a, b)| (a - b).abs() < tolerance)
}
