//! Plain arrays at the boundary: constants, large networks on small stacks, and values that are no numbers.

use nn_core::prelude::*;
use std::sync::Mutex;
use tests::{parameters, set_parameters};

network! { struct Xor: 2 => 8 relu => 4 sigmoid => 1; }
network! { struct Large: 784 => 256 relu => 200 relu => 100 relu => 10; }

#[test]
fn constants_count_what_they_say() {
    let numbers = (Xor::PARAMETERS, Xor::MACS, Xor::WORKSPACE, Xor::RAM, Xor::FLASH);
    assert_eq!(numbers, (65, 52, 12, 48, 260));
    // Nothing but its numbers, and what fills the last cache line.
    assert_eq!(size_of::<Xor>(), Xor::FLASH.next_multiple_of(align_of::<Xor>()));
    type Double = network!(f64; 2 => 8 relu => 4 sigmoid => 1);
    let numbers = (Double::PARAMETERS, Double::MACS, Double::WORKSPACE, Double::RAM, Double::FLASH);
    assert_eq!(numbers, (65, 52, 12, 96, 520));
    // Two neighbours at once, but for the input, which is not copied: 256 and 200.
    assert_eq!(Large::WORKSPACE, 456);
}

/// Both a network of many rows a tile, and one of few; as many rows as a tile, one less, one more, several and none.
#[test]
fn rows_of_any_number_are_those_of_one_by_one() {
    fn check<N, const IN: usize, const OUT: usize>(net: &mut N)
    where
        N: Trainable<Number = f32, Input = [f32; IN], Output = [f32; OUT]>,
    {
        net.init(&mut ChaCha8Rng::seed_from_u64(1));
        for rows in [0, 1, 31, 32, 33, 84, 85, 86, 200] {
            let input = |row: usize| std::array::from_fn(|at| ((row * 37 + at * 31) % 19) as f32 / 9.0 - 1.0);
            let inputs: Vec<[f32; IN]> = (0..rows).map(input).collect();
            let mut outputs = vec![[f32::NAN; OUT]; rows];
            assert_eq!(net.forward_all(&inputs, &mut outputs), Ok(()));
            assert!(inputs.iter().zip(&outputs).all(|(input, output)| net.forward(input) == *output), "{rows} rows");
        }
        let inputs: [[f32; IN]; 77] = std::array::from_fn(|row| std::array::from_fn(|at| (row + at) as f32 / 90.0));
        let mut outputs = [[f32::NAN; OUT]; 77];
        net.forward_batch(&inputs, &mut outputs);
        assert_eq!(outputs, inputs.map(|input| net.forward(&input)));
        let unequal = net.forward_all(&inputs, &mut outputs[..76]).expect_err("an output is missing");
        assert_eq!((unequal.inputs, unequal.outputs), (77, 76));
    }
    static MANY: Mutex<Large> = Mutex::new(Large::ZERO);
    let mut small = Xor::ZERO;
    check(&mut small);
    check(&mut *MANY.lock().expect("no panic"));
}

/// A hundred thousand rows in a thread whose stack of 64 kB would hold a thousand.
#[test]
fn working_memory_does_not_grow_with_the_rows() {
    std::thread::Builder::new()
        .stack_size(64 << 10)
        .spawn(|| {
            let mut net = Xor::ZERO;
            net.init(&mut ChaCha8Rng::seed_from_u64(1));
            let inputs: Box<[[f32; 2]; 100_000]> = vec![[0.5, 0.25]; 100_000].try_into().expect("as many");
            let mut outputs: Box<[[f32; 1]; 100_000]> = vec![[0.0]; 100_000].try_into().expect("as many");
            net.forward_batch(&inputs, &mut outputs);
            assert_eq!(outputs[99_999], net.forward(&[0.5, 0.25]));
            outputs.fill([0.0]);
            net.forward_all(inputs.as_slice(), outputs.as_mut_slice()).expect("as many");
            assert_eq!(outputs[99_999], net.forward(&[0.5, 0.25]));
        })
        .expect("a thread")
        .join()
        .expect("the stack is enough");
}

static LARGE: Mutex<Large> = Mutex::new(Large::ZERO);
static MEMORY: Mutex<Training<Large, 4>> = Mutex::new(Training::ZERO);

