//! Gradients from what the user computes, by the parameters and by the input, and networks as vectors.

use nn_core::layer::Kind;
use nn_core::prelude::*;
use nn_core::train::{Sequence, Trace};
use tests::{assert_close, assert_gradient, parameters, set_parameters};

network! {
    struct Seen: f64; 2x4x3 => conv(3, 2, padding = 1) => batch_norm tanh => dropout(0.5) => [conv(3, 3, padding = 1) sigmoid] => max_pool(2)
        => flatten => dropout(0.25) => 3 => batch_norm => 2;
}

fn seen() -> Seen {
    let mut net = Seen::ZERO;
    let numbers: Vec<f64> = (0..Seen::PARAMETERS).map(|at| 0.2 + ((at * 7919 + 17) % 1009) as f64 / 1009.0).collect();
    set_parameters(&mut net, &numbers);
    net
}

fn rows<const ROWS: usize>() -> [[f64; 24]; ROWS] {
    core::array::from_fn(|row| core::array::from_fn(|at| ((at * 61 + row * 31) % 47) as f64 / 23.0 - 1.0))
}

/// In use: nothing is left out, and norms take what they have learnt; values of several channels lie as they are given.
#[test]
fn gradients_in_use_are_those_of_the_network_as_it_runs() {
    let (net, [x]) = (seen(), rows::<1>());
    let mut trace = Trace::<Seen, 1>::ZERO;
    let slope = |y: &[f64; 2]| 1.5 * y[0] - 0.5 * y[1];
    let [y] = trace.forward(&net, &[x]);
    assert_close("outputs", y, &net.forward(&x), 1e-12);
    let mut gradient = Vec::new();
    trace.backward(&net, &[[1.5, -0.5]]).parameters(|kind, values| {
        if matches!(kind, Kind::Running) {
            gradient.extend(values.iter().map(|_| f64::NAN));
        } else {
            gradient.extend_from_slice(values);
        }
    });
    assert_gradient("by the input", trace.input_gradient(0), &x, |x| {
        slope(&net.forward(x.try_into().expect("an input")))
    });
    assert_eq!(trace.input_gradient(1), []);
    // What is not stepped stays what it is.
    let mut running: Vec<f64> = Vec::new();
    trace.backward(&net, &[[1.5, -0.5]]).parameters(|kind, values| {
        running.extend(values.iter().filter(|_| kind == Kind::Running));
    });
    let mut expected: Vec<f64> = Vec::new();
    net.parameters(|kind, values| expected.extend(values.iter().filter(|_| kind == Kind::Running)));
    assert_eq!(running, expected);
    let stepped: Vec<usize> = (0..gradient.len()).filter(|at| !gradient[*at].is_nan()).collect();
    let all = parameters(&net);
    let (by, at): (Vec<f64>, Vec<f64>) = stepped.iter().map(|at| (gradient[*at], all[*at])).unzip();
    assert_gradient("by the parameters", &by, &at, |values| {
        let mut numbers = all.clone();
        stepped.iter().zip(values).for_each(|(at, value)| numbers[*at] = *value);
        let mut net = Seen::ZERO;
        set_parameters(&mut net, &numbers);
        slope(&net.forward(&x))
    });
}

/// In training: the same values are left out on the way back, and a norm's statistics depend on every row.
#[test]
fn gradients_in_training_are_those_of_the_pass_in_training() {
    let (net, x) = (seen(), rows::<3>());
    let mut trace = Trace::<Seen, 3>::boxed();
    let slopes = [[1.0, -0.5], [0.25, 2.0], [-1.0, 0.5]];
    let loss = |trace: &mut Trace<Seen, 3>, x: &[[f64; 24]; 3]| -> f64 {
        let y = trace.forward_in_training(&net, x, 7);
        y.as_flattened().iter().zip(slopes.as_flattened()).map(|(y, slope)| y * slope).sum()
    };
    loss(&mut trace, &x);
    trace.backward(&net, &slopes);
    let by_inputs: Vec<f64> = (0..3).flat_map(|row| trace.input_gradient(row).to_vec()).collect();
    assert_gradient("three rows", &by_inputs, x.as_flattened(), |x| {
        loss(&mut Trace::boxed(), x.as_chunks().0.try_into().expect("three rows"))
    });
    assert_ne!(loss(&mut trace, &x), {
        let y = trace.forward_in_training(&net, &x, 8);
        y.as_flattened().iter().zip(slopes.as_flattened()).map(|(y, slope)| y * slope).sum()
    });
}

