//! No token stream makes the macro panic: declarations are mutated, and streams are drawn at random.

mod slips;

use super::{Report, compile};
use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

const SEEDS: &[&str] = &[
    "2 => 8 relu => 4 sigmoid => 1",
    "< f64; 2 => 8 leaky_relu(0.01) => 1 hard_tanh(-1, 2.5e-1) >",
    "#[budget(ram = 2_048, flash = 16)] /** docs */ pub(crate) struct Kws: f32; 64 => a: 32 relu => b: Encoder tanh => 10;",
    "pub struct Mlp<const H: usize, const K: usize>: {K} => {H} relu => [{H} tanh => {H}] => (8 gelu(tanh) | x::Y<2, Z>) => 1;",
    "#[weights(\"a.safetensors\", names(\"0\" = \"fc\"))] #[golden(\"b\", tolerance = 1e-4)] struct A: 2 => 1 => dropout(0.5);",
    "#[allow(missing_activation)] 1 => dense(U8) => { 2 * W } => ::a::b::<C>::D e::F => 1x28x28",
    "#[approximate] #[aproximate] #[approximate(1)] pub struct F: 2 => 8 tanh => a::B c::D => [3 relu] => (1 | 2 softmax);",
    "pub struct Amp: f64; stream 1 => lstm(16, bias = false) => gru(8, start = learned) tanh => [rnn(8, activation = relu)] => 1;",
    "8 -> rleu => => 0x10 => 8u8 => 5_000_000_000 softmax relu => type: 3 => [=> 4 | ] => () => conv(16, 3x3)",
];

/// A small generator, SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ (x >> 31)) % end as u64) as usize
    }

    fn token(&mut self, depth: usize) -> TokenTree {
        const WORDS: &[&str] = &[
            "struct",
            "pub",
            "const",
            "usize",
            "relu",
            "rleu",
            "leaky_relu",
            "hard_tanh",
            "gelu",
            "dense",
            "conv",
            "dropout",
            "Encoder",
            "self",
            "crate",
            "a",
            "f64",
            "f16",
            "_",
            "budget",
            "approximate",
            "weights",
            "golden",
            "names",
            "tolerance",
            "ram",
            "where",
            "H",
            "type",
            "forward",
            "stream",
            "lstm",
            "rnn",
            "start",
            "learned",
            "activation",
        ];
        const LITERALS: &[&str] = &[
            "0",
            "1",
            "8",
            "1_024",
            "0x10",
            "1e3",
            "8u8",
            "2.5",
            "1x28x28",
            "9999999999",
            "1e-2147483648",
            "0.1",
            "\"a\"",
            "'a'",
            "b\"x\"",
            "1f32",
            "1e",
            "7e2147483647",
        ];
        const PUNCTS: &[char] = &['=', '>', '<', '-', ':', ';', ',', '|', '#', '!', '+', '&', '@', '$', '?', '\''];
        const DELIMITERS: &[Delimiter] =
            &[Delimiter::Parenthesis, Delimiter::Bracket, Delimiter::Brace, Delimiter::None];
        match self.below(if depth < 4 { 10 } else { 9 }) {
            0..3 => Ident::new(WORDS[self.below(WORDS.len())], Span::call_site()).into(),
            3..6 => match LITERALS[self.below(LITERALS.len())].parse::<Literal>() {
                Ok(literal) => literal.into(),
                Err(_) => Literal::u32_unsuffixed(4).into(),
            },
            6..9 => {
                let spacing = if self.below(2) == 0 { Spacing::Joint } else { Spacing::Alone };
                let char = PUNCTS[self.below(PUNCTS.len() - 1)];
                Punct::new(char, spacing).into()
            }
            _ => {
                let length = self.below(6);
                let inside = (0..length).map(|_| self.token(depth + 1)).collect();
                Group::new(DELIMITERS[self.below(DELIMITERS.len())], inside).into()
            }
        }
    }

    fn mutate(&mut self, tokens: &mut Vec<TokenTree>, depth: usize) {
        let at = self.below(tokens.len() + 1);
        if let Some(TokenTree::Group(group)) = tokens.get_mut(at) {
            let mut inside: Vec<_> = group.stream().into_iter().collect();
            self.mutate(&mut inside, depth + 1);
            *group = Group::new(group.delimiter(), inside.into_iter().collect());
            return;
        }
        match self.below(4) {
            0 if at < tokens.len() => drop(tokens.remove(at)),
            1 if at < tokens.len() => tokens[at] = self.token(depth),
            2 if at < tokens.len() => {
                let other = self.below(tokens.len());
                tokens.swap(at, other);
            }
            _ => tokens.insert(at, self.token(depth)),
        }
    }
}

fn expansion(tokens: Vec<TokenTree>) -> (TokenStream, Report) {
    let krate = Ident::new("krate", Span::call_site());
    compile(&krate, false, tokens)
}

fn tokens(text: &str) -> Vec<TokenTree> {
    text.parse::<TokenStream>().expect("tokens").into_iter().collect()
}

#[test]
fn no_token_stream_makes_it_panic() {
    let mut random = Random(1);
    let seeds: Vec<_> = SEEDS.iter().map(|seed| tokens(seed)).collect();
    let (mut right, mut wrong) = (0, 0);
    for round in 0..100_000 {
        let tokens = if round % 4 == 0 {
            (0..random.below(24)).map(|_| random.token(0)).collect()
        } else {
            let mut tokens = seeds[round % seeds.len()].clone();
            for _ in 0..random.below(5) {
                random.mutate(&mut tokens, 0);
            }
            tokens
        };
        let (expansion, report) = expansion(tokens);
        assert!(!expansion.is_empty(), "nothing is said of a mistake");
        *(if report.is_empty() { &mut right } else { &mut wrong }) += 1;
    }
    assert!(right > 1_000 && wrong > 1_000, "{right} right, {wrong} wrong: not both ways are tried");
}