/// In a thread whose stack of 256 kB is less than a quarter of the network.
#[test]
fn a_large_network_never_passes_through_the_stack() {
    const { assert!(Large::PARAMETERS > 264_000) };
    std::thread::Builder::new()
        .stack_size(256 << 10)
        .spawn(|| {
            let mut net = LARGE.lock().expect("the network");
            let mut rng = ChaCha8Rng::seed_from_u64(1);
            net.init(&mut rng);
            assert_eq!(net.forward(&[0.0; 784]), [0.0; 10]);
            let y = net.forward(&[1.0; 784]);
            assert!(y.iter().all(|y| y.is_finite()) && y[0] != y[1]);

            let mut memory = MEMORY.lock().expect("the memory");
            let data = nn_core::dataset::from_fn(4, |_, x: &mut [f32; 784]| x.fill(1.0), |index| index);
            let mut sgd = Sgd::new(0.01);
            let mut trainer = Trainer::new(&mut memory, &mut sgd, CrossEntropy);
            trainer.step(&mut net, &data, &[0, 1, 2, 3]).expect("a step");
            assert_ne!(net.forward(&[1.0; 784]), y);
        })
        .expect("a thread")
        .join()
        .expect("no overflow");
}

/// In a thread whose stack is a quarter of the network: the network, two optimisers, the memory of training and early stopping,
/// each larger than that stack, and the same numbers as those of values.
#[test]
fn what_is_too_large_for_the_stack_goes_to_the_heap() {
    network! { struct Inner: 256 => 200 relu => 100; }
    network! { struct Nested: 784 => 256 relu => Inner relu => (dropout(0.1) => 20 | [100 tanh] => 20) => 10; }
    std::thread::Builder::new()
        .stack_size(256 << 10)
        .spawn(|| {
            let data = vec![([0.5; 784], 3); 4];
            let mut net = Nested::boxed();
            net.init(&mut ChaCha8Rng::seed_from_u64(1));
            let (mut memory, mut best) = (Training::<Nested, 64>::boxed(), EarlyStopping::<Nested>::boxed(2));
            let (mut adam, mut momentum) = (AdamW::boxed(0.001), Momentum::boxed(0.001, 0.9));
            let before = evaluate(&*net, &CrossEntropy, &data).expect("a loss");
            Trainer::new(&mut memory, &mut adam, CrossEntropy).full_step(&mut *net, &data).expect("a step");
            Trainer::new(&mut *memory, &mut *momentum, CrossEntropy).full_step(&mut *net, &data).expect("a step");
            let after = evaluate(&*net, &CrossEntropy, &data).expect("a loss");
            assert!(after < before);
            assert_eq!(best.see(0, after, &mut net), Continue(()));
            assert_eq!((best.patience, best.loss, best.waited), (2, after.into(), 0));
            assert_eq!((adam.learning_rate, adam.betas, adam.epsilon), (0.001, [0.9, 0.999], 1e-8));
            assert!(!momentum.nesterov && momentum.momentum == 0.9);
        })
        .expect("a thread")
        .join()
        .expect("the stack is enough");

    type Net = network!(3 => 4 tanh => 2);
    let steps = |optimizer: &mut RmsProp<Net>, memory: &mut Training<Net, 2>| {
        let mut net = Net::ZERO;
        net.init(&mut ChaCha8Rng::seed_from_u64(1));
        let mut trainer = Trainer::new(memory, optimizer, MeanSquaredError);
        for _ in 0..3 {
            trainer.full_step(&mut net, &[([0.1, 0.2, 0.3], [0.5, 0.25])]).expect("a step");
        }
        parameters(&net)
    };
    let mut memory = Training::ZERO;
    let of_values = steps(&mut RmsProp::new(0.1), &mut memory);
    assert_eq!(steps(&mut RmsProp::boxed(0.1), &mut Training::boxed()), of_values);
}

/// A layer of one's own may begin as something else than zeros, on the heap too.
#[test]
fn layers_of_ones_own_begin_as_they_say_on_the_heap() {
    use nn_core::chain::Chain;
    use nn_core::kernel::Isa;
    use nn_core::layer::{Layer, Tensor};
    use nn_core::network::Net;
    use nn_core::shape::{Row, Vector};
    use nn_core::typenum::U2;

    struct Seven(f32);
    impl Layer for Seven {
        type T = f32;
        type In = Vector<U2>;
        type Out = Vector<U2>;
        const ZEROED: Self = Self(7.0);
        const LABEL: &'static str = "seven";
        const MULTIPLIES: usize = 0;
        const TENSORS: &'static [Tensor] = &[];
        fn forward_rows<K: Isa>(&self, _: K, x: &[Row<f32, Self::In>], y: &mut [Row<f32, Self::Out>]) {
            y.clone_from_slice(x);
            y.iter_mut().flatten().for_each(|y| *y += self.0);
        }
    }
    assert_eq!(Net::<2, 2, Seven>::boxed().forward(&[1.0, 2.0]), [8.0, 9.0]);
    assert_eq!(Net::<2, 2, Chain<Seven, Seven>>::boxed().forward(&[1.0, 2.0]), [15.0, 16.0]);
}