/// A loss of one's own has the gradient of the library's.
#[test]
fn a_mean_squared_error_by_hand_is_that_of_the_library() {
    network! { struct Net: f64; 3 => 5 tanh => 2; }
    let mut net = Net::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    let data = [([0.1, -0.4, 2.0], [1.0, 0.5]), ([1.0, 0.3, -0.7], [0.0, -1.0])];
    let mut memory = Training::<Net, 2>::ZERO;
    let (_, gradient) = memory.full_gradient(&net, &MeanSquaredError, &data).expect("samples");
    let mut trace = Trace::<Net, 2>::ZERO;
    let y = *trace.forward(&net, &data.map(|(x, _)| x));
    let slopes = core::array::from_fn(|row| core::array::from_fn(|at| (y[row][at] - data[row].1[at]) / 2.0));
    assert_close("gradient", &parameters(trace.backward(&net, &slopes)), &parameters(gradient), 1e-12);
    // The network, its gradient, and of each row the input twice, the output twice, tape and arena.
    let row = 2 * (3 + 2) + 5 + (5 + 5);
    assert!(size_of::<Trace<Net, 2>>() <= size_of::<Net>() + 8 * (2 * row + 1) + 64, "{}", size_of::<Trace<Net, 2>>());
}

/// Through time, and images that come as bytes.
#[test]
fn sequences_and_bytes_have_gradients_by_their_inputs() {
    network! { struct Cell: f64; stream 2 => gru(3) => 1; }
    let mut net = Sequence::<Cell, 5>::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    let x: [[f64; 2]; 5] = core::array::from_fn(|step| [step as f64 / 5.0, -0.3]);
    let mut trace = Trace::<Sequence<Cell, 5>, 1>::ZERO;
    trace.forward(&net, &[x]);
    trace.backward(&net, &[[[0.0], [0.0], [0.5], [0.0], [1.0]]]);
    assert_gradient("steps", trace.input_gradient(0), x.as_flattened(), |x| {
        let y = net.forward(x.as_chunks().0.try_into().expect("five steps"));
        0.5 * y[2][0] + y[4][0]
    });

    network! { struct Bytes: f64; u8 2x3x2 => standardize(deviation = 4) => conv(2, 2) => flatten => 1; }
    network! { struct Same: f64; 2x3x2 => standardize(deviation = 4) => conv(2, 2) => flatten => 1; }
    let (mut net, mut same) = (Bytes::ZERO, Same::ZERO);
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    same.init(&mut ChaCha8Rng::seed_from_u64(1));
    let image = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8];
    let mut trace = Trace::<Bytes, 1>::ZERO;
    assert_eq!(*trace.forward(&net, &[image]), [net.forward(&image)]);
    trace.backward(&net, &[[1.0]]);
    assert_gradient("pixels", trace.input_gradient(0), &image.map(f64::from), |x| {
        same.forward(x.try_into().expect("pixels"))[0]
    });
}

/// Statistics are taken over, and are no part of the vector.
#[test]
fn networks_are_vectors() {
    network! { struct Net: f64; 2 => standardize => 3 => batch_norm => 1; }
    let (mut net, mut other) = (Net::ZERO, Net::ZERO);
    net.parameters_mut(|_, values| values.fill(1.0));
    other.parameters_mut(|_, values| values.fill(5.0));
    let statistics = |net: &Net| {
        let (mut kept, mut stepped) = (Vec::new(), Vec::new());
        net.parameters(|kind, values| {
            let is_kept = matches!(kind, Kind::Statistic | Kind::Running);
            if is_kept { kept.extend_from_slice(values) } else { stepped.extend_from_slice(values) }
        });
        (kept, stepped)
    };
    let count = 2 * 3 + 3 + 2 * 3 + 3 + 1;
    net.approach(&other, 0.25);
    assert_eq!(statistics(&net), (vec![5.0; 4 + 6], vec![2.0; count]));
    net.add_scaled(&other, -0.2);
    assert_eq!(statistics(&net), (vec![5.0; 4 + 6], vec![1.0; count]));
    net.scale(3.0);
    assert_eq!(statistics(&net), (vec![5.0; 4 + 6], vec![3.0; count]));
    assert!((net.norm() - (9.0 * count as f64).sqrt()).abs() < 1e-12);
}
