//! From a network to Rust: the type of its chain, and for an item the struct around it.

mod accessor;
mod chain;
mod docs;
mod files;

use crate::ast::{Budget, Declaration, Item};
use crate::names::{Names, respan};
use crate::report::Report;
use crate::resolve::Network;
use crate::warning::Warning;
use crate::weights::Files;
use crate::word::dense;
use chain::Chain;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};

/// The expansion. If there are mistakes, the item still has the right ends, as far as they are known, so that its uses
/// add no errors of their own.
pub fn declaration(
    krate: &Ident,
    declaration: &Declaration,
    network: &Network,
    warnings: &[Warning],
    files: &Files,
    report: &Report,
) -> TokenStream {
    let Declaration { item, attributes, scalar, .. } = declaration;
    let names = Names {
        krate: krate.clone(),
        nn: quote!(#krate::__private),
        scalar: scalar.clone(),
        element: declaration.bytes.map_or_else(|| scalar.clone(), |span| Ident::new("u8", span)),
        is_item: item.is_some(),
        is_stream: declaration.stream.is_some(),
        approximate: attributes.approximate.is_some(),
    };
    let (nn, element) = (&names.nn, &names.element);
    let warnings = warnings.iter().map(|warning| self::warning(&names, warning));

    let Some(item) = item else {
        if !report.is_empty() {
            return report.anywhere();
        }
        let layers = chain::network(&names, network).layers;
        let (input, out) = (names.value(&network.takes.shape), names.value(&network.gives));
        // Where items are wanted, the compiler stops at this token.
        let open =
            quote_spanned!(declaration.input.as_ref().map_or_else(Span::call_site, |input| input.width.span())=> ::<);
        let planes = planes(declaration);
        let stream = declaration.stream.map(|_| quote!(, true));
        return quote!(#nn::Net #open { #input }, { #(#warnings)* #out }, #layers, #nn::#element, #nn::#planes #stream>);
    };
    let runs = Ident::new(if declaration.stream.is_some() { "Stream" } else { "Stateless" }, Span::call_site());
    let planes = planes(declaration);
    let ends = (&runs, &planes);
    let mut chain = chain::network(&names, network);
    if !report.is_empty() {
        let errors = report.errors();
        chain.layers = dense::between(&names, &network.takes.shape, &network.gives);
        let files = attributes.weights.as_ref().map(|_| files::without(&names, &item.name));
        let item = self::item(&names, item, network, &chain, &[], ends, false);
        return quote!(#item #files #(#errors)*);
    }
    let docs = docs::table(item, &names, network);
    let documented = self::item(&names, item, network, &chain, &docs, ends, true);
    let budgets = attributes.budgets.iter().map(|each| budget(&names, &item.name, each));
    let span = attributes.weights.as_ref().map_or_else(Span::call_site, |weights| weights.span);
    let trained = files.trained.as_ref().map(|trained| files::trained(&names, item, network, trained, span));
    let golden = attributes.golden.as_ref().zip(files.golden.as_ref());
    let golden = golden.map(|(golden, samples)| files::golden(&names, item, samples, golden.span));
    let possible = (!network.is_counted && item.parameters.is_empty()).then(|| possible(&names, &item.name));
    let parts = warnings.chain(possible).chain(budgets).chain(trained).chain(golden.into_iter().flatten());
    quote!(#documented #(#parts)*)
}

/// Whether signals and images at the ends lie channel by channel, as a type.
fn planes(declaration: &Declaration) -> Ident {
    let are = declaration.stream.is_none() && !declaration.attributes.channels_last;
    Ident::new(if are { "Yes" } else { "No" }, Span::call_site())
}

/// The item: a struct around the chain, its accessors and its implementations, of which one is the trait by which it `runs`;
/// `planes` says whether signals at its ends lie channel by channel. If it is not `right`, nothing will run and its accessors are
/// there for their signatures.
fn item(
    names: &Names,
    item: &Item,
    network: &Network,
    chain: &Chain,
    docs: &[String],
    (runs, planes): (&Ident, &Ident),
    right: bool,
) -> TokenStream {
    let Names { krate, nn, scalar, element, .. } = names;
    let Item { attributes, visibility, keyword, name, parameters, has_default } = item;
    let Chain { layers, named, aliases, around } = chain;
    let text = name.to_string();
    let text = text.trim_start_matches("r#");
    let [input, out] = [(element, &network.takes.shape), (scalar, &network.gives)]
        .map(|(of, shape)| names.array(of, shape, *planes == "No"));
    let generics = quote!(#(const #parameters: #nn::usize),*);
    let (declared, used) = match parameters.as_slice() {
        [] => (quote!(), quote!(#name)),
        // Without the braces a parameter could be a type of that name.
        _ => (quote!(<#generics>), quote!(#name<#({ #parameters }),*>)),
    };
    // On the parameter, where the compiler then says what it must be.
    let bounds = parameters.iter().map(|name| respan(quote!(#nn::Free<{ #name }>: #nn::FreeWidth), name.span()));
    let bounds = quote!(#(#bounds),*);
    let clause = (!parameters.is_empty()).then(|| quote!(where #bounds));
    let default = has_default.then(|| {
        quote! {
            #[automatically_derived]
            impl #declared ::core::default::Default for #used #clause {
                fn default() -> Self {
                    <Self as #nn::Network>::ZERO
                }
            }
        }
    });
    let accessors = accessor::accessors(item, named, &quote!(impl #declared #used #clause), right);
    // On the name, where the compiler then says that a part is private.
    let layers = quote_spanned!(name.span()=> type Layers = #layers;);
    // With the macro's span at its end, the compiler would show the whole invocation for the struct.
    let end = quote_spanned!(name.span()=> ;);
    let implementation = quote! {
        #krate::__network_item! { #runs, #planes, [#generics] #used, #text, #nn::#scalar, #nn::#element, #input, #out, [#layers], [#bounds] }
    };
    let inside = quote! {
        const _: () = {
            #(#aliases)*
            #implementation
            #default
            #accessors
        };
    };
    let inside = if around.is_empty() { inside } else { quote!(const _: () = { #(#around)* #inside };) };
    quote! {
        #attributes
        #(#[doc = #docs])*
        #visibility #keyword #name #declared (<Self as #nn::Network>::Layers, #nn::Last) #clause #end
        #[allow(deprecated)]
        #inside
    }
}

/// A call that the compiler warns of.
fn warning(names: &Names, Warning { lint, span }: &Warning) -> TokenStream {
    let nn = &names.nn;
    let lint = Ident::new(lint, *span);
    quote!(const _: () = { use #nn::lint as __lint; __lint::#lint() };)
}

/// An item that fails to evaluate if no program can hold the network.
fn possible(names: &Names, name: &Ident) -> TokenStream {
    let nn = &names.nn;
    let call = quote_spanned!(name.span()=> __nn::possible::<#name>());
    quote!(#[allow(deprecated)] const _: () = { use #nn as __nn; #call };)
}

/// An item that fails to evaluate if the network needs more.
fn budget(names: &Names, name: &Ident, budget: &Budget) -> TokenStream {
    let nn = &names.nn;
    let Budget { of, most, span } = *budget;
    let of = Ident::new(of, span);
    let mut name = name.clone();
    name.set_span(span.resolved_at(name.span()));
    let mut most = Literal::u64_unsuffixed(most);
    most.set_span(span);
    let call = quote_spanned!(span=> __nn::keep::<#name>(__nn::Budget::#of, #most));
    quote!(#[allow(deprecated)] const _: () = { use #nn as __nn; #call };)
}
