//! The type of a chain.

use super::accessor::{Named, fields};
use crate::ast::Width;
use crate::layer::{Ends, Given};
use crate::names::{Import, Names, respan};
use crate::reader::NO_NODES;
use crate::resolve::{Network, Stage};
use crate::shape::{Shape, Size};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

/// The parts of a network.
#[derive(Default)]
pub struct Chain {
    /// Its type.
    pub layers: TokenStream,
    /// The layers that have a name.
    pub named: Vec<Named>,
    /// Aliases of the types of its paths and of its computed widths.
    pub aliases: Vec<TokenStream>,
    /// What stands around these.
    pub around: Vec<TokenStream>,
}

/// The chain of a network.
pub fn network(names: &Names, network: &Network) -> Chain {
    let mut chain = Chain::default();
    let (width, zero) = (network.takes.shape.width(), "a network must have at least one input");
    chain.aliases.extend(width.and_then(|width| names.width_alias(width, zero)));
    let check = width.and_then(|width| names.width_check(width, zero));
    let by_rows = by_rows(names, network);
    chain.layers = chain.stages(names, &network.stages, &TokenStream::new(), check, by_rows);
    chain
}

/// The first stages that take bytes of an image row by row, a convolution and perhaps what scales before it, and how many rows are
/// under its windows.
fn by_rows(names: &Names, network: &Network) -> Option<(usize, u64)> {
    let is_bytes = names.element == "u8" && !names.is_stream;
    let span = |stage: &Stage| stage.layer.rows_under(&stage.takes.shape);
    match network.stages.as_slice() {
        [scale, conv, ..] if is_bytes && scale.layer.scales() && scale.activation.is_none() => Some((2, span(conv)?)),
        [conv, ..] if is_bytes => Some((1, span(conv)?)),
        _ => None,
    }
}

