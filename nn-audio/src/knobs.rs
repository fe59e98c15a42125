//! The knobs of a capture. A network has them as inputs that stay what they are for long, so that they are part of a bias here, and cost
//! nothing while they are not turned.

use crate::shapes::AnyNetwork;

/// Which tensor of a network with a recurrent layer is the bias of its input, `bias_ih`.
const BIAS: usize = 2;

/// `bias + Σ weights · value`.
#[derive(Default)]
pub(crate) struct Knobs {
    bias: Vec<f32>,
    each: Vec<Knob>,
}

struct Knob {
    weights: Vec<f32>,
    value: f32,
}

impl Knobs {
    /// The knobs of a network, in the middle: the weights of each, and the bias without them.
    pub(crate) fn new(bias: Vec<f32>, weights: Vec<Vec<f32>>, network: &mut AnyNetwork) -> Self {
        let each = weights.into_iter().map(|weights| Knob { weights, value: 0.5 }).collect();
        let knobs = Self { bias, each };
        knobs.apply(network);
        knobs
    }

    pub(crate) fn count(&self) -> usize {
        self.each.len()
    }

    /// Turns one, if it is there.
    pub(crate) fn set(&mut self, knob: usize, value: f32, network: &mut AnyNetwork) -> bool {
        let Some(knob) = self.each.get_mut(knob) else { return false };
        knob.value = value;
        self.apply(network);
        true
    }

    fn apply(&self, network: &mut AnyNetwork) {
        let mut number = 0;
        network.tensors_mut(|tensor| {
            if number == BIAS && !self.each.is_empty() {
                tensor.iter_mut().zip(&self.bias).for_each(|(to, bias)| *to = *bias);
                for Knob { weights, value } in &self.each {
                    tensor.iter_mut().zip(weights).for_each(|(to, weight)| *to += weight * value);
                }
            }
            number += 1;
        });
    }
}
