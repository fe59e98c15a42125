//! The table of a network's layers.

use super::Network;
use crate::number::Number;
use crate::part::place::Place;
use crate::part::run::Part;
use core::fmt::{self, Display, Formatter};
use core::marker::PhantomData;

/// A network's layers and totals, to be printed; made by [`Network::summary`].
pub struct Summary<N>(pub(crate) PhantomData<N>);

impl<N: Network> Display for Summary<N> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let bytes = size_of::<N::Number>();
        writeln!(f, "{}: {} => {}, {}", N::NAME, N::Layers::IN, N::Layers::OUT, N::Number::NAME)?;
        writeln!(f, "  {:<15} {:<20}{:>8}{:>12}{:>12}{:>12}", "layer", "", "output", "parameters", "bytes", "MACs")?;
        let mut result = Ok(());
        N::Layers::describe(Place::FIRST, &mut |module| {
            let [channels, rows, columns] = module.output;
            let (name, label) = (Text::of(&module.place), module.label);
            let (parameters, macs) = (module.parameters, module.macs);
            result = result.and_then(|()| {
                write!(f, "  {name:<15} {label:<20}")?;
                match (rows, columns) {
                    (1, 1) => write!(f, "{channels:>8}")?,
                    _ => write!(f, "{:>8}", Text::of(&format_args!("{channels}x{rows}x{columns}")))?,
                }
                writeln!(f, "{parameters:>12}{:>12}{macs:>12}", parameters * bytes)
            });
        });
        result?;
        writeln!(f, "  {:<44}{:>12}{:>12}{:>12}", "total", N::PARAMETERS, N::FLASH, N::MACS)?;
        write!(f, "  working memory: {} values, {} bytes", N::WORKSPACE, N::RAM)
    }
}

/// As it is printed.
impl<N: Network> fmt::Debug for Summary<N> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// A short text without a heap, so that it can be padded.
pub(crate) struct Text {
    bytes: [u8; 32],
    len: usize,
}

impl Text {
    pub(crate) fn of(what: &dyn Display) -> Self {
        let mut text = Self { bytes: [0; 32], len: 0 };
        // A longer text is cut off.
        let _ = fmt::write(&mut text, format_args!("{what}"));
        text
    }
}

impl fmt::Write for Text {
    fn write_str(&mut self, s: &str) -> fmt::Result {
        let room = self.bytes.get_mut(self.len..self.len + s.len()).ok_or(fmt::Error)?;
        room.copy_from_slice(s.as_bytes());
        self.len += s.len();
        Ok(())
    }
}

impl Display for Text {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(core::str::from_utf8(&self.bytes[..self.len]).unwrap_or_default())
    }
}
