//! Windows that slide over places: a kernel, and `stride`, `padding` and `dilation` by name. In a stream what lies before the
//! frames of a step is remembered, and nothing may lie behind them.

mod axis;

use crate::layer::{Accessor, Given};
use crate::names::Names;
use crate::reader::Reader;
use crate::report::Report;
use crate::shape::{Shape, Size};
use axis::{Around, Axis};
pub use axis::{Extent, Padding};
use proc_macro2::{Literal, Span, TokenStream, TokenTree};
use quote::quote;

/// A window along the frames of a signal, or over the rows and columns of an image.
pub struct Sliding {
    taps: Extent,
    stride: Extent,
    dilation: Extent,
    padding: Padding,
    /// Whether it slides along a stream.
    pub is_stream: bool,
    /// Where its stride is said, or else itself.
    pub stride_span: Span,
    /// What is said of it.
    span: Span,
}

/// The most frames that a window of a stream may span, and the most values of a shape.
const MOST: u64 = 1 << 30;

/// What a window has of a signal: its columns.
const COLUMNS: usize = 1;
/// The axis of an image along which rows lie.
const ROWS: usize = 0;

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

/// `3`, or `3x5`, of one or more.
fn extent(tokens: &[TokenTree], what: &str, of: &str, around: Span, reader: &mut Reader<'_>) -> Option<Extent> {
    let Some(pair) = Extent::pair(&text(tokens)) else {
        return number(tokens, what, of, around, reader).map(Extent::both);
    };
    let message = match reader.is_stream {
        _ if pair.sizes.contains(&0) => format!("{what} has at least one {of} along each axis"),
        true => format!("`{}` is for images; the frames of a stream have one axis", pair.shown()),
        false => return Some(pair),
    };
    reader.report.over(tokens, around, message);
    None
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
        let taps = extent(kernel, "a kernel", "tap", around, reader)?;
        let mut of = |tokens: Option<&[TokenTree]>, what: &str, otherwise| match tokens {
            Some(tokens) => extent(tokens, what, "frame", around, reader),
            None => Some(otherwise),
        };
        let stride = of(named.stride, "a stride", if is_pool { taps } else { Extent::both(1) })?;
        let dilation = of(named.dilation, "a dilation", Extent::both(1))?;
        let padding = match named.padding.map(Padding::read) {
            None => Padding::NONE,
            Some(Some(padding)) => padding,
            Some(None) => {
                let message = "expected `padding = 1`, `1x2`, `(1, 0)`, `same`, `valid` or `causal`";
                reader.report.over(named.padding.unwrap_or_default(), around, message);
                return None;
            }
        };
        let stride_span = named.stride.and_then(|tokens| tokens.first()).map_or(around, TokenTree::span);
        let is_stream = reader.is_stream;
        let sliding = Self { taps, stride, dilation, padding, is_stream, stride_span, span: around };
        let columns = sliding.axis(COLUMNS);
        if is_stream && columns.spans() >= MOST {
            let message = "the oldest tap looks back too far; it may be below 1,073,741,824 frames";
            reader.report.over(kernel, around, message);
            return None;
        }
        let message = match padding {
            _ if is_stream => columns.ahead(named.padding.is_some()),
            Padding::Sides(before, after) if is_pool => {
                let sides = [before, after].into_iter().flat_map(|side| side.sizes.into_iter().zip(taps.sizes));
                let wrong = sides.into_iter().find(|(side, taps)| side > &(taps / 2));
                wrong.map(|(side, taps)| format!("padding {side} is more than half of {taps}"))
            }
            Padding::Causal if u64::from(columns.stride) > columns.spans() => {
                let (stride, spans) = (columns.stride, columns.spans());
                Some(format!("a stride of {stride} is longer than the kernel, which spans {spans}"))
            }
            _ => None,
        };
        if let Some(message) = message {
            reader.report.over(named.padding.unwrap_or(kernel), around, message);
            return None;
        }
        Some(sliding)
    }

    /// The window along rows, 0, or columns, 1.
    fn axis(&self, axis: usize) -> Axis {
        let [taps, stride, dilation] = [self.taps, self.stride, self.dilation].map(|extent| extent.sizes[axis]);
        Axis { taps, stride, dilation, around: self.padding.along(axis) }
    }

    /// The axes along which it slides over places of these sizes: of a signal its columns.
    fn axes(&self, sizes: &[u64]) -> impl Iterator<Item = Axis> {
        (2 - sizes.len().min(2)..2).map(|axis| self.axis(axis))
    }

    /// How many taps it has at such places.
    pub fn taps(&self, takes: &Shape) -> u32 {
        let sizes = if self.is_stream { &[1] } else { takes.sizes() };
        self.axes(sizes).fold(1, |taps, axis| taps.saturating_mul(axis.taps))
    }

    /// Its taps along each axis, as a file has them.
    pub fn kernel(&self, takes: &Shape) -> Vec<u64> {
        let sizes = if self.is_stream { &[1] } else { takes.sizes() };
        self.axes(sizes).map(|axis| axis.taps.into()).collect()
    }

    /// What a convolution with a name gives: a number of each tap, of each of these inputs and outputs, and the biases.
    pub fn accessor(
        &self,
        names: &Names,
        takes: &Shape,
        [inside, outside]: [TokenStream; 2],
        bias: Option<TokenStream>,
    ) -> Accessor {
        let Names { nn, scalar, .. } = names;
        let one = quote!([[#nn::#scalar; #outside]; #inside]);
        let kernel = self.kernel(takes).into_iter().map(Literal::u64_unsuffixed);
        let weights = kernel.fold(one, |weights, taps| quote!([#weights; #taps]));
        let biases = bias.unwrap_or_else(|| quote!(0));
        let of = quote!(#nn::layer::ConvParameters<#nn::#scalar, #weights, #biases>);
        Accessor { of, by: Some(["arrays", "arrays_mut"]) }
    }

    /// How many rows of an image are under a window, dilation included.
    pub fn rows_under(&self, takes: &Shape) -> Option<u64> {
        matches!(takes, Shape::Image(..)).then(|| self.axis(ROWS).spans())
    }

    /// Its rows and columns, if the windows over an image lie side by side, none of them in the padding.
    pub fn tile(&self, takes: &Shape) -> Option<[u64; 2]> {
        let all = [self.axis(0), self.axis(COLUMNS)];
        let are_tiles =
            |axis: &Axis| axis.stride == axis.taps && matches!((axis.dilation, axis.around), (1, Around::Sides(0, 0)));
        let is_image = matches!(takes, Shape::Image(..)) && !self.is_stream;
        (is_image && all.iter().all(are_tiles)).then(|| all.map(|axis| axis.taps.into()))
    }

    /// How many frames it goes on in a stream.
    pub fn stride(&self) -> u32 {
        self.axis(COLUMNS).stride
    }

    /// How many frames before those of a step are remembered.
    pub fn past(&self) -> u32 {
        let columns = self.axis(COLUMNS);
        u32::try_from(columns.spans().saturating_sub(columns.stride.into())).unwrap_or(u32::MAX)
    }

    /// As many channels at places of these sizes, where that is not too many values; one frame of a stream is a vector.
    pub fn gives(&self, word: &str, channels: Size, sizes: &[u64], report: &mut Report) -> Shape {
        match sizes {
            [1] if self.is_stream => Shape::Vector(channels),
            sizes => places(word, channels, sizes, self.span, report),
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
        let columns = self.axis(COLUMNS);
        let seen = (takes.places() + columns.spans()).saturating_sub(columns.stride.into());
        let part = part(names.shape(&Shape::Signal(takes.channels().clone(), seen)));
        names.with_past(&part, takes, self.past(), lowest && self.past() > 0)
    }

    /// How many outputs there are along each axis over places of these sizes, and how many places lie before the first; or why there is
    /// none.
    fn over(&self, sizes: &[u64]) -> Result<Vec<[u64; 2]>, String> {
        let nouns = ["row", "column"];
        let is_image = sizes.len() > 1;
        let over = |(at, (axis, from)): (usize, (Axis, &u64))| {
            if self.is_stream {
                return Ok([0, from / u64::from(axis.stride)]);
            }
            axis.over(*from).map_err(|padded| {
                let noun = if is_image { nouns[at] } else { "frame" };
                let places = if padded == 1 { noun.into() } else { format!("{noun}s") };
                let padding = if padded > *from { " with its padding" } else { "" };
                let (kernel, spans) = (self.taps.shown(), axis.spans());
                match (is_image, axis.dilation) {
                    (true, _) => {
                        format!("a kernel of {kernel} spans {spans} {noun}s: the input{padding} has {padded} {places}")
                    }
                    (_, 1) => format!("a kernel of {kernel} does not fit: the input{padding} has {padded} {places}"),
                    (_, dilation) => format!(
                        "a kernel of {kernel} with dilation {dilation} spans {spans}, the input{padding} has {padded} {places}"
                    ),
                }
            })
        };
        self.axes(sizes).zip(sizes).enumerate().map(over).collect()
    }

    /// As a summary says it; a pool goes on by its taps if nothing is said.
    pub fn label(&self, is_pool: bool) -> String {
        let mut label = self.taps.shown();
        let stride = if is_pool { self.taps.sizes } else { [1; 2] };
        if self.stride.sizes != stride {
            label += &format!(", stride {}", self.stride.shown());
        }
        match self.padding {
            Padding::Sides(before, after) if before.sizes == after.sizes => {
                if before.sizes != [0; 2] {
                    label += &format!(", padding {}", before.shown());
                }
            }
            Padding::Sides(before, after) => label += &format!(", padding ({}, {})", before.shown(), after.shown()),
            Padding::Same => label += ", same",
            Padding::Causal if self.is_stream => {}
            Padding::Causal => label += ", causal",
        }
        if self.dilation.sizes != [1; 2] {
            label += &format!(", dilation {}", self.dilation.shown());
        }
        label
    }

    /// Its type, over what arrives.
    pub fn part(&self, names: &Names, takes: &Shape) -> TokenStream {
        let nn = &names.nn;
        let sizes = if self.is_stream { &[1] } else { takes.sizes() };
        // A signal is one row.
        let row = Axis { taps: 1, stride: 1, dilation: 1, around: Around::Sides(0, 0) };
        let axes = std::iter::repeat_n(row, 2 - sizes.len().min(2)).chain(self.axes(sizes));
        let before = self.over(sizes).unwrap_or_default().into_iter().map(|[before, _]| before).collect::<Vec<_>>();
        let before = std::iter::repeat_n(0, 2 - before.len().min(2)).chain(before);
        let all: Vec<_> = axes.map(|axis| [axis.taps, axis.stride, axis.dilation]).collect();
        let numbers = (0..3).flat_map(|what| all.iter().map(move |axis| u64::from(axis[what]))).chain(before);
        let numbers = numbers.map(proc_macro2::Literal::u64_unsuffixed);
        quote!(#nn::layer::Sliding<#(#numbers),*>)
    }

    /// How many outputs there are along each axis over what arrives at a word; what is wrong goes to the report.
    pub fn outputs(&self, word: &str, takes: &Given, report: &mut Report) -> Option<Vec<u64>> {
        let outputs = |sizes: &[u64]| Ok(self.over(sizes)?.into_iter().map(|[_, outputs]| outputs).collect());
        self.count(word, takes, None, report, outputs)
    }

    /// The same where each place that arrives has a window of outputs, and so many lie beyond the last.
    pub fn grown(&self, word: &str, takes: &Given, beyond: Extent, report: &mut Report) -> Option<Vec<u64>> {
        let outputs = |sizes: &[u64]| {
            let beyond = beyond.sizes.into_iter().skip(2 - sizes.len());
            let axes = self.axes(sizes).zip(sizes).zip(beyond);
            let outputs = axes.map(|((axis, from), beyond)| {
                axis.grown(*from, beyond).map_err(|all| format!("the padding leaves nothing of {all} places"))
            });
            outputs.collect()
        };
        self.count(word, takes, Some(beyond), report, outputs)
    }

    /// Why so many outputs may not lie beyond the last window: a longer stride would have had room for one more.
    pub fn is_too_far(&self, beyond: Extent) -> Option<String> {
        let far = |axis: usize| beyond.sizes[axis] >= self.stride.sizes[axis].max(self.dilation.sizes[axis]);
        let (shown, stride, dilation) = (beyond.shown(), self.stride.shown(), self.dilation.shown());
        let message =
            || format!("an output padding of {shown} is not below the stride, {stride}, or the dilation, {dilation}");
        (0..2).any(far).then(message)
    }

    fn count(
        &self,
        word: &str,
        takes: &Given,
        beyond: Option<Extent>,
        report: &mut Report,
        outputs: impl Fn(&[u64]) -> Result<Vec<u64>, String>,
    ) -> Option<Vec<u64>> {
        let sizes = if self.is_stream && !takes.shape.has_places() { &[1] } else { takes.shape.sizes() };
        let extents = [self.taps, self.stride, self.dilation].into_iter().chain(beyond);
        let pair = extents.into_iter().find(|extent| extent.is_pair);
        let message = match (sizes, self.padding) {
            ([], _) if takes.shape.is_unknown() => return None,
            ([], _) => no_places(word, takes),
            ([_], padding) if pair.is_some() || padding.is_pair() => {
                let shown =
                    pair.map_or_else(|| "a padding of rows and columns".into(), |pair| format!("`{}`", pair.shown()));
                format!("{shown} is for images, but {}", takes.with_shape())
            }
            ([_, _], Padding::Causal) => "`causal` is for signals and streams; an image has no time".into(),
            (sizes, _) => match outputs(sizes) {
                Ok(outputs) => return Some(outputs),
                Err(message) => message,
            },
        };
        report.at(self.span, message);
        None
    }
}

/// That a word takes a signal.
pub fn no_signal(word: &str, takes: &Given) -> String {
    format!("`{word}` takes a signal, as `1x40` at the beginning of a network is, but {}", takes.with_shape())
}

/// As many channels at places of these sizes, where that is not too many values.
pub fn places(word: &str, channels: Size, sizes: &[u64], span: Span, report: &mut Report) -> Shape {
    let all = sizes.iter().try_fold(channels.known().unwrap_or(1), |all, size| all.checked_mul(*size));
    if all.is_some_and(|all| all < MOST) {
        return Shape::of(channels, sizes);
    }
    report.at(span, too_many(word, sizes.len()));
    Shape::Vector(Size::Unknown)
}

/// That a word gives too many values along so many axes.
pub fn too_many(word: &str, axes: usize) -> String {
    let kind = if axes > 1 { "an image" } else { "a signal" };
    format!("`{word}` gives too many values; {kind} has below 1,073,741,824")
}

/// That a word takes a signal or an image.
pub fn no_places(word: &str, takes: &Given) -> String {
    format!(
        "`{word}` takes a signal or an image, as `1x40` or `1x28x28` at the beginning of a network, but {}",
        takes.with_shape()
    )
}
