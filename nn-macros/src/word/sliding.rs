//! Windows that slide over places: a kernel, and `stride`, `padding` and `dilation` by name. In a stream what lies before the
//! frames of a step is remembered, and nothing may lie behind them.

use crate::layer::Given;
use crate::names::Names;
use crate::reader::Reader;
use crate::shape::{Shape, Size};
use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::quote;

/// A window along the frames of a signal.
pub struct Sliding {
    /// How many taps it has.
    pub taps: u32,
    /// How many places it goes on from an output to the next.
    pub stride: u32,
    /// How many places lie between two taps that are neighbours, and one.
    pub dilation: u32,
    padding: Padding,
    /// Whether it slides along a stream.
    pub is_stream: bool,
    /// Where its stride is said, or else itself.
    pub stride_span: Span,
    /// What is said of it.
    span: Span,
}

/// The most frames that a window of a stream may span.
const MOST: u64 = 1 << 30;

/// What lies around the places.
enum Padding {
    /// So many before, and so many after.
    Sides(u32, u32),
    /// As much as gives an output for every `stride` places, the odd one after, as TensorFlow has it.
    Same,
    /// Only what comes before: no output looks ahead.
    Causal,
}

/// The arguments by name, of which a word may lack some.
#[derive(Clone, Copy, Default)]
pub struct ByName<'a> {
    /// `stride = 2`.
    pub stride: Option<&'a [TokenTree]>,
    /// `padding = 1`.
    pub padding: Option<&'a [TokenTree]>,
    /// `dilation = 2`.
    pub dilation: Option<&'a [TokenTree]>,
}

/// Tokens as one would write them.
pub fn text(tokens: &[TokenTree]) -> String {
    tokens.iter().cloned().collect::<TokenStream>().to_string()
}

/// A plain integer of one or more.
pub fn number(tokens: &[TokenTree], what: &str, of: &str, around: Span, reader: &mut Reader<'_>) -> Option<u32> {
    match tokens {
        [token @ TokenTree::Literal(_)] => {
            let width = reader.width(token, &format!("{what} has at least one {of}"))?;
            width.known().and_then(|number| u32::try_from(number).ok())
        }
        tokens => {
            reader.report.over(tokens, around, format!("{what} is a plain integer"));
            None
        }
    }
}

/// `bias = false`, and the like; `otherwise` if nothing is said.
pub fn choice(
    key: &str,
    value: Option<&[TokenTree]>,
    otherwise: bool,
    around: Span,
    reader: &mut Reader<'_>,
) -> Option<bool> {
    match value {
        None => Some(otherwise),
        Some([TokenTree::Ident(word)]) if word == "true" || word == "false" => Some(word == "true"),
        Some(other) => {
            reader.report.over(other, around, format!("expected `{key} = true` or `{key} = false`"));
            None
        }
    }
}

impl Sliding {
    /// A kernel with its arguments; the stride is that of the kernel if a pool says nothing.
    pub fn read(
        kernel: &[TokenTree],
        named: ByName<'_>,
        is_pool: bool,
        around: Span,
        reader: &mut Reader<'_>,
    ) -> Option<Self> {
        let taps = number(kernel, "a kernel", "tap", around, reader)?;
        let mut of = |tokens: Option<&[TokenTree]>, what: &str, otherwise| match tokens {
            Some(tokens) => number(tokens, what, "frame", around, reader),
            None => Some(otherwise),
        };
        let stride = of(named.stride, "a stride", if is_pool { taps } else { 1 })?;
        let dilation = of(named.dilation, "a dilation", 1)?;
        let padding = match named.padding {
            None => Padding::Sides(0, 0),
            Some(tokens) => match padding(tokens) {
                Some(padding) => padding,
                None => {
                    let message = "expected `padding = 1`, `(1, 0)`, `same`, `valid` or `causal`";
                    reader.report.over(tokens, around, message);
                    return None;
                }
            },
        };
        let stride_span = named.stride.and_then(|tokens| tokens.first()).map_or(around, TokenTree::span);
        let is_stream = reader.is_stream;
        let sliding = Self { taps, stride, dilation, padding, is_stream, stride_span, span: around };
        if sliding.is_stream && sliding.spans() >= MOST {
            let message = "the oldest tap looks back too far; it may be below 1,073,741,824 frames";
            reader.report.over(kernel, around, message);
            return None;
        }
        let message = match sliding.padding {
            _ if sliding.is_stream => sliding.ahead(named.padding.is_some()),
            Padding::Sides(before, after) if is_pool && before.max(after) > taps / 2 => {
                Some(format!("padding {} is more than half of {taps}", before.max(after)))
            }
            Padding::Causal if u64::from(stride) > sliding.spans() => {
                Some(format!("a stride of {stride} is longer than the kernel, which spans {}", sliding.spans()))
            }
            _ => None,
        };
        if let Some(message) = message {
            reader.report.over(named.padding.unwrap_or(kernel), around, message);
            return None;
        }
        Some(sliding)
    }

