//! Gradients through time agree with central differences in f64, for a composition of all that a stream may have, and for a cell of
//! one's own; and with what others computed.

use nn_core::kernel::Isa;
use nn_core::layer::{Cell, CellBackward, Frame, Remembers, Slopes, Tensor, Yes};
use nn_core::loss::Steps;
use nn_core::prelude::*;
use nn_core::scalar::Scalar;
use nn_core::shape::{Row, Vector};
use nn_core::train::Sequence;
use nn_core::typenum::U1;
use tests::{assert_close, assert_gradient, parameters, set_parameters};

const STEPS: usize = 6;
const ROWS: usize = 4;
/// A batch comes in two parts.
const PART: usize = 3;

/// A minimal gated unit (Zhou et al. 2016): `f = sigmoid(a x + b h)`, `n = tanh(c x + d f h)`, and `h` becomes `(1 - f) h + f n`.
#[derive(Clone, Debug)]
struct Minimal([f64; 4]);

impl Cell for Minimal {
    type T = f64;
    type In = Vector<U1>;
    type Out = Vector<U1>;
    type State = [f64; 1];
    /// f, n.
    type Tape = [f64; 2];
    const ZEROED: Self = Self([0.0; 4]);
    const LABEL: &'static str = "minimal gated unit";
    const MULTIPLIES: usize = 4;
    const TENSORS: &'static [Tensor] = &[Tensor::new("weight", Kind::Weight, &[4])];
    const START: &'static [Tensor] = &[Tensor::new("h0", Kind::Bias, &[1])];

    fn frame<K: Isa>(
        &self,
        _: K,
        x: &Row<f64, Vector<U1>>,
        [h]: &mut [f64; 1],
        [f, n]: &mut [f64; 2],
        y: &mut Row<f64, Vector<U1>>,
    ) {
        let [a, b, c, d] = self.0;
        *f = Scalar::sigmoid(a * x[0] + b * *h);
        *n = Scalar::tanh(c * x[0] + d * *f * *h);
        *h += *f * (*n - *h);
        y[0] = *h;
    }
}

impl CellBackward for Minimal {
    type Sums = [f64; 0];

    fn frame_back<K: Isa>(&self, _: K, frame: Frame<'_, Self>, dy: &Row<f64, Vector<U1>>, slopes: Slopes<'_, Self>) {
        let (Frame { x, before: [h], tape: [f, n], .. }, [a, b, c, d]) = (frame, self.0);
        let dh = dy[0] + slopes.state[0];
        let dn = dh * f * (1.0 - n * n);
        let df = (dh * (n - h) + dn * d * h) * f * (1.0 - f);
        for (sum, share) in slopes.parameters.0.iter_mut().zip([df * x[0], df * h, dn * x[0], dn * f * h]) {
            *sum += share;
        }
        slopes.state[0] = dh * (1.0 - f) + df * b + dn * d * f;
        if let Some(dx) = slopes.x {
            dx[0] = df * a + dn * c;
        }
    }
    fn tensors<const N: usize>(all: [&mut Self; N], each: &mut impl FnMut([&mut [f64]; N])) {
        each(all.map(|cell| cell.0.as_mut_slice()));
    }
    fn read_tensors(&self, each: &mut impl FnMut(&[f64])) {
        each(&self.0);
    }
}

network! { struct Cells: f64; stream 2 => gru(3, start = learned) => [rnn(3)] => (lstm(2, bias = false) tanh | 2 relu) => dropout(0.2) => 1; }
network! { struct Others: f64; stream 2 => lstm(2, start = learned) => gru(3, reset_after = false, start = learned) => rnn(2, activation = relu) => 1; }
network! { struct Own: f64; stream 2 => 1 tanh => Remembers<Minimal> => 1; }
type Learnt = Remembers<Minimal, Yes>;
network! { struct OwnStarted: f64; stream 2 => 1 tanh => Learnt => 1; }

/// All parameters and inputs are at random; those of `relu` are far from its kink for this seed.
fn check<N>(name: &str)
where
    N: Stream<Number = f64, Input = [f64; 2], Output = [f64; 1]>,
    Sequence<N, STEPS>: Trainable<Number = f64, Input = [[f64; 2]; STEPS], Output = [[f64; 1]; STEPS]>,
{
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let mut uniform = || (rng.next_u64() >> 11) as f64 / (1_u64 << 52) as f64 - 1.0;
    let mut net = N::ZERO;
    let net = Sequence::<N, STEPS>::on(&mut net);
    let at: Vec<_> = (0..Sequence::<N, STEPS>::PARAMETERS).map(|_| uniform()).collect();
    set_parameters(net, &at);
    let data: [_; ROWS] = std::array::from_fn(|_| {
        let x = [(); STEPS].map(|()| [uniform(), uniform()]);
        (x, [(); STEPS].map(|()| ([uniform()], uniform() + 1.0)))
    });
    // The same nodes fall out each time.
    let loss_at = |values: &[f64]| {
        let mut net = N::ZERO;
        let net = Sequence::<N, STEPS>::on(&mut net);
        set_parameters(net, values);
        let mut memory = Training::<Sequence<N, STEPS>, PART>::boxed();
        memory.full_gradient(net, &Steps(MeanSquaredError), &data[..]).expect("a gradient").0
    };
    let mut memory = Training::<Sequence<N, STEPS>, PART>::boxed();
    let (_, gradient) = memory.full_gradient(net, &Steps(MeanSquaredError), &data[..]).expect("a gradient");
    let gradient = parameters(gradient);
    assert_gradient(name, &gradient, &at, loss_at);
    // A rectifier may be closed for all frames.
    let zeros = gradient.iter().filter(|slope| **slope == 0.0).count();
    assert!(zeros * 10 < gradient.len(), "{name}: {zeros} of {} parameters have no part in it", gradient.len());
    // What falls out is drawn for each part.
    if !Sequence::<N, STEPS>::summary().to_string().contains("dropout") {
        let mut whole = Training::<Sequence<N, STEPS>, ROWS>::boxed();
        let (_, found) = whole.full_gradient(net, &Steps(MeanSquaredError), &data[..]).expect("a gradient");
        assert_close(&format!("{name}, at once"), &parameters(found), &gradient, 1e-12);
    }
}

