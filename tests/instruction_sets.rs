//! Whole networks on every instruction set that this machine has.

use nn_core::kernel::InstructionSet;
use nn_core::prelude::*;

network! { struct Small: 2 => 8 relu => 4 sigmoid => 1; }
network! { struct One: 20 => 18 relu => 1; }
network! { struct Digits: 64 => 32 relu => 10 softmax; }
network! { struct Mixed: 30 => 70 gelu => [70 tanh => 70] => (33 silu | 3 elu) => 3; }
network! { struct Norms: 30 => dense(71, bias = false) => layer_norm gelu => 18 => rms_norm => 3; }
network! { #[approximate] struct Fast: 30 => 71 gelu => [71 tanh => 71] => (33 silu | 3 sigmoid) => 19 softmax; }

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

    let data = inputs.map(|input| (input, [0.5; OUT]));
    let mut memory = Box::new(Training::<N, 7>::ZERO);
    let mut sgd = Sgd::new(0.05);
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError);
    for _ in 0..20 {
        trainer.step(&mut net, &data, &[0, 1, 2, 3, 4, 5, 6]).expect("a step");
    }
    let mut all = rows.as_flattened().to_vec();
    net.parameters(|_, values| all.extend(values));
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
    networks! {
        Small: 2, 1;
        One: 20, 1;
        Digits: 64, 10;
        Mixed: 30, 3;
        Norms: 30, 3;
        Fast: 30, 19;
    }
}
