//! Budgets: ceilings that a declaration puts on what its network needs.

use super::Network;
use crate::number::size::MOST;
use crate::part::run::Part;
use crate::text::Text;

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
    /// Bytes that a stream remembers.
    State,
}

/// A compile error if no program can hold the parameters of `N`.
#[track_caller]
pub const fn possible<N: Network>() {
    let bytes = N::Layers::ABOUT.bytes;
    if bytes > MOST {
        let more = if bytes == usize::MAX { "more than " } else { "" };
        let text =
            Text::EMPTY.and("`").and(N::NAME).and("` needs ").and(more).number(bytes).and(" bytes; a program holds ");
        text.number(MOST).and(" at most").fail();
    }
}

/// A compile error if `N` needs more than its budget.
#[track_caller]
pub const fn keep<N: Network>(budget: Budget, most: usize) {
    let (needs, unit, largest) = match budget {
        Budget::Ram => (N::RAM, "bytes of working memory", Some(0)),
        Budget::Flash => (N::FLASH, "bytes of parameters", Some(1)),
        Budget::Macs => (N::MACS, "multiply-accumulates", Some(2)),
        Budget::Parameters => (N::PARAMETERS, "parameters", Some(1)),
        Budget::State => (N::STATE, "bytes of state", None),
    };
    if needs > most {
        let text = Text::EMPTY.and("`").and(N::NAME).and("` needs ").number(needs).and(" ").and(unit);
        let text = text.and("; its budget is ").number(most);
        let Some(largest) = largest else { text.fail() };
        let largest = N::Layers::ABOUT.largest[largest];
        let text = text.and("; the largest layer is the `").and(largest.label);
        text.and("` of ").values(largest.nodes).and(" at place ").number(largest.place).fail();
    }
}
