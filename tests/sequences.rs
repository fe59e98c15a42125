//! Cells that remember agree with PyTorch, whose numbers `vectors/sequences.py` recorded: step by step, in blocks, and as sequences,
//! with all gradients, those of pieces that go on from each other too; in both number types, on every instruction set that this machine
//! has. The parameters are in files that PyTorch wrote, by PyTorch's names.

use nn_core::kernel::InstructionSet;
use nn_core::loss::Steps;
use nn_core::network::Learns;
use nn_core::prelude::*;
use nn_core::scalar::Scalar;
use nn_core::train::{Report, Sequence, Streams, Unrolls};
use std::sync::LazyLock;
use tests::{Vectors, assert_close, parameters, set_parameters};

static SEQUENCES: LazyLock<Vectors> = LazyLock::new(|| Vectors::parse(include_str!("vectors/sequences.txt")));
const IN: usize = 3;
const STEPS: usize = 12;

/// What was computed on one set, to be compared with another.
type Bits = Vec<u64>;

fn push<T: Scalar>(bits: &mut Bits, numbers: &[T]) {
    bits.extend(numbers.iter().map(|number| number.to_bits()));
}

fn tolerance<T: Scalar>() -> f64 {
    if T::NAME == "f64" { 1e-10 } else { 1e-5 }
}

/// Outputs step by step and in blocks, and as a sequence.
fn forward<T: Scalar, N, const OUT: usize>(name: &str, net: &mut N, bits: &mut Bits)
where
    N: Stream<Number = T, Input = [T; IN], Output = [T; OUT]>,
    Sequence<N, STEPS>: Trainable<Number = T, Input = [[T; IN]; STEPS], Output = [[T; OUT]; STEPS]>,
{
    let x = SEQUENCES.rows::<T, IN>(&format!("{name}:x"));
    let mut all = Vec::new();
    for x in x.chunks(STEPS) {
        let mut state = net.start();
        let steps: Vec<_> = x.iter().map(|x| net.step(x, &mut state)).collect();
        for size in [1, 2, 5, 11, STEPS] {
            let (mut state, mut y) = (net.start(), [[T::from_f64(f64::NAN); OUT]; STEPS]);
            for (x, y) in x.chunks(size).zip(y.chunks_mut(size)) {
                net.process(x, y, &mut state).expect("as many");
                net.process(&[], &mut [], &mut state).expect("none");
            }
            assert_eq!(y.as_slice(), steps, "{name} in blocks of {size}");
        }
        let y = Sequence::on(net).forward(x.try_into().expect("all steps"));
        assert_eq!(y.as_slice(), steps, "{name} as a sequence");
        all.extend(steps);
    }
    assert_close(name, all.as_flattened(), &SEQUENCES.get(&format!("{name}:y")), tolerance::<T>());
    push(bits, all.as_flattened());
}

/// Loss and gradients over so many steps, both rows at once and one by one.
fn gradient<T: Scalar, N, const OUT: usize, const COUNT: usize>(name: &str, net: &mut N, bits: &mut Bits)
where
    N: Stream,
    Sequence<N, COUNT>: Trainable<Number = T, Input = [[T; IN]; COUNT], Output = [[T; OUT]; COUNT]>,
{
    let vector = |what: &str| format!("{name}:{what}");
    let (x, targets) = (SEQUENCES.rows::<T, IN>(&vector("x")), SEQUENCES.rows::<T, OUT>(&vector("target")));
    let weights = SEQUENCES.get::<T>(&vector("weight"));
    let data = [0, STEPS].map(|from| {
        let target = |step| (targets[from + step], weights[from + step]);
        (std::array::from_fn(|step| x[from + step]), std::array::from_fn(target))
    });
    let (net, loss) = (Sequence::<N, COUNT>::on(net), Steps(MeanSquaredError));
    let mut together = Training::<Sequence<N, COUNT>, 2>::boxed();
    let (value, found) = together.full_gradient(net, &loss, &data[..]).expect("a gradient");
    let what = format!("{name} over {COUNT} in {}", T::NAME);
    assert_close(&what, &[value], &SEQUENCES.get(&format!("{name}:{COUNT}:loss")), tolerance::<T>());
    let (found, expected) = (parameters(found), SEQUENCES.get(&format!("{name}:{COUNT}:gradient")));
    assert_close(&what, &found, &expected, tolerance::<T>());
    push(bits, &found);
    let mut alone = Training::<Sequence<N, COUNT>, 1>::boxed();
    let (_, rows) = alone.full_gradient(net, &loss, &data[..]).expect("a gradient");
    assert_close(&format!("{what}, row by row"), &parameters(rows), &expected, tolerance::<T>());
}

