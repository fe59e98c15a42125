//! `Encoder`: a network that is declared elsewhere, or a layer of the user's own.

use crate::layer::{Accessor, Ends, Frames, Given, Layer, Tensor};
use crate::names::{Names, respan};
use crate::report::Report;
use crate::shape::{Elsewhere, Shape, Size};
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

impl Layer for Elsewhere {
    fn span(&self) -> Span {
        self.path.span
    }

    fn label(&self) -> String {
        let name = &self.path.name;
        let link = name.split('<').next().unwrap_or_default().trim_end_matches("::");
        format!("[{}]({link})", name.replace('<', "&lt;"))
    }

    fn gives(&self, takes: &Given, _: &[Shape], report: &mut Report) -> Shape {
        if let Some(parameter) = takes.shape.width().and_then(|width| width.parameter()) {
            let message = format!(
                "`{}` takes a fixed number of values, but the parameter `{parameter}` before it is any; write a layer \
                 of fixed width between them",
                self.path.name
            );
            report.at(self.path.span, message);
        }
        Shape::Vector(Size::Elsewhere(self.clone()))
    }

    fn frames(&self) -> Frames {
        Frames::EachOfStream
    }

    fn elsewhere(&self) -> Option<&Elsewhere> {
        Some(self)
    }

    fn tensors(&self, _: &Shape, _: &Shape) -> Option<Vec<Tensor>> {
        None
    }

    fn multiplies(&self, _: &Shape, _: &Shape) -> Option<u64> {
        None
    }

    fn remembers(&self, _: &Shape) -> Option<u64> {
        None
    }

    fn part(&self, names: &Names, _: &Ends<'_>) -> TokenStream {
        names.path(self)
    }

    /// That it takes what comes before it, and remembers nothing where it may not.
    fn check(&self, names: &Names, ends: &Ends<'_>) -> Option<TokenStream> {
        let (span, name) = (self.path.span, &self.path.name);
        let (scalar, said) = (names.scalar.to_string(), &ends.takes.said);
        let tokens = respan(names.path(self), span);
        let gives = respan(names.dims(&ends.takes.shape), span);
        let forgets = (!names.is_stream).then(|| quote_spanned!(span=> .forgets(#name)));
        let call = quote_spanned! {span=>
            __nn::Probe::<#tokens>::STAGE.of_version(<#tokens>::__NN_CORE, #name) #forgets .fits(
                __nn::Probe::<#tokens>::OTHER, __nn::Probe::<#tokens>::LEARNS, #name, #gives, #scalar, #said
            )
        };
        Some(names.constant(&call, span))
    }

    fn accessor(&self, _: &Names, _: &Ends<'_>) -> Option<Accessor> {
        Some(Accessor { of: self.path.tokens.clone(), by: None })
    }
}
