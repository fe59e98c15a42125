//! Checks of a declaration that fail as an error on the user's token.
//!
//! The macro puts a check into a const argument of the type of the stage. An argument that fails to evaluate makes
//! the type erroneous, so the compiler says what the check says, where the stage stands in the declaration, and nothing
//! of what would follow from it.

use super::learn::Learn;
use super::memory::Memory;
use super::run::Part;
use crate::number::Number;
use crate::number::shape::Shape;
use crate::number::storage::storage;
use crate::text::Text;

/// A part that was checked.
#[derive(Clone, Debug, PartialEq)]
#[repr(transparent)]
pub struct Checked<L, const FITS: bool>(
    /// The part.
    pub L,
);

storage! { [L: Part, const FITS: bool] Checked<L, FITS> as L::T = { 0: L::NUMBERS } }
crate::__delegate_part!(through, [L: Part, const FITS: bool] Checked<L, FITS> => L, Self::COMPOSED);
crate::__delegate_learn!([L: Learn, const FITS: bool] Checked<L, FITS> => L);

/// What a check needs to know of a stage.
#[derive(Clone, Copy)]
pub struct Stage {
    is_part: bool,
    remembers: bool,
    takes: [usize; 3],
    /// Channels, rows and columns out.
    pub gives: [usize; 3],
    scalar: &'static str,
}

/// Channels, rows and columns of a shape.
pub const fn dims<S: Shape>() -> [usize; 3] {
    S::DIMS
}

/// Looks whether a type is a part. `Probe::<L>::STAGE` is the constant of the `impl` if `L` is a [`Part`], and else that of the
/// trait [`Fallback`]: no bound that could fail, and so no error but the check's own.
pub struct Probe<L>(core::marker::PhantomData<L>);

impl<L: Learn> Probe<L> {
    /// It learns.
    pub const LEARNS: bool = true;
}

impl<L: Part> Probe<L> {
    /// A part.
    pub const STAGE: Stage = {
        let (takes, gives) = (dims::<L::In>(), dims::<L::Out>());
        Stage { is_part: true, remembers: L::State::BYTES > 0, takes, gives, scalar: L::T::NAME }
    };
}

/// The constants of what is no part, does not learn, or is no activation.
pub trait Fallback {
    /// Not an activation.
    const OTHER: Other = Other::Unknown;
    /// It does not learn.
    const LEARNS: bool = false;
    /// Not a part.
    const STAGE: Stage = Stage { is_part: false, remembers: false, takes: [0; 3], gives: [0; 3], scalar: "" };
}

impl<L> Fallback for Probe<L> {}

/// What a path may stand for that is no part.
#[derive(Clone, Copy, PartialEq)]
pub enum Other {
    /// An activation.
    Activation,
    /// A constant.
    Constant,
    /// Nothing that is known.
    Unknown,
}

/// What a type says that was declared with another copy of this crate, whose networks are no parts here: its constant of that
/// name goes before this one.
pub trait Foreign {
    /// The version of its `nn-core`.
    const __NN_CORE: &'static str = "";
}

impl<L> Foreign for L {}

/// The type of a path that is a constant.
pub struct Constant;

impl Probe<Constant> {
    /// A constant.
    pub const OTHER: Other = Other::Constant;
}

impl Stage {
    /// The stage of a type that says `version`, the version of its `nn-core`, if it is a network; a compile error if that is
    /// another copy of this crate.
    #[track_caller]
    pub const fn of_version(self, version: &str, name: &str) -> Self {
        if !self.is_part && !version.is_empty() {
            let text = Text::EMPTY.and("`").and(name).and("` is a network of `nn-core` ").and(version);
            text.and(", this one is of ").and(env!("CARGO_PKG_VERSION")).and("; both have to be of one copy").fail();
        }
        self
    }

    /// Values out.
    pub const fn values(self) -> usize {
        self.gives[0] * self.gives[1] * self.gives[2]
    }

