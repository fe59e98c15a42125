//! What is needed of JSON (RFC 8259), read where it lies.

use super::WeightsError;

/// A place in a text.
#[derive(Clone, Copy)]
pub(super) struct Scanner<'a> {
    /// The whole text.
    text: &'a [u8],
    /// Where the scanner is.
    at: usize,
    /// Where the text is in its file.
    start: usize,
}

/// A string as it is written, without its quotes.
#[derive(Clone, Copy)]
pub(super) struct Text<'a>(&'a [u8]);

impl<'a> Scanner<'a> {
    pub(super) const fn new(text: &'a str, start: usize) -> Self {
        Self { text: text.as_bytes(), at: 0, start }
    }

    /// The error that something is wrong here.
    pub(super) const fn wrong(&self, problem: &'static str) -> WeightsError {
        WeightsError::Malformed { offset: self.start + self.at, problem }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Whether the next token is this byte, which is then read.
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        self.skip_space();
        let is_there = self.peek() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    pub(super) fn expect(&mut self, byte: u8, problem: &'static str) -> Result<(), WeightsError> {
        if self.eat(byte) { Ok(()) } else { Err(self.wrong(problem)) }
    }

    /// Nothing but space is left.
    pub(super) fn end(&mut self) -> Result<(), WeightsError> {
        self.skip_space();
        if self.peek().is_none() { Ok(()) } else { Err(self.wrong("the header has more than one value")) }
    }

    pub(super) fn string(&mut self) -> Result<Text<'a>, WeightsError> {
        self.expect(b'"', "expected a string")?;
        let start = self.at;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    self.at += 1;
                    let hex = match self.peek() {
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 0,
                        Some(b'u') => 4,
                        _ => return Err(self.wrong("unknown escape in a string")),
                    };
                    let digits = self.text.get(self.at + 1..self.at + 1 + hex).unwrap_or_default();
                    if digits.len() != hex || !digits.iter().all(u8::is_ascii_hexdigit) {
                        return Err(self.wrong("unknown escape in a string"));
                    }
                    self.at += 1 + hex;
                }
                Some(0..=31) | None => return Err(self.wrong("a string has no end")),
                Some(_) => self.at += 1,
            }
        }
        let text = Text(self.text.get(start..self.at).unwrap_or_default());
        self.at += 1;
        Ok(text)
    }

    /// An integer that is not negative.
    pub(super) fn integer(&mut self) -> Result<u64, WeightsError> {
        const PROBLEM: &str = "expected an integer";
        self.skip_space();
        let start = self.at;
        let mut number = 0_u64;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            let next = number.checked_mul(10).and_then(|ten| ten.checked_add(u64::from(digit - b'0')));
            number = next.ok_or(self.wrong("a number is too large"))?;
            self.at += 1;
        }
        let digits = self.at - start;
        let has_zero = digits > 1 && self.text.get(start) == Some(&b'0');
        if digits == 0 || has_zero || matches!(self.peek(), Some(b'.' | b'e' | b'E')) {
            return Err(self.wrong(PROBLEM));
        }
        Ok(number)
    }

    /// Calls `each` for every element of an array, with the scanner before it.
    pub(super) fn array(
        &mut self,
        mut each: impl FnMut(&mut Self) -> Result<(), WeightsError>,
    ) -> Result<(), WeightsError> {
        self.expect(b'[', "expected an array")?;
        if self.eat(b']') {
            return Ok(());
        }
        loop {
            each(self)?;
            if self.eat(b']') {
                return Ok(());
            }
            self.expect(b',', "expected `,` or `]`")?;
        }
    }

    /// Calls `each` with every key of an object, with the scanner before its value.
    pub(super) fn object(
        &mut self,
        mut each: impl FnMut(&mut Self, Text<'a>) -> Result<(), WeightsError>,
    ) -> Result<(), WeightsError> {
        self.expect(b'{', "expected an object")?;
        if self.eat(b'}') {
            return Ok(());
        }
        loop {
            let key = self.string()?;
            self.expect(b':', "expected `:`")?;
            each(self, key)?;
            if self.eat(b'}') {
                return Ok(());
            }
            self.expect(b',', "expected `,` or `}`")?;
        }
    }
}

impl Text<'_> {
    /// Whether the string is `other`, escapes read.
    pub(super) fn is(self, other: &str) -> bool {
        let mut rest = self.0;
        let mut expected = other.encode_utf16();
        let mut units = [0; 2];
        while let Some((unit, after)) = self::unit(rest) {
            rest = after;
            for unit in unit.encode(&mut units) {
                if expected.next() != Some(*unit) {
                    return false;
                }
            }
        }
        expected.next().is_none()
    }

    /// The bytes as they are written.
    pub(super) const fn bytes(&self) -> &[u8] {
        self.0
    }
}

/// A character, or a half of one that is written as two escapes.
enum Unit {
    Char(char),
    Half(u16),
}

impl Unit {
    fn encode(self, to: &mut [u16; 2]) -> &[u16] {
        match self {
            Self::Char(character) => character.encode_utf16(to),
            Self::Half(unit) => {
                to[0] = unit;
                &to[..1]
            }
        }
    }
}

/// The first unit of a string that was found to be right, and the rest.
fn unit(text: &[u8]) -> Option<(Unit, &[u8])> {
    let (first, rest) = text.split_first()?;
    if *first != b'\\' {
        let text = core::str::from_utf8(text).ok()?;
        let character = text.chars().next()?;
        return Some((Unit::Char(character), text.get(character.len_utf8()..)?.as_bytes()));
    }
    let (escape, rest) = rest.split_first()?;
    let character = match escape {
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let (digits, rest) = rest.split_at_checked(4)?;
            let unit = u16::from_str_radix(core::str::from_utf8(digits).ok()?, 16).ok()?;
            return Some((Unit::Half(unit), rest));
        }
        other => char::from(*other),
    };
    Some((Unit::Char(character), rest))
}

#[cfg(test)]
mod tests {
    use super::{Scanner, Text};

    #[test]
    fn strings_are_compared_with_their_escapes_read() {
        for written in ["0.weight", r"0\u002eweight", r"0\u002Eweight", r"\u0030.weig\u0068t"] {
            assert!(Text(written.as_bytes()).is("0.weight"), "{written}");
        }
        for written in ["0.weigh", "0.weights", r"0\nweight", "", "1.weight"] {
            assert!(!Text(written.as_bytes()).is("0.weight"), "{written}");
        }
        assert!(Text("ä".as_bytes()).is("ä") && Text(br"\ud83d\ude00").is("😀") && Text(br#"\"\\\/"#).is("\"\\/"));
    }

    #[test]
    fn numbers_are_integers() {
        let of = |text| Scanner::new(text, 0).integer().ok();
        assert_eq!([of("0"), of(" 12,"), of("18446744073709551615")], [Some(0), Some(12), Some(u64::MAX)]);
        for wrong in ["", "-1", "01", "1.5", "1e3", "18446744073709551616", "x"] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }
}
