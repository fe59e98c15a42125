//! How a drawing becomes 8x8 pixels as the network knows them.
//!
//! Those that it has learnt are scans, of which a pixel is the share of ink in a block of 4x4. Whatever digit it is, it fills
//! the height of 32, is about 20 wide, hardly slants, and has ink on about 310 of the 1,024: they were stretched, set upright
//! and made thinner or thicker. Here the same is done with strokes. The constants are those that read two sets of strokes
//! best, digits of MNIST made thin and drawn ones.

use crate::drawing::{Point, SIDE, around};

/// By how much of its slant a drawing is set upright.
const UPRIGHT: f32 = 0.6;
/// The box for the middle of the strokes.
const BOX: [f32; 2] = [16.0, 27.0];
/// How many times as far a drawing is stretched to the right as down, at most: a 1 stays slim.
const STRETCH: f32 = 1.3;
/// The width and height of what is not made larger any more: a dot stays a dot.
const SMALLEST: f32 = 4.0;
/// The pixels that have ink, at least.
const INK: usize = 340;
/// Half the width of a stroke, at most.
const THICKEST: f32 = 6.0;

/// The drawing as 8x8 pixels from 0 to 1.
pub fn of(points: &[Point]) -> [f32; 64] {
    let slant = UPRIGHT * slant(points);
    let points = points.iter().map(|[x, y]| [x - slant * y, *y]);
    let (mut low, mut high) = ([f32::MAX; 2], [f32::MIN; 2]);
    for [x, y] in points.clone() {
        low = [low[0].min(x), low[1].min(y)];
        high = [high[0].max(x), high[1].max(y)];
    }
    let size = |axis: usize| (high[axis] - low[axis]).max(SMALLEST);
    let down = BOX[1] / size(1);
    let right = (BOX[0] / size(0)).min(STRETCH * down);
    let place = |x: f32, axis: usize, scale: f32| SIDE as f32 / 2.0 + scale * (x - (low[axis] + high[axis]) / 2.0);

    // The square of the distance to the nearest point.
    let mut nearest = [f32::MAX; SIDE * SIDE];
    for [x, y] in points {
        for (least, square) in around(&mut nearest, [place(x, 0, right), place(y, 1, down)], THICKEST) {
            *least = least.min(square);
        }
    }
    let mut radius = 0.0;
    while radius < THICKEST && nearest.iter().filter(|square| **square < radius * radius).count() < INK {
        radius += 0.1;
    }

    let mut pixels = [0.0; 64];
    for (at, _) in nearest.iter().enumerate().filter(|(_, square)| **square < radius * radius) {
        if let Some(pixel) = pixels.get_mut(at / SIDE / 4 * 8 + at % SIDE / 4) {
            *pixel += 1.0 / 16.0;
        }
    }
    pixels
}

/// How far to the right a drawing goes with each pixel down: the slope of the line that fits x by y best, but not more than
/// that of a diagonal.
fn slant(points: &[Point]) -> f32 {
    let share = 1.0 / points.len().max(1) as f32;
    let [x, y] = points.iter().fold([0.0; 2], |mean, point| [mean[0] + share * point[0], mean[1] + share * point[1]]);
    let (xy, yy) = points.iter().fold((0.0, 1.0), |(xy, yy), point| {
        let (dx, dy) = (point[0] - x, point[1] - y);
        (xy + dx * dy, yy + dy * dy)
    });
    (xy / yy).clamp(-1.0, 1.0)
}
