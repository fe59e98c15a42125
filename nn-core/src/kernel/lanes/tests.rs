#![allow(unsafe_code)]

extern crate std;

use super::*;
use crate::kernel::{InstructionSet, Isa, Task, on};

/// A function written for vectors of any length.
trait LaneFn: Copy {
    fn call<V: Lanes<f32>>(self, x: V) -> V;
}

const EDGES: [f32; 16] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.3,
    -2.7,
    9.1,
    -17.3,
    88.8,
    -88.8,
    104.5,
    -104.5,
    f32::MIN_POSITIVE,
    f32::INFINITY,
    f32::NEG_INFINITY,
    f32::NAN,
];

/// Runs the task on all sets that this machine has.
fn on_all(task: impl Task<Output = ()> + Copy) {
    for set in InstructionSet::ALL {
        if set.is_available() {
            on(set, task);
        } else {
            std::println!("skipped: this machine has no {set:?}");
        }
    }
}

/// The function at every edge, by vectors of the set and by all that are shorter; precise and by approximations.
#[derive(Clone, Copy)]
struct SameBits<F>(F);

impl<F: LaneFn> Task for SameBits<F> {
    type Output = ();

    fn run<K: Isa>(self, _k: K) {
        results::<F, K::V<f32>>(self.0);
        results::<F, <K::V<f32> as Lanes<f32>>::Fast>(self.0);
    }
}

/// The results, which are those of shorter vectors too.
fn results<F: LaneFn, V: Lanes<f32>>(f: F) -> [f32; 16] {
    let mut results = [0.0; 16];
    for (result, edges) in V::chunks_mut(&mut results).0.iter_mut().zip(V::chunks(&EDGES).0) {
        f.call(V::load(edges)).store(result);
    }
    if V::LEN > 1 {
        assert_same_bits(&results, &self::results::<F, V::Half>(f));
    }
    results
}

fn assert_same_bits(many: &[f32; 16], few: &[f32; 16]) {
    for ((x, many), few) in EDGES.iter().zip(many).zip(few) {
        let same = many.to_bits() == few.to_bits() || many.is_nan() && few.is_nan();
        assert!(same, "at {x}: {many} and, by shorter vectors, {few}");
    }
}

macro_rules! lanes_agree {
    ($($name:ident: |$x:ident| $body:expr;)*) => {$(
        #[test]
        fn $name() {
            #[derive(Clone, Copy)]
            struct F;
            impl LaneFn for F {
                fn call<V: Lanes<f32>>(self, $x: V) -> V {
                    $body
                }
            }
            on_all(SameBits(F));
        }
    )*};
}
lanes_agree! {
    exp: |x| x.exp();
    exp_m1: |x| x.exp_m1();
    sigmoid: |x| x.sigmoid();
    tanh: |x| x.tanh();
    gelu: |x| x.gelu();
    gelu_slope: |x| x.gelu_slope();
    erf: |x| x.erf();
    square_root: |x| x.sqrt();
    max_with_a_constant: |x| V::splat(0.5).max(x);
    min_with_a_constant: |x| V::splat(0.5).min(x);
    max_with_a_constant_last: |x| x.max(V::splat(0.5));
    min_with_a_constant_last: |x| x.min(V::splat(0.5));
    max_of_two: |x| x.max(-x);
    min_of_two: |x| x.min(-x);
    largest_of_two: |x| x.largest(-x);
    largest_with_a_constant: |x| x.largest(V::splat(0.5));
    largest_after_a_constant: |x| V::splat(0.5).largest(x);
    choice: |x| x.if_positive(x * x, -x.abs());
    multiply_and_add: |x| x.mul_add(x, -x / V::splat(3.0));
}

/// Sums and what is read, by the vectors of the set and all that are shorter.
#[derive(Clone, Copy)]
struct SumsAndReads;

impl Task for SumsAndReads {
    type Output = ();

    fn run<K: Isa>(self, _k: K) {
        for seed in 0..20 {
            check::<K::V<f32>>(core::array::from_fn(|i| ((i + seed) * 7919 % 1009) as f32 / 504.0 - 1.0));
        }

        fn check<V: Lanes<f32>>(lanes: [f32; 16]) {
            let mut sums = lanes;
            let mut half = V::LEN / 2;
            while half > 0 {
                for i in 0..half {
                    sums[i] += sums[i + half];
                }
                half /= 2;
            }
            // SAFETY: there are sixteen numbers, and no vector is longer.
            unsafe {
                assert_eq!(V::read(lanes.as_ptr()).sum(), sums[0]);
                for (x, vector) in lanes.iter().zip(V::read_four(lanes.as_ptr())) {
                    let mut all = [0.0; 16];
                    vector.write(all.as_mut_ptr());
                    assert!(all.iter().take(V::LEN).all(|lane| lane == x));
                }
                for count in 0..=V::LEN {
                    let (mut all, mut some) = ([1.0; 16], [1.0; 16]);
                    V::read_first(lanes.as_ptr(), count, V::splat(0.0)).write(all.as_mut_ptr());
                    V::read(lanes.as_ptr()).write_first(some.as_mut_ptr(), count);
                    for (i, x) in lanes.into_iter().enumerate().take(V::LEN) {
                        assert_eq!([all[i], some[i]], if i < count { [x, x] } else { [0.0, 1.0] });
                    }
                }
            }
            if V::LEN > 1 {
                check::<V::Half>(lanes);
            }
        }
    }
}