    /// What is wrong with the padding in a stream, where no output may see a frame that is still to come.
    fn ahead(&self, is_said: bool) -> Option<String> {
        let causal = "in a stream it must be `padding = causal`";
        // So many frames before a step the first window of it begins.
        let remembered = self.spans().saturating_sub(self.stride.into());
        let before = match self.padding {
            Padding::Causal => return None,
            Padding::Same => remembered / 2,
            Padding::Sides(0, 0) if remembered == 0 => return None,
            Padding::Sides(..) if !is_said => {
                return Some("a kernel of several taps needs the frames before: write `padding = causal`".into());
            }
            Padding::Sides(before, _) => before.into(),
        };
        match remembered.checked_sub(before) {
            None | Some(0) => Some(causal.into()),
            Some(1) => Some(format!("looks 1 frame ahead; {causal}")),
            Some(ahead) => Some(format!("looks {ahead} frames ahead; {causal}")),
        }
    }

    /// How many frames before those of a step are remembered.
    pub fn past(&self) -> u32 {
        u32::try_from(self.spans().saturating_sub(self.stride.into())).unwrap_or(u32::MAX)
    }

    /// As many channels in so many places; one frame of a stream is a vector.
    pub fn gives(&self, channels: Size, frames: u64) -> Shape {
        match frames {
            1 if self.is_stream => Shape::Vector(channels),
            frames => Shape::Signal(channels, frames),
        }
    }

    /// A part over the places that windows see, where so many arrive; in a stream those before are remembered. With `lowest` a
    /// stream begins with the lowest numbers.
    pub fn along(
        &self,
        names: &Names,
        takes: &Shape,
        lowest: bool,
        part: impl Fn(TokenStream) -> TokenStream,
    ) -> TokenStream {
        if !self.is_stream {
            return part(names.shape(takes));
        }
        let seen = (takes.frames().unwrap_or(1) + self.spans()).saturating_sub(self.stride.into());
        let part = part(names.shape(&Shape::Signal(takes.channels().clone(), seen)));
        names.with_past(&part, takes, self.past(), lowest && self.past() > 0)
    }

    /// How many places there are from the first tap to the last.
    fn spans(&self) -> u64 {
        u64::from(self.taps - 1) * u64::from(self.dilation) + 1
    }

    /// How many places lie before the first of `from`, and how many outputs there are; or why there is none.
    pub fn over(&self, from: u64) -> Result<[u64; 2], String> {
        let (spans, stride) = (self.spans(), u64::from(self.stride));
        if self.is_stream {
            return Ok([0, from / stride]);
        }
        let [before, after] = match self.padding {
            Padding::Sides(before, after) => [before.into(), after.into()],
            Padding::Same => {
                let all = ((from.div_ceil(stride) - 1) * stride + spans).saturating_sub(from);
                [all / 2, all - all / 2]
            }
            Padding::Causal => [spans - stride, 0],
        };
        let padded = from + before + after;
        if spans <= padded {
            return Ok([before, (padded - spans) / stride + 1]);
        }
        let kernel = match self.dilation {
            1 => format!("a kernel of {} does not fit", self.taps),
            dilation => format!("a kernel of {} with dilation {dilation} spans {spans}", self.taps),
        };
        let padding = if padded > from { " with its padding" } else { "" };
        let frames = if padded == 1 { "frame" } else { "frames" };
        Err(match self.dilation {
            1 => format!("{kernel}: the input{padding} has {padded} {frames}"),
            _ => format!("{kernel}, the input{padding} has {padded} {frames}"),
        })
    }

