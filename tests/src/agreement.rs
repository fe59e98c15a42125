//! Networks of signals and images beside PyTorch.

use crate::{Vectors, assert_close, parameters, set_parameters};
use nn_core::prelude::*;
use nn_core::scalar::Scalar;

/// That values and gradients of two rows are those of the vectors of that name, whose places lie channel by channel.
pub fn agrees<N, T: Scalar, const IN: usize, const OUT: usize>(vectors: &Vectors, name: &str)
where
    N: Trainable<Number = T, Input = [T; IN], Output = [T; OUT]>,
{
    let tolerance = if T::NAME == "f64" { 1e-10 } else { 1e-5 };
    let vector = |what: &str| format!("{name}:{what}");
    let mut net = Box::new(N::ZERO);
    set_parameters(&mut *net, &vectors.get(&vector("parameters")));
    let [x, y] = vectors.rows::<T, IN>(&vector("x")).try_into().expect("two rows");
    let targets = vectors.rows::<T, OUT>(&vector("target"));
    let mut outputs = [[T::ZERO; OUT]; 2];
    net.forward_all(&[x, y], &mut outputs).expect("two outputs");
    assert_close(&format!("{name}, values"), outputs.as_flattened(), &vectors.get(&vector("y")), tolerance);
    assert!(outputs == [net.forward(&x), net.forward(&y)], "{name}: other bits in a batch");
    let expected = vectors.get(&vector("gradient"));
    let samples = [(x, targets[0]), (y, targets[1])];
    // In one part, and in two, of which the second is added.
    let mut together = Training::<N, 2>::boxed();
    let (_, gradient) = together.gradient(&net, &MeanSquaredError, &samples, &[0, 1]).expect("finite numbers");
    assert_close(&format!("{name}, gradient"), &parameters(gradient), &expected, tolerance);
    let mut apart = Training::<N, 1>::boxed();
    let (_, gradient) = apart.gradient(&net, &MeanSquaredError, &samples, &[0, 1]).expect("finite numbers");
    assert_close(&format!("{name}, gradient in parts"), &parameters(gradient), &expected, tolerance);
}

/// [`agrees`] of a network in both number types.
#[macro_export]
macro_rules! agrees_with_pytorch {
    ($vectors:expr, $name:literal, $($net:tt)*) => {{
        type Single = network!(f32; $($net)*);
        $crate::agreement::agrees::<Single, f32, { Single::IN }, { Single::OUT }>(&$vectors, $name);
        type Double = network!(f64; $($net)*);
        $crate::agreement::agrees::<Double, f64, { Double::IN }, { Double::OUT }>(&$vectors, $name);
    }};
}