#[test]
fn sums_are_by_halves_and_reads_in_order() {
    on_all(SumsAndReads);
}

/// Whether the first lanes and the last are read and written, and no others, by vectors of the set and by all that are shorter.
#[derive(Clone, Copy)]
struct SomeLanes;

impl Task for SomeLanes {
    type Output = ();

    fn run<K: Isa>(self, _k: K) {
        some_lanes::<K::V<f32>>();
        some_lanes::<<K::V<f32> as Lanes<f32>>::Fast>();
    }
}

fn some_lanes<V: Lanes<f32>>() {
    let numbers: [f32; 16] = core::array::from_fn(|at| at as f32 + 1.0);
    for count in 0..=V::LEN {
        let expected: [f32; 16] = core::array::from_fn(|at| if at < count { numbers[at] } else { -1.0 });
        let (mut read, mut written) = ([-1.0; 16], [-1.0; 16]);
        V::load_first(&numbers[..count], V::splat(-1.0)).store(&mut V::chunks_mut(&mut read).0[0]);
        V::load(&V::chunks(&numbers).0[0]).store_first(&mut written[..count]);
        assert_eq!((read, written), (expected, expected), "{count} of {}", V::LEN);
        let (last, mut read, mut written) = (V::LEN - count, [-1.0; 16], [-1.0; 16]);
        // SAFETY: there are as many numbers.
        unsafe {
            V::read_last(numbers[last..].as_ptr(), count).store(&mut V::chunks_mut(&mut read).0[0]);
            V::read(numbers.as_ptr()).write_last(written[last..].as_mut_ptr(), count);
        }
        for at in 0..16 {
            let expected = if at >= V::LEN {
                [-1.0; 2]
            } else if at < last {
                [0.0, -1.0]
            } else {
                [numbers[at]; 2]
            };
            assert_eq!([read[at], written[at]], expected, "the last {count} of {}", V::LEN);
        }
    }
    if V::LEN > 1 {
        some_lanes::<V::Half>();
    }
}

#[test]
fn some_lanes_are_read_and_written() {
    on_all(SomeLanes);
}

/// Whether places by turns are read and written, by vectors of the set and by all that are shorter; and which of two is the largest.
#[derive(Clone, Copy)]
struct Turns;

impl Task for Turns {
    type Output = ();

    fn run<K: Isa>(self, _k: K) {
        turns::<K::V<f32>>();
    }
}

fn turns<V: Lanes<f32>>() {
    let numbers: [f32; 16] = core::array::from_fn(|at| at as f32 + 1.0);
    for count in 0..=V::LEN / 2 {
        let (mut two, mut twice, mut by_turns) = ([0.0; 16], [0.0; 16], [-1.0; 16]);
        // SAFETY: there are as many numbers.
        unsafe {
            V::read_two(numbers.as_ptr()).write(two.as_mut_ptr());
            V::read_twice(numbers.as_ptr(), count).write(twice.as_mut_ptr());
            V::read(numbers.as_ptr()).write_by_turns(by_turns.as_mut_ptr(), count);
        }
        for at in 0..V::LEN {
            assert_eq!(two[at], numbers[at % 2], "of {}", V::LEN);
            assert!(at >= 2 * count || twice[at] == numbers[at / 2], "{count} of {}", V::LEN);
        }
        let turns = |turn: usize| numbers[turn..].iter().step_by(2).take(count);
        assert!(by_turns.iter().eq(turns(0).chain(turns(1)).chain(&[-1.0; 16][2 * count..])), "{count} of {}", V::LEN);
    }
    let largest = |x, later| V::splat(x).largest(V::splat(later)).sum() / V::LEN as f32;
    assert_eq!([largest(1.0, 2.0), largest(2.0, 1.0), largest(-1.0, f32::NEG_INFINITY)], [2.0, 2.0, -1.0]);
    assert!(largest(0.0, -0.0).is_sign_positive() && largest(-0.0, 0.0) == 0.0);
    assert!(largest(0.0, -0.0).is_sign_positive() && largest(-0.0, 0.0).is_sign_negative());
    assert!(
        largest(f32::NAN, 1.0).is_nan() && largest(1.0, f32::NAN).is_nan() && largest(f32::INFINITY, f32::NAN).is_nan()
    );
    if V::LEN > 1 {
        turns::<V::Half>();
    }
}

#[test]
fn lanes_are_by_turns_and_nan_is_the_largest() {
    on_all(Turns);
}
