//! What the files of a declaration become.

use crate::ast::Item;
use crate::names::{Names, respan};
use crate::resolve::{Network, Stage};
use crate::weights::{Named, Numbers, Samples, Trained};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};

/// The constant of the network with the parameters of a file.
pub fn trained(names: &Names, item: &Item, network: &Network, trained: &Trained, span: Span) -> TokenStream {
    let nn = &names.nn;
    let Item { name, visibility, .. } = item;
    let Trained { numbers, path, extra } = trained;
    let doc = format!("The network with the parameters of `{}`, in read-only memory.", file_name(path));
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
    let (file, layers) = match numbers {
        Numbers::Whole(bytes) => {
            let (len, bytes) = (bytes.len(), Literal::byte_string(bytes));
            (None, quote!(#nn::trained::<<#name as #nn::Network>::Layers, #len>(#bytes)))
        }
        Numbers::Tensors(tensors) => {
            let tensors = tensors.iter().map(|tensor| named(nn, tensor));
            let checks = checks(names, &network.stages);
            let file = quote! {
                const __FILE: &[#nn::Stored] = &[#(#tensors),*];
                #checks
            };
            (Some(file), quote!(#nn::trained_by_names::<<#name as #nn::Network>::Layers>(__FILE)))
        }
    };
    quote! {
        #[allow(deprecated)]
        const _: () = {
            #file
            #[automatically_derived]
            impl #name {
                #[doc = #doc]
                #[allow(dead_code)]
                #visibility const TRAINED: &'static Self = {
                    // A change of the file is a change of the program.
                    const _: &[#nn::u8] = ::core::include_bytes!(#path);
                    static TRAINED: #name = #name(#layers, #nn::Last);
                    &TRAINED
                };
            }
        };
        #extra
    }
}

/// A tensor by its name.
fn named(nn: &TokenStream, Named { name, shape, numbers }: &Named) -> TokenStream {
    let shape = shape.iter().map(|size| Literal::u64_unsuffixed(*size));
    let (numbers, problem) = match numbers {
        Ok(numbers) => (numbers.as_slice(), ""),
        Err(problem) => (&[][..], problem.as_str()),
    };
    let numbers = Literal::byte_string(numbers);
    quote!(#nn::Stored { name: #name, shape: &[#(#shape),*], numbers: #numbers, problem: #problem })
}

/// Checks of the layers of which only the compiler knows the tensors, each on its layer.
fn checks(names: &Names, stages: &[Stage]) -> TokenStream {
    // The aliases of the item are not in reach here.
    let names = &Names { is_item: false, ..names.clone() };
    let nn = &names.nn;
    let checks = stages.iter().map(|stage| {
        let inside = stage.inside.iter().map(|stages| checks(names, stages));
        let own = stage.tensors.is_none().then(|| {
            let (span, place) = (stage.layer.span(), &stage.place);
            let part = respan(stage.layer.part(names, &stage.ends(&[])), span);
            let call = quote_spanned!(span=> __nn::fits::<#part>(#place, __FILE));
            quote!(const _: () = { use #nn as __nn; #call };)
        });
        quote!(#own #(#inside)*)
    });
    checks.collect()
}

/// What the files of a declaration that is wrong would have given, for its uses.
pub fn without(names: &Names, name: &Ident) -> TokenStream {
    let nn = &names.nn;
    quote! {
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
    }
}

/// A test of all samples, and a check of the first few in the program itself.
pub fn golden(names: &Names, item: &Item, samples: &Samples, span: Span) -> [TokenStream; 2] {
    let nn = &names.nn;
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
    let own = name.to_string();
    let test = Ident::new(&format!("{}_agrees_with_its_golden_samples", own.trim_start_matches("r#")), name.span());
    let check = quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl #name {
            #[doc = #doc]
            #[allow(dead_code)]
            #visibility fn self_test() -> #nn::Result<(), #nn::Mismatch> {
                const _: &[#nn::u8] = ::core::include_bytes!(#path);
                #nn::agrees(Self::TRAINED, #few_inputs, #few_outputs, #tolerance)
            }
        }
    };
    // No test is found inside a function, where the module has nothing of this name: an error on the attribute.
    let mut found = test.clone();
    found.set_span(span);
    let found = quote_spanned!(span=> use self::#found as _;);
    let test = quote! {
        #[cfg(test)]
        #[allow(unused_imports)]
        #found
        #[cfg(test)]
        #[test]
        #[allow(deprecated, non_snake_case)]
        fn #test() {
            if let #nn::Result::Err(mismatch) = #nn::agrees(#name::TRAINED, #inputs, #outputs, #tolerance) {
                ::core::panic!("{}", mismatch);
            }
        }
    };
    [check, test]
}

/// The last part of a path.
fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}
