//! What is needed of JSON (RFC 8259), read where it lies.

use crate::problem::{Problem, wrong};

/// A place in a text.
#[derive(Clone, Copy)]
pub(crate) struct Scanner<'a> {
    rest: &'a str,
    /// Where the text ends in its file.
    end: usize,
}

impl<'a> Scanner<'a> {
    /// At the beginning of a text, which starts there in its file.
    pub(crate) const fn new(text: &'a str, start: usize) -> Self {
        Self { rest: text, end: start + text.len() }
    }

    /// The error that something is wrong here.
    pub(crate) const fn wrong(&self, problem: &'static str) -> Problem {
        wrong(self.end - self.rest.len(), problem)
    }

    fn peek(&self) -> Option<u8> {
        self.rest.as_bytes().first().copied()
    }

    /// Skips what JSON takes for space: a form feed is not.
    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    /// Whether the next token is this character, which is then read.
    fn eat(&mut self, character: char) -> bool {
        self.skip_space();
        let rest = self.rest.strip_prefix(character);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, character: char, problem: &'static str) -> Result<(), Problem> {
        if self.eat(character) { Ok(()) } else { Err(self.wrong(problem)) }
    }

    /// Nothing but space is left.
    pub(crate) fn end(&mut self) -> Result<(), Problem> {
        self.skip_space();
        if self.rest.is_empty() { Ok(()) } else { Err(self.wrong("the header has more than one value")) }
    }

    /// A string as it is written, without its quotes.
    pub(crate) fn string(&mut self) -> Result<&'a str, Problem> {
        self.expect('"', "expected a string")?;
        let start = self.rest;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(0..=31) | None => return Err(self.wrong("a string has no end")),
                Some(_) => self.rest = first(self.rest).ok_or(self.wrong("unknown escape in a string"))?.1,
            }
        }
        let text = start.get(..start.len() - self.rest.len()).unwrap_or_default();
        self.eat('"');
        Ok(text)
    }

    /// An integer that is not negative.
    pub(crate) fn integer(&mut self) -> Result<u64, Problem> {
        self.skip_space();
        let (number, rest) = integer(self.rest.as_bytes()).ok_or(self.wrong("expected an integer, not too large"))?;
        if let Some(b'.' | b'e' | b'E') = rest.first() {
            return Err(self.wrong("expected an integer, not too large"));
        }
        self.rest = self.rest.get(self.rest.len() - rest.len()..).unwrap_or_default();
        Ok(number)
    }

    /// Calls `each` for every element of an array, with the scanner before it.
    pub(crate) fn array(&mut self, mut each: impl FnMut(&mut Self) -> Result<(), Problem>) -> Result<(), Problem> {
        self.expect('[', "expected an array")?;
        if self.eat(']') {
            return Ok(());
        }
        loop {
            each(self)?;
            if self.eat(']') {
                return Ok(());
            }
            self.expect(',', "expected `,` or `]`")?;
        }
    }

    /// Calls `each` with every key of an object as it is written, with the scanner before its value.
    pub(crate) fn object(
        &mut self,
        mut each: impl FnMut(&mut Self, &'a str) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        self.expect('{', "expected an object")?;
        if self.eat('}') {
            return Ok(());
        }
        loop {
            let key = self.string()?;
            self.expect(':', "expected `:`")?;
            each(self, key)?;
            if self.eat('}') {
                return Ok(());
            }
            self.expect(',', "expected `,` or `}`")?;
        }
    }
}

/// The integer in decimal at the beginning of a text, without zeros before it, and what follows.
pub(crate) fn integer(text: &[u8]) -> Option<(u64, &[u8])> {
    let (mut number, mut rest) = (None::<u64>, text);
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        if number == Some(0) {
            return None;
        }
        number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(u64::from(digit - b'0'))?);
        rest = after;
    }
    Some((number?, rest))
}

/// The first character of what stands in a string, and what follows.
pub(crate) fn first(text: &str) -> Option<(char, &str)> {
    let mut chars = text.chars();
    let first = chars.next()?;
    if first != '\\' {
        return Some((first, chars.as_str()));
    }
    let character = match chars.next()? {
        escaped @ ('"' | '\\' | '/') => escaped,
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => {
            let (unit, rest) = unit(chars.as_str())?;
            if let 0xd800..=0xdbff = unit {
                let (low, rest) = self::unit(rest.strip_prefix("\\u")?)?;
                return Some((char::decode_utf16([unit, low]).next()?.ok()?, rest));
            }
            return Some((char::from_u32(unit.into())?, rest));
        }
        _ => return None,
    };
    Some((character, chars.as_str()))
}

/// Four hexadecimal digits.
fn unit(text: &str) -> Option<(u16, &str)> {
    let (digits, rest) = text.split_at_checked(4)?;
    let unit = digits.bytes().try_fold(0, |unit, digit| Some(unit << 4 | char::from(digit).to_digit(16)? as u16))?;
    Some((unit, rest))
}

#[cfg(test)]
mod tests {
    use super::Scanner;

    #[test]
    fn numbers_are_integers() {
        let of = |text| Scanner::new(text, 0).integer().ok();
        assert_eq!([of("0"), of(" 12,"), of("18446744073709551615")], [Some(0), Some(12), Some(u64::MAX)]);
        for wrong in ["", "-1", "01", "00", "1.5", "1e3", "18446744073709551616", "x"] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn space_is_that_of_json() {
        let of = |text| Scanner::new(text, 0).object(|scanner, _| scanner.integer().map(drop)).is_ok();
        assert!(of("{ \t\"a\" \r\n: 1 }"));
        assert!(!of("{\"a\"\u{c}: 1}") && !of("{\u{b}\"a\": 1}") && !of("{\"a\": 1\u{a0}}"));
    }

    #[test]
    fn escapes_are_whole() {
        let of = |text| Scanner::new(text, 0).string().is_ok();
        assert!([r#""\ud83d\ude00""#, r#""\u00E4\n""#, r#""""#].into_iter().all(of));
        assert!(
            ![r#""\ud83d""#, r#""\ude00""#, r#""\u+123""#, r#""\u12""#, r#""\x""#, "\"\n\"", r#"""#]
                .into_iter()
                .any(of)
        );
    }
}
