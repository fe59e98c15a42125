extern crate std;

use super::*;
use crate::kernel::{Fast, InstructionSet, Isa, Task, on};

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

/// The function at every edge by vectors of the set, and by those of one number; precise and by approximations.
struct SameBits<F>(F);

impl<F: LaneFn> Task<f32> for SameBits<F> {
    type Output = ();

    fn run<K: Isa<f32>>(self, _k: K) {
        fn compare<F: LaneFn, V: Lanes<f32>, One: Lanes<f32>>(f: F) {
            for chunk in V::chunks(&EDGES).0 {
                let (mut by_many, mut by_one) = ([0.0; 16], [0.0; 16]);
                let numbers = V::chunks_mut(&mut by_many).0.first_mut().expect("no vector is longer");
                f.call(V::load(chunk)).store(numbers);
                V::load(chunk).store(V::chunks_mut(&mut by_one).0.first_mut().expect("no vector is longer"));
                for (x, many) in by_one.into_iter().zip(by_many).take(V::LEN) {
                    let one = f.call(One::splat(x)).sum();
                    assert!(
                        one.to_bits() == many.to_bits() || one.is_nan() && many.is_nan(),
                        "at {x}: {one} and {many}"
                    );
                }
            }
            if V::LEN > 1 {
                compare::<F, V::Half, One>(f);
            }
        }
        if K::SET == InstructionSet::Portable {
            compare::<F, K::V, One<f32>>(self.0);
            compare::<F, <K::V as Lanes<f32>>::Fast, Fast<One<f32>>>(self.0);
        } else {
            compare::<F, K::V, F32x1Fused>(self.0);
            compare::<F, <K::V as Lanes<f32>>::Fast, Fast<F32x1Fused>>(self.0);
        }
    }
}

fn same_bits(f: impl LaneFn) {
    for set in InstructionSet::ALL {
        if set.is_available() {
            on(set, SameBits(f));
        } else {
            std::println!("skipped: this machine has no {set:?}");
        }
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
            same_bits(F);
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
    max_of_two: |x| x.max(-x);
    choice: |x| x.if_positive(x * x, -x.abs());
    multiply_and_add: |x| x.mul_add(x, -x / V::splat(3.0));
}
