use nn_core::prelude::*;

const ZERO: usize = 0;
const EIGHT: usize = 8;
const LARGE: usize = 5_000_000_000;

network! { pub struct NoNode: 2 => { ZERO } relu => 1; } //~ a layer must have at least one node; this width is 0
network! { pub struct NoInput: { ZERO } => 8 relu => 1; } //~ a network must have at least one input; this width is 0
network! { pub struct TooLarge: 2 => { LARGE } relu => 1; } //~ a width is below 1,073,741,824; this one is 5,000,000,000
network! { pub struct Nothing: 2 => {} relu => 1; } //~ expected a constant or a parameter in the braces, as in `{ HIDDEN }`
network! { pub struct Bare: 2 => dense => 1; } //~ expected a width, as in `8`, or a `typenum` number, as in `dense(U8)`
network! { pub struct U0: 2 => dense(nn_core::typenum::U0) relu => 1; } //~ a layer must have at least one node; this width is 0
network! { pub struct Negative: 4 => { EIGHT - 9 } relu => 10; } //~ attempt to compute `8_usize - 9_usize`, which would overflow
network! { pub struct Infinite: { EIGHT / ZERO } => x: 8 relu => [8] => 10; } //~ attempt to divide `8_usize` by zero
network! { pub struct Typing: 2 => { EIGHT * } relu => 1; } //~ expected a constant expression in the braces, as in `{ HIDDEN }` or `{ 2 * HIDDEN }`
network! { pub struct List: 2 => { EIGHT, EIGHT } relu => 1; } //~ expected a constant expression in the braces
type Unnamed = network!(4 => { EIGHT - 9 } relu => 10); //~ attempt to compute `8_usize - 9_usize`, which would overflow

fn main() {
    Negative::ZERO.forward(&[0.0; 4]);
    Infinite::ZERO.forward(&[]);
}