    /// True, or a compile error: so many channels, rows and columns of `scalar` arrive at this stage, called `name`, from what `before`
    /// says.
    #[track_caller]
    pub const fn fits(
        self,
        other: Other,
        learns: bool,
        name: &str,
        gives: [usize; 3],
        scalar: &str,
        before: &str,
    ) -> bool {
        let text = Text::EMPTY.and("`").and(name);
        match other {
            _ if self.is_part => {}
            Other::Activation => {
                text.and("` is an activation; write the layer before it, as in `8 ").and(name).and("`").fail()
            }
            Other::Constant => text.and("` is a constant; write `{").and(name).and("}`").fail(),
            Other::Unknown => text.and("` is not a layer or a network").fail(),
        }
        if self.takes[0] != gives[0] || self.takes[1] != gives[1] || self.takes[2] != gives[2] {
            let text = text.and("` takes ").shape(self.takes).and(", but ").and(before).and(" ");
            match (self.takes, gives) {
                ([_, 1, 1], [values, 1, 1]) => text.number(values),
                _ => text.shape(gives),
            }
            .fail();
        }
        if !same(self.scalar, scalar) {
            text.and("` computes in `").and(self.scalar).and("`, but the network in `").and(scalar).and("`").fail();
        }
        if !learns {
            text.and("` runs, but cannot learn: it implements `Layer`, but not `Backward`").fail();
        }
        true
    }

    /// Itself, or a compile error: what is called `name` stands in no stream, so that it may not remember.
    #[track_caller]
    pub const fn forgets(self, name: &str) -> Self {
        if self.remembers {
            let text = Text::EMPTY.and("`").and(name).and("` remembers from one frame to the next; declare this ");
            text.and("network as a stream, `stream …`").fail();
        }
        self
    }

    /// True, or a compile error: what stands after a layer, called `name`, is an activation.
    #[track_caller]
    pub const fn activates(self, other: Other, name: &str) -> bool {
        if !matches!(other, Other::Activation) {
            let text = Text::EMPTY.and("`").and(name).and("` is not an activation");
            if self.is_part { text.and("; did you mean `=> ").and(name).and("`?") } else { text }.fail();
        }
        true
    }

    /// True, or a compile error: what comes from what `before` says is a vector, which the stage called `name` takes.
    #[track_caller]
    pub const fn flat(name: &str, dims: [usize; 3], before: &str) -> bool {
        if dims[1] * dims[2] != 1 {
            let text = Text::EMPTY.and("`").and(name).and("` takes a vector, but ").and(before).and(" ").shape(dims);
            text.and("; put `flatten` between them").fail();
        }
        true
    }

    /// True, or a compile error: branches that are added or multiplied give as many values.
    #[track_caller]
    pub const fn alike(values: &[usize]) -> bool {
        let mut at = 1;
        while at < values.len() {
            if values[at] != values[0] {
                let text = Text::EMPTY.and("branches are joined value by value; one gives ").values(values[0]);
                text.and(", another ").number(values[at]).fail();
            }
            at += 1;
        }
        true
    }

    /// True, or a compile error: a residual block takes and gives as many values.
    #[track_caller]
    pub const fn returns(takes: usize, gives: usize) -> bool {
        if takes != gives {
            let text = Text::EMPTY.and("a residual block gives what it takes; this one takes ").values(takes);
            text.and(" and gives ").number(gives).fail();
        }
        true
    }

    /// The width, or a compile error: one that is computed is at least one, and not too large to be a type.
    #[track_caller]
    pub const fn width(width: usize, zero: &str) -> usize {
        if width == 0 {
            Text::EMPTY.and(zero).and("; this width is 0").fail();
        }
        if width >= 1 << 30 {
            Text::EMPTY.and("a width is below 1,073,741,824; this one is ").number(width).fail();
        }
        width
    }
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}
