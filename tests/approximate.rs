//! Networks with `#[approximate]` against the same without it.

use nn_core::activation::{Activation, After, Lanes};
use nn_core::prelude::*;
use nn_core::scalar::Scalar;
use tests::{assert_close, parameters, set_parameters};

const ROWS: usize = 50;

/// A network of random numbers, and inputs.
fn random<N, const IN: usize>() -> (N, [[f32; IN]; ROWS])
where
    N: Trainable<Number = f32, Input = [f32; IN]>,
{
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut uniform = |scale: f32| (f32::uniform(&mut rng) * 2.0 - 1.0) * scale;
    let mut net = N::ZERO;
    let values: Vec<_> = (0..N::PARAMETERS).map(|_| uniform(1.0)).collect();
    set_parameters(&mut net, &values);
    (net, [(); ROWS].map(|()| [(); IN].map(|()| uniform(2.0))))
}

/// The largest difference between outputs, of which `relative` says how it is counted.
fn difference<F, P, const IN: usize, const OUT: usize>(relative: bool) -> f32
where
    F: Trainable<Number = f32, Input = [f32; IN], Output = [f32; OUT]>,
    P: Trainable<Number = f32, Input = [f32; IN], Output = [f32; OUT]>,
{
    let ((fast, inputs), (precise, _)) = (random::<F, IN>(), random::<P, IN>());
    let mut rows = [[0.0; OUT]; ROWS];
    fast.forward_batch(&inputs, &mut rows);
    assert_eq!(rows, inputs.map(|input| fast.forward(&input)), "a batch is its rows");
    let precise = inputs.map(|input| precise.forward(&input));
    let pairs = rows.as_flattened().iter().zip(precise.as_flattened());
    pairs.map(|(fast, precise)| (fast - precise).abs() / if relative { *precise } else { 1.0 }).fold(0.0, f32::max)
}

