//! How a drawing becomes 28x28 pixels as the network knows them.
//!
//! Those that it has learnt are scans that fill a box of 20x20, with their centre of mass in the middle (MNIST). Here the same is done
//! with strokes, and a pen as wide as theirs.

use crate::drawing::{Point, around};

/// The width and height of the image.
pub const SIDE: usize = 28;
/// An image, row by row.
pub type Image = [f32; SIDE * SIDE];
/// How long the middle of the strokes is in the direction in which it is longer.
const BOX: f32 = 18.0;
/// The width and height of what is not made larger any more: a dot stays a dot.
const SMALLEST: f32 = 4.0;
/// How near to the middle of a stroke ink is black, and where it ends.
const PEN: [f32; 2] = [0.5, 1.8];

/// The drawing as pixels from 0 to 1.
pub fn of(points: &[Point]) -> Image {
    let (mut low, mut high, mut middle) = ([f32::MAX; 2], [f32::MIN; 2], [0.0; 2]);
    for point in points {
        for axis in 0..2 {
            low[axis] = low[axis].min(point[axis]);
            high[axis] = high[axis].max(point[axis]);
            middle[axis] += point[axis] / points.len() as f32;
        }
    }
    let scale = BOX / (high[0] - low[0]).max(high[1] - low[1]).max(SMALLEST);
    let place = |x: f32, middle: f32| SIDE as f32 / 2.0 + scale * (x - middle);

    let [black, end] = PEN.map(|radius| radius * radius);
    let mut pixels: Image = [0.0; _];
    for [x, y] in points {
        for (pixel, square) in around::<_, SIDE>(&mut pixels, [place(*x, middle[0]), place(*y, middle[1])], PEN[1]) {
            *pixel = pixel.max((end - square) / (end - black)).min(1.0);
        }
    }
    pixels
}
