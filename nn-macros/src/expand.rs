//! From a declaration to Rust: the type of its chain, and for an item the struct around it.

mod chain;
mod docs;

use crate::ast::{Budget, Declaration, Item, Layer, Number, Width};
use crate::check::Warning;
use crate::report::Report;
use crate::weights::{Files, Samples, Trained};
use chain::{Accessor, Chain};
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use std::cell::RefCell;
use std::collections::HashSet;

/// The expansion. If there are mistakes, the item still has the right ends, as far as they are known, so that its uses
/// add no errors of their own.
pub fn declaration(
    krate: &Ident,
    declaration: &Declaration,
    warnings: &[Warning],
    files: &Files,
    report: &Report,
) -> TokenStream {
    let Declaration { item, budgets, scalar, input, stages, .. } = declaration;
    let names = Names {
        krate: krate.clone(),
        nn: quote!(#krate::__private),
        scalar: scalar.clone(),
        is_item: item.is_some(),
        approximate: declaration.approximate.is_some(),
        aliases: RefCell::default(),
    };
    let nn = &names.nn;
    let one = Width { number: Number::Literal(1), span: Span::call_site() };
    let input = input.as_ref().unwrap_or(&one);
    let warnings = warnings.iter().map(|warning| names.warning(warning));

    let Some(item) = item else {
        if !report.is_empty() {
            let errors: Vec<_> = report.errors().collect();
            return if let [error] = errors.as_slice() { error.clone() } else { quote!((#(#errors),*)) };
        }
        let Chain { layers, out, .. } = names.network(input, stages);
        let input = names.value(input);
        let out = out.value;
        return quote!(#nn::Net::<{ #input }, { #(#warnings)* #out }, #layers>);
    };
    if !report.is_empty() {
        let (mut ends, errors) = (names.network(input, stages), report.errors());
        let mut seen = HashSet::new();
        ends.accessors.retain(|accessor| {
            let name = accessor.name.to_string();
            syn::parse_str::<Ident>(&name).is_ok() && seen.insert(name)
        });
        ends.layers = names.dense(&names.length(input), &ends.out.length);
        let name = &item.name;
        let item = names.item(item, input, &ends, &[], false);
        let files = names.without_files(name, declaration);
        return quote!(#item #files #(#errors)*);
    }
    let docs = docs::table(item, scalar, names.approximate, input, stages);
    let documented = names.item(item, input, &names.network(input, stages), &docs, true);
    let budgets = budgets.iter().map(|budget| names.budget(&item.name, budget));
    let weights_span = declaration.weights.as_ref().map_or_else(Span::call_site, |weights| weights.span);
    let trained = files.trained.as_ref().map(|trained| names.trained(item, trained, weights_span));
    let golden = files.golden.as_ref().map(|samples| names.golden(item, samples));
    let conditions = &item.conditions;
    let parts = warnings.chain(budgets).chain(trained).chain(golden.into_iter().flatten());
    let parts = parts.map(|part| quote!(#(#conditions)* #part));
    quote!(#documented #(#parts)*)
}

/// What every part of an expansion needs.
struct Names {
    /// `$crate`.
    krate: Ident,
    /// The path of the hidden module of `nn-core`.
    nn: TokenStream,
    /// The number type.
    scalar: Ident,
    /// Whether the declaration is an item.
    is_item: bool,
    /// Whether its activations are approximated.
    approximate: bool,
    /// The types of its paths.
    aliases: RefCell<Vec<TokenStream>>,
}

impl Names {
    /// The item: a struct around the chain, its accessors and its implementations. If it is not `right`, nothing will run
    /// and its accessors are there for their signatures.
    fn item(&self, item: &Item, input: &Width, chain: &Chain, docs: &[String], right: bool) -> TokenStream {
        let Self { krate, nn, scalar, .. } = self;
        let Item { conditions, attributes, visibility, keyword, name, parameters } = item;
        let Chain { layers, out, accessors } = chain;
        let text = name.to_string();
        let text = text.trim_start_matches("r#");
        let (input, out) = (self.value(input), &out.value);
        let generics = quote!(#(const #parameters: #nn::usize),*);
        let (declared, used) = match parameters.as_slice() {
            [] => (quote!(), quote!(#name)),
            _ => (quote!(<#generics>), quote!(#name<#(#parameters),*>)),
        };
        let bounds = quote!(#(#nn::Free<#parameters>: #nn::FreeWidth),*);
        let clause = (!parameters.is_empty()).then(|| quote!(where #bounds));
        let accessors = self.accessors(accessors, visibility, &quote!(impl #declared #used #clause), right);
        // On the name, where the compiler then says that a part is private.
        let layers = quote_spanned!(name.span()=> type Layers = #layers;);
        // With the macro's span at its end, the compiler would show the whole invocation for the struct.
        let end = quote_spanned!(name.span()=> ;);
        let implementation = quote! {
            #krate::__network_item! { [#generics] #used, #text, #nn::#scalar, [#input], [#out], [#layers], [#bounds] }
        };
        let aliases = self.aliases.borrow();
        quote! {
            #(#conditions)*
            #attributes
            #(#[doc = #docs])*
            #visibility #keyword #name #declared (<Self as #nn::Network>::Layers, #nn::Last) #clause #end
            #(#conditions)*
            #[allow(deprecated)]
            const _: () = {
                #(#aliases)*
                #implementation
                #accessors
            };
        }
    }

    /// The methods of named layers.
    fn accessors(
        &self,
        accessors: &[Accessor],
        visibility: &TokenStream,
        header: &TokenStream,
        right: bool,
    ) -> Option<TokenStream> {
        let Self { nn, scalar, .. } = self;
        let methods = accessors.iter().map(|Accessor { name, fields, input, layer }| {
            let name_mut = quote::format_ident!("{name}_mut");
            let (of, arrays, arrays_mut) = match layer {
                Layer::Dense(width) => {
                    let out = chain::braced(self.value(width));
                    (quote!(#nn::Parameters<#nn::#scalar, #input, #out>), quote!(.arrays()), quote!(.arrays_mut()))
                }
                Layer::Path(path) => (path.tokens.clone(), quote!(), quote!()),
                Layer::Dropout(..) | Layer::Residual(..) | Layer::Parallel(..) => return quote!(),
            };
            let (body, body_mut) = match layer {
                _ if !right => (quote!(loop {}), quote!(loop {})),
                Layer::Path(_) => (quote!(&self.0 #fields), quote!(&mut self.0 #fields)),
                _ => (quote!(self.0 #fields #arrays), quote!(self.0 #fields #arrays_mut)),
            };
            let doc = format!("The parameters of the layer `{name}`.");
            let doc_mut = format!("The parameters of the layer `{name}`, to be changed.");
            quote! {
                #[doc = #doc]
                #[allow(dead_code, clippy::must_use_candidate)]
                #[inline]
                #visibility fn #name(&self) -> &#of {
                    #body
                }
                #[doc = #doc_mut]
                #[allow(dead_code)]
                #[inline]
                #visibility fn #name_mut(&mut self) -> &mut #of {
                    #body_mut
                }
            }
        });
        let methods: TokenStream = methods.collect();
        (!methods.is_empty()).then(|| quote!(#[automatically_derived] #header { #methods }))
    }

    /// A call that the compiler warns of.
    fn warning(&self, Warning { lint, span }: &Warning) -> TokenStream {
        let nn = &self.nn;
        let lint = Ident::new(lint, *span);
        quote!(const _: () = { use #nn::lint as __lint; __lint::#lint() };)
    }

    /// An item that fails to evaluate if the network needs more.
    fn budget(&self, name: &Ident, budget: &Budget) -> TokenStream {
        let nn = &self.nn;
        let Budget { of, most, span } = *budget;
        let of = Ident::new(of, span);
        let name = Ident::new(&name.to_string(), span.resolved_at(name.span()));
        let mut most = Literal::u64_unsuffixed(most);
        most.set_span(span);
        let call = quote_spanned!(span=> __nn::keep::<#name>(__nn::Budget::#of, #most));
        quote!(const _: () = { use #nn as __nn; #call };)
    }

    /// The constant of the network with the parameters of a file.
    fn trained(&self, item: &Item, trained: &Trained, span: Span) -> TokenStream {
        let nn = &self.nn;
        let Item { name, visibility, .. } = item;
        let Trained { bytes, path, extra } = trained;
        let doc = format!("The network with the parameters of `{}`, in read-only memory.", file_name(path));
        let (len, bytes) = (bytes.len(), Literal::byte_string(bytes));
        let extra = (!extra.is_empty()).then(|| {
            let note = format!("the file has tensors that the network does not have: {}", extra.join(", "));
            let lint = Ident::new("extra_tensors", span);
            quote! {
                const _: () = {
                    #[deprecated(note = #note)]
                    const fn #lint() {}
                    #lint()
                };
            }
        });
        quote! {
            #[automatically_derived]
            impl #name {
                #[doc = #doc]
                #[allow(dead_code)]
                #visibility const TRAINED: &'static Self = {
                    // A change of the file is a change of the program.
                    const _: &[#nn::u8] = ::core::include_bytes!(#path);
                    static TRAINED: #name = #name(#nn::trained::<<#name as #nn::Network>::Layers, #len>(#bytes), #nn::Last);
                    &TRAINED
                };
            }
            #extra
        }
    }

    /// What the files of a declaration that is wrong would have given, for its uses.
    fn without_files(&self, name: &Ident, declaration: &Declaration) -> Option<TokenStream> {
        let nn = &self.nn;
        declaration.weights.as_ref()?;
        Some(quote! {
            impl #name {
                #[allow(missing_docs, dead_code)]
                pub const TRAINED: &'static Self = {
                    static TRAINED: #name = <#name as #nn::Network>::ZERO;
                    &TRAINED
                };
                #[allow(missing_docs, dead_code)]
                pub fn self_test() -> #nn::Result<(), #nn::Mismatch> {
                    loop {}
                }
            }
        })
    }

    /// A test of all samples, and a check of the first few in the program itself.
    fn golden(&self, item: &Item, samples: &Samples) -> [TokenStream; 2] {
        let nn = &self.nn;
        let Item { name, visibility, .. } = item;
        let Samples { path, inputs, outputs, rows, tolerance } = samples;
        let few = (*rows).min(4);
        let doc = format!(
            "Whether the network still gives what `{}` says, for its first {few} samples: a check for power-on.\n\n\
             # Errors\nThe first output that is off by more than {tolerance:e}.",
            file_name(path)
        );
        let first = |bytes: &Vec<u8>| Literal::byte_string(&bytes[..bytes.len() / rows * few]);
        let (few_inputs, few_outputs) = (first(inputs), first(outputs));
        let (inputs, outputs) = (Literal::byte_string(inputs), Literal::byte_string(outputs));
        let snake = name.to_string().to_lowercase();
        let test =
            Ident::new(&format!("{}_agrees_with_its_golden_samples", snake.trim_start_matches("r#")), name.span());
        let check = quote! {
            #[automatically_derived]
            impl #name {
                #[doc = #doc]
                #[allow(dead_code)]
                #visibility fn self_test() -> #nn::Result<(), #nn::Mismatch> {
                    const _: &[#nn::u8] = ::core::include_bytes!(#path);
                    #nn::agrees(Self::TRAINED, #few_inputs, #few_outputs, #tolerance)
                }
            }
        };
        let test = quote! {
            #[cfg(test)]
            #[test]
            fn #test() {
                if let #nn::Result::Err(mismatch) = #nn::agrees(#name::TRAINED, #inputs, #outputs, #tolerance) {
                    ::core::panic!("{}", mismatch);
                }
            }
        };
        [check, test]
    }

    /// A dense layer between two lengths.
    fn dense(&self, input: &TokenStream, output: &TokenStream) -> TokenStream {
        let Self { nn, scalar, .. } = self;
        quote!(#nn::Dense<#nn::#scalar, #input, #output>)
    }

    /// A width as a value.
    fn value(&self, width: &Width) -> TokenStream {
        let nn = &self.nn;
        match &width.number {
            Number::Literal(number) => {
                let mut literal = Literal::u32_unsuffixed(*number);
                literal.set_span(width.span);
                literal.into_token_stream()
            }
            Number::Parameter(name) => name.to_token_stream(),
            Number::Expression(tokens) => quote!({ #tokens }),
            Number::Type(tokens) => quote!(<#tokens as #nn::Unsigned>::USIZE),
        }
    }

    /// A width as a type.
    fn length(&self, width: &Width) -> TokenStream {
        let nn = &self.nn;
        match &width.number {
            Number::Literal(number) => self.bits(*number),
            Number::Parameter(name) => quote!(<#nn::Free<#name> as #nn::FreeWidth>::Width),
            Number::Expression(tokens) => {
                let digits = [2_u32, 1, 0].map(|place| quote!({ #nn::digit({ #tokens }, #place) }));
                quote!(#nn::Digits<#(#digits),*>)
            }
            Number::Type(tokens) => tokens.clone(),
        }
    }

    /// A number as a `typenum` type. Its own names stop at 1024, so it is always written bit by bit.
    fn bits(&self, number: u32) -> TokenStream {
        let nn = &self.nn;
        let mut bits = quote!(#nn::UTerm);
        for bit in (0..u32::BITS - number.leading_zeros()).rev() {
            let bit = if number >> bit & 1 == 1 { quote!(B1) } else { quote!(B0) };
            bits = quote!(#nn::UInt<#bits, #nn::#bit>);
        }
        bits
    }
}

/// The last part of a path.
fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The same tokens at another place, but for `$crate`, which would no longer be found.
fn respan(tokens: TokenStream, span: Span) -> TokenStream {
    let respanned = tokens.into_iter().map(|mut token| {
        match &mut token {
            TokenTree::Group(group) => {
                let mut inner = proc_macro2::Group::new(group.delimiter(), respan(group.stream(), span));
                inner.set_span(span);
                *group = inner;
            }
            TokenTree::Ident(word) if word == "$crate" => {}
            token => token.set_span(span),
        }
        token
    });
    respanned.collect()
}