/// Losses and gradients of two pieces, the states of both rows carried on.
fn carried<T: Scalar, N, const OUT: usize>(name: &str, net: &mut N, bits: &mut Bits)
where
    N: Stream,
    Sequence<N, 6>: Unrolls<Stream = N, Number = T, Input = [[T; IN]; 6], Output = [[T; OUT]; 6]>,
{
    let vector = |what: &str| format!("{name}:{what}");
    let (x, targets) = (SEQUENCES.rows::<T, IN>(&vector("x")), SEQUENCES.rows::<T, OUT>(&vector("target")));
    let weights = SEQUENCES.get::<T>(&vector("weight"));
    let targets: Vec<_> = targets.into_iter().zip(weights).collect();
    let data: Vec<([_; 6], [_; 6])> =
        x.as_chunks().0.iter().copied().zip(targets.as_chunks().0.iter().copied()).collect();
    let (mut memory, mut sgd) = (Training::<Sequence<N, 6>, 1>::boxed(), Sgd::new(T::from_f64(0.1)));
    let mut trainer = Trainer::new(&mut memory, &mut sgd, Steps(MeanSquaredError));
    let net = Sequence::on(net);
    let (at, mut pieces, mut streams) = (parameters(net), 0, Streams::<N, 2>::NEW);
    let each = |report: Report<'_, _>, _: &mut Streams<N, 2>| {
        let what = format!("{name}:piece{pieces}");
        assert_close(&what, &[report.loss], &SEQUENCES.get(&format!("{what}:loss")), tolerance::<T>());
        let found = parameters(report.gradient);
        assert_close(&what, &found, &SEQUENCES.get(&format!("{what}:gradient")), tolerance::<T>());
        push(bits, &found);
        set_parameters(report.network, &at);
        pieces += 1;
        Continue(())
    };
    trainer.in_order(net, &data, &mut streams, each).expect("an epoch");
    assert_eq!(pieces, 2);
}

/// The parameters of PyTorch's file are those that it recorded.
fn load<T: Scalar, N>(name: &str, file: &[u8]) -> N
where
    N: Stream<Number = T> + Learns,
    Sequence<N, 1>: Trainable<Number = T>,
{
    let mut net = N::ZERO;
    net.load(file).expect("PyTorch's file");
    assert_eq!(parameters(Sequence::<N, 1>::on(&mut net)), SEQUENCES.get(&format!("{name}:parameters")), "{name}");
    net
}

/// A test of each network in both number types, with the gradients over these numbers of steps.
macro_rules! sequences {
    ($($name:ident: $out:literal over $($steps:literal)+, [$($layers:tt)*];)*) => {$(
        fn $name() {
            let name = stringify!($name);
            let file = include_bytes!(concat!("models/sequences/", stringify!($name), ".safetensors"));
            on_every_set(name, || {
                let mut bits = Vec::new();
                type Double = network!(f64; stream 3 => $($layers)*);
                let mut net = load::<f64, Double>(name, file);
                forward::<f64, _, $out>(name, &mut net, &mut bits);
                $(gradient::<f64, _, $out, $steps>(name, &mut net, &mut bits);)+
                if name.ends_with("_started") {
                    carried::<f64, _, $out>(name, &mut net, &mut bits);
                }
                type Single = network!(stream 3 => $($layers)*);
                let mut net = load::<f32, Single>(name, file);
                forward::<f32, _, $out>(name, &mut net, &mut bits);
                $(gradient::<f32, _, $out, $steps>(name, &mut net, &mut bits);)+
                if name.ends_with("_started") {
                    carried::<f32, _, $out>(name, &mut net, &mut bits);
                }
                bits
            });
        }
    )*
        /// One test, because the choice of a set is that of the whole program.
        #[test]
        fn cells_agree_with_pytorch() {
            $($name();)*
            in_place();
            decays();
        }
    };
}
sequences! {
    rnn: 5 over 1 5 12, [rnn(5)];
    rnn_started: 5 over 1 5 12, [rnn(5, start = learned)];
    rnn_without_bias: 5 over 1 5 12, [rnn(5, bias = false)];
    rnn_without_bias_started: 5 over 1 5 12, [rnn(5, bias = false, start = learned)];
    rnn_behind: 5 over 5, [2 tanh => rnn(5, start = learned)];
    rnn_saturated: 5 over 5, [rnn(5)];
    rnn_relu: 5 over 1 5 12, [rnn(5, activation = relu)];
    rnn_relu_started: 5 over 1 5 12, [rnn(5, activation = relu, start = learned)];
    rnn_relu_without_bias: 5 over 1 5 12, [rnn(5, activation = relu, bias = false)];
    rnn_relu_without_bias_started: 5 over 1 5 12, [rnn(5, activation = relu, bias = false, start = learned)];
    rnn_relu_behind: 5 over 5, [2 tanh => rnn(5, activation = relu, start = learned)];
    gru: 5 over 1 5 12, [gru(5)];
    gru_started: 5 over 1 5 12, [gru(5, start = learned)];
    gru_without_bias: 5 over 1 5 12, [gru(5, bias = false)];
    gru_without_bias_started: 5 over 1 5 12, [gru(5, bias = false, start = learned)];
    gru_behind: 5 over 5, [2 tanh => gru(5, start = learned)];
    gru_saturated: 5 over 5, [gru(5)];
    gru_reset_before: 5 over 1 5 12, [gru(5, reset_after = false)];
    gru_reset_before_started: 5 over 1 5 12, [gru(5, reset_after = false, start = learned)];
    gru_reset_before_without_bias: 5 over 1 5 12, [gru(5, reset_after = false, bias = false)];
    gru_reset_before_without_bias_started:
        5 over 1 5 12, [gru(5, reset_after = false, bias = false, start = learned)];
    gru_reset_before_behind: 5 over 5, [2 tanh => gru(5, reset_after = false, start = learned)];
    gru_reset_before_saturated: 5 over 5, [gru(5, reset_after = false)];
    lstm: 5 over 1 5 12, [lstm(5)];
    lstm_started: 5 over 1 5 12, [lstm(5, start = learned)];
    lstm_without_bias: 5 over 1 5 12, [lstm(5, bias = false)];
    lstm_without_bias_started: 5 over 1 5 12, [lstm(5, bias = false, start = learned)];
    lstm_behind: 5 over 5, [2 tanh => lstm(5, start = learned)];
    lstm_saturated: 5 over 5, [lstm(5)];
    two: 2 over 1 5 12, [lstm(3) => gru(2, start = learned)];
}

