//! Texts that are made while compiling.

/// A text made while compiling, where there is no `format!`: messages of checks, and names with arguments.
#[derive(Clone, Copy)]
pub struct Text {
    bytes: [u8; 512],
    len: usize,
}

impl Text {
    /// No text yet.
    pub const EMPTY: Self = Self { bytes: [0; 512], len: 0 };

    /// With `text` at the end.
    pub const fn and(mut self, text: &str) -> Self {
        let text = text.as_bytes();
        let mut at = 0;
        while at < text.len() && self.len < self.bytes.len() {
            self.bytes[self.len] = text[at];
            self.len += 1;
            at += 1;
        }
        self
    }

    /// With a number in decimal at the end, thousands separated.
    pub const fn number(self, number: usize) -> Self {
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

    /// With so many values at the end.
    pub const fn values(self, number: usize) -> Self {
        self.number(number).and(if number == 1 { " value" } else { " values" })
    }

    /// With channels, rows and columns at the end; one place is a vector, and one column a signal.
    pub const fn shape(self, [channels, rows, columns]: [usize; 3]) -> Self {
        if rows * columns == 1 {
            return self.values(channels);
        }
        let text = self.and(if columns == 1 { "a signal of " } else { "an image of " });
        let text = text.digits(channels as u64).and("x").digits(rows as u64);
        if columns == 1 { text } else { text.and("x").digits(columns as u64) }
    }

    /// With arguments in parentheses at the end, each a fraction of two numbers, in decimal if it ends.
    pub const fn arguments(mut self, fractions: &[i64]) -> Self {
        let mut rest = fractions;
        while let [num, den, after @ ..] = rest {
            self = self.and(if rest.len() == fractions.len() { "(" } else { ", " }).fraction(*num, *den);
            rest = after;
            if rest.is_empty() {
                self = self.and(")");
            }
        }
        self
    }

    const fn fraction(mut self, num: i64, den: i64) -> Self {
        if num < 0 {
            self = self.and("-");
        }
        let (num, den) = (num.unsigned_abs(), den.unsigned_abs());
        let (mut decimal, mut rest, mut unit) = (self.digits(num / den), num % den, den);
        if rest > 0 {
            decimal = decimal.and(".");
        }
        while rest > 0 && unit.is_multiple_of(10) {
            unit /= 10;
            decimal = decimal.digits(rest / unit);
            rest %= unit;
        }
        if rest > 0 { self.digits(num).and("/").digits(den) } else { decimal }
    }

    /// With a shape at the end.
    pub const fn sizes(mut self, sizes: &[usize]) -> Self {
        let mut rest = sizes;
        self = self.and("[");
        while let [size, after @ ..] = rest {
            self = self.digits(*size as u64).and(if after.is_empty() { "" } else { ", " });
            rest = after;
        }
        self.and("]")
    }

    /// With a number in plain decimal at the end.
    pub const fn digits(mut self, number: u64) -> Self {
        if number >= 10 {
            self = self.digits(number / 10);
        }
        if self.len < self.bytes.len() {
            self.bytes[self.len] = b'0' + (number % 10) as u8;
            self.len += 1;
        }
        self
    }

    /// The text.
    pub const fn text(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "",
        }
    }

    /// Stops the compiler.
    #[track_caller]
    pub const fn fail(&self) -> ! {
        panic!("{}", self.text())
    }
}

/// Calls `each` with a number in plain decimal.
pub fn decimal(number: usize, each: &mut dyn FnMut(&str)) {
    let (mut digits, mut rest, mut start) = ([b'0'; 20], number, 20);
    for digit in digits.iter_mut().rev() {
        *digit += (rest % 10) as u8;
        (rest, start) = (rest / 10, start - 1);
        if rest == 0 {
            break;
        }
    }
    let digits = digits.get(start..).unwrap_or_default();
    each(core::str::from_utf8(digits).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::{Text, decimal};

    #[test]
    fn numbers_are_decimal_with_thousands_separated() {
        for (number, digits) in [(0, "0"), (7, "7"), (100, "100"), (1_000, "1,000"), (12_345_678, "12,345,678")] {
            let text = Text::EMPTY.number(number);
            assert_eq!(&text.bytes[..text.len], digits.as_bytes());
        }
        let arguments = Text::EMPTY.and("f").arguments(&[-15, 10, 1_005, 1_000, 2, 1, 1, 3, 7, 1_000]);
        assert_eq!(arguments.text(), "f(-1.5, 1.005, 2, 1/3, 0.007)");
        assert_eq!(Text::EMPTY.and("f").arguments(&[]).text(), "f");
        let most = Text::EMPTY.number(usize::MAX);
        assert!(most.len > 10);
        for (number, digits) in [(0, "0"), (1_234, "1234"), (usize::MAX, &std::format!("{}", usize::MAX))] {
            decimal(number, &mut |text| assert_eq!(text, digits));
        }
    }
}
