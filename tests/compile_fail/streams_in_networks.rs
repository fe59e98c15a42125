use nn_core::kernel::Isa;
use nn_core::layer::{Cell, Remembers, Tensor};
use nn_core::prelude::*;
use nn_core::shape::{Row, Vector};
use nn_core::typenum::U1;

/// The sum of all frames.
pub struct Sum;

impl Cell for Sum {
    type T = f32;
    type In = Vector<U1>;
    type Out = Vector<U1>;
    type State = [f32; 1];
    type Tape = [f32; 0];
    const ZEROED: Self = Self;
    const LABEL: &'static str = "sum";
    const MULTIPLIES: usize = 0;
    const TENSORS: &'static [Tensor] = &[];
    fn frame<K: Isa>(&self, _: K, x: &Row<f32, Self::In>, sum: &mut [f32; 1], _: &mut [f32; 0], y: &mut Row<f32, Self::Out>) {
        sum[0] += x[0];
        y[0] = sum[0];
    }
}

network! { pub struct Amp: stream 1 => lstm(8) => 1; }
network! { pub struct Plain: 1 => Amp => 1; } //~ `Amp` remembers from one frame to the next; declare this network as a stream, `stream …`
network! { pub struct Own: 1 => Remembers<Sum> => 1; } //~ `Remembers<Sum>` remembers from one frame to the next
network! { pub struct Branches: 1 => (2 | Amp) => 1; } //~ `Amp` remembers from one frame to the next
pub type Typed = network!(1 => Amp => 1); //~ `Amp` remembers from one frame to the next
network! { pub struct Narrow: stream 2 => Amp; } //~ `Amp` takes 1 value, but a frame has 2
network! { pub struct Right: stream 1 => Amp => 1; }

fn main() {}