/// Those sets that have fused operations give the same bits.
fn on_every_set(name: &str, run: impl Fn() -> Bits) {
    let mut fused = None;
    for set in InstructionSet::ALL {
        if set.select() {
            let bits = run();
            if set != InstructionSet::Portable {
                assert!(*fused.get_or_insert_with(|| bits.clone()) == bits, "{name} on {set:?}");
            }
        } else {
            println!("skipped: this machine has no {set:?}");
        }
    }
}

network! { struct InPlace: stream 3 => rnn(4) => gru(17, reset_after = false) => lstm(9, start = learned) => gru(3); }

/// In the buffer of the frames, on every set, for lengths around those of the blocks that are copied.
fn in_place() {
    on_every_set("in place", || {
        let (mut net, mut bits) = (InPlace::ZERO, Vec::new());
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        net.init(&mut rng);
        for len in [0, 1, 2, 15, 16, 17, 40] {
            let frames: Vec<[f32; 3]> =
                (0..len).map(|_| std::array::from_fn(|_| rng.next_u32() as f32 / u32::MAX as f32)).collect();
            let mut state = net.start();
            let steps: Vec<_> = frames.iter().map(|x| net.step(x, &mut state)).collect();
            let (mut sound, mut state) = (frames, net.start());
            net.process_in_place(&mut sound, &mut state);
            assert_eq!(sound, steps, "{len} frames");
            push(&mut bits, sound.as_flattened());
        }
        bits
    });
}

network! { struct Gru: stream 3 => gru(5, start = learned); }
network! { struct GruBefore: stream 3 => gru(5, reset_after = false, start = learned); }
network! { struct Lstm: stream 3 => lstm(5, start = learned); }
network! { struct Rectified: stream 3 => rnn(5, activation = relu, start = learned); }

/// In silence, with what keeps nine tenths of the state at each step: it ends at 0, and never at a subnormal number.
fn decays() {
    let keep = 9_f32.ln(); // sigmoid(keep) = 0.9
    // Where these lie: weights of the input and of the last output, then biases, i f g o or r z n, then the start.
    decay::<Gru>(&[(125..130, keep), (150..155, 1.0)]);
    decay::<GruBefore>(&[(125..130, keep), (150..155, 1.0)]);
    decay::<Lstm>(&[(165..170, keep), (200..210, 1.0)]);
    let diagonal = (0..5).map(|at| (15 + 6 * at..16 + 6 * at, 0.9));
    decay::<Rectified>(&diagonal.chain([(50..55, 1.0)]).collect::<Vec<_>>());
}

fn decay<N>(values: &[(std::ops::Range<usize>, f32)])
where
    N: Stream<Number = f32, Input = [f32; IN], Output = [f32; 5]>,
    Sequence<N, 1>: Trainable<Number = f32>,
{
    on_every_set(N::NAME, || {
        let (mut net, mut parameters) = (N::ZERO, vec![0.0; N::PARAMETERS]);
        values.iter().for_each(|(at, value)| parameters[at.clone()].fill(*value));
        set_parameters(Sequence::<N, 1>::on(&mut net), &parameters);
        let (mut state, mut bits) = (net.start(), Vec::new());
        let y: Vec<_> = (0..2_000).map(|_| net.step(&[0.0; IN], &mut state)).collect();
        push(&mut bits, y.as_flattened());
        assert!(y[700].iter().all(|y| *y > 0.0), "{}: {:?}", N::NAME, y[700]);
        assert!(y.as_flattened().iter().all(|y| *y == 0.0 || y.is_normal()), "{}: a subnormal number", N::NAME);
        assert_eq!(y[1_999], [0.0; 5], "{}", N::NAME);
        assert!(y[1_000..].iter().all(|y| y.map(f32::to_bits) == [0; 5]), "{}: not plain zeros", N::NAME);
        if N::NAME.starts_with("Gru") {
            assert_close(N::NAME, &[y[99][0] / 2.656_14e-5, y[499][0] / 1.322_071e-23], &[1.0; 2], 1e-4);
        }
        bits
    });
}
