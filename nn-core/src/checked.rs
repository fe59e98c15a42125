//! Checks of a declaration that fail as an error on the user's token.
//!
//! The macro puts a check into a const argument of the type of the stage. An argument that fails to evaluate makes
//! the type erroneous, so the compiler says what the check says, where the stage stands in the declaration, and nothing
//! of what would follow from it.

use crate::part::Part;
use crate::scalar::Scalar;

/// A part that was checked.
#[derive(Clone, Debug, PartialEq)]
#[repr(transparent)]
pub struct Checked<L, const FITS: bool>(L);

crate::__delegate_part!(through, [L: Part, const FITS: bool] Checked<L, FITS> => L);

/// A stage as the messages call it.
pub struct Stage {
    /// Its path in the declaration.
    pub name: &'static str,
    /// Values in.
    pub takes: usize,
    /// Its number type.
    pub scalar: &'static str,
}

impl Stage {
    /// The stage of a path in a declaration.
    pub const fn of<P: Part>(name: &'static str) -> Self {
        Self { name, takes: P::IN, scalar: P::T::NAME }
    }

    /// True, or a compile error: `gives` values of `scalar` arrive at this stage, from what `before` says.
    #[track_caller]
    pub const fn fits(&self, gives: usize, scalar: &str, before: &str) -> bool {
        if self.takes != gives {
            let text = Text::EMPTY.and("`").and(self.name).and("` takes ").values(self.takes).and(", but ");
            text.and(before).and(" ").number(gives).fail();
        }
        if !same(self.scalar, scalar) {
            let text = Text::EMPTY.and("`").and(self.name).and("` computes in `").and(self.scalar);
            text.and("`, but the network in `").and(scalar).and("`").fail();
        }
        true
    }
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

/// A message made while compiling, where there is no `format!`.
struct Text {
    bytes: [u8; 512],
    len: usize,
}

impl Text {
    const EMPTY: Self = Self { bytes: [0; 512], len: 0 };

    const fn and(mut self, text: &str) -> Self {
        let text = text.as_bytes();
        let mut at = 0;
        while at < text.len() && self.len < self.bytes.len() {
            self.bytes[self.len] = text[at];
            self.len += 1;
            at += 1;
        }
        self
    }

    /// In decimal, thousands separated.
    const fn number(self, number: usize) -> Self {
        let (mut digits, mut len, mut rest) = ([b','; 32], 0, number);
        loop {
            if len % 4 == 3 {
                len += 1;
            }
            digits[digits.len() - 1 - len] = b'0' + (rest % 10) as u8;
            rest /= 10;
            len += 1;
            if rest == 0 {
                break;
            }
        }
        match core::str::from_utf8(digits.split_at(digits.len() - len).1) {
            Ok(digits) => self.and(digits),
            Err(_) => self,
        }
    }

    const fn values(self, number: usize) -> Self {
        self.number(number).and(if number == 1 { " value" } else { " values" })
    }

    #[track_caller]
    const fn fail(&self) -> ! {
        match core::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => panic!("{}", text),
            Err(_) => panic!("the stages do not fit"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn numbers_are_decimal_with_thousands_separated() {
        for (number, digits) in [(0, "0"), (7, "7"), (100, "100"), (1_000, "1,000"), (12_345_678, "12,345,678")] {
            let text = Text::EMPTY.number(number);
            assert_eq!(&text.bytes[..text.len], digits.as_bytes());
        }
        let most = Text::EMPTY.number(usize::MAX);
        assert!(most.len > 10);
    }
}
