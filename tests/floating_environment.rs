//! No operation is invalid on finite numbers: a program that asks for a signal at invalid operations gets none.
#![cfg(target_arch = "x86_64")]
#![allow(unsafe_code)]

use nn_core::kernel::InstructionSet;
use nn_core::loss::LossOf;
use nn_core::prelude::*;
use std::arch::asm;

/// Whether an operation was invalid since the last call.
fn was_invalid() -> bool {
    let (mut state, invalid) = (0_u32, 1);
    // SAFETY: both read or write the state of this thread's arithmetic, of which only a flag that nobody else reads is changed.
    unsafe {
        asm!("stmxcsr [{}]", in(reg) &raw mut state, options(nostack));
        let cleared = state & !invalid;
        asm!("ldmxcsr [{}]", in(reg) &raw const cleared, options(nostack, readonly));
    }
    state & invalid != 0
}

macro_rules! networks {
    ($($number:ident: $($activation:ident $(($($argument:tt)*))?),+;)*) => {$($(
        let name = concat!(stringify!($number), " ", stringify!($activation));
        runs::<network!($number; 3 => 19 $activation $(($($argument)*))? => 2 $activation $(($($argument)*))?), $number>(name);
    )+)*};
}

fn runs<N, T>(name: &str)
where
    N: Trainable<Number = T, Input = [T; 3], Output = [T; 2]>,
    T: From<f32>,
    MeanSquaredError: LossOf<N, Target = [T; 2]>,
{
    for size in [0.0, 1e-30, 0.5, 3.0, 90.0, 1e4] {
        let input = [size, -size, 0.3 * size].map(T::from);
        let mut net = N::ZERO;
        net.init(&mut ChaCha8Rng::seed_from_u64(1));
        was_invalid();
        net.forward(&input);
        assert!(!was_invalid(), "{name} of {size}");
        let mut memory = Training::<N, 1>::ZERO;
        let _ = memory.full_gradient(&net, &MeanSquaredError, &[(input, [T::from(0.25), T::from(0.5)])]);
        assert!(!was_invalid(), "the gradient of {name} at {size}");
    }
}

macro_rules! losses {
    ($($number:ident, $classes:literal: $($loss:expr => $target:expr),+;)*) => {$($(
        let data = [([1.0, -1.0, 0.5], $target)];
        for scale in [0.0, 0.5, 40.0, 1e4] {
            type Net = network!($number; 3 => $classes);
            let (mut net, mut memory, mut adam) = (Net::ZERO, Training::<Net, 1>::ZERO, Adam::new(0.01));
            net.parameters_mut(|_, values| values.iter_mut().enumerate().for_each(|(at, value)| *value = scale * at as $number));
            was_invalid();
            let _ = Trainer::new(&mut memory, &mut adam, $loss).full_step(&mut net, &data);
            assert!(!was_invalid(), "a step of {}, {} classes, {scale}", stringify!($loss), $classes);
        }
    )+)*};
}

#[test]
fn finite_numbers_are_never_invalid() {
    for set in InstructionSet::ALL {
        if !set.select() {
            println!("skipped: this machine has no {set:?}");
            continue;
        }
        networks! {
            f32: relu, leaky_relu, elu, selu, gelu, gelu(tanh), silu, mish, softplus, softsign, sigmoid, hard_sigmoid, tanh,
                hard_tanh, hard_swish, softmax;
            f64: relu, leaky_relu, elu, selu, gelu, gelu(tanh), silu, mish, softplus, softsign, sigmoid, hard_sigmoid, tanh,
                hard_tanh, hard_swish, softmax;
        }
        losses! {
            f32, 3: CrossEntropy => 2, CrossEntropy.smoothed(0.1) => 1, DistributionCrossEntropy => [0.0, 0.25, 0.75],
                BinaryCrossEntropyWithLogits => [0.0, 1.0, 0.5], Hinge => [1.0, -1.0, 1.0], Huber { delta: 1.0 } => [0.0; 3];
            f32, 21: CrossEntropy => 20, CrossEntropy.smoothed(0.1) => 0, DistributionCrossEntropy => [1.0 / 21.0; 21];
            f64, 3: CrossEntropy => 2, CrossEntropy.smoothed(0.1) => 1, DistributionCrossEntropy => [0.0, 0.25, 0.75],
                BinaryCrossEntropyWithLogits => [0.0, 1.0, 0.5], Hinge => [1.0, -1.0, 1.0], Huber { delta: 1.0 } => [0.0; 3];
        }
    }
}

#[test]
fn the_flag_is_read() {
    was_invalid();
    let zero = std::hint::black_box(0.0_f32);
    assert!(std::hint::black_box(zero / zero).is_nan());
    assert!(was_invalid());
}
