//! Every gradient agrees with central differences in f64: every layer and activation with every loss.

#![allow(deprecated, reason = "networks whose layers collapse into one are wanted here")]

use nn_core::activation::{Activate, Relu, Sigmoid, Tanh};
use nn_core::chain::Chain;
use nn_core::kernel::Isa;
use nn_core::layer::{Backward, Dense, Layer, Tensor};
use nn_core::loss::{GivesLogits, Loss, LossOf};
use nn_core::network::Net;
use nn_core::prelude::*;
use nn_core::shape::{Row, Vector};
use nn_core::typenum::{U2, U3, U4, U5};
use tests::{parameters, set_parameters};

const ROWS: usize = 4;
const STEP: f64 = 1e-5;
/// How far from a kink every value before an activation must be, so that no step crosses it.
const MARGIN: f64 = 1e-3;

/// Compares with central differences for each loss, at a random point that is not near one of the `kinks`.
fn check<N>(name: &str, kinks: &[f64])
where
    N: Trainable<Number = f64, Input = [f64; 2], Output = [f64; 3]> + GivesLogits,
{
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let mut uniform = || (rng.next_u64() >> 11) as f64 / (1_u64 << 52) as f64 - 1.0;
    let mut net = N::ZERO;
    let mut inputs = [[0.0; 2]; ROWS];
    for attempt in 0.. {
        assert!(attempt < 1_000, "{name}: no point away from the kinks");
        inputs = inputs.map(|input| input.map(|_| 1.5 * uniform()));
        let values: Vec<_> = (0..N::PARAMETERS).map(|_| 1.2 * uniform()).collect();
        set_parameters(&mut net, &values);
        if inputs.iter().all(|input| is_smooth(&net, input, kinks)) {
            break;
        }
    }
    let arrays = inputs.map(|_| [uniform(), uniform(), uniform()]);
    let probabilities = arrays.map(|target| target.map(|t| (t + 1.0) / 2.0));
    compare(name, &net, &MeanSquaredError, &inputs, arrays);
    compare(name, &net, &BinaryCrossEntropyWithLogits, &inputs, probabilities);
    compare(name, &net, &CrossEntropy, &inputs, [0, 1, 2, 1]);
}

/// Whether no value that enters an activation is near a kink.
fn is_smooth<N: Trainable<Number = f64>>(net: &N, input: &N::Input, kinks: &[f64]) -> bool {
    let mut smooth = true;
    net.activations(input, |layer, values| {
        let enters = layer.macs > 0 || layer.label == "scale";
        smooth &= !enters || values.iter().all(|x| kinks.iter().all(|kink| (x - kink).abs() > MARGIN));
    });
    smooth
}

fn compare<N, L>(
    name: &str,
    net: &N,
    loss: &L,
    inputs: &[[f64; 2]; ROWS],
    targets: [<L as Loss<f64, [f64; 3]>>::Target; ROWS],
) where
    N: Trainable<Number = f64, Input = [f64; 2], Output = [f64; 3]>,
    L: LossOf<N, Target = <L as Loss<f64, [f64; 3]>>::Target> + Loss<f64, [f64; 3]>,
    <L as Loss<f64, [f64; 3]>>::Target: Clone,
{
    let data: Vec<_> = inputs.iter().copied().zip(targets).collect();
    let mut training = Training::<N, ROWS>::ZERO;
    let all = [0, 1, 2, 3];
    let (value, gradient) = training.gradient(net, loss, data.as_slice(), &all).expect("a gradient");
    let gradient = parameters(gradient);
    // The loss of the forward pass that users run, not of the recording one.
    let loss_at = |values: &[f64]| {
        let mut net = N::ZERO;
        set_parameters(&mut net, values);
        data.iter().map(|(x, target)| loss.value(&net.forward(x), target)).sum::<f64>() / ROWS as f64
    };
    let at = parameters(net);
    assert!((value - loss_at(&at)).abs() < 1e-12, "{name}: the recorded loss {value} differs from {}", loss_at(&at));
    for (index, analytic) in gradient.iter().enumerate() {
        let moved = |by: f64| {
            let mut values = at.clone();
            values[index] += by;
            loss_at(&values)
        };
        let numeric = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
        let scale = analytic.abs().max(numeric.abs()).max(1.0);
        assert!((analytic - numeric).abs() <= 1e-6 * scale, "{name}, parameter {index}: {analytic} and {numeric}");
    }
    assert!(gradient.iter().any(|g| *g != 0.0), "{name}: no gradient at all");
}

