//! Tensors of parameters: what they are for, and how a file has them.

/// What a tensor of parameters is for. Initialisers and optimisers treat them differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Multiplies values.
    Weight,
    /// Is added to values.
    Bias,
    /// Multiplies one value each, and is 1 at first; weight decay leaves it alone.
    Scale,
    /// Was counted from data; initialisers, training and weight decay leave it alone.
    Statistic,
    /// Follows the data while the network learns, as the running mean of a batch norm does: in a gradient it has its next value, which
    /// an optimiser takes over. It is not clipped, and nothing decays it.
    Running,
}

/// What is known of a tensor of parameters: its name and shape in a weights file, and what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tensor {
    /// Its name, which follows that of its layer: `weight` in `features.weight`.
    pub name: &'static str,
    /// What it is for.
    pub kind: Kind,
    /// Its shape in a file; in memory too, unless it is transposed.
    pub shape: &'static [usize],
    pub(crate) is_transposed: bool,
}

impl Tensor {
    /// A tensor whose numbers have the same order in a file and in memory.
    pub const fn new(name: &'static str, kind: Kind, shape: &'static [usize]) -> Self {
        Self { name, kind, shape, is_transposed: false }
    }

    /// A tensor whose dimensions are the other way round in memory: a matrix that is stored column by column, or a kernel
    /// `[outputs, inputs, taps]` that is stored as `[taps, inputs, outputs]`.
    pub(crate) const fn transposed(name: &'static str, kind: Kind, shape: &'static [usize]) -> Self {
        Self { name, kind, shape, is_transposed: true }
    }

    /// How many numbers it has.
    pub const fn len(&self) -> usize {
        let (mut len, mut rest) = (1_usize, self.shape);
        while let [size, after @ ..] = rest {
            len = len.saturating_mul(*size);
            rest = after;
        }
        len
    }

    /// Whether it has no number.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many numbers several have.
    pub(crate) const fn total(tensors: &[Self]) -> usize {
        match tensors {
            [first, rest @ ..] => first.len().saturating_add(Self::total(rest)),
            [] => 0,
        }
    }
}
