//! Every slip of one token in declarations that are right is told, on one of their tokens.

use super::{expansion, tokens};
use crate::word;
use proc_macro2::{Group, TokenStream, TokenTree};
use std::collections::HashSet;
use std::ops::Range;

/// Declarations that are right, with every word and every attribute.
const RIGHT: &[&str] = &[
    "2 => 8 relu => 4 sigmoid => 1",
    "< f64; 2 => 8 leaky_relu(0.01) => 1 hard_tanh(-1, 2.5e-1) >",
    "pub struct Xor: 2 => 8 relu => 4 sigmoid => 1;",
    "/** docs */ pub(crate) struct Kws: f32; 64 => a: 32 relu => b: Encoder tanh => 10;",
    "#[budget(ram = 2_048, flash = 16, macs = 9, parameters = 7)] struct Small: 2 => 8 relu => 1;",
    "#[weights(\"a.safetensors\", names(\"0\" = \"fc\", b = \"c\"))] #[golden(\"b\", tolerance = 1e-4)] struct A: 2 => b: 1;",
    "#[approximate] #[allow(missing_activation)] pub struct F: 2 => 8 tanh => 4 => 1;",
    "#[approximate] 2 => 8 tanh => 4 sigmoid => 1",
    "#[allow(deprecated)] 64 => 2 => 64",
    "#[expect(vanishing_gradient, reason = \"deep\")] 2 => 2 tanh => 2 tanh => 2 tanh => 2 tanh => 2 tanh",
    "#[derive(Clone, Debug, core::default::Default, PartialEq)] struct D: 2 => 1;",
    "#[cfg(test)] #[budget(ram = 1)] struct C: 2 => 1;",
    "#[cfg_attr(all(test, unix), approximate, budget(ram = 1),)] pub struct C: 2 => 1 tanh;",
    "pub struct Mlp<const H: usize, const K: usize>: {K} => {H} relu => [{H} tanh => {H}] => x::Y<2, Z>::W;",
    "8 => [8 relu => [8 tanh => 8]] relu => (8 tanh | 4 relu => 2 | dropout(0.5)) => 1",
    "8 => dense(8) => dense(U8) relu => dense({ W }, bias = false) => dense(a::B<3>, bias = true) elu(0.5)",
    "8 => layer_norm => 8 => layer_norm(eps = 1e-3) relu => rms_norm => 8 => rms_norm(eps = 1e-6)",
    "8 => 8 identity => 8 relu6 => 8 selu => 8 gelu => 8 gelu(tanh) => 8 silu",
    "8 => 8 elu => 8 softplus => 8 softplus(2) => 8 softsign => 8 mish",
    "8 => 8 hard_sigmoid => 8 hard_tanh => 8 hard_swish => 8 softmax",
    "3x40 => conv(8, 5, stride = 2, padding = (1, 0), bias = false) relu => max_pool(2) => global_avg_pool => 4",
    "{C}x8 => depthwise(3, padding = same, multiplier = 1) => upsample(2) => avg_pool(3, count_padding = false) => flatten",
    "#[channels_last] struct S: 4x9 => standardize => (take(1..3) * pass => conv(2, 1)) => global_max_pool => 2;",
    "2x6 => (lstm(3) | reverse => gru(3) => reverse) => layer_norm softmax => last => (4 + 4)",
    "stream 1 => wavenet(channels = (3, 2), kernel = 3, dilations = ((1, 2), 4), activation = relu, head = 2) => wavenet(a1_nano)",
    "stream 2 => conv(8, 3, dilation = 2, padding = causal, bias = false) tanh => window(4) => conv(1, 1)",
    "8x3 => group_norm(4) => group_norm(2, eps = 1e-3) => flatten",
    "4x8x9 => conv_transpose(8, 3x2, stride = 2x3, padding = (1, 0x1), output_padding = 1x0, dilation = 1, groups = 2, bias = false) => flatten",
    "3x8x9 => pad(1) => pad(1x2) => pad((1x0, 2)) => upsample(2) => upsample(2, bilinear) => flatten",
    "8 => batch_norm => 4",
    "u8 3x4x4 => standardize(mean = [124, 116.5, -1], deviation = 58) => dropout(0.5, channels = true) => flatten => 4",
    "pub struct P: f64; stream u8 1 => standardize(deviation = [2e-1]) => window(4) => 1;",
    "{C}x8x9 => conv(4, 3x2, stride = 2x1, padding = (1x0, 1), bias = false) => batch_norm(eps = 1e-3, momentum = 0.25) => flatten",
    "#[channels_last] struct I: 3x4x9 => depthwise(3, dilation = 1x2, padding = same) relu => max_pool(2x1) => global_avg_pool;",
    "stream 8 => rnn(8) => gru(8) relu => lstm(8)",
    "f64; stream { W } => rnn(8, activation = relu, start = learned) => gru(U8, bias = false) => (lstm(4, start = zero) | 4)",
    "#[budget(state = 64)] pub struct Amp: stream 1 => cell: lstm(16, bias = true) => Encoder => [gru({ W })] => 1;",
    "pub struct Amp<const H: usize>: f32; stream {H} => rnn({H}, activation = tanh) => [lstm({H})] => 1;",
    "{ SIDE * SIDE } => { f::<3>(2, 1) } relu => { SIDE }",
    "{ if A < B { 1 } else { 2 } } => ::a::b::<C>::D e::F => self::relu",
    "3 => self::g Mine => a::B super::c::D<1, { 2 }> => 1",
    "struct S: (8) => (({ W })) hard_tanh((-2.0), 2) => dense((4));",
    "struct S: 8 => HIDDEN relu => x: sizes::WIDE => MLP => 1;",
    "pub(in a::b) struct S: f64; 784 => 1_024 leaky_relu(0) => dropout(0) => 10 softmax;",
    "#[doc = \"text\"] #[must_use] struct r#type: 2 => hidden: dense(8) relu => hidden_2: layer_norm => out: [8];",
    "struct Branches: 4 => both: (a: 2 relu | 3 => b: 1) softmax => last: Encoder => (Encoder | Encoder) => 1;",
];

