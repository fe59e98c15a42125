//! `wavenet(a1_standard)`: Neural Amp Modeler's networks, or one by its numbers.

mod shapes;

use crate::arguments::Arguments;
use crate::ast::{Number, Width};
use crate::layer::{Ends, Frames, Given, Layer, Tensor};
use crate::names::Names;
use crate::near::nearest;
use crate::reader::Reader;
use crate::report::Report;
use crate::shape::{Shape, Size};
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};
use shapes::{Arrays, SHAPES, by_numbers, named};

/// Arrays of layers.
struct WaveNet {
    of: Arrays,
    span: Span,
}

/// `wavenet(a1_standard)`, or `wavenet(channels = (16, 8), kernel = 3, dilations = (1, 2, 4), activation = tanh, head = 1)`.
pub fn read(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    let example = "`wavenet(a1_standard)` or `wavenet(channels = 8, kernel = 3, dilations = (1, 2, 4))`";
    let Some(arguments) = arguments else {
        reader.report.at(word.span(), format!("expected a shape, as in {example}"));
        return None;
    };
    let found = match arguments.read::<1, 0>([]) {
        Some(([[TokenTree::Ident(name)]], [])) => named(&name.to_string()).ok_or_else(|| {
            let names: Vec<_> = SHAPES.iter().map(|(name, _)| format!("`{name}`")).collect();
            let like = nearest(&name.to_string(), SHAPES.iter().map(|(name, _)| (*name, *name)));
            let like = like.unwrap_or_else(|| format!("; there are {}", names.join(", ")));
            (vec![TokenTree::Ident(name.clone())], format!("unknown shape `{name}`{like}"))
        }),
        _ => by_numbers(arguments, example),
    };
    let of = match found {
        Ok(of) => of,
        Err((tokens, message)) => {
            reader.report.over(&tokens, arguments.span, message);
            return None;
        }
    };
    let frames = |[taps, dilation]: &[u32; 2]| u64::from(taps - 1) * u64::from(*dilation);
    let field: u64 = of.arrays.iter().flat_map(|(_, layers)| layers).map(frames).sum();
    if field >= 1 << 30 || of.arrays.iter().any(|(channels, _)| *channels >= 1 << 12) {
        let message = "a `wavenet` has fewer than 4,096 channels, and sees fewer than 1,073,741,824 frames";
        reader.report.at(word.span(), message);
        return None;
    }
    Some(Box::new(WaveNet { of, span: word.span() }))
}

impl WaveNet {
    /// What the head of an array gives, and its taps: as many sums as the next array has channels.
    fn head(&self, array: usize) -> [u32; 2] {
        self.of.arrays.get(array + 1).map_or([1, self.of.head], |(channels, _)| [*channels, 1])
    }
}

impl Layer for WaveNet {
    fn span(&self) -> Span {
        self.span
    }

    fn label(&self) -> String {
        format!("wavenet({})", self.of.label)
    }

    fn frames(&self) -> Frames {
        Frames::InOrder("wavenet(a1_standard)")
    }

    fn gives(&self, takes: &Given, _: &[Shape], report: &mut Report) -> Shape {
        match takes.shape.known() {
            Some(1) => {}
            Some(values) => {
                report.at(self.span, format!("a `wavenet` takes frames of one value, but {} {values}", takes.said))
            }
            None if takes.shape.is_unknown() => {}
            None => report.at(self.span, "a `wavenet` takes frames of one value, which must be written as a number"),
        }
        Shape::Vector(Size::Width(Width { number: Number::Literal(1), span: self.span }))
    }

