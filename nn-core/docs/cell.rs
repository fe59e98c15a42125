use nn_core::kernel::Isa;
use nn_core::layer::{Cell, CellBackward, Frame, Kind, Remembers, Slopes, Tensor};
use nn_core::prelude::*;
use nn_core::shape::{Row, Vector};
use nn_core::typenum::U1;

/// Smooths a signal: `h = h + rate · (x - h)`, with a rate that is learnt.
#[derive(Clone, Debug)]
struct Smooth([f32; 1]);

impl Cell for Smooth {
    type T = f32;
    type In = Vector<U1>;
    type Out = Vector<U1>;
    type State = [f32; 1];
    type Tape = [f32; 0];
    const ZEROED: Self = Self([0.0]);
    const LABEL: &'static str = "smooth";
    const MULTIPLIES: usize = 1;
    const TENSORS: &'static [Tensor] = &[Tensor::new("rate", Kind::Weight, &[1])];

    fn frame<K: Isa>(&self, _: K, x: &Row<f32, Self::In>, h: &mut [f32; 1], _: &mut [f32; 0], y: &mut Row<f32, Self::Out>) {
        h[0] += self.0[0] * (x[0] - h[0]);
        y[0] = h[0];
    }
}

// Without this, it runs in networks that are not trained.
impl CellBackward for Smooth {
    type Sums = [f32; 0];

    fn frame_back<K: Isa>(&self, _: K, frame: Frame<'_, Self>, dy: &Row<f32, Self::Out>, slopes: Slopes<'_, Self>) {
        let dh = dy[0] + slopes.state[0];
        slopes.parameters.0[0] += dh * (frame.x[0] - frame.before[0]);
        slopes.state[0] = dh * (1.0 - self.0[0]);
        if let Some(dx) = slopes.x {
            dx[0] = dh * self.0[0];
        }
    }
    fn tensors<const N: usize>(all: [&mut Self; N], each: &mut impl FnMut([&mut [f32]; N])) {
        each(all.map(|cell| cell.0.as_mut_slice()));
    }
    fn read_tensors(&self, each: &mut impl FnMut(&[f32])) {
        each(&self.0);
    }
}

network! { struct Net: stream 1 => Remembers<Smooth> => 1; }
let mut net = Net::ZERO;
net.parameters_mut(|_, values| values.fill(0.5));
assert_eq!(net.step(&[1.0], &mut net.start()), [0.75]); // 0.5 · 0.5 + 0.5
