//! Lists of numbers whose length is bounded before they are read, so that a hostile file takes no more memory than a good one.

use core::fmt;
use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};

/// More numbers no shape has.
const MOST: usize = 32_768;

/// Finite numbers.
#[derive(Debug, Default)]
pub(super) struct Numbers(pub(super) Vec<f32>);

/// Rows of as many numbers each.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) count: usize,
    pub(super) numbers: Vec<f32>,
}

/// At most so many values.
#[derive(Debug)]
pub(super) struct Few<T>(pub(super) Vec<T>);

/// More layers or models no file has.
const FEW: usize = 64;

fn number<E: Error>(number: f64) -> Result<f32, E> {
    let single = number as f32;
    if single.is_finite() { Ok(single) } else { Err(E::custom(format!("{number} is beyond single precision"))) }
}

impl<'de> Deserialize<'de> for Numbers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Numbers;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of numbers")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Numbers, A::Error> {
                let mut numbers = Vec::new();
                while let Some(next) = seq.next_element()? {
                    if numbers.len() == MOST {
                        return Err(A::Error::custom("more numbers than any shape has"));
                    }
                    numbers.push(number(next)?);
                }
                Ok(Numbers(numbers))
            }
        }
        deserializer.deserialize_seq(Read)
    }
}

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Rows;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("rows of numbers")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Rows, A::Error> {
                let mut rows = Rows::default();
                while let Some(Numbers(row)) = seq.next_element()? {
                    if rows.count > 0 && row.len() * rows.count != rows.numbers.len() || row.is_empty() {
                        return Err(A::Error::custom("rows are of different lengths"));
                    }
                    if rows.numbers.len() + row.len() > MOST {
                        return Err(A::Error::custom("more numbers than any shape has"));
                    }
                    rows.numbers.extend(row);
                    rows.count += 1;
                }
                Ok(rows)
            }
        }
        deserializer.deserialize_seq(Read)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Few<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read<T>(core::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Read<T> {
            type Value = Few<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Few<T>, A::Error> {
                let mut all = Vec::new();
                while let Some(next) = seq.next_element()? {
                    if all.len() == FEW {
                        return Err(A::Error::custom(format!("more than {FEW} in a list")));
                    }
                    all.push(next);
                }
                Ok(Few(all))
            }
        }
        deserializer.deserialize_seq(Read(core::marker::PhantomData))
    }
}
