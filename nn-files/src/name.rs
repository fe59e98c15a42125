//! Names of tensors, compared where they lie.

use crate::json::first;
use core::fmt::{self, Display, Formatter};

/// A name that is said piece by piece.
pub type Spoken<'a> = &'a dyn Fn(&mut dyn FnMut(&str));

/// The name of a tensor in a file.
#[derive(Clone, Copy)]
pub struct Name<'a> {
    text: &'a str,
    /// Whether it may have escapes.
    is_json: bool,
}

impl<'a> Name<'a> {
    /// A name as it is.
    pub(crate) const fn plain(text: &'a str) -> Self {
        Self { text, is_json: false }
    }

    /// What stands between the quotes of a string that was found to be right.
    pub(crate) const fn json(text: &'a str) -> Self {
        Self { text, is_json: true }
    }

    /// Its characters, escapes read.
    pub fn chars(self) -> impl Iterator<Item = char> + use<'a> {
        let mut rest = self.text;
        core::iter::from_fn(move || {
            if self.is_json {
                let (character, after) = first(rest)?;
                rest = after;
                return Some(character);
            }
            let mut chars = rest.chars();
            let character = chars.next();
            rest = chars.as_str();
            character
        })
    }

    /// Whether it is `text`.
    pub fn is(self, text: &str) -> bool {
        self.chars().eq(text.chars())
    }

    /// How many of its characters stand before `wanted`, if it ends so: none, or words that end in a dot.
    pub(crate) fn before(self, wanted: Spoken<'_>) -> Option<usize> {
        let mut len = 0;
        wanted(&mut |piece| len += piece.chars().count());
        let before = self.chars().count().checked_sub(len)?;
        let mut rest = self.chars();
        let mut is_equal = before.checked_sub(1).is_none_or(|last| rest.nth(last) == Some('.'));
        wanted(&mut |piece| is_equal = is_equal && piece.chars().all(|character| rest.next() == Some(character)));
        is_equal.then_some(before)
    }

    /// How many characters of words that end in a dot, at most `most`, it and `other` have in common at their beginning.
    pub(crate) fn common(self, other: Self, most: usize) -> usize {
        let mut words = 0;
        for (at, (a, b)) in self.chars().zip(other.chars()).take(most).enumerate() {
            if a != b {
                break;
            }
            if a == '.' {
                words = at + 1;
            }
        }
        words
    }
}

impl Display for Name<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.chars().try_for_each(|character| fmt::Write::write_char(f, character))
    }
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn escapes_are_read() {
        for written in ["0.weight", r"0\u002eweight", r"0\u002Eweight", r"\u0030.weig\u0068t"] {
            assert!(Name::json(written).is("0.weight"), "{written}");
        }
        for written in ["0.weigh", "0.weights", r"0\nweight", "", "1.weight"] {
            assert!(!Name::json(written).is("0.weight"), "{written}");
        }
        assert!(Name::json("ä").is("ä") && Name::json(r"\ud83d\ude00").is("😀") && Name::json(r#"\"\\\/"#).is("\"\\/"));
        assert!(Name::plain(r"\u0030").is(r"\u0030"));
    }

    #[test]
    fn words_before_a_name_end_in_a_dot() {
        let before = |name, pieces: &[&str]| {
            Name::plain(name).before(&|each: &mut dyn FnMut(&str)| pieces.iter().for_each(|piece| each(piece)))
        };
        assert_eq!(before("0.weight", &["0", ".", "weight"]), Some(0));
        assert_eq!(before("module.0.weight", &["0", ".weight"]), Some(7));
        assert_eq!(before("10.weight", &["0", ".weight"]), None);
        assert_eq!(before("0.weight", &["10", ".weight"]), None);
        assert_eq!(before("module.0.weight", &["1", ".weight"]), None);
    }

    #[test]
    fn words_in_common_are_whole() {
        let common = |a, b| Name::plain(a).common(Name::plain(b), 100);
        assert_eq!(common("module.0.weight", "module.0.bias"), 9);
        assert_eq!(common("module.10.weight", "module.1.weight"), 7);
        assert_eq!(common("0.weight", "1.weight"), 0);
        assert_eq!(Name::plain("a.b.c").common(Name::plain("a.b.d"), 3), 2);
    }
}
