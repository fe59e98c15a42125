//! Links only if no panic can be reached from forward, batch, a training step and `fit`, from files of weights and into them,
//! and from metrics: the panic handler calls a function
//! that does not exist.
//!
//! The values come from the command line's length, so that the compiler can't run the program itself.
#![no_std]
#![no_main]

use core::hint::black_box;
use nn_core::loss::LossOf;
use nn_core::metric::{Confusion, Regression};
use nn_core::prelude::*;
use nn_core::train::Trace;

network! { struct Small: 2 => 8 relu => 4 sigmoid => 1; }
network! { struct Digits: 64 => 32 relu => dropout(0.5) => 10 softmax; }
network! { struct Wide: f64; 13 => 70 gelu => 9 tanh => 5 mish => 3; }
network! { struct Blocks: 4 => 8 relu => [8 tanh => 8] relu => (4 | [8 sigmoid] | Small2 silu) => 2; }
network! { struct Small2: 8 => 3; }
network! { struct Norms: 6 => dense(70, bias = false) => layer_norm relu => 9 => rms_norm(eps = 1e-6) => 3; }
network! { #[approximate] struct Fast: 5 => 70 gelu => 9 tanh => 5 silu => 3 softmax; }
network! { struct Sure: 2 => 8 relu => 1 sigmoid; }
network! {
    struct Heard: 2x12 => conv(4, 3, padding = same) relu => avg_pool(2) => (depthwise(3, padding = 1) + conv(4, 1)) => max_pool(2)
        => upsample(2) => (pass * global_max_pool => 4 sigmoid) => take(1..4) => flatten => 2;
}
network! {
    struct Seen: 2x6x5 => conv(4, 3x2, padding = 1, bias = false) => batch_norm relu => max_pool(2) => [group_norm(2) => depthwise(3, padding = 1)]
        => (avg_pool(3, stride = 1, padding = 1) | conv(17, 1) => pad(1) => conv(3, 3)) => upsample(2) => standardize => flatten => 2;
}
network! {
    struct Drawn: 4x2x3 => group_norm(2) => conv_transpose(6, 3, stride = 2, output_padding = 1, groups = 2) relu => pad((0x1, 1))
        => upsample(2, bilinear) => conv(3, 3x2, stride = 2, padding = 1) relu => max_pool(2) => flatten => 2;
}
network! {
    struct Camera: u8 2x7x5 => standardize(mean = 124, deviation = 58) => conv(4, 3x2, stride = 2, padding = 1) relu => dropout(0.5, channels = true)
        => flatten => 2;
}
network! { struct Spoken: 3x5 => layer_norm => (gru(3) | reverse => lstm(2) => reverse) softmax => last => 2; }
network! { struct Nested: 2 => Small elu => 300 softplus => 3; }

#[link(name = "c")]
unsafe extern "C" {
    fn a_panic_can_be_reached() -> !;
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    // SAFETY: never linked.
    unsafe { a_panic_can_be_reached() }
}

#[inline(never)]
fn run<N: Trainable>(net: &N, x: &N::Input) -> N::Output {
    net.forward(x)
}

#[inline(never)]
fn batch<N: Trainable>(net: &N, x: &[N::Input; 5], y: &mut [N::Output; 5]) {
    net.forward_batch(x, y);
}

#[inline(never)]
fn all<N: Trainable>(net: &N, x: &[N::Input], y: &mut [N::Output]) -> bool {
    net.forward_all(x, y).is_ok()
}

#[inline(never)]
fn step<N, O, L, D, const ROWS: usize>(
    trainer: &mut Trainer<'_, N, O, L, ROWS>,
    net: &mut N,
    data: &D,
    order: &[usize],
) -> bool
where
    N: Trainable,
    O: Optimizer<Network = N>,
    L: LossOf<N>,
    D: nn_core::dataset::Dataset<Input = N::Input, Target = L::Target> + ?Sized,
{
    trainer.step(net, data, order).is_ok()
}

#[inline(never)]
fn exercise<N: Trainable, L: LossOf<N>, const ROWS: usize>(
    x: N::Input,
    target: L::Target,
    loss: L,
    rate: N::Number,
    order: &[usize],
) -> i32
where
    N::Input: Copy,
    N::Output: Copy,
    L: Copy,
    L::Target: Clone,
{
    let mut net = N::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(order.len() as u64));
    let mut y = [run(&net, &x); 5];
    batch(&net, &[x; 5], &mut y);
    let mut right = i32::from(all(&net, black_box(&[x; 5]), black_box(&mut y)));
    black_box(&y);
    let data: &[(N::Input, L::Target)] = &[(x, target.clone()), (x, target)];
    let mut memory = Training::<N, ROWS>::ZERO;
    let (mut sgd, mut momentum, mut rms_prop) = (Sgd::new(rate), Momentum::new(rate, rate), RmsProp::new(rate));
    let (mut adam, mut adamw) = (Adam::new(rate), AdamW::new(rate));
    let (clip, schedule) = (Clip::Norm(rate), Schedule::cosine(rate, rate, 10).after_warm_up(3));
    let mut trainer = Trainer::new(&mut memory, &mut sgd, loss).clipped(clip).scheduled(schedule);
    right += i32::from(step(&mut trainer, &mut net, data, order));
    right += i32::from(step(&mut Trainer::new(&mut memory, &mut momentum, loss), &mut net, data, order));
    right += i32::from(step(&mut Trainer::new(&mut memory, &mut rms_prop, loss), &mut net, data, order));
    right += i32::from(step(&mut Trainer::new(&mut memory, &mut adam, loss), &mut net, data, order));
    right += i32::from(step(&mut Trainer::new(&mut memory, &mut adamw, loss), &mut net, data, order));
    right += i32::from(Trainer::new(&mut memory, &mut adamw, loss).full_step(&mut net, data).is_ok());
    (sgd, momentum) = (sgd.with_weight_decay(rate), momentum.with_weight_decay(rate));
    (rms_prop, adam) = (rms_prop.with_weight_decay(rate), adam.with_weight_decay(rate));
    let (clip, schedule) = (Clip::Value(rate), Schedule::exponential(rate, rate));
    let mut trainer = Trainer::new(&mut memory, &mut sgd, loss).clipped(clip).scheduled(schedule);
    right += i32::from(trainer.fit(&mut net, data, &mut [0; 2], 2, |_| Continue(())).is_ok());
    right += i32::from(step(&mut Trainer::new(&mut memory, &mut momentum, loss), &mut net, data, order));
    right += i32::from(step(&mut Trainer::new(&mut memory, &mut rms_prop, loss), &mut net, data, order));
    right += i32::from(step(&mut Trainer::new(&mut memory, &mut adam, loss), &mut net, data, order));
    right += files(&mut net);
    black_box(&net);
    right
}

