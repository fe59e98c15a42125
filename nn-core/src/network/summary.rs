//! The table of a network's layers.

use super::Network;
use crate::number::Number;
use crate::number::shape::Shape;
use crate::part::place::Place;
use crate::part::run::Part;
use core::fmt::{self, Display, Formatter, Write};
use core::marker::PhantomData;

/// A network's layers and totals, to be printed; made by [`Network::summary`].
pub struct Summary<N>(pub(crate) PhantomData<N>);

impl<N: Network> Display for Summary<N> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let bytes = size_of::<N::Number>();
        let [takes, gives] = [<N::Layers as Part>::In::DIMS, <N::Layers as Part>::Out::DIMS].map(Dims);
        writeln!(f, "{}: {takes} => {gives}, {}", N::NAME, N::Number::NAME)?;
        writeln!(f, "  {:<15} {:<20}{:>8}{:>12}{:>12}{:>12}", "layer", "", "output", "parameters", "bytes", "MACs")?;
        let mut result = Ok(());
        N::Layers::describe(Place::FIRST, &mut |module| {
            let (name, label, output) = (Padded(module.place), module.label, Padded(Dims(module.output)));
            let (parameters, macs) = (module.parameters, module.macs);
            result = result.and_then(|()| {
                writeln!(f, "  {name:<15} {label:<20}{output:>8}{parameters:>12}{:>12}{macs:>12}", parameters * bytes)
            });
        });
        result?;
        writeln!(f, "  {:<44}{:>12}{:>12}{:>12}", "total", N::PARAMETERS, N::FLASH, N::MACS)?;
        write!(f, "  working memory: {} values, {} bytes", N::WORKSPACE, N::RAM)?;
        match N::FIELD {
            Some(1) => Ok(()),
            Some(field) => {
                write!(f, "\n  state: {} bytes, sees {field} frames, {} to warm up", N::STATE, field.saturating_sub(1))
            }
            None => write!(f, "\n  state: {} bytes, remembers for ever", N::STATE),
        }
    }
}

/// A shape as a declaration has it.
#[derive(Clone, Copy)]
struct Dims([usize; 3]);

impl Display for Dims {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            [channels, 1, 1] => write!(f, "{channels}"),
            [channels, frames, 1] => write!(f, "{channels}x{frames}"),
            [channels, rows, columns] => write!(f, "{channels}x{rows}x{columns}"),
        }
    }
}

/// As it is printed.
impl<N: Network> fmt::Debug for Summary<N> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// What can be shown at a width, without a heap.
pub(crate) struct Padded<T>(pub(crate) T);

impl<T: Display> Display for Padded<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut shown = Count(0);
        write!(shown, "{}", self.0)?;
        let spaces = f.width().unwrap_or(0).saturating_sub(shown.0);
        let (before, after) = if f.align() == Some(fmt::Alignment::Right) { (spaces, 0) } else { (0, spaces) };
        (0..before).try_for_each(|_| f.write_str(" "))?;
        write!(f, "{}", self.0)?;
        (0..after).try_for_each(|_| f.write_str(" "))
    }
}

/// Counts characters.
struct Count(usize);

impl Write for Count {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += text.chars().count();
        Ok(())
    }
}
