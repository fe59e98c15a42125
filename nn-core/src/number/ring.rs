//! Frames in a ring.

/// The last frames of a stream, where they lie: the oldest overwritten by the next.
pub struct Ring<'a, X> {
    frames: &'a [X],
    oldest: usize,
}

impl<X> Clone for Ring<'_, X> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<X> Copy for Ring<'_, X> {}

impl<'a, X> Ring<'a, X> {
    /// Those frames, of which the oldest is at that place.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub const fn new(frames: &'a [X], oldest: usize) -> Self {
        Self { frames, oldest }
    }

    /// The frames from so many before the present one on, 1 being the last, as far as they lie side by side: at least one, unless
    /// it was forgotten.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn from(self, back: usize) -> &'a [X] {
        let Some(at) = self.frames.len().checked_sub(back).map(|at| self.oldest + at) else { return &[] };
        let at = if at < self.frames.len() { at } else { at - self.frames.len() };
        let rest = self.frames.get(at..).unwrap_or_default();
        rest.get(..back).unwrap_or(rest)
    }
}
