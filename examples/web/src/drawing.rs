//! A drawing: points along its strokes, and the bitmap that one sees.

/// The width and height of a bitmap.
pub const SIDE: usize = 32;

/// A bitmap: 1 where there is ink, row by row.
pub type Bitmap = [u8; SIDE * SIDE];
/// To the right and down, in pixels.
pub type Point = [f32; 2];

/// Room for a path at least 16 times as long as a bitmap is wide.
const POINTS: usize = 1_024;
/// What is nearer to the last point than this is left out.
const SPACING: f32 = 0.5;
/// Half the width of the pen.
const PEN: f32 = 1.3;

/// What was drawn since the last [`clear`](Self::clear).
pub struct Drawing {
    points: [Point; POINTS],
    len: usize,
    pub bitmap: Bitmap,
}

impl Drawing {
    pub const EMPTY: Self = Self { points: [[0.0; 2]; POINTS], len: 0, bitmap: [0; SIDE * SIDE] };

    pub fn clear(&mut self) {
        (self.len, self.bitmap) = (0, [0; SIDE * SIDE]);
    }

    /// Begins a stroke. Outside the bitmap, or when there is no more room, the pen does not write.
    pub fn pen_down(&mut self, point: Point) {
        let inside = point.iter().all(|x| (0.0..=SIDE as f32).contains(x));
        if let Some(place) = self.points.get_mut(self.len).filter(|_| inside) {
            *place = point;
            self.len += 1;
            for (pixel, _) in around::<_, SIDE>(&mut self.bitmap, point, PEN) {
                *pixel = 1;
            }
        }
    }

    /// Goes on with the stroke, in a straight line.
    pub fn pen_move(&mut self, [x, y]: Point) {
        let Some([x0, y0]) = self.points().last().copied() else { return self.pen_down([x, y]) };
        let (dx, dy) = (x - x0, y - y0);
        let parts = (dx.abs().max(dy.abs()) / SPACING) as usize;
        for part in 1..=parts.min(POINTS) {
            let share = part as f32 / parts as f32;
            self.pen_down([x0 + share * dx, y0 + share * dy]);
        }
    }

    pub fn points(&self) -> &[Point] {
        self.points.get(..self.len).unwrap_or_default()
    }
}

/// The pixels of a bitmap so wide whose middle is nearer to a point than `radius`, and the square of its distance.
pub fn around<T, const SIDE: usize>(
    bitmap: &mut [T],
    [x, y]: Point,
    radius: f32,
) -> impl Iterator<Item = (&mut T, f32)> {
    // Of all pixels only those are looked at that can be near enough.
    let first = move |x: f32| (x - radius) as usize;
    let most = 2 * radius as usize + 3;
    let rows = bitmap.as_chunks_mut::<SIDE>().0.iter_mut().enumerate().skip(first(y)).take(most);
    let pixels = rows.flat_map(move |(row, line)| {
        let dy = row as f32 + 0.5 - y;
        line.iter_mut().enumerate().skip(first(x)).take(most).map(move |(column, pixel)| {
            let dx = column as f32 + 0.5 - x;
            (pixel, dx * dx + dy * dy)
        })
    });
    pixels.filter(move |(_, square)| *square < radius * radius)
}
