//! The table of a network's layers.

use crate::layer::Tensor;
use crate::network::Network;
use crate::part::Part;
use crate::scalar::Scalar;
use crate::shape::Shape;
use core::fmt::{self, Display, Formatter};
use core::marker::PhantomData;

/// Where a layer stands: its index in its network, and that network's place in the one around it.
///
/// It is written as PyTorch writes the names of modules in a `Sequential`: `2`, or `0.2` in a nested network; a named layer has
/// its name, `features`.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    around: Option<&'a Place<'a>>,
    index: usize,
    name: Option<&'static str>,
}

impl Place<'_> {
    /// The first place of a network.
    pub const FIRST: Self = Self { around: None, index: 0, name: None };

    /// So many places further on.
    pub const fn skip(self, places: usize) -> Self {
        Self { index: self.index + places, name: None, ..self }
    }

    /// This place with a name, which stands for its index.
    pub const fn named(self, name: &'static str) -> Self {
        Self { name: Some(name), ..self }
    }

    /// The first place of the network that stands at this place.
    pub const fn inside(&self) -> Place<'_> {
        Place { around: Some(self), index: 0, name: None }
    }
}

impl Display for Place<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(around) = self.around {
            write!(f, "{around}.")?;
        }
        match self.name {
            Some(name) => f.write_str(name),
            None => write!(f, "{}", self.index),
        }
    }
}

/// A layer as the summary shows it.
#[derive(Clone, Debug)]
pub struct Module<'a> {
    /// Where it stands.
    pub place: Place<'a>,
    /// What it is.
    pub label: &'static str,
    /// Channels, rows and columns of its output.
    pub output: [usize; 3],
    /// Trainable numbers.
    pub parameters: usize,
    /// Multiplications by weights, for one sample.
    pub macs: usize,
    /// Its tensors of parameters.
    pub tensors: &'static [Tensor],
    /// The least and the largest value that it can give, if it is an activation with bounds.
    pub range: [f64; 2],
}

const UNBOUNDED: [f64; 2] = [f64::NEG_INFINITY, f64::INFINITY];

impl<'a> Module<'a> {
    pub(crate) const fn of<P: Part>(place: Place<'a>, label: &'static str) -> Self {
        let (parameters, macs) = (P::COUNT, P::MULTIPLIES);
        Self { place, label, output: P::Out::DIMS, parameters, macs, tensors: &[], range: UNBOUNDED }
    }
}

/// A network's layers and totals, to be printed; made by [`Network::summary`].
pub struct Summary<N>(pub(crate) PhantomData<N>);

impl<N: Network> Display for Summary<N> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let bytes = size_of::<N::Scalar>();
        writeln!(f, "{}: {} => {}, {}", N::NAME, N::Layers::IN, N::Layers::OUT, N::Scalar::NAME)?;
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