impl Chain {
    /// The type of the stages of one level, to which the fields `to` lead. `check` is one for the first of them; so many of the first
    /// are one part, which takes its input `by_rows`.
    fn stages(
        &mut self,
        names: &Names,
        stages: &[Stage],
        to: &TokenStream,
        mut check: Option<TokenStream>,
        by_rows: Option<(usize, u64)>,
    ) -> TokenStream {
        let nn = &names.nn;
        let (mut parts, mut is_elsewhere) = (Vec::new(), false);
        let (together, span) = by_rows.map_or((1, None), |(together, span)| (together, Some(span)));
        let first_pool = if by_rows.is_some() { together + 1 } else { 1 };
        let pooled = |at: usize| match at {
            at if at < first_pool => None,
            at => Pooled::of(stages.get(at - 1)?, stages.get(at)?),
        };
        let part_of = |at: usize| at - at.min(together - 1) - (1..=at).filter(|at| pooled(*at).is_some()).count();
        for (at, stage) in stages.iter().enumerate() {
            let fields = fields(part_of(at), part_of(stages.len() - 1) + 1);
            let mut to = quote!(#to #fields);
            if let (Some(_), Some(pool)) = (pooled(at + 1), stages.get(at + 1)) {
                let outside = pool.activation.as_ref().map(|_| quote!(.first));
                to = quote!(#to #outside.0.first);
            }
            // Of those together the activation is that of the last.
            if stages[at.max(together - 1)].activation.is_some() {
                to = quote!(#to.first);
            }
            if by_rows.is_some() && at < together {
                let inside = self::fields(at, together);
                to = quote!(#to.0 #inside);
            }
            let check = check.take();
            if check.is_some() {
                to = quote!(#to.0);
            }
            let before = if is_elsewhere { parts.last() } else { None };
            let (mut part, is_joined) = self.stage(names, stage, before, &to);
            if is_joined {
                parts.pop();
            }
            if let (Some(Pooled { needed, band }), Some(first)) = (pooled(at), parts.last()) {
                let (needed, band) = (names.shape(&needed), names.shape(&band));
                part = quote!(#nn::layer::Pooled<#first, #part, #needed, #band>);
                parts.pop();
            }
            if let Some(check) = check {
                part = quote!(#nn::Checked<#part, #check>);
            }
            if let (Some(span), true) = (span, at + 1 == together) {
                let first = parts.pop().into_iter().chain([part]).collect::<Vec<_>>();
                let (first, span) = (names.tree(&first), Literal::u64_unsuffixed(span));
                part = quote!(#nn::ByRows<#first, #span>);
            }
            // In a type a path must be written once: what follows it takes its length from the type before.
            is_elsewhere =
                !names.is_item && (stage.layer.elsewhere().is_some() || is_joined && stage.gives.is_elsewhere());
            if let Some(activation) = &stage.activation {
                let (layer, ends) = (&activation.layer, stage.ends(&[]));
                let joined = if is_elsewhere { layer.after(names, &part, &ends) } else { None };
                part = joined.unwrap_or_else(|| {
                    let activation = layer.part(names, &ends);
                    quote!(#nn::Chain<#part, #activation>)
                });
            }
            parts.push(part);
        }
        names.tree(&parts)
    }

    /// The type of a layer with its check and its name, and whether that of the part `before` is in it.
    fn stage(
        &mut self,
        names: &Names,
        stage: &Stage,
        before: Option<&TokenStream>,
        to: &TokenStream,
    ) -> (TokenStream, bool) {
        let (nn, layer) = (&names.nn, &stage.layer);
        let mut to = to.clone();
        if stage.name.is_some() {
            to = quote!(#to.0);
        }
        self.aliases.extend(layer.width().and_then(|width| names.width_alias(width, NO_NODES)));
        // What takes place by place is asked about one.
        let apart = if layer.frames().are_apart(names.is_stream) { stage.takes.shape.sizes() } else { &[] };
        let (takes, gives) = (Given { shape: stage.takes.shape.place(), ..stage.takes.clone() }, stage.gives.place());
        let ends = match apart {
            [] => stage.ends(&[]),
            _ => Ends { takes: &takes, gives: &gives, ..stage.ends(&[]) },
        };
        let check = layer.check(names, &ends).or_else(|| flat(names, stage));
        if check.is_some() {
            to = quote!(#to.0);
        }
        for _ in apart {
            to = quote!(#to.0);
        }
        if let Some(name) = &stage.name {
            let accessor = layer.accessor(names, &ends);
            self.named.extend(accessor.map(|accessor| Named { name: name.clone(), to: to.clone(), accessor }));
        }
        let mut chains = Vec::new();
        for (at, stages) in stage.inside.iter().enumerate() {
            let inside = layer.fields(at, stage.inside.len());
            chains.push(self.stages(names, stages, &quote!(#to #inside), None, None));
        }
        let ends = Ends { chains: &chains, ..ends };
        if let (Some(before), None, None, []) = (before, &stage.name, &check, apart)
            && let Some(joined) = layer.after(names, before, &ends)
        {
            return (joined, true);
        }
        let mut part = layer.part(names, &ends);
        for size in apart.iter().rev().map(|size| Literal::u64_unsuffixed(*size)) {
            let over = Ident::new(if names.is_stream { "EachFrame" } else { "OverSignal" }, Span::call_site());
            part = quote!(#nn::#over<#part, #size>);
        }
        if let Some(check) = check {
            part = quote!(#nn::Checked<#part, #check>);
        }
        // In an item a path is checked once, in an alias.
        if let (Some(elsewhere), true) = (layer.elsewhere(), names.is_item) {
            let alias = names.alias(elsewhere);
            if let Some(Import { otherwise, import, .. }) = names.import(elsewhere) {
                self.around.push(otherwise);
                self.aliases.push(import);
            }
            self.aliases.push(quote!(type #alias = #part;));
            part = alias.into_token_stream();
        }
        if let Some(name) = &stage.name {
            part = names.named(&name.to_string(), &part);
        }
        (part, false)
    }
}

/// A convolution and the pool after it that are one part.
struct Pooled {
    /// What the pool sees of the convolution.
    needed: Shape,
    /// What it sees for one of its rows.
    band: Shape,
}

impl Pooled {
    fn of(conv: &Stage, pool: &Stage) -> Option<Self> {
        let [rows, columns] =
            pool.layer.tile(&pool.takes.shape).filter(|_| pool.name.is_none() && conv.layer.gives_rows())?;
        let Shape::Image(channels, [down, across]) = &pool.gives else { return None };
        let image = |rows| Shape::Image(channels.clone(), [rows, across * columns]);
        Some(Self { needed: image(down * rows), band: image(rows) })
    }
}

/// That a path, of which only the compiler knows more, gives a vector to the stage after it.
fn flat(names: &Names, stage: &Stage) -> Option<TokenStream> {
    let Size::Elsewhere(elsewhere) = stage.takes.shape.channels() else { return None };
    if !names.is_item || stage.layer.elsewhere().is_some() || stage.layer.takes_any_shape() || !stage.inside.is_empty()
    {
        return None;
    }
    let (span, said) = (stage.layer.span(), &stage.takes.said);
    let (nn, part) = (&names.nn, names.elsewhere(elsewhere));
    let dims = respan(quote!(<<#part as #nn::Part>::Out as #nn::shape::Shape>::DIMS), span);
    let label = stage.layer.width().map_or_else(|| stage.layer.label(), Width::shown).replace('`', "");
    let call = quote_spanned!(span=> __nn::Stage::flat(#label, #dims, #said));
    Some(names.constant(&call, span))
}