#[test]
#[allow(unsafe_code)]
fn a_zeroed_box_is_a_network() {
    // SAFETY: all bytes zero are a valid network, as `Network` promises.
    let mut net: Box<Large> = unsafe { Box::new_zeroed().assume_init() };
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    let largest = parameters(&*net).iter().fold(0.0_f32, |largest, x| largest.max(x.abs()));
    assert!(largest > 0.0 && largest < 1.0);
}

#[test]
fn a_nan_reaches_every_output_that_depends_on_it() {
    type Net = network!(2 => 3 relu => 2 softmax);
    let mut net = Net::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    assert!(net.forward(&[f32::NAN, 1.0]).iter().all(|y| y.is_nan()));
    let mut outputs = [[0.0; 2]; 3];
    net.forward_batch(&[[0.0, 1.0], [f32::NAN, 1.0], [1.0, 0.0]], &mut outputs);
    assert_eq!(outputs.map(|y| y.iter().any(|y| y.is_nan())), [false, true, false]);
}

#[test]
fn infinities_are_pytorchs() {
    // torch: Linear with weights [[1, -1]], [[0, 2]] and biases [0.5, -1] at (inf, 1), (-inf, 1) and (inf, inf).
    type Net = network!(2 => 2);
    let mut net = Net::ZERO;
    set_parameters(&mut net, &[1.0, 0.0, -1.0, 2.0, 0.5, -1.0]);
    let inf = f32::INFINITY;
    let [a, b] = net.forward(&[inf, 1.0]);
    assert!(a == inf && b.is_nan());
    let [a, b] = net.forward(&[-inf, 1.0]);
    assert!(a == -inf && b.is_nan());
    let [a, b] = net.forward(&[inf, inf]);
    assert!(a.is_nan() && b.is_nan());
}

#[test]
fn each_activation_can_be_looked_at() {
    let mut net = Xor::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    let mut seen = Vec::new();
    let y = net.activations(&[0.3, -0.8], |layer, values| {
        assert_eq!(layer.place.to_string(), seen.len().to_string());
        assert_eq!(layer.label, ["dense", "relu", "dense", "sigmoid", "dense"][seen.len()]);
        seen.push(values.to_vec());
    });
    let [dense, relu, _, sigmoid, output] = seen.as_slice() else { panic!("five rows of the summary") };
    assert_eq!(y, net.forward(&[0.3, -0.8]));
    assert_eq!(output, &y);
    assert!(dense.iter().zip(relu).all(|(x, y)| *y == x.max(0.0)));
    assert!(sigmoid.iter().all(|y| *y > 0.0 && *y < 1.0));
    // The first layer by hand.
    let all = parameters(&net);
    let by_hand = |o: usize| all[16 + o] + 0.3 * all[o] - 0.8 * all[8 + o];
    assert!(dense.iter().enumerate().all(|(o, x)| (x - by_hand(o)).abs() < 1e-6));
}

#[test]
fn the_first_weights_suit_the_activation_that_follows() {
    type Net = network!(f64; 100 => 200 relu => 50 selu => 20 tanh => 10);
    let mut net = Net::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(7));
    let bounds = [(6.0_f64 / 100.0).sqrt(), (3.0_f64 / 200.0).sqrt(), (6.0_f64 / 70.0).sqrt(), (6.0_f64 / 30.0).sqrt()];
    let mut bounds = bounds.iter();
    net.parameters(|kind, values| match kind {
        Kind::Weight => {
            let bound = bounds.next().expect("four layers");
            let largest = values.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
            assert!(largest < *bound && largest > 0.95 * bound);
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            let deviation = (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt();
            // A uniform distribution has the deviation bound / √3.
            assert!((deviation * 3.0_f64.sqrt() / bound - 1.0).abs() < 0.1);
        }
        _ => assert!(values.iter().all(|x| *x == 0.0)),
    });
    assert!(bounds.next().is_none());
}
