//! A window along one axis.

use proc_macro2::{Delimiter, TokenTree};

use super::text;

/// What lies around the places.
#[derive(Clone, Copy)]
pub enum Around {
    /// So many before, and so many after.
    Sides(u32, u32),
    /// As much as gives an output for every `stride` places, the odd one after, as TensorFlow has it.
    Same,
    /// Only what comes before: no output looks ahead.
    Causal,
}

/// A window along one axis.
#[derive(Clone, Copy)]
pub struct Axis {
    /// How many taps it has.
    pub taps: u32,
    /// How many places it goes on from an output to the next.
    pub stride: u32,
    /// How many places lie between two taps that are neighbours, and one.
    pub dilation: u32,
    /// What lies around the places.
    pub around: Around,
}

impl Axis {
    /// How many places there are from the first tap to the last.
    pub fn spans(self) -> u64 {
        u64::from(self.taps - 1) * u64::from(self.dilation) + 1
    }

    /// How many places lie before the first of `from`, and how many outputs there are; or over how many places, with the padding, none
    /// fits.
    pub fn over(self, from: u64) -> Result<[u64; 2], u64> {
        let (spans, stride) = (self.spans(), u64::from(self.stride));
        let [before, after] = match self.around {
            Around::Sides(before, after) => [before.into(), after.into()],
            Around::Same => {
                let all = ((from.div_ceil(stride) - 1) * stride + spans).saturating_sub(from);
                [all / 2, all - all / 2]
            }
            Around::Causal => [spans.saturating_sub(stride), 0],
        };
        let padded = from + before + after;
        if spans <= padded { Ok([before, (padded - spans) / stride + 1]) } else { Err(padded) }
    }

    /// How many outputs there are if each of `from` places has a window of them, and so many lie beyond the last; or how many there would
    /// be without padding, which leaves none.
    pub fn grown(self, from: u64, beyond: u32) -> Result<u64, u64> {
        let all = (from - 1) * u64::from(self.stride) + self.spans() + u64::from(beyond);
        let padding = match self.around {
            Around::Sides(before, after) => u64::from(before) + u64::from(after),
            Around::Same | Around::Causal => 0,
        };
        all.checked_sub(padding).filter(|left| *left > 0).ok_or(all)
    }

    /// What is wrong with the padding in a stream, where no output may see a frame that is still to come.
    pub fn ahead(self, is_said: bool) -> Option<String> {
        let causal = "in a stream it must be `padding = causal`";
        // So many frames before a step the first window of it begins.
        let remembered = self.spans().saturating_sub(self.stride.into());
        let before = match self.around {
            Around::Causal => return None,
            Around::Same => remembered / 2,
            Around::Sides(0, 0) if remembered == 0 => return None,
            Around::Sides(..) if !is_said => {
                return Some("a kernel of several taps needs the frames before: write `padding = causal`".into());
            }
            Around::Sides(before, _) => before.into(),
        };
        match remembered.checked_sub(before) {
            None | Some(0) => Some(causal.into()),
            Some(1) => Some(format!("looks 1 frame ahead; {causal}")),
            Some(ahead) => Some(format!("looks {ahead} frames ahead; {causal}")),
        }
    }
}

/// `3`, or `3x5`: a size along rows and one along columns.
#[derive(Clone, Copy)]
pub struct Extent {
    /// Those of rows and of columns.
    pub sizes: [u32; 2],
    /// Whether both are written.
    pub is_pair: bool,
}

impl Extent {
    /// The same along both axes.
    pub fn both(size: u32) -> Self {
        Self { sizes: [size; 2], is_pair: false }
    }

    /// `3x5`, of numbers below a billion.
    pub fn pair(text: &str) -> Option<Self> {
        let (rows, columns) = text.split_once('x')?;
        Some(Self { sizes: [size(rows)?, size(columns)?], is_pair: true })
    }

    /// `3`, or `3x5`, where zero is a size, too.
    pub fn read(tokens: &[TokenTree]) -> Option<Self> {
        let text = text(tokens);
        size(&text).map(Self::both).or_else(|| Self::pair(&text))
    }