/// The passes of a network over signals; what follows them is the same for all networks.
#[inline(never)]
fn pass<N, T: Copy, const IN: usize>(x: T, order: &[usize]) -> i32
where
    N: Trainable<Number = f32, Input = [T; IN], Output = [f32; 2]>,
{
    let mut net = N::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(order.len() as u64));
    let mut y = [run(&net, &[x; IN]); 5];
    let right = i32::from(all(&net, black_box(&[[x; IN]; 5]), black_box(&mut y)));
    black_box(&y);
    let (mut memory, mut sgd) = (Training::<N, 2>::ZERO, Sgd::new(0.1));
    let data: &[_] = &[([x; IN], [0.5; 2]), ([x; IN], [0.5; 2])];
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError);
    let learnt = i32::from(step(&mut trainer, &mut net, data, order));
    let mut trace = Trace::<N, 2>::ZERO;
    trace.forward(&net, &[[x; IN]; 2]);
    trace.forward_in_training(&net, &[[x; IN]; 2], order.len() as u64);
    let gradient = trace.backward(&net, &[[0.5; 2]; 2]);
    gradient.scale(0.5);
    net.add_scaled(gradient, -0.1);
    net.approach(gradient, 0.1);
    black_box((trace.input_gradient(order.len()), net.norm()));
    right + learnt
}

