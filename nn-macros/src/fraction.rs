//! Decimal numbers, which are part of a type as two integers.

use crate::tokens::is_punct;
use proc_macro2::{Literal, TokenStream, TokenTree};
use quote::quote;

/// A number of at most 15 digits as numerator and denominator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fraction(pub i64, pub i64);

impl Fraction {
    /// A decimal literal, perhaps with a sign and an exponent.
    pub fn read(tokens: &[TokenTree]) -> Option<Self> {
        let (sign, literal) = match tokens {
            [TokenTree::Literal(literal)] => (1, literal),
            [minus, TokenTree::Literal(literal)] if is_punct(Some(minus), '-') => (-1, literal),
            _ => return None,
        };
        let text = literal.to_string().replace('_', "").to_lowercase();
        let (digits, exponent) = match text.split_once('e') {
            Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
            None => (text.as_str(), 0),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let part = part.trim_end_matches('0');
        if !whole.bytes().chain(part.bytes()).all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        // Both are below 2^53, so their quotient in f64 is the number nearest to the decimal.
        let number = |digits: String| digits.parse::<i64>().ok().filter(|number| *number < 1_000_000_000_000_000);
        let scale = exponent.checked_sub(i32::try_from(part.len()).ok()?)?;
        let zeros = |count: i32| "0".repeat(count.clamp(0, 20) as usize);
        let num = number(format!("0{whole}{part}{}", zeros(scale)))?;
        let den = number(format!("1{}", zeros(scale.checked_neg()?)))?;
        Some(Self(sign * num, den))
    }

    /// What is wanted of tokens that are none.
    pub fn wanted(tokens: &[TokenTree]) -> &'static str {
        match tokens {
            [TokenTree::Ident(_), equals, _, ..] if is_punct(Some(equals), '=') => "a decimal number, without a name",
            _ => "a decimal number of at most 15 digits",
        }
    }

    /// The nearest number.
    pub fn value(self) -> f64 {
        self.0 as f64 / self.1 as f64
    }

    /// As two const arguments.
    pub fn arguments(self) -> TokenStream {
        let [num, den] = [self.0, self.1].map(Literal::i64_unsuffixed);
        quote!({#num}, {#den})
    }
}

#[cfg(test)]
mod tests {
    use super::Fraction;
    use proc_macro2::{TokenStream, TokenTree};

    #[test]
    fn decimals_are_exact_fractions() {
        let of = |text: &str| {
            let tokens: Vec<TokenTree> = text.parse::<TokenStream>().unwrap().into_iter().collect();
            Fraction::read(&tokens)
        };
        assert_eq!(of("0.01"), Some(Fraction(1, 100)));
        assert_eq!(of("1"), Some(Fraction(1, 1)));
        assert_eq!(of("-1.50"), Some(Fraction(-15, 10)));
        assert_eq!(of("2.5e-3"), Some(Fraction(25, 10_000)));
        assert_eq!(of("1e3"), Some(Fraction(1_000, 1)));
        assert_eq!(of("1_000.5"), Some(Fraction(10_005, 10)));
        for wrong in [
            "0x10",
            "1f32",
            "1e300",
            "1e-300",
            "1e-2147483648",
            "1e2147483647",
            "\"1\"",
            "0.12345678901234567",
            "x",
            "1 2",
        ] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }
}