macro_rules! activations {
    ($($test:ident: $kinks:expr, [$($activation:tt)+];)*) => {$(
        #[test]
        fn $test() {
            check::<network!(f64; 2 => 5 $($activation)+ => 4 $($activation)+ => 3)>(stringify!($($activation)+), &$kinks);
        }
    )*};
}
activations! {
    identity: [], [identity];
    relu: [0.0], [relu];
    leaky_relu: [0.0], [leaky_relu(0.1)];
    sigmoid: [], [sigmoid];
    tanh: [], [tanh];
    elu: [0.0], [elu(0.7)];
    selu: [0.0], [selu];
    gelu: [], [gelu];
    gelu_tanh: [], [gelu(tanh)];
    silu: [], [silu];
    softplus: [20.0], [softplus];
    softsign: [0.0], [softsign];
    mish: [], [mish];
    hard_sigmoid: [-3.0, 3.0], [hard_sigmoid];
    hard_tanh: [-1.0, 1.0], [hard_tanh];
    hard_swish: [-3.0, 3.0], [hard_swish];
    relu6: [0.0, 6.0], [relu6];
    softmax: [], [softmax];
}

#[test]
fn no_activation() {
    check::<network!(f64; 2 => 3)>("2 => 3", &[]);
    check::<network!(#[allow(missing_activation)] f64; 2 => 4 => 3)>("2 => 4 => 3", &[]);
}

#[test]
fn residual_blocks() {
    check::<network!(f64; 2 => [2 tanh] => 3)>("first", &[]);
    check::<network!(f64; 2 => 4 tanh => [4 gelu => 4] sigmoid => 3)>("with an activation after it", &[]);
    check::<network!(f64; 2 => 4 => [4 sigmoid => 4 tanh] => 3)>("that ends in an activation", &[]);
    check::<network!(f64; 2 => 4 => [[4 tanh => 4 sigmoid] => Square tanh] => [4 mish] => 3)>("nested", &[]);
    check::<network!(f64; 2 => 3 => [3 tanh => 5 => 3 softmax])>("last", &[]);
}

network! { struct Square: f64; 4 => 3 tanh => 4; }

#[test]
fn parallel_branches() {
    check::<network!(f64; 2 => (4 tanh | 3 sigmoid) => 3)>("first", &[]);
    check::<network!(f64; 2 => 4 tanh => (2 gelu => 3 | [4 tanh] | 1) softsign => 3)>(
        "three, with an activation after them",
        &[],
    );
    check::<network!(f64; 2 => 4 tanh => (Square tanh | (2 tanh | 3 => 2 sigmoid) tanh => 4) => [8 silu] => 3)>(
        "nested",
        &[],
    );
    check::<network!(f64; 2 => 4 tanh => (2 tanh | 1 silu))>("last", &[]);
}

#[test]
fn widths_that_fill_no_vector() {
    check::<network!(f64; 2 => 1 tanh => 7 sigmoid => 13 tanh => 3)>("odd widths", &[]);
}

network! { struct Encoder: f64; 2 => 6 tanh => 5 softmax; }
network! { struct Decoder: f64; 5 => 4 gelu => 3; }

#[test]
fn nested_networks() {
    check::<network!(f64; 2 => Encoder => Decoder)>("nested", &[]);
    check::<network!(f64; 2 => Encoder sigmoid => Decoder tanh)>("nested, with activations", &[]);
    check::<network!(f64; 2 => network::Inner => 3)>("by a longer path", &[]);
}

mod network {
    nn_core::network! { pub struct Inner: f64; 2 => 4 mish; }
}

/// A layer of the user's: each of five values times a factor of its own.
struct Scale([f64; 5]);

impl Layer for Scale {
    type T = f64;
    type In = Vector<U5>;
    type Out = Vector<U5>;
    const ZEROED: Self = Self([0.0; 5]);
    const LABEL: &'static str = "scale";
    const MULTIPLIES: usize = 5;
    const TENSORS: &'static [Tensor] = &[Tensor::new("weight", Kind::Scale, &[5])];

    fn forward_rows<K: Isa>(&self, _: K, x: &[Row<f64, Self::In>], y: &mut [Row<f64, Self::Out>]) {
        for (x, y) in x.iter().zip(y) {
            y.iter_mut().zip(x).zip(&self.0).for_each(|((y, x), by)| *y = x * by);
        }
    }
}

impl Backward for Scale {
    fn backward_rows<K: Isa>(
        &self,
        _: K,
        x: &[Row<f64, Self::In>],
        dy: &[Row<f64, Self::Out>],
        dx: Option<&mut [Row<f64, Self::In>]>,
        gradient: &mut Self,
    ) {
        for (x, dy) in x.iter().zip(dy) {
            gradient.0.iter_mut().zip(x).zip(dy).for_each(|((sum, x), dy)| *sum += x * dy);
        }
        for (dx, dy) in dx.into_iter().flatten().zip(dy) {
            dx.iter_mut().zip(dy).zip(&self.0).for_each(|((dx, dy), by)| *dx = dy * by);
        }
    }

    fn tensors<const N: usize>(all: [&mut Self; N], each: &mut impl FnMut([&mut [f64]; N])) {
        each(all.map(|scale| scale.0.as_mut_slice()));
    }

    fn read_tensors(&self, each: &mut impl FnMut(&[f64])) {
        each(&self.0);
    }
}

/// A scale is 1 at first and does not decay.
#[test]
fn scales_are_neither_drawn_nor_decayed() {
    type Net = network!(f64; 2 => 5 => Scale);
    let mut net = Net::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    let (mut gradient, mut before) = (Net::ZERO, Vec::new());
    net.parameters(|kind, values| before.push((kind, values.to_vec())));
    assert_eq!(before[2], (Kind::Scale, vec![1.0; 5]));
    AdamW::new(0.1).step(&mut net, &mut gradient);
    let mut at = 0;
    net.parameters(|kind, values| {
        assert_eq!(values == before[at].1, kind != Kind::Weight, "{kind:?}");
        at += 1;
    });
    assert_eq!(at, 3);
}

#[test]
fn layers_of_the_user() {
    check::<network!(f64; 2 => 5 tanh => Scale => 3)>("scale", &[]);
    check::<network!(f64; 2 => 5 tanh => Scale gelu => Scale sigmoid => 3)>("scale with activations", &[]);
}

/// Two activations in a row: the second must not overwrite what the first computes its slope from.
#[test]
fn activations_in_a_row() {
    type Act<A> = Activate<A, f64, Vector<U4>>;
    type Two<A, B> = Net<2, 3, Chain<Chain<Chain<Dense<f64, U2, U4>, Act<A>>, Act<B>>, Dense<f64, U4, U3>>, f64>;
    check::<Two<Sigmoid, Tanh>>("sigmoid, tanh", &[]);
    check::<Two<Tanh, nn_core::activation::Gelu>>("tanh, gelu", &[]);
    check::<Two<nn_core::activation::Gelu, Tanh>>("gelu, tanh", &[]);
    type Nested = Net<2, 3, Chain<Dense<f64, U2, U4>, Chain<Chain<Act<Tanh>, Act<Sigmoid>>, Dense<f64, U4, U3>>>, f64>;
    check::<Nested>("a chain that begins with an activation", &[]);
    type First = Net<
        2,
        3,
        Chain<Activate<Tanh, f64, Vector<U2>>, Chain<Dense<f64, U2, U3>, Activate<Relu, f64, Vector<U3>>>>,
        f64,
    >;
    check::<First>("an activation of the input, and one at the end", &[0.0]);
}

/// The slope of each loss by its outputs, away from the kinks.
#[test]
fn losses() {
    fn check<L: Loss<f64, [f64; 3]>>(name: &str, loss: &L, output: [f64; 3], target: L::Target) {
        let mut slope = [0.0; 3];
        loss.value_and_slope(&output, &target, &mut slope);
        for at in 0..3 {
            let moved = |by: f64| {
                let mut output = output;
                output[at] += by;
                loss.value(&output, &target)
            };
            let numeric = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
            let close = (slope[at] - numeric).abs() < 1e-8 * (1.0 + numeric.abs());
            assert!(close, "{name}, output {at}: {} and {numeric}", slope[at]);
        }
        assert!(slope.iter().any(|slope| *slope != 0.0), "{name}: no slope at all");
    }
    let (output, numbers, shares) = ([0.3, -1.2, 0.8], [1.0, -0.4, 0.6], [0.5, 0.2, 0.9]);
    check("mean squared error", &MeanSquaredError, output, numbers);
    check("mean absolute error", &MeanAbsoluteError, output, numbers);
    check("huber", &Huber { delta: 0.5 }, output, numbers);
    check("hinge", &Hinge, output, [1.0, -1.0, -1.0]);
    check("binary cross-entropy", &BinaryCrossEntropy, [0.3, 0.6, 0.9], shares);
    check("binary cross-entropy with logits", &BinaryCrossEntropyWithLogits, output, shares);
    check("cross-entropy", &CrossEntropy, output, 1);
    check("cross-entropy, smoothed", &CrossEntropy.smoothed(0.2), output, 1);
    check("cross-entropy of a distribution", &DistributionCrossEntropy, output, shares);
    check("cross-entropy of a distribution, smoothed", &DistributionCrossEntropy.smoothed(0.2), output, shares);
    check("cross-entropy of probabilities", &CrossEntropyOfProbabilities, [0.3, 0.6, 0.1], 2);
}