/// Every list of tokens that a slip makes of this one: it ends early, a token is missing, stands twice, or is swapped with the
/// next; within groups, too.
fn slips(tokens: &[TokenTree]) -> Vec<Vec<TokenTree>> {
    let mut slips = Vec::new();
    for at in 0..tokens.len() {
        let with = |replaced: &[TokenTree], rest: usize| [&tokens[..at], replaced, &tokens[rest..]].concat();
        slips.push(tokens[..=at].to_vec());
        slips.push(with(&[], at + 1));
        slips.push(with(&[tokens[at].clone(), tokens[at].clone()], at + 1));
        if let Some(next) = tokens.get(at + 1) {
            slips.push(with(&[next.clone(), tokens[at].clone()], at + 2));
        }
        if let TokenTree::Group(group) = &tokens[at] {
            let inside: Vec<_> = group.stream().into_iter().collect();
            for slip in self::slips(&inside) {
                let mut changed = Group::new(group.delimiter(), slip.into_iter().collect());
                changed.set_span(group.span());
                let changed = TokenTree::from(changed);
                slips.push(with(std::slice::from_ref(&changed), at + 1));
                slips.push(with(&[changed], tokens.len()));
            }
        }
    }
    slips
}

/// The places of all tokens.
fn places(tokens: &[TokenTree], places: &mut HashSet<Range<usize>>) {
    for token in tokens {
        places.insert(token.span().byte_range());
        if let TokenTree::Group(group) = token {
            self::places(&group.stream().into_iter().collect::<Vec<_>>(), places);
        }
    }
}

#[test]
fn every_slip_is_told_on_a_token_of_the_declaration() {
    for word in word::all() {
        assert!(RIGHT.iter().any(|text| text.contains(word)), "`{word}` is not tried");
    }
    let (mut tried, mut wrong) = (0, 0);
    for text in RIGHT {
        for slip in slips(&tokens(text)) {
            let mut known = HashSet::new();
            places(&slip, &mut known);
            let shown = slip.iter().cloned().collect::<TokenStream>().to_string();
            if slip.is_empty() {
                continue;
            }
            let (expansion, report) = expansion(slip);
            assert!(!expansion.is_empty(), "nothing is said of `{shown}`");
            for (first, last, message) in report.mistakes() {
                for span in [first, last] {
                    assert!(known.contains(&span.byte_range()), "`{message}` stands nowhere in `{shown}`");
                }
                assert!(message.starts_with(|first: char| !first.is_uppercase()), "`{message}` of `{shown}`");
                assert!(!message.contains("__") && !message.ends_with('.'), "`{message}` of `{shown}`");
            }
            tried += 1;
            wrong += usize::from(!report.is_empty());
        }
    }
    assert!(tried > 3_000 && wrong > 2_000, "{wrong} of {tried}");
}
