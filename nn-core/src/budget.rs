//! Budgets: ceilings that a declaration puts on what its network needs.

use crate::checked::Text;
use crate::network::Network;
use crate::part::Part;

/// The layer that needs the most of something.
#[derive(Clone, Copy)]
pub struct Largest {
    /// Its place in the network.
    pub place: usize,
    /// What it is.
    pub label: &'static str,
    /// How many values it gives.
    pub nodes: usize,
    /// How much it needs.
    pub needs: usize,
}

impl Largest {
    /// Of a single layer: by output, by parameters and by multiplications.
    pub const fn of<P: Part>(label: &'static str) -> [Self; 3] {
        [
            Self { place: 0, label, nodes: P::OUT, needs: P::OUT },
            Self { place: 0, label, nodes: P::OUT, needs: P::COUNT },
            Self { place: 0, label, nodes: P::OUT, needs: P::MULTIPLIES },
        ]
    }

    /// Of two parts, the second so many places after the first.
    pub const fn of_both(mut first: [Self; 3], then: [Self; 3], places: usize) -> [Self; 3] {
        let mut at = 0;
        while at < first.len() {
            if then[at].needs > first[at].needs {
                first[at] = Self { place: then[at].place + places, ..then[at] };
            }
            at += 1;
        }
        first
    }
}

/// What a budget is of.
#[derive(Clone, Copy)]
pub enum Budget {
    /// Bytes of working memory.
    Ram,
    /// Bytes of parameters.
    Flash,
    /// Multiply-accumulates.
    Macs,
    /// Numbers that are learnt.
    Parameters,
}

/// A compile error if `N` needs more than its budget.
#[track_caller]
pub const fn keep<N: Network>(budget: Budget, most: usize) {
    let (needs, unit, largest) = match budget {
        Budget::Ram => (N::RAM, "bytes of working memory", 0),
        Budget::Flash => (N::FLASH, "bytes of parameters", 1),
        Budget::Macs => (N::MACS, "multiply-accumulates", 2),
        Budget::Parameters => (N::PARAMETERS, "parameters", 1),
    };
    if needs > most {
        let largest = N::Layers::LARGEST[largest];
        let text = Text::EMPTY.and("`").and(N::NAME).and("` needs ").number(needs).and(" ").and(unit);
        let text = text.and("; its budget is ").number(most).and("; the largest layer is the `").and(largest.label);
        text.and("` of ").values(largest.nodes).and(" at place ").number(largest.place).fail();
    }
}