    fn tensors(&self, _: &Shape, _: &Shape) -> Option<Vec<Tensor>> {
        let (mut tensors, mut inputs) = (Vec::new(), 1);
        for (at, (channels, layers)) in self.of.arrays.iter().enumerate() {
            let (c, [outputs, taps]) = (u64::from(*channels), self.head(at).map(u64::from));
            let mut tensor = |name: String, shape: Vec<u64>| {
                let (name, is_transposed) = (format!("layers.{at}.{name}").into(), shape.len() > 1);
                tensors.push(Tensor { name, shape, is_transposed });
            };
            tensor("rechannel.weight".into(), vec![c, inputs, 1]);
            for (layer, [taps, _]) in layers.iter().enumerate() {
                tensor(format!("layers.{layer}.conv.weight"), vec![c, c, u64::from(*taps)]);
                tensor(format!("layers.{layer}.conv.bias"), vec![c]);
                tensor(format!("layers.{layer}.input_mixer.weight"), vec![c, 1, 1]);
                tensor(format!("layers.{layer}.1x1.weight"), vec![c, c, 1]);
                tensor(format!("layers.{layer}.1x1.bias"), vec![c]);
            }
            tensor("head_rechannel.weight".into(), vec![outputs, c, taps]);
            if at + 1 == self.of.arrays.len() {
                tensor("head_rechannel.bias".into(), vec![outputs]);
            }
            inputs = c;
        }
        Some(tensors)
    }

    fn multiplies(&self, takes: &Shape, gives: &Shape) -> Option<u64> {
        self.tensors(takes, gives)?.iter().filter(|tensor| tensor.is_transposed).map(Tensor::len).sum()
    }

    fn remembers(&self, _: &Shape) -> Option<u64> {
        None
    }

    fn part(&self, names: &Names, _: &Ends<'_>) -> TokenStream {
        let Names { nn, scalar, .. } = names;
        let (nn, of) = (quote!(#nn), quote!(#nn::#scalar));
        let activation = format_ident!("{}", self.of.activation[1]);
        let bits = |number: u32| names.bits(number);
        let (mut arrays, mut before) = (Vec::new(), 1);
        for (at, (channels, layers)) in self.of.arrays.iter().enumerate() {
            let [outputs, taps] = self.head(at);
            let is_last = at + 1 == self.of.arrays.len();
            let c = bits(*channels);
            let takes = bits(if at == 0 { 1 } else { before + channels + 1 });
            let frame = bits(2 * channels + 1);
            let gives = bits(if is_last { 1 } else { channels + outputs + 1 });
            let delay = |frames: u32| match frames {
                0 => quote!(()),
                _ => {
                    let frames = bits(frames);
                    quote!(#nn::layer::Delay<#of, #c, #frames>)
                }
            };
            let layers: Vec<_> = layers
                .iter()
                .map(|[taps, dilation]| {
                    let (k, past) = (bits(*taps), delay((taps - 1) * dilation));
                    quote!(#nn::layer::WaveLayer<#of, #c, #k, #nn::activation::#activation, #past, #frame>)
                })
                .collect();
            let (layers, before_it) = (names.tree(&layers), bits(before));
            let (d, k, past) = (bits(outputs), bits(taps), delay(taps - 1));
            let biased = format_ident!("{}", if is_last { "Yes" } else { "No" });
            let rechannel = quote!(#nn::layer::Rechannel<#of, #before_it, #c, #takes, #frame>);
            let head = quote!(#nn::layer::WaveHead<#of, #c, #d, #k, #nn::#biased, #past, #frame, #gives>);
            let parts = [
                names.named("rechannel", &rechannel),
                names.named("layers", &quote!(#nn::Nested<#layers>)),
                names.named("head_rechannel", &head),
            ];
            let parts = names.tree(&parts);
            arrays.push(quote!(#nn::Nested<#parts>));
            before = *channels;
        }
        let (arrays, channels) = (names.tree(&arrays), self.of.arrays.first().map_or(1, |(channels, _)| *channels));
        let (arrays, channels) =
            (names.named("layers", &quote!(#nn::Nested<#arrays>)), Literal::u32_unsuffixed(channels));
        quote!(#nn::layer::WaveNet<#arrays, #channels>)
    }
}