    /// As a summary says it.
    pub fn label(&self, stride: u32) -> String {
        let mut label = self.taps.to_string();
        if self.stride != stride {
            label += &format!(", stride {}", self.stride);
        }
        match self.padding {
            Padding::Sides(0, 0) => {}
            Padding::Sides(before, after) if before == after => label += &format!(", padding {before}"),
            Padding::Sides(before, after) => label += &format!(", padding ({before}, {after})"),
            Padding::Same => label += ", same",
            Padding::Causal if self.is_stream => {}
            Padding::Causal => label += ", causal",
        }
        if self.dilation != 1 {
            label += &format!(", dilation {}", self.dilation);
        }
        label
    }

    /// Its type, over so many places.
    pub fn part(&self, names: &Names, from: u64) -> TokenStream {
        let nn = &names.nn;
        let [before, _] = self.over(from).unwrap_or_default();
        let (taps, stride, dilation) = (self.taps as usize, self.stride as usize, self.dilation as usize);
        let all = [1, taps, 1, stride, 1, dilation, 0, usize::try_from(before).unwrap_or(0)];
        let all = all.map(proc_macro2::Literal::usize_unsuffixed);
        quote!(#nn::layer::Sliding<#(#all),*>)
    }

    /// How many outputs there are over what arrives at a word; what is wrong goes to the report.
    pub fn outputs(&self, word: &str, takes: &Given, report: &mut crate::report::Report) -> Option<u64> {
        let frames = if self.is_stream { Some(takes.shape.frames().unwrap_or(1)) } else { takes.shape.frames() };
        let message = match frames.map(|frames| self.over(frames)) {
            Some(Ok([_, outputs])) => return Some(outputs),
            Some(Err(message)) => message,
            None if takes.shape.is_unknown() => return None,
            None => no_signal(word, takes),
        };
        report.at(self.span, message);
        None
    }
}

/// That a word takes a signal.
pub fn no_signal(word: &str, takes: &Given) -> String {
    format!("`{word}` takes a signal, as `1x40` at the beginning of a network is, but {}", takes.with_shape())
}

/// `1`, `(1, 0)`, `same`, `valid` or `causal`.
fn padding(tokens: &[TokenTree]) -> Option<Padding> {
    let side = |tokens: &[TokenTree]| {
        let number = text(tokens).parse::<u32>().ok()?;
        (number < 1 << 30).then_some(number)
    };
    match tokens {
        [TokenTree::Ident(word)] => match word.to_string().as_str() {
            "same" => Some(Padding::Same),
            "valid" => Some(Padding::Sides(0, 0)),
            "causal" => Some(Padding::Causal),
            _ => None,
        },
        [TokenTree::Group(pair)] if pair.delimiter() == Delimiter::Parenthesis => {
            let tokens = crate::tokens::inside(pair);
            let mut sides = tokens.split(|token| crate::tokens::is_punct(Some(token), ',')).map(side);
            match (sides.next(), sides.next(), sides.next()) {
                (Some(Some(before)), Some(Some(after)), None) => Some(Padding::Sides(before, after)),
                _ => None,
            }
        }
        tokens => side(tokens).map(|both| Padding::Sides(both, both)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Padding, Sliding};
    use proc_macro2::Span;

    #[test]
    fn outputs_are_counted() {
        let of = |taps, stride, dilation, padding, from| {
            let (is_stream, span) = (false, Span::call_site());
            Sliding { taps, stride, dilation, padding, is_stream, stride_span: span, span }.over(from)
        };
        // PyTorch's formula, TensorFlow's `same`, and what a stream gives.
        assert_eq!(of(3, 2, 1, Padding::Sides(1, 1), 6), Ok([1, 3]));
        assert_eq!(of(3, 2, 1, Padding::Same, 6), Ok([0, 3]));
        assert_eq!(of(1, 3, 1, Padding::Same, 8), Ok([0, 3]));
        assert_eq!(of(2, 3, 1, Padding::Same, 7), Ok([0, 3]));
        assert_eq!(of(5, 3, 1, Padding::Causal, 12), Ok([2, 4]));
        assert_eq!(of(3, 2, 2, Padding::Sides(0, 0), 5), Ok([0, 1]));
        let error = of(3, 2, 2, Padding::Sides(0, 0), 4).unwrap_err();
        assert_eq!(error, "a kernel of 3 with dilation 2 spans 5, the input has 4 frames");
    }
}
