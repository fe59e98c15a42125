//! `standardize(mean = [124, 116, 104], deviation = 58)`: each channel less its mean, over its deviation.

use crate::arguments::Arguments;
use crate::fraction::Fraction;
use crate::layer::{Ends, Given, Layer, Tensor};
use crate::names::Names;
use crate::reader::Reader;
use crate::report::Report;
use crate::shape::{Shape, Size, grouped};
use crate::tokens::inside;
use proc_macro2::{Delimiter, Ident, Literal, Span, TokenStream, TokenTree};
use quote::quote;

struct Standardize {
    /// Mean and deviation, if the declaration states them.
    stated: Option<[Numbers; 2]>,
    span: Span,
}

/// A number, or one a channel.
struct Numbers {
    numbers: Vec<Fraction>,
    /// Whether there is one a channel.
    is_list: bool,
    span: Span,
}

/// `standardize`, or `standardize(mean = 0, deviation = 255)`.
pub fn read(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    let span = word.span();
    let Some(arguments) = arguments else { return Some(Box::new(Standardize { stated: None, span })) };
    let Some(([], [mean, deviation])) = arguments.read(["mean", "deviation"]) else {
        let message = "`standardize` learns mean and deviation from data, or they are stated by name, as in `standardize(mean = 0, deviation = 255)`";
        reader.report.over(&arguments.tokens, arguments.span, message);
        return None;
    };
    let mut numbers = |key: &str, tokens: Option<&[TokenTree]>, otherwise: i64| {
        let Some(tokens) = tokens else {
            return Some(Numbers { numbers: vec![Fraction(otherwise, 1)], is_list: false, span: arguments.span });
        };
        let list = Numbers::read(tokens).filter(|list| !list.numbers.is_empty());
        if list.is_none() {
            let message = format!("`{key}` is a decimal number, or one a channel, as in `{key} = [124, 116, 104]`");
            reader.report.over(tokens, arguments.span, message);
        }
        list
    };
    let (mean, deviation) = (numbers("mean", mean, 0), numbers("deviation", deviation, 1));
    let stated = [mean?, deviation?];
    if stated[1].numbers.iter().any(|number| number.0 <= 0) {
        reader.report.at(stated[1].span, "a deviation is above zero");
        return None;
    }
    Some(Box::new(Standardize { stated: Some(stated), span }))
}

impl Numbers {
    fn read(tokens: &[TokenTree]) -> Option<Self> {
        let span = tokens.first()?.span();
        let TokenTree::Group(group) = &tokens[0] else {
            return Some(Self { numbers: vec![Fraction::read(tokens)?], is_list: false, span });
        };
        if tokens.len() > 1 || group.delimiter() != Delimiter::Bracket {
            return None;
        }
        let list = Arguments { span, tokens: inside(group) };
        let numbers = list.split().into_iter().map(Fraction::read).collect::<Option<_>>()?;
        Some(Self { numbers, is_list: true, span })
    }

    /// That of a channel.
    fn of(&self, channel: usize) -> Fraction {
        self.numbers.get(channel).or(self.numbers.last()).copied().unwrap_or(Fraction(0, 1))
    }
}

impl Layer for Standardize {
    fn span(&self) -> Span {
        self.span
    }

    fn label(&self) -> String {
        "standardize".into()
    }

    fn gives(&self, takes: &Given, _: &[Shape], report: &mut Report) -> Shape {
        let channels = takes.shape.channels().known();
        let lists = self.stated.iter().flatten().filter(|numbers| numbers.is_list);
        for Numbers { numbers, span, .. } in lists {
            let what = if takes.shape.has_places() { "channels" } else { "values" };
            let message = match channels {
                _ if takes.shape.is_unknown() => continue,
                Some(channels) if channels == numbers.len() as u64 => continue,
                Some(channels) => format!("{} numbers for {} {what}", numbers.len(), grouped(channels)),
                None => format!("numbers one by one need {what} that are written as a number"),
            };
            report.at(*span, message);
            return Shape::Vector(Size::Unknown);
        }
        takes.shape.clone()
    }

    fn tensors(&self, takes: &Shape, _: &Shape) -> Option<Vec<Tensor>> {
        let shape = vec![takes.channels().known()?];
        Some(
            ["mean", "deviation"]
                .map(|name| Tensor { name: name.into(), shape: shape.clone(), is_transposed: false })
                .into(),
        )
    }

    fn multiplies(&self, takes: &Shape, _: &Shape) -> Option<u64> {
        takes.known()
    }

    fn scales(&self) -> bool {
        true
    }

    fn part(&self, names: &Names, ends: &Ends<'_>) -> TokenStream {
        let (Names { nn, scalar, .. }, shape) = (names, names.shape(&ends.takes.shape));
        let stated = match &self.stated {
            None => quote!(#nn::layer::Learnt),
            Some([mean, deviation]) => {
                let several = mean.numbers.len().max(deviation.numbers.len());
                let given: Vec<_> = (0..several)
                    .map(|channel| {
                        let [mean, deviation] = [mean, deviation].map(|numbers| numbers.of(channel).arguments());
                        quote!(#nn::layer::Given<#mean, #deviation>)
                    })
                    .collect();
                one_of(nn, &given)
            }
        };
        quote!(#nn::layer::Standardize<#nn::#scalar, #shape, #stated>)
    }
}

/// The types of several channels as a balanced tree.
fn one_of(nn: &TokenStream, channels: &[TokenStream]) -> TokenStream {
    match channels {
        [channel] => channel.clone(),
        channels => {
            let (first, then) = channels.split_at(channels.len() / 2);
            let count = Literal::usize_unsuffixed(first.len());
            let (first, then) = (one_of(nn, first), one_of(nn, then));
            quote!(#nn::layer::Several<#first, #then, #count>)
        }
    }
}