/// A step of each optimiser that is not in [`exercise`].
#[inline(never)]
fn optimizers(net: &mut Nested, rate: f32) -> i32 {
    use nn_core::optimizer::{Adadelta, Adagrad, Adamax, AmsGrad, AmsGradW, DampedMomentum, Lion, NAdam};
    use nn_core::optimizer::{CenteredRmsProp, CenteredRmsPropMomentum, RmsPropMomentum};
    macro_rules! steps {
        ($($optimizer:expr),+) => {{
            let mut memory = Training::<Nested, 2>::ZERO;
            let data = black_box([([rate; 2], [rate; 3]); 2]);
            0 $(+ {
                let mut optimizer = $optimizer;
                let first = Trainer::new(&mut memory, &mut optimizer, MeanSquaredError).full_step(net, &data).is_ok();
                optimizer = optimizer.with_weight_decay(rate);
                i32::from(first && Trainer::new(&mut memory, &mut optimizer, MeanSquaredError).full_step(net, &data).is_ok())
            })+
        }};
    }
    steps!(Adadelta::new(rate), Adagrad::new(rate), Adamax::new(rate), AmsGrad::new(rate), AmsGradW::new(rate))
        + steps!(DampedMomentum::new(rate, rate, rate), Lion::new(rate), NAdam::new(rate))
        + steps!(CenteredRmsProp::new(rate), CenteredRmsPropMomentum::new(rate, rate), RmsPropMomentum::new(rate, rate))
}

/// From a file of weights and into one.
#[inline(never)]
fn files<N: Trainable>(net: &mut N) -> i32 {
    let mut file = [0; 65_536];
    let written = net.save(black_box(&mut file));
    let read = net.load(black_box(&file[..written.unwrap_or(0)]));
    let archive = net.load(black_box(NPZ));
    i32::from(read.is_ok() && archive.is_err())
}

/// An archive of no file.
const NPZ: &[u8] = b"PK\x03\x04PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\x04\0\0\0\0\0";

/// What is measured of a network.
#[inline(never)]
fn measure(net: &Norms, count: usize) -> i32 {
    let classes = black_box([([0.5; 6], 1), ([0.25; 6], count)]);
    let rows = black_box([([0.5; 6], [1.0; 3]), ([0.25; 6], [0.5; 3])]);
    let confusion = Confusion::of(net, &classes[..]);
    let regression = Regression::of(net, &rows[..]);
    let loss = evaluate(net, &CrossEntropy, &classes[..]);
    black_box(confusion.map(|of| (of.accuracy(), of.precision(count), of.recall(count), of.f1(count)))).ok();
    black_box(regression.map(|of| (of.mean_absolute_error(), of.mean_squared_error(), of.r_squared()))).ok();
    i32::from(confusion.is_ok() && regression.is_ok() && loss.is_ok())
}

#[unsafe(no_mangle)]
extern "C" fn main(count: i32) -> i32 {
    let order = &black_box([0, 1, 1, 0])[..(count as usize).min(4)];
    // As many rows as small networks learn together from, for all that the compiler knows.
    let many: &[usize] = black_box(&[0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0]);
    let (x, rate) = (count as f32, 0.1);
    let mut right = 0;
    right += exercise::<Small, _, 4>([x; 2], [x], MeanSquaredError, rate, order);
    right += exercise::<Small, _, 16>([x; 2], [x], MeanSquaredError, rate, many);
    right += exercise::<Digits, _, 32>([x; 64], count as usize, CrossEntropyOfProbabilities, rate, order);
    right += exercise::<Wide, _, 3>([x.into(); 13], [0.5; 3], BinaryCrossEntropyWithLogits, 0.1, order);
    right += exercise::<Nested, _, 7>([x; 2], [x; 3], Huber { delta: rate }, rate, order);
    right += exercise::<Nested, _, 1>([x; 2], 1, CrossEntropy.smoothed(rate), rate, order);
    right += exercise::<Nested, _, 1>([x; 2], [0.5; 3], DistributionCrossEntropy, rate, order);
    right += exercise::<Blocks, _, 5>([x; 4], [x; 2], MeanAbsoluteError, rate, order);
    right += exercise::<Blocks, _, 5>([x; 4], [1.0; 2], Hinge, rate, order);
    right += exercise::<Sure, _, 4>([x; 2], [0.5], BinaryCrossEntropy, rate, order);
    right += exercise::<Fast, _, 3>([x; 5], count as usize, CrossEntropyOfProbabilities, rate, order);
    right += exercise::<Norms, _, 3>([x; 6], [x; 3], MeanSquaredError, rate, order);
    right += pass::<Camera, u8, 70>(x as u8, order);
    right += pass::<Heard, f32, 24>(x, order);
    right += pass::<Seen, f32, 60>(x, order);
    right += pass::<Spoken, f32, 15>(x, order);
    right += pass::<Drawn, f32, 24>(x, order);
    right += measure(&Norms::ZERO, count as usize);
    let mut net = Nested::ZERO;
    right += optimizers(&mut net, rate);
    i32::from(right != 12 * 12 + 5 * 2 + 1 + 11)
}
