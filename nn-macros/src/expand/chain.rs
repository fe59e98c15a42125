//! The type of a chain.

use super::{Names, respan};
use crate::ast::{Activation, ActivationKind, Layer, Number, Path, Stage, Width};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

/// A chain and what is known of its output.
pub struct Chain {
    /// Its type.
    pub layers: TokenStream,
    /// What it gives.
    pub out: Out,
    /// The layers that have a name.
    pub accessors: Vec<Accessor>,
}

/// What a part gives.
#[derive(Clone)]
pub struct Out {
    /// How many values, as a type.
    pub length: TokenStream,
    /// How many values, as a constant.
    pub value: TokenStream,
    /// How a message begins that says how many.
    said: String,
}

/// A layer with a name.
pub struct Accessor {
    /// Its name.
    pub name: Ident,
    /// The fields that lead to it.
    pub fields: TokenStream,
    /// How many values it takes, as a constant.
    pub input: TokenStream,
    /// What it is.
    pub layer: Layer,
}

impl Accessor {
    /// The same layer, inside what `fields` lead to.
    fn behind(self, fields: &TokenStream) -> Self {
        let inside = &self.fields;
        Self { fields: quote!(#fields #inside), ..self }
    }
}

/// The type of a layer, what it gives, and the named layers inside.
type Part = (TokenStream, Out, Vec<Accessor>);

impl Names {
    /// The chain of a whole network.
    pub fn network(&self, input: &Width, stages: &[Stage]) -> Chain {
        let said = "the input has".to_string();
        let out = Out { length: self.length(input), value: self.value(input), said };
        self.chain(&out, Some(input), stages)
    }

    /// The stages as a chain. `unchecked` is a width that the first part must check.
    fn chain(&self, input: &Out, mut unchecked: Option<&Width>, stages: &[Stage]) -> Chain {
        let Self { nn, scalar, .. } = self;
        let (mut parts, mut accessors) = (Vec::new(), Vec::new());
        let (mut out, mut after_path) = (input.clone(), false);
        for (at, Stage { name, layer, activation }) in stages.iter().enumerate() {
            let takes = out.value.clone();
            let (mut part, gives, inside) = self.part(layer, &out);
            out = gives;
            // In a type a path must be written once: the library's aliases take its length for what follows it.
            let mut is_path = !self.is_item && matches!(layer, Layer::Path(_));
            if after_path
                && name.is_none()
                && !self.is_checked(layer)
                && let Layer::Dense(_) | Layer::Dropout(..) = layer
                && let Some(before) = parts.pop()
            {
                if let Layer::Dropout([num, den]) = layer {
                    part = quote!(#nn::ActivateAfter<#before, #nn::Dropout<{#num}, {#den}>>);
                    is_path = true;
                } else {
                    let length = &out.length;
                    part = quote!(#nn::DenseAfter<#before, #length>);
                }
            }
            after_path = is_path;
            let mut fields = fields(at, stages.len());
            if activation.is_some() {
                fields = quote!(#fields.first);
            }
            if let Some(name) = name {
                part = self.named(name, &part);
                fields = quote!(#fields.0);
            }
            let check =
                unchecked.take().and_then(|width| self.width_check(width, "a network must have at least one input"));
            if let Some(check) = check {
                part = quote!(#nn::Checked<#part, #check>);
                fields = quote!(#fields.0);
            }
            if let Some(name) = name {
                let checked = self.is_checked(layer).then(|| quote!(.0));
                let fields = quote!(#fields #checked);
                accessors.push(Accessor { name: name.clone(), fields, input: braced(takes), layer: shallow(layer) });
            }
            accessors.extend(inside.into_iter().map(|inner| inner.behind(&fields)));
            if let Some(activation) = activation {
                let (activation, length) = (self.activation(activation), &out.length);
                part = if is_path {
                    quote!(#nn::ActivateAfter<#part, #activation>)
                } else {
                    quote!(#nn::Chain<#part, #nn::Activate<#activation, #nn::#scalar, #nn::Vector<#length>>>)
                };
            }
            parts.push(part);
        }
        Chain { layers: self.tree(&parts), out, accessors }
    }

    /// The parts as a balanced tree of chains: the compiler limits how deep a type is.
    fn tree(&self, parts: &[TokenStream]) -> TokenStream {
        let nn = &self.nn;
        match parts {
            [] => TokenStream::new(),
            [part] => part.clone(),
            parts => {
                let (first, then) = parts.split_at(parts.len().div_ceil(2));
                let (first, then) = (self.tree(first), self.tree(then));
                quote!(#nn::Chain<#first, #then>)
            }
        }
    }

    /// A layer that takes `input`.
    fn part(&self, layer: &Layer, input: &Out) -> Part {
        let Self { nn, scalar, .. } = self;
        let said = "the layer before gives".to_string();
        match layer {
            Layer::Dense(width) => {
                let out = Out { length: self.length(width), value: self.value(width), said };
                let dense = self.dense(&input.length, &out.length);
                let part = match self.width_check(width, "a layer must have at least one node") {
                    Some(check) => quote!(#nn::Checked<#dense, #check>),
                    None => dense,
                };
                (part, out, Vec::new())
            }
            Layer::Path(path) => {
                let check = self.fits(path, input);
                let (part, length, value) = self.path(&path.tokens, &check);
                (part, Out { length, value, said: format!("`{}` gives", path.name) }, Vec::new())
            }
            Layer::Dropout([num, den]) => {
                let length = &input.length;
                let part = quote!(#nn::Activate<#nn::Dropout<{#num}, {#den}>, #nn::#scalar, #nn::Vector<#length>>);
                (part, Out { said, ..input.clone() }, Vec::new())
            }
            Layer::Residual(stages, span) => {
                let Chain { layers, out, accessors } = self.chain(input, None, stages);
                let (takes, gives) = (respan(input.value.clone(), *span), respan(out.value, *span));
                let residual = quote!(#nn::Residual<#layers>);
                let (part, fields) = if takes.to_string() == gives.to_string() {
                    (residual, quote!(.0))
                } else {
                    let returns = quote_spanned!(*span=> __nn::Stage::returns(#takes, #gives));
                    let check = self.constant(&returns, *span);
                    (quote!(#nn::Checked<#residual, #check>), quote!(.0.0))
                };
                let inside = accessors.into_iter().map(|inner| inner.behind(&fields)).collect();
                (part, Out { said, ..input.clone() }, inside)
            }
            Layer::Parallel(branches, _) => {
                let branches = branches.iter().map(|branch| {
                    let Chain { layers, out, accessors } = self.chain(input, None, branch);
                    let inside: Vec<_> = accessors.into_iter().map(|inner| inner.behind(&quote!(.0))).collect();
                    (quote!(#nn::Nested<#layers>), out, inside)
                });
                let all = branches.reduce(|(a, a_out, a_inside), (b, b_out, b_inside)| {
                    let (a_length, b_length) = (a_out.length, b_out.length);
                    let (a_value, b_value) = (a_out.value, b_out.value);
                    let (length, value) = (quote!(#nn::Sum<#a_length, #b_length>), quote!(#a_value + #b_value));
                    let a_inside = a_inside.into_iter().map(|inner| inner.behind(&quote!(.a)));
                    let b_inside = b_inside.into_iter().map(|inner| inner.behind(&quote!(.b)));
                    let out = Out { length, value, said: a_out.said };
                    (quote!(#nn::Parallel<#a, #b>), out, a_inside.chain(b_inside).collect())
                });
                let Some((all, out, inside)) = all else { return (quote!(), input.clone(), Vec::new()) };
                let inside = inside.into_iter().map(|inner| inner.behind(&quote!(.0))).collect();
                (quote!(#nn::Nested<#all>), Out { said, ..out }, inside)
            }
        }
    }

    /// A checked path, and how many values it gives, as a type and as a constant. In an item they are taken from one
    /// alias of the checked type, so that a check that fails is told once, and nothing more is said of what is no part at
    /// all. A type has no place for an alias.
    fn path(&self, path: &TokenStream, check: &TokenStream) -> (TokenStream, TokenStream, TokenStream) {
        let nn = &self.nn;
        let checked = quote!(#nn::Checked<#path, #check>);
        if !self.is_item {
            let value = quote!({ #[allow(unused_imports)] use #nn::Fallback as _; #nn::Probe::<#path>::STAGE.gives });
            return (checked, quote!(#nn::Len<<#path as #nn::Part>::Out>), value);
        }
        let mut aliases = self.aliases.borrow_mut();
        let name = quote::format_ident!("__Stage{}", aliases.len());
        aliases.push(quote!(type #name = #checked;));
        (name.to_token_stream(), quote!(#nn::Len<<#name as #nn::Part>::Out>), quote!(<#name as #nn::Part>::OUT))
    }

    fn activation(&self, activation: &Activation) -> TokenStream {
        let nn = &self.nn;
        let precise = match &activation.kind {
            ActivationKind::Path(path) => path.clone(),
            ActivationKind::Word(word, arguments) => {
                let arguments = arguments.iter().map(|number| Literal::i64_unsuffixed(*number));
                let arguments = (arguments.len() > 0).then(|| quote!(<#({#arguments}),*>));
                quote!(#nn::words::#word #arguments)
            }
        };
        if self.approximate && activation.has_approximation() {
            return quote!(#nn::Approximate<#precise>);
        }
        precise
    }

    /// A part with a name, which is written into two numbers.
    fn named(&self, name: &Ident, part: &TokenStream) -> TokenStream {
        let nn = &self.nn;
        let mut bytes = [0; 32];
        name.to_string().bytes().zip(&mut bytes).for_each(|(byte, to)| *to = byte);
        let [head, tail] = [0, 16].map(|start| {
            let half = bytes[start..start + 16].iter().fold(0, |half, byte| half << 8 | u128::from(*byte));
            Literal::u128_unsuffixed(half)
        });
        quote!(#nn::Named<#part, #head, #tail>)
    }

    /// Whether the type of a layer has a check around it.
    fn is_checked(&self, layer: &Layer) -> bool {
        match layer {
            Layer::Dense(width) => self.width_check(width, "").is_some(),
            Layer::Path(_) => true,
            Layer::Dropout(..) | Layer::Residual(..) | Layer::Parallel(..) => false,
        }
    }

    /// The check of a width that is computed.
    fn width_check(&self, width: &Width, zero: &str) -> Option<TokenStream> {
        if let Number::Literal(_) | Number::Parameter(_) = width.number {
            return None;
        }
        let value = self.value(width);
        let call = quote_spanned!(width.span=> __nn::Stage::is_width(#value, #zero));
        Some(self.constant(&call, width.span))
    }

    /// The check that a path takes what comes before it.
    fn fits(&self, path: &Path, before: &Out) -> TokenStream {
        let (span, name) = (path.span, &path.name);
        let (scalar, said) = (self.scalar.to_string(), &before.said);
        let tokens = respan(path.tokens.clone(), span);
        let gives = respan(before.value.clone(), span);
        let call = quote_spanned!(span=> __nn::Probe::<#tokens>::STAGE.fits(#name, #gives, #scalar, #said));
        self.constant(&call, span)
    }

    /// A block that is true, or fails to evaluate with a message. Every token that takes part in the call has the
    /// stage's span; one with another would widen what the compiler underlines.
    fn constant(&self, call: &TokenStream, span: Span) -> TokenStream {
        let nn = &self.nn;
        let names = quote!(use #nn as __nn; #[allow(unused_imports)] use __nn::Fallback as _;);
        if self.is_item {
            return quote!({ #names #call });
        }
        // An alias that nobody uses is not evaluated, while an item inside it is, and only once.
        let fits = Ident::new("__FITS", span);
        quote!({ #names const #fits: __nn::bool = #call; #fits })
    }
}

/// The fields that lead from a tree of `count` parts to the one at `at`.
fn fields(at: usize, count: usize) -> TokenStream {
    let first = count.div_ceil(2);
    if count < 2 {
        TokenStream::new()
    } else if at < first {
        let inside = fields(at, first);
        quote!(.first #inside)
    } else {
        let inside = fields(at - first, count - first);
        quote!(.then #inside)
    }
}

/// A layer without what is inside it, which its accessor does not need.
fn shallow(layer: &Layer) -> Layer {
    match layer {
        Layer::Dense(width) => Layer::Dense(width.clone()),
        Layer::Path(path) => Layer::Path(path.clone()),
        Layer::Dropout(rate) => Layer::Dropout(*rate),
        Layer::Residual(_, span) => Layer::Residual(Vec::new(), *span),
        Layer::Parallel(_, span) => Layer::Parallel(Vec::new(), *span),
    }
}

/// A constant as a const argument, which needs braces if it is more than a token.
pub fn braced(value: TokenStream) -> TokenStream {
    if value.clone().into_iter().count() == 1 { value } else { quote!({ #value }) }
}
