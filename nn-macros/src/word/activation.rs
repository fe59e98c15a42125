//! `relu`, `leaky_relu(0.1)` and the other activations, and those of the user's own.

use crate::arguments::Arguments;
use crate::ast::Path;
use crate::fraction::Fraction;
use crate::layer::{Ends, Layer};
use crate::names::{Names, respan};
use crate::near::nearest;
use crate::reader::Reader;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

/// An activation of the language.
pub struct Word {
    /// The word.
    pub name: &'static str,
    /// Its type.
    of: &'static str,
    takes: Takes,
    saturates: bool,
    has_approximation: bool,
}

/// The arguments of an activation, all of which have defaults.
#[derive(Clone, Copy, PartialEq)]
enum Takes {
    Nothing,
    /// Nothing or the word `tanh`.
    OrTanh,
    /// One number of that name, not negative.
    NotNegative(&'static str),
    /// One number of that name, above zero.
    Positive(&'static str),
    /// Two numbers, the first the smaller.
    Bounds,
}

use Takes::{Bounds, NotNegative, Nothing, OrTanh, Positive};

const fn word(name: &'static str, of: &'static str, takes: Takes) -> Word {
    Word { name, of, takes, saturates: false, has_approximation: false }
}

impl Word {
    const fn saturating(self) -> Self {
        Self { saturates: true, ..self }
    }

    const fn approximated(self) -> Self {
        Self { has_approximation: true, ..self }
    }
}

/// The activations.
const WORDS: &[Word] = &[
    word("identity", "Identity", Nothing),
    word("relu", "Relu", Nothing),
    word("leaky_relu", "LeakyRelu", NotNegative("slope")),
    word("sigmoid", "Sigmoid", Nothing).saturating().approximated(),
    word("tanh", "Tanh", Nothing).saturating().approximated(),
    word("elu", "Elu", Positive("alpha")),
    word("selu", "Selu", Nothing),
    word("gelu", "Gelu", OrTanh).approximated(),
    word("silu", "Silu", Nothing).approximated(),
    word("softplus", "Softplus", Positive("beta")).approximated(),
    word("softsign", "Softsign", Nothing),
    word("mish", "Mish", Nothing).approximated(),
    word("hard_sigmoid", "HardSigmoid", Nothing),
    word("hard_tanh", "HardTanh", Bounds),
    word("hard_swish", "HardSwish", Nothing),
    word("relu6", "Relu6", Nothing),
    word("softmax", "Softmax", Nothing).approximated(),
];

/// What other libraries call them.
const OTHER_WORDS: &[(&str, &str)] = &[
    ("swish", "silu"),
    ("logistic", "sigmoid"),
    ("linear", "identity"),
    ("none", "identity"),
    ("hardswish", "hard_swish"),
];

/// Functions that other libraries have and this one has not: no other is suggested for them.
const OTHER_FUNCTIONS: &[&str] = &[
    "celu",
    "prelu",
    "rrelu",
    "crelu",
    "glu",
    "geglu",
    "swiglu",
    "reglu",
    "logsoftmax",
    "logsigmoid",
    "softmin",
    "sin",
    "cos",
    "exp",
    "sqrt",
    "square",
    "abs",
    "tanhshrink",
    "hardshrink",
    "softshrink",
    "threshold",
    "maxout",
    "gaussian",
    "snake",
    "squareplus",
    "sparsemax",
];

/// As PyTorch writes them, where nobody writes a type of his own so.
const TYPES: &[(&str, &str)] = &[
    ("ReLU", "relu"),
    ("ReLU6", "relu6"),
    ("LeakyReLU", "leaky_relu"),
    ("ELU", "elu"),
    ("SELU", "selu"),
    ("GELU", "gelu"),
    ("SiLU", "silu"),
];

/// The word for what PyTorch calls so.
pub fn of_type(name: &str) -> Option<&'static str> {
    TYPES.iter().find(|(ours, _)| *ours == name).map(|(_, word)| *word)
}

/// The activation of that name.
pub fn find(name: &str) -> Option<&'static Word> {
    WORDS.iter().find(|word| word.name == name)
}

/// All words.
#[cfg(test)]
pub fn all() -> impl Iterator<Item = &'static str> {
    WORDS.iter().map(|word| word.name)
}

/// "; did you mean `relu`?" if an activation is near, else all of them. A name of another function is near to none.
pub fn like(name: &str) -> String {
    let folded = name.to_lowercase().replace('_', "");
    if OTHER_FUNCTIONS.contains(&folded.as_str()) {
        return "; it is not available, but one of your own takes a few lines, see `nn_core::activation`".into();
    }
    if folded == "gelutanh" || folded == "geluapproximate" {
        return "; did you mean `gelu(tanh)`?".into();
    }
    let words = || WORDS.iter().map(|word| word.name);
    let pairs = words().map(|word| (word, word)).chain(OTHER_WORDS.iter().copied());
    nearest(name, pairs).unwrap_or_else(|| format!("; there are {}", words().collect::<Vec<_>>().join(", ")))
}

/// An activation with its arguments.
pub struct Activation {
    of: Of,
    label: String,
    span: Span,
}

