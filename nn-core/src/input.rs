//! Inputs as they come: bytes, pixels of a camera, arrays of arrays.
//!
//! A network whose declaration says `u8` before its shape takes bytes, and reads each as the number that it counts. A data set of it
//! is of bytes, too: nothing is copied to make floating-point numbers of. What they are scaled by is a layer of the network, and in its
//! file: `standardize`, with numbers that the declaration states, or that are learnt from data.
//!
//! ```
//! use nn_core::prelude::*;
//! use nn_core::input::{reshape, rgb565};
//!
//! network! {
//!     #[channels_last] // of a camera: each pixel red, green and blue
//!     struct Sorter: u8 3x4x4 => standardize(mean = [124, 116, 104], deviation = 58) => conv(4, 3) relu => global_avg_pool => 2;
//! }
//!
//! let mut net = Sorter::ZERO;
//! net.init(&mut ChaCha8Rng::seed_from_u64(1)); // sets what is stated
//! let frame: [u16; 16] = [0xf800; 16]; // red
//! let pixels: [[u8; 3]; 16] = frame.map(rgb565);
//! let scores: [f32; 2] = net.forward(reshape(&pixels));
//! # let red: [[[u8; 3]; 4]; 4] = [[[255, 0, 0]; 4]; 4];
//! # assert_eq!(scores, net.forward(reshape(&red)));
//! ```

pub use crate::number::element::Element;
use crate::number::storage::{Plain, cast};
use crate::text::Text;

/// One array as another of as many numbers, in the same order: `[[u8; 28]; 28]` as `[u8; 784]`, and back. Nothing is copied.
///
/// Another number is told of by a build.
///
/// ```
/// use nn_core::input::reshape;
///
/// let rows = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
/// let flat: &[f32; 6] = reshape(&rows);
/// assert_eq!(flat, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
/// assert_eq!(reshape::<_, _, [[f32; 3]; 2]>(flat), &rows);
/// ```
///
/// ```compile_fail,E0080
/// # use nn_core::input::reshape;
/// let flat: &[f32; 5] = reshape(&[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]); // an array of 6 numbers, where 5 are wanted
/// ```
pub fn reshape<T, A: Plain<T>, B: Plain<T>>(array: &A) -> &B {
    const {
        if A::LEN != B::LEN {
            let text = Text::EMPTY.and("an array of ").number(A::LEN).and(" numbers, where ").number(B::LEN);
            text.and(" are wanted").fail();
        }
    }
    cast(array)
}

/// Red, green and blue of a pixel as cameras give it: five bits, six and five, from the highest on. The lower bits of each byte
/// repeat the higher ones, so that black is 0 and white 255.
///
/// The two bytes of a pixel may have to be put together first: many cameras send the higher one first, `u16::from_be_bytes`.
///
/// ```
/// use nn_core::input::rgb565;
/// assert_eq!(rgb565(0xffff), [255, 255, 255]);
/// assert_eq!(rgb565(0b10000_100000_00001), [132, 130, 8]);
/// ```
pub const fn rgb565(pixel: u16) -> [u8; 3] {
    let [red, green, blue] = [pixel >> 11, pixel >> 5 & 0x3f, pixel & 0x1f];
    [(red << 3 | red >> 2) as u8, (green << 2 | green >> 4) as u8, (blue << 3 | blue >> 2) as u8]
}