#[test]
fn activations_are_within_their_bounds() {
    macro_rules! within {
        ($($activation:ident $(($argument:ident))?: $relative:literal, $bound:literal;)*) => {$({
            type Fast = network!(#[approximate] 3 => 37 $activation $(($argument))?);
            type Precise = network!(3 => 37 $activation $(($argument))?);
            let difference = difference::<Fast, Precise, 3, 37>($relative);
            let name = stringify!($activation $($argument)?);
            // Above zero, or nothing was approximated; the precise functions are off by some units in the last place.
            assert!(difference > $bound / 10.0 && difference < $bound + 5e-6, "{name}: {difference:e}");
        })*};
    }
    // No value is above 7, so that the absolute error is at most seven times a relative one.
    within! {
        sigmoid: false, 2.9e-5;
        tanh: false, 5.7e-5;
        gelu: false, 1.4e-4;
        gelu(tanh): false, 1.4e-4;
        silu: false, 1.7e-5;
        softplus: false, 7.7e-5;
        mish: false, 4e-4;
        softmax: true, 2e-4;
    }
}

#[test]
fn an_error_grows_by_the_weights_alone() {
    type Fast = network!(#[approximate] 4 => 20 tanh => 5);
    type Precise = network!(4 => 20 tanh => 5);
    let all = parameters(&random::<Precise, 4>().0);
    let (weights, _) = all[4 * 20 + 20..].as_chunks::<5>();
    let sums = (0..5).map(|output| weights[..20].iter().map(|row| row[output].abs()).sum::<f32>());
    let found = difference::<Fast, Precise, 4, 5>(false);
    assert!(found > 1e-5 && found < 5.7e-5 * sums.fold(0.0, f32::max) + 5e-6, "{found:e}");
}

#[test]
fn nothing_else_changes() {
    type Fast = network!(#[approximate] 4 => 9 gelu => [9 tanh => 9] => (3 | 2 silu) sigmoid => 2 softmax);
    type Precise = network!(4 => 9 gelu => [9 tanh => 9] => (3 | 2 silu) sigmoid => 2 softmax);
    assert_eq!(Fast::summary().to_string(), Precise::summary().to_string());
    assert_eq!((Fast::RAM, Fast::SAVED_LEN), (Precise::RAM, Precise::SAVED_LEN));

    let (mut fast, mut precise) = (Fast::ZERO, Precise::ZERO);
    fast.init(&mut ChaCha8Rng::seed_from_u64(1));
    precise.init(&mut ChaCha8Rng::seed_from_u64(1));
    assert_eq!(parameters(&fast), parameters(&precise));

    let mut file = [0; Fast::SAVED_LEN];
    fast.save(&mut file).expect("room");
    let mut read = Precise::ZERO;
    read.load(&file).expect("the same tensors");
    assert_eq!(read, precise);
}

/// The forward pass of training is that of inference: a target that is the output has no loss.
#[test]
fn training_sees_the_same_values() {
    type Fast = network!(#[approximate] 4 => 20 tanh => 10 gelu => 3 sigmoid);
    type Precise = network!(4 => 20 tanh => 10 gelu => 3 sigmoid);
    let ((fast, inputs), (precise, _)) = (random::<Fast, 4>(), random::<Precise, 4>());
    let outputs = inputs.map(|input| (input, fast.forward(&input)));
    assert_eq!(gradient(&fast, &outputs).0, 0.0);
    assert!(gradient(&precise, &outputs).0 > 0.0);

    let others = inputs.map(|input| (input, [0.25, 0.5, 0.75]));
    let ((_, fast), (_, precise)) = (gradient(&fast, &others), gradient(&precise, &others));
    assert_ne!(fast, precise);
    assert_close("gradient", &fast, &precise, 1e-4);
}

/// The loss over all rows, and the gradient.
fn gradient<N>(net: &N, data: &[([f32; 4], [f32; 3]); ROWS]) -> (f32, Vec<f32>)
where
    N: Trainable<Number = f32, Input = [f32; 4], Output = [f32; 3]>,
{
    let mut memory = Box::new(Training::<N, ROWS>::ZERO);
    let indices: [usize; ROWS] = std::array::from_fn(|i| i);
    let (loss, gradient) = memory.gradient(net, &MeanSquaredError, data, &indices).expect("a loss");
    (loss, parameters(gradient))
}

struct Own;

impl Activation for Own {
    type Keeps = After;
    const NAME: &'static str = "own";
    fn value<T: Scalar, V: Lanes<T>>(x: V) -> V {
        x.tanh()
    }
    fn slope<T: Scalar, V: Lanes<T>>(y: V, dy: V) -> V {
        dy * (V::splat(T::ONE) - y * y)
    }
}

/// An activation of one's own gets the approximations; a network inside has an attribute of its own.
#[test]
fn what_stands_in_a_network() {
    network! { struct Inner: 3 => 6 tanh; }
    type Fast = network!(#[approximate] 4 => 7 Own => [7 tanh] => (3 tanh | 2 softmax) => 3 Own => Inner tanh);
    type Precise = network!(4 => 7 Own => [7 tanh] => (3 tanh | 2 softmax) => 3 Own => Inner tanh);
    let ((fast, [x, ..]), (precise, _)) = (random::<Fast, 4>(), random::<Precise, 4>());
    let layers = |values: &mut Vec<(String, Vec<f32>)>, name: &str, layer: &[f32]| {
        values.push((name.to_string(), layer.to_vec()));
    };
    let (mut of_fast, mut of_precise) = (Vec::new(), Vec::new());
    fast.activations(&x, |layer, values| layers(&mut of_fast, layer.label, values));
    precise.activations(&x, |layer, values| layers(&mut of_precise, layer.label, values));
    let (label, own) = &of_fast[1];
    assert_eq!((label.as_str(), &of_fast[0]), ("own", &of_precise[0]));
    assert_ne!(*own, of_precise[1].1);

    let mut inner = Inner::ZERO;
    let all = parameters(&fast);
    set_parameters(&mut inner, &all[all.len() - Inner::PARAMETERS..]);
    let (before, inside) = (&of_fast[of_fast.len() - 4], &of_fast[of_fast.len() - 2]);
    assert_eq!((before.0.as_str(), inside.0.as_str()), ("own", "tanh"));
    let before: [f32; 3] = before.1.clone().try_into().expect("three values");
    assert_eq!(inner.forward(&before).to_vec(), inside.1);
}