/// Its type.
enum Of {
    /// One of the library, by its name and its arguments.
    Ours(&'static Word, Ident, Vec<Fraction>),
    /// The user's own, of which nothing is known.
    Path(Path),
}

/// An activation of the user's own.
pub fn path(path: &Path) -> Activation {
    Activation { of: Of::Path(path.clone()), label: path.name.clone(), span: path.span }
}

impl Word {
    /// The word with its arguments; what is wrong with them goes to the report.
    pub fn read(
        &'static self,
        word: &Ident,
        arguments: Option<&Arguments>,
        reader: &mut Reader<'_>,
    ) -> Option<Box<dyn Layer>> {
        let (name, span) = (self.name, word.span());
        let (of, fractions, label) = match arguments {
            None => (self.of, Vec::new(), name.to_string()),
            Some(arguments) if self.takes == OrTanh && is_tanh(arguments) => {
                ("GeluTanh", Vec::new(), format!("{name}(tanh)"))
            }
            Some(arguments) => {
                let fractions = self.fractions(arguments, reader)?;
                let all: Vec<_> = fractions.iter().map(|fraction| fraction.value().to_string()).collect();
                (self.of, fractions, format!("{name}({})", all.join(", ")))
            }
        };
        Some(Box::new(Activation { of: Of::Ours(self, Ident::new(of, span), fractions), label, span }))
    }

    fn fractions(&self, arguments: &Arguments, reader: &mut Reader<'_>) -> Option<Vec<Fraction>> {
        let name = self.name;
        let form = match self.takes {
            Nothing => Err(format!("`{name}` takes no argument")),
            OrTanh => Err(format!("expected `{name}` or `{name}(tanh)`")),
            NotNegative(what) | Positive(what) => {
                arguments.read([]).map(|([one], [])| vec![one]).ok_or(format!("expected `{name}({what})`, a number"))
            }
            Bounds => {
                let both = arguments.read([]).map(|(both, []): ([_; 2], _)| both.to_vec());
                both.ok_or(format!("expected `{name}(min, max)`, each a number"))
            }
        };
        let values = form.map_err(|message| reader.report.at(arguments.span, message)).ok()?;
        let mut fractions = Vec::new();
        for tokens in values {
            let Some(fraction) = Fraction::read(tokens) else {
                reader.report.over(tokens, arguments.span, format!("expected {}", Fraction::wanted(tokens)));
                return None;
            };
            fractions.push(fraction);
        }
        let value = |at: usize| fractions[at].value();
        let wrong = match self.takes {
            NotNegative(what) if value(0) < 0.0 => format!("the {what} must not be negative"),
            Positive(what) if value(0) <= 0.0 => format!("the {what} must be above zero"),
            Bounds if value(0) >= value(1) => "the first bound must be below the second".to_string(),
            _ => return Some(fractions),
        };
        reader.report.over(&arguments.tokens, arguments.span, wrong);
        None
    }
}

fn is_tanh(arguments: &Arguments) -> bool {
    matches!(arguments.tokens.as_slice(), [TokenTree::Ident(word)] if word == "tanh")
}

impl Activation {
    fn word(&self) -> Option<&'static Word> {
        match self.of {
            Of::Ours(word, ..) => Some(word),
            Of::Path(_) => None,
        }
    }

    fn kind(&self, names: &Names) -> TokenStream {
        let nn = &names.nn;
        let precise = match &self.of {
            Of::Path(Path { tokens, name, .. }) => {
                let call = quote_spanned! {self.span=>
                    __nn::Probe::<#tokens>::STAGE.activates(__nn::Probe::<#tokens>::OTHER, #name)
                };
                let check = names.constant(&respan(call, self.span), self.span);
                quote!(#nn::Checked<#tokens, #check>)
            }
            Of::Ours(_, of, fractions) => {
                let arguments = fractions.iter().map(|fraction| fraction.arguments());
                let arguments = (arguments.len() > 0).then(|| quote!(<#(#arguments),*>));
                quote!(#nn::activation::#of #arguments)
            }
        };
        let approximate = names.approximate && self.has_approximation();
        if approximate { quote!(#nn::activation::Approximate<#precise>) } else { precise }
    }
}

impl Layer for Activation {
    fn span(&self) -> Span {
        self.span
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn part(&self, names: &Names, ends: &Ends<'_>) -> TokenStream {
        names.activate(&self.kind(names), ends.gives)
    }

    fn after(&self, names: &Names, before: &TokenStream, _: &Ends<'_>) -> Option<TokenStream> {
        Some(names.activate_after(before, &self.kind(names)))
    }

    fn is_linear(&self) -> bool {
        self.word().is_some_and(|word| word.name == "identity")
    }

    fn saturates(&self) -> bool {
        self.word().is_some_and(|word| word.saturates)
    }

    fn has_approximation(&self) -> bool {
        self.word().is_none_or(|word| word.has_approximation)
    }
}

#[cfg(test)]
mod tests {
    use super::like;

    #[test]
    fn near_words_are_suggested() {
        let pairs = [
            ("rleu", "relu"),
            ("Sigmoid", "sigmoid"),
            ("sigmod", "sigmoid"),
            ("hardtanh", "hard_tanh"),
            ("swish", "silu"),
        ];
        for (wrong, right) in pairs {
            assert_eq!(like(wrong), format!("; did you mean `{right}`?"));
        }
        assert!(like("quadratic").starts_with("; there are identity, relu"));
    }
}
