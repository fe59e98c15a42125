//! What is known of the numbers at the end of a network.

/// What is known of the numbers at the end of a part. An activation that gives probabilities stands for itself.
pub trait Ending {
    /// What is known after this, if `Before` is known before it.
    type After<Before: Ending>: Ending;
    /// What is known of these beside `Other` numbers.
    type Or<Other: Ending>: Ending;
    /// One of three: for any numbers, for those that are a probability each, and for those that are the probabilities of
    /// classes, one of which is the right one.
    type Choose<Numbers, Each, Classes>;
}

/// Nothing is known.
pub enum Open {}
/// What was known before.
pub enum Same {}

impl Ending for Open {
    type After<Before: Ending> = Self;
    type Or<Other: Ending> = Other;
    type Choose<Numbers, Each, Classes> = Numbers;
}
impl Ending for Same {
    type After<Before: Ending> = Before;
    type Or<Other: Ending> = Other;
    type Choose<Numbers, Each, Classes> = Numbers;
}
