//! Steps and pieces of streams, in which episodes begin.

use nn_core::prelude::*;
use nn_core::scalar::Scalar;

/// Arrays in arrays of numbers.
pub trait Nested<T>: Copy {
    /// With the next numbers.
    fn of(next: &mut impl FnMut() -> T) -> Self;
    /// Its numbers, to be read after those that are there.
    fn numbers(&self, to: &mut Vec<T>);
}

macro_rules! number {
    ($T:ty) => {
        impl Nested<Self> for $T {
            fn of(next: &mut impl FnMut() -> Self) -> Self {
                next()
            }
            fn numbers(&self, to: &mut Vec<Self>) {
                to.push(*self);
            }
        }
    };
}

number! { f32 }
number! { f64 }

impl<T, X: Nested<T>, const N: usize> Nested<T> for [X; N] {
    fn of(next: &mut impl FnMut() -> T) -> Self {
        [(); N].map(|()| X::of(next))
    }
    fn numbers(&self, to: &mut Vec<T>) {
        self.iter().for_each(|each| each.numbers(to));
    }
}

/// Steps of a piece.
pub const STEPS: usize = 6;

/// Inputs, a target and its weight for each, and whether an episode begins.
pub type Piece<T, X> = ([X; STEPS], [([T; 1], T); STEPS], [bool; STEPS]);

/// Numbers from -1 to 1.
pub fn numbers() -> impl FnMut() -> f64 {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    move || (rng.next_u64() >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

/// A piece in which episodes begin `at` these steps.
pub fn piece<T: Scalar, X: Nested<T>>(number: &mut impl FnMut() -> f64, at: &[usize]) -> Piece<T, X> {
    let mut number = || T::from_f64(number());
    let x = <[X; STEPS]>::of(&mut number);
    let targets = [(); STEPS].map(|()| ([number()], number() + T::ONE));
    (x, targets, core::array::from_fn(|step| at.contains(&step)))
}

/// The bits of what a stream would give next.
pub fn answers<N: Stream<Number = f32, Input = [f32; 2], Output = [f32; 1]>>(net: &N, state: &State<N>) -> [u32; 5] {
    let mut state = state.clone();
    core::array::from_fn(|at| net.step(&[at as f32 / 4.0, 0.5], &mut state)[0].to_bits())
}
