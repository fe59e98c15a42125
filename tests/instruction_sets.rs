//! Whole networks on every instruction set that this machine has.

use nn_core::kernel::InstructionSet;
use nn_core::prelude::*;
use nn_core::scalar::Scalar;

network! { struct Small: 2 => 8 relu => 4 sigmoid => 1; }
network! { struct Gates: 3 => [3 tanh] => (5 silu | dense(2, bias = false) sigmoid) => 2; }
network! { struct One: 20 => 18 relu => 1; }
network! { struct Digits: 64 => 32 relu => 10 softmax; }
network! { struct Mixed: 30 => 70 gelu => [70 tanh => 70] => (33 silu | 3 elu) => 3; }
network! { struct Norms: 30 => dense(71, bias = false) => layer_norm gelu => 18 => rms_norm => 3; }
network! { #[approximate] struct Fast: 30 => 71 gelu => [71 tanh => 71] => (33 silu | 3 sigmoid) => 19 softmax; }

network! { struct Wide: 4 => 16 relu => 3; }
network! { struct Narrow: 3 => 5 elu => 7 silu => 2 tanh; }
network! { struct Branches: 5 => [5 softplus => 5] => (3 mish | inner: 4 gelu | dropout(0.1) => dense(2, bias = false)) => 3; }
network! { struct Column: 16 => 3 leaky_relu => 1 hard_swish; }
network! { #[approximate] struct Quick: 2 => 6 tanh => 5 sigmoid => 4; }
network! { struct Chances: 4 => 6 relu => 3 softmax; }
network! { struct Double: f64; 3 => 9 tanh => 4 relu => 2; }
network! {
    struct Heard: 3x20 => conv(9, 3, padding = 1) relu => max_pool(2) => (depthwise(3, padding = 1) => layer_norm | gru(4)) tanh
        => conv(6, 3, stride = 2, groups = 1) => (pass * global_avg_pool => 6 sigmoid) => flatten => 2;
}
network! {
    struct Drawn: 4x3x4 => group_norm(2) => conv_transpose(6, 3, stride = 2, padding = 1, groups = 2) tanh => pad(1x2)
        => upsample(2, bilinear) => conv(9, 3x2, stride = 3) => group_norm(3) tanh => global_avg_pool => 2;
}
network! {
    struct Seen: 1x11x9 => conv(8, 3) relu => max_pool(2) => conv(18, 2, padding = 1) tanh => avg_pool(1x2) => conv(5, 2) => max_pool(2x1)
        => flatten => 2;
}

/// As many rows as turn out to be a tile or several, and fewer.
fn rows_are_their_own<N, T: Scalar, const IN: usize, const OUT: usize>(set: InstructionSet)
where
    N: Trainable<Number = T, Input = [T; IN], Output = [T; OUT]>,
{
    let mut net = N::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    let number = |row: usize, i: usize| T::from_f64(((row * 37 + i * 31) % 19) as f64 / 9.0 - 1.0);
    for rows in [1, 2, 15, 16, 17, 31, 32, 33, 100] {
        let inputs: Vec<[T; IN]> = (0..rows).map(|row| std::array::from_fn(|i| number(row, i))).collect();
        let mut outputs = vec![[T::from_f64(f64::NAN); OUT]; rows];
        net.forward_all(&inputs, &mut outputs).expect("as many");
        for (input, output) in inputs.iter().zip(&outputs) {
            let alone = net.forward(input).map(|y| y.to_f64().to_bits());
            assert_eq!(output.map(|y| y.to_f64().to_bits()), alone, "{} of {rows} rows on {set:?}", N::NAME);
        }
    }
}

fn outputs<N, const IN: usize, const OUT: usize>() -> Vec<f32>
where
    N: Trainable<Number = f32, Input = [f32; IN], Output = [f32; OUT]>,
{
    let mut net = Box::new(N::ZERO);
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    let inputs: [[f32; IN]; 7] =
        std::array::from_fn(|row| std::array::from_fn(|i| ((row * 37 + i * 31) % 19) as f32 / 9.0 - 1.0));
    let mut rows = [[0.0; OUT]; 7];
    net.forward_batch(&inputs, &mut rows);
    assert_eq!(rows, inputs.map(|input| net.forward(&input)), "a batch is its rows");
    assert_eq!(rows, inputs.map(|input| net.activations(&input, |_, _| {})), "who looks at it changes nothing");

    let data = inputs.map(|input| (input, [0.5; OUT]));
    let mut memory = Box::new(Training::<N, 7>::ZERO);
    let mut sgd = Sgd::new(0.05);
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError);
    for _ in 0..20 {
        trainer.step(&mut net, &data, &[0, 1, 2, 3, 4, 5, 6]).expect("a step");
    }
    let (whole, parts) = (gradient::<N, OUT, 7>(&net, &data), gradient::<N, OUT, 3>(&net, &data));
    let largest = whole.iter().fold(0.0, |largest: f32, x| largest.max(x.abs()));
    for (whole, parts) in whole.iter().zip(&parts) {
        assert!((whole - parts).abs() <= 1e-5 * largest, "{whole} at once, {parts} in parts");
    }
    // So many rows may be turned.
    let many: Vec<_> = (0..32).map(|row| data[row * row % 7]).collect();
    let (whole, parts) = (gradient::<N, OUT, 32>(&net, &many), gradient::<N, OUT, 5>(&net, &many));
    for (whole, parts) in whole.iter().zip(&parts) {
        assert!((whole - parts).abs() <= 1e-5 * largest, "{whole} at once, {parts} in parts");
    }
    let mut all = rows.as_flattened().to_vec();
    all.extend(whole);
    net.parameters(|_, values| all.extend(values));
    all
}

/// The gradient of a batch, computed in parts of so many rows.
fn gradient<N, const OUT: usize, const ROWS: usize>(net: &N, data: &[(N::Input, [f32; OUT])]) -> Vec<f32>
where
    N: Trainable<Number = f32, Input: Clone, Output = [f32; OUT]>,
{
    let mut memory = Box::new(Training::<N, ROWS>::ZERO);
    let mut all = Vec::new();
    let (_, gradient) = memory.full_gradient(net, &MeanSquaredError, data).expect("a gradient");
    gradient.parameters(|_, values| all.extend(values));
    all
}

/// For `.ci/aarch64`, which compares these lines with another machine's.
fn print_bits(name: &str, kind: &str, numbers: &[f32]) {
    let hash = |hash: u64, x: &f32| (hash ^ u64::from(x.to_bits())).wrapping_mul(0x0100_0000_01b3);
    println!("bits of {name}, {kind}: {:016x}", numbers.iter().fold(0xcbf2_9ce4_8422_2325, hash));
}

fn agree(name: &str, set: InstructionSet, portable: &[f32], fused: &mut Option<Vec<f32>>, found: Vec<f32>) {
    for (portable, found) in portable.iter().zip(&found) {
        assert!((portable - found).abs() < 1e-5, "{name} on {set:?}: {portable} and {found}");
    }
    assert_eq!(*fused.get_or_insert_with(|| found.clone()), found, "{name} on {set:?}");
}

/// Inference and training agree within rounding on all sets, and bit by bit on those with fused operations. One test, because
/// the choice is that of the whole program.
#[test]
fn sets_agree() {
    macro_rules! networks {
        ($($Net:ident: $input:literal, $output:literal;)*) => {$(
            assert!(InstructionSet::Portable.select());
            assert_eq!(InstructionSet::current(), InstructionSet::Portable);
            let portable = outputs::<$Net, $input, $output>();
            print_bits($Net::NAME, "portable", &portable);
            let mut fused = None;
            for set in InstructionSet::ALL.into_iter().skip(1) {
                if set.select() {
                    assert_eq!(InstructionSet::current(), set);
                    agree($Net::NAME, set, &portable, &mut fused, outputs::<$Net, $input, $output>());
                } else {
                    println!("skipped: this machine has no {set:?}");
                }
            }
            if let Some(fused) = fused {
                print_bits($Net::NAME, "fused", &fused);
            }
        )*};
    }
    for set in InstructionSet::ALL {
        if set.select() {
            rows_are_their_own::<Small, f32, 2, 1>(set);
            rows_are_their_own::<Wide, f32, 4, 3>(set);
            rows_are_their_own::<Narrow, f32, 3, 2>(set);
            rows_are_their_own::<Branches, f32, 5, 3>(set);
            rows_are_their_own::<Column, f32, 16, 1>(set);
            rows_are_their_own::<Quick, f32, 2, 4>(set);
            rows_are_their_own::<Chances, f32, 4, 3>(set);
            rows_are_their_own::<Double, f64, 3, 2>(set);
            rows_are_their_own::<Digits, f32, 64, 10>(set);
        }
    }
    networks! {
        Small: 2, 1;
        Gates: 3, 2;
        One: 20, 1;
        Digits: 64, 10;
        Mixed: 30, 3;
        Norms: 30, 3;
        Fast: 30, 19;
        Heard: 60, 2;
        Drawn: 48, 2;
        Seen: 99, 2;
    }
}