    /// As it was written.
    pub fn shown(self) -> String {
        let [rows, columns] = self.sizes;
        if self.is_pair { format!("{rows}x{columns}") } else { columns.to_string() }
    }
}

/// A number below a billion.
fn size(digits: &str) -> Option<u32> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|number| is_number && *number < 1 << 30)
}

/// What lies around the places of a signal or an image.
#[derive(Clone, Copy)]
pub enum Padding {
    /// So many before, and so many after.
    Sides(Extent, Extent),
    /// As much as gives an output for every `stride` places.
    Same,
    /// Only what comes before.
    Causal,
}

impl Padding {
    /// `1`, `1x2`, `(1, 0)`, `same`, `valid` or `causal`.
    pub fn read(tokens: &[TokenTree]) -> Option<Self> {
        match tokens {
            [TokenTree::Ident(word)] => match word.to_string().as_str() {
                "same" => Some(Self::Same),
                "valid" => Some(Self::NONE),
                "causal" => Some(Self::Causal),
                _ => None,
            },
            [TokenTree::Group(pair)] if pair.delimiter() == Delimiter::Parenthesis => {
                let tokens = crate::tokens::inside(pair);
                let mut sides = tokens.split(|token| crate::tokens::is_punct(Some(token), ',')).map(Extent::read);
                match (sides.next(), sides.next(), sides.next()) {
                    (Some(Some(before)), Some(Some(after)), None) => Some(Self::Sides(before, after)),
                    _ => None,
                }
            }
            tokens => Extent::read(tokens).map(|both| Self::Sides(both, both)),
        }
    }

    /// Nothing.
    pub const NONE: Self = {
        let none = Extent { sizes: [0; 2], is_pair: false };
        Self::Sides(none, none)
    };

    /// That of rows, 0, or of columns, 1.
    pub fn along(self, axis: usize) -> Around {
        match self {
            Self::Sides(before, after) => Around::Sides(before.sizes[axis], after.sizes[axis]),
            Self::Same => Around::Same,
            Self::Causal => Around::Causal,
        }
    }

    /// Whether it is said of rows and columns apart.
    pub fn is_pair(self) -> bool {
        matches!(self, Self::Sides(before, after) if before.is_pair || after.is_pair)
    }
}

#[cfg(test)]
mod tests {
    use super::{Around, Axis};

    #[test]
    fn outputs_are_counted() {
        let of = |taps, stride, dilation, around, from| Axis { taps, stride, dilation, around }.over(from);
        // PyTorch's formula, TensorFlow's `same`, and what a stream gives.
        assert_eq!(of(3, 2, 1, Around::Sides(1, 1), 6), Ok([1, 3]));
        assert_eq!(of(3, 2, 1, Around::Same, 6), Ok([0, 3]));
        assert_eq!(of(1, 3, 1, Around::Same, 8), Ok([0, 3]));
        assert_eq!(of(2, 3, 1, Around::Same, 7), Ok([0, 3]));
        assert_eq!(of(5, 3, 1, Around::Causal, 12), Ok([2, 4]));
        assert_eq!(of(3, 2, 2, Around::Sides(0, 0), 5), Ok([0, 1]));
        assert_eq!(of(3, 2, 2, Around::Sides(0, 0), 4), Err(4));
    }

    #[test]
    fn outputs_of_the_transposed_are_counted() {
        let of = |taps, stride, dilation, padding, beyond| {
            Axis { taps, stride, dilation, around: Around::Sides(padding, padding) }.grown(3, beyond)
        };
        // PyTorch's formula.
        assert_eq!(of(3, 2, 1, 0, 0), Ok(7));
        assert_eq!(of(3, 2, 1, 1, 1), Ok(6));
        assert_eq!(of(3, 1, 2, 0, 1), Ok(8));
        assert_eq!(of(1, 1, 1, 1, 0), Ok(1));
        assert_eq!(of(1, 1, 1, 2, 0), Err(3));
    }
}