#[test]
fn all_that_a_stream_may_have() {
    check::<Cells>("cells");
    check::<Others>("others");
}

#[test]
fn a_cell_of_ones_own() {
    check::<Own>("own");
    check::<OwnStarted>("own, started");
    let mut net = OwnStarted::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    let mut file = vec![0; OwnStarted::SAVED_LEN];
    net.save(&mut file).expect("a file");
    assert!(file.windows(6).any(|name| name == b"2.h0\":"), "its start is in the file");
    let mut again = OwnStarted::ZERO;
    again.load(&file).expect("the same");
    assert_eq!(again.step(&[0.1, 0.2], &mut again.start()), net.step(&[0.1, 0.2], &mut net.start()));
}

/// `h = tanh(0.7 x + 0.5 h)`, and the loss of the last step alone.
#[test]
fn the_last_step_of_four() {
    let mut net = <network!(f64; stream 1 => rnn(1, bias = false))>::ZERO;
    let net = Sequence::<_, 4>::on(&mut net);
    set_parameters(net, &[0.7, 0.5]);
    // What targets without weight are does not matter.
    let target = [([f64::NAN], 0.0), ([f64::NAN], 0.0), ([f64::NAN], 0.0), ([0.3], 1.0)];
    let data = [([[0.5], [-1.0], [0.25], [1.0]], target)];
    let mut memory = Training::<_, 1>::ZERO;
    let (loss, gradient) = memory.full_gradient(net, &Steps(MeanSquaredError), &data[..]).expect("a gradient");
    assert_close("loss", &[loss], &[0.079_665_775_260_222_68], 1e-14);
    assert_close("gradient", &parameters(gradient), &[0.364_410_416_070_994_2, -0.092_033_477_580_137_73], 1e-14);
}

/// A sequence of three that is filled up to five: what counts is the third step, and what follows leaves no trace, whatever it is.
#[test]
fn what_fills_a_sequence_does_not_count() {
    let mut net = <network!(f64; stream 1 => gru(2))>::ZERO;
    let net = Sequence::<_, 5>::on(&mut net);
    let values: [f64; 30] = [
        0.59375, 0.5625, 0.59375, -0.59375, -0.4375, 0.53125, // weight_ih
        -0.28125, 0.53125, 0.3125, 0.5625, 0.3125, -0.21875, // weight_hh, the first column of PyTorch's
        0.09375, -0.25, 0.40625, 0.03125, -0.625, -0.28125, // the second
        0.125, -0.375, 0.46875, 0.09375, -0.21875, 0.28125, // bias_ih
        0.53125, 0.4375, 0.40625, 0.4375, 0.53125, 0.15625, // bias_hh
    ];
    set_parameters(net, &values);
    let filled = |with: f64| [[0.125], [-0.375], [0.46875], [with], [with]];
    let y = net.forward(&filled(0.0));
    assert_close("the third", &y[2], &[0.04520167, 0.309313386], 1e-8);
    assert_close("the last", &y[4], &[0.030851054, 0.305033535], 1e-8);

    let target = [0, 0, 1, 0, 0].map(|weight| ([0.5, -0.5], f64::from(weight)));
    let gradient = |with: f64| {
        let data = [(filled(with), target)];
        let mut memory = Training::<_, 1>::ZERO;
        let (loss, gradient) = memory.full_gradient(net, &Steps(MeanSquaredError), &data[..]).expect("a gradient");
        (loss, parameters(gradient))
    };
    let (loss, expected) = gradient(0.0);
    let errors = [y[2][0] - 0.5, y[2][1] + 0.5];
    assert_close("loss", &[loss], &[(errors[0] * errors[0] + errors[1] * errors[1]) / 2.0], 1e-15);
    assert_eq!(gradient(7.0), (loss, expected.clone()));

    // As a sequence of three.
    let mut short = <network!(f64; stream 1 => gru(2))>::ZERO;
    let short = Sequence::<_, 3>::on(&mut short);
    set_parameters(short, &values);
    let data = [([[0.125], [-0.375], [0.46875]], [target[0], target[1], target[2]])];
    let mut memory = Training::<_, 1>::ZERO;
    let (_, found) = memory.full_gradient(short, &Steps(MeanSquaredError), &data[..]).expect("a gradient");
    assert_eq!(parameters(found), expected);
}
