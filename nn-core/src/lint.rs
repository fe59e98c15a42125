//! Warnings of the language. A call of a deprecated function is the one warning that a macro can give on a token of its
//! choice.

/// Two dense layers with nothing non-linear between them are one: the product of their weights.
#[deprecated(note = "two dense layers with nothing non-linear between them are one; write an activation after the \
first, or `#[allow(missing_activation)]` before the network")]
pub const fn missing_activation() {}

/// Through five or more `sigmoid` or `tanh` in a row, whose slopes are at most 1/4 and 1, the gradient vanishes.
#[deprecated(
    note = "through five or more `sigmoid` or `tanh` in a row the gradient vanishes; `relu` keeps it, or write \
`#[allow(vanishing_gradient)]` before the network"
)]
pub const fn vanishing_gradient() {}

/// No activation of a network has an approximation.
#[deprecated(
    note = "no activation of this network has an approximation, and networks in it have attributes of their own; \
leave `#[approximate]` out, or write `#[allow(nothing_to_approximate)]` before the network"
)]
pub const fn nothing_to_approximate() {}
