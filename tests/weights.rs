//! Networks that PyTorch trained give its outputs, read when they are compiled and when they run.

use examples::mnist;
use nn_core::metric::Confusion;
use nn_core::prelude::*;
use nn_core::weights::{load_file, save_file};
use std::path::{Path, PathBuf};
use tests::parameters;

network! {
    #[weights("models/iris_mlp.safetensors")]
    #[golden("models/iris_mlp.expected.safetensors", tolerance = 1e-4)]
    pub struct Iris: 4 => 16 relu => 3;
}
network! {
    #[weights("models/digits_mlp.safetensors")]
    #[golden("models/digits_mlp.expected.safetensors", tolerance = 1e-4)]
    pub struct Digits: 64 => 32 relu => 10;
}
network! {
    #[weights("models/mnist_mlp.safetensors")]
    #[golden("models/mnist_mlp.expected.safetensors", tolerance = 1e-4)]
    pub struct Mnist: 784 => 128 relu => 10;
}
network! {
    #[weights("models/mnist1d_conv.safetensors")]
    #[golden("models/mnist1d_conv.expected.safetensors", tolerance = 1e-5)]
    pub struct Mnist1d: 1x40 => conv(12, 5, stride = 2) relu => conv(24, 3, dilation = 2) relu => global_avg_pool => flatten => 10;
}

network! {
    #[weights("models/mnist_cnn.safetensors")]
    #[golden("models/mnist_cnn.expected.safetensors", tolerance = 1e-4)]
    pub struct MnistCnn: 1x28x28 => conv(8, 3) relu => max_pool(2) => conv(16, 3) relu => max_pool(2) => flatten => 10;
}

network! {
    #[weights("models/mnist_bn_cnn.safetensors")]
    #[golden("models/mnist_bn_cnn.expected.safetensors", tolerance = 1e-4)]
    pub struct MnistNormed: 1x28x28 => conv(8, 3, padding = 1, bias = false) => batch_norm relu => max_pool(2)
        => depthwise(3, padding = 1) => conv(16, 1) => batch_norm relu => global_avg_pool => flatten => 10;
}

fn models() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models")
}

#[test]
fn self_tests_pass() {
    assert_eq!(Iris::self_test(), Ok(()));
    assert_eq!(Digits::self_test(), Ok(()));
    assert_eq!(Mnist::self_test(), Ok(()));
    assert_eq!(Mnist1d::self_test(), Ok(()));
    assert_eq!(MnistCnn::self_test(), Ok(()));
    assert_eq!(MnistNormed::self_test(), Ok(()));
}

#[test]
fn mnist_is_classified_as_by_pytorch() {
    let [_, test] = mnist::images();
    let confusion = Confusion::of(Mnist::TRAINED, &test).expect("a test");
    assert_eq!((confusion.accuracy() * 1_000.0).round(), 973.0);
    let confusion = Confusion::of(MnistCnn::TRAINED, &test).expect("a test");
    assert_eq!((confusion.accuracy() * 1_000.0).round(), 972.0);
}

fn reads_the_same<N: Trainable<Number = f32>>(name: &str, trained: &N) {
    for extension in ["safetensors", "npz"] {
        let mut net = N::ZERO;
        load_file(&mut net, models().join(name).with_extension(extension)).expect("a file");
        assert_eq!(parameters(&net), parameters(trained), "{name}.{extension}");
    }
    let path = std::env::temp_dir().join(format!("nn-core-{}-{name}", std::process::id()));
    save_file(trained, &path).expect("a file");
    let mut again = N::ZERO;
    load_file(&mut again, &path).expect("what was saved");
    assert_eq!(parameters(&again), parameters(trained));
    std::fs::remove_file(path).expect("the file");
}

#[test]
fn files_are_read_at_run_time_as_when_compiling() {
    reads_the_same("iris_mlp", Iris::TRAINED);
    reads_the_same("digits_mlp", Digits::TRAINED);
    reads_the_same("mnist1d_conv", Mnist1d::TRAINED);
    reads_the_same("mnist_cnn", MnistCnn::TRAINED);
    reads_the_same("mnist_bn_cnn", MnistNormed::TRAINED);
    std::thread::Builder::new()
        .stack_size(8 << 20)
        .spawn(|| reads_the_same("mnist_mlp", Mnist::TRAINED))
        .expect("a thread")
        .join()
        .expect("the same");
}

/// A sample that is not met is named, with the output and both values.
#[test]
fn a_mismatch_is_named() {
    let agrees = |outputs: &[f32], tolerance| {
        let inputs: Vec<u8> = [0.5_f32; 12].iter().flat_map(|number| number.to_le_bytes()).collect();
        let outputs: Vec<u8> = outputs.iter().flat_map(|number| number.to_le_bytes()).collect();
        nn_core::weights::agrees(Iris::TRAINED, &inputs, &outputs, tolerance)
    };
    let [a, b, c] = Iris::TRAINED.forward(&[0.5; 4]);
    assert_eq!(agrees(&[a, b, c, a, b, c, a, b, c], 1e-9), Ok(()));
    let mismatch = agrees(&[a, b, c, a, b + 0.25, c, a, b, c + 1.0], 1e-3).expect_err("a mismatch");
    assert_eq!((mismatch.sample, mismatch.output), (1, 1));
    assert!((mismatch.expected - mismatch.found - 0.25).abs() < 1e-6);
    let text = mismatch.to_string();
    assert!(text.starts_with("output 1 of sample 1 is ") && text.contains(", but the file says "), "{text}");
    assert!(agrees(&[a, b, f32::NAN], 1e9).is_err());
}

/// Nothing is copied at start-up, and one network serves all threads.
#[test]
fn a_constant_network_is_shared() {
    fn is_shared<T: Send + Sync>(_: &'static T) {}
    is_shared(Digits::TRAINED);
    assert!(std::ptr::eq(Digits::TRAINED, Digits::TRAINED));
    assert_eq!(size_of::<Digits>(), Digits::FLASH.next_multiple_of(align_of::<Digits>()));
    let x = [0.5; 64];
    let here = Digits::TRAINED.forward(&x);
    let there = std::thread::spawn(move || Digits::TRAINED.forward(&x)).join().expect("a thread");
    assert_eq!(here, there);
}

/// The numbers are in a section that is read-only and has no relocations, once.
#[cfg(target_os = "linux")]
#[test]
fn constants_lie_in_read_only_memory() {
    use object::{Object, ObjectSection};
    let program = std::fs::read("/proc/self/exe").expect("the program");
    let program = object::File::parse(program.as_slice()).expect("an executable");
    let numbers: Vec<u8> = parameters(Mnist::TRAINED).iter().flat_map(|number| number.to_le_bytes()).collect();
    assert_eq!(numbers.len(), 4 * 101_770);
    let sections = program.sections().filter(|section| {
        let data = section.data().unwrap_or_default();
        // The first bytes find the place quickly.
        data.windows(64).enumerate().any(|(at, start)| start == &numbers[..64] && data[at..].starts_with(&numbers))
    });
    let names: Vec<_> = sections.map(|section| section.name().expect("a name").to_string()).collect();
    assert_eq!(names, [".rodata"]);
}

/// What cargo looks at to see whether to compile again.
#[test]
fn a_change_of_the_file_is_a_change_of_the_program() {
    let program = std::env::current_exe().expect("the program");
    let stem = program.file_stem().and_then(|stem| stem.to_str()).expect("a name");
    let list = std::fs::read_to_string(program.with_file_name(format!("{stem}.d"))).expect("its list of files");
    for file in ["digits_mlp.safetensors", "digits_mlp.expected.safetensors", "mnist_mlp.safetensors", "iris_mlp.npz"] {
        assert!(list.contains(&format!("models/{file}")), "{file} is not in\n{list}");
    }
}

/// A file of foreign names, half of them put right by names in the declaration and half by a table; and NumPy's format.
#[test]
fn names_of_other_files() {
    network! {
        #[weights("models/wrong/renamed.safetensors", names("2" = "head.out"))]
        struct Renamed: 4 => fc1: 3 relu => 2;
    }
    network! {
        #[weights("models/wrong/renamed.safetensors", names(first = "fc1", "2" = "head.out",))]
        struct Table: 4 => first: 3 relu => 2;
    }
    network! { #[weights("models/iris_mlp.npz")] struct Npz: 4 => 16 relu => 3; }
    network! { #[weights("models/iris_mlp.safetensors", names("3" = "2"))] struct Wide: f64; 4 => 16 relu => dropout(0.5) => 3; }
    assert_eq!(parameters(Renamed::TRAINED), [0.0; 23]);
    assert_eq!(parameters(Table::TRAINED), [0.0; 23]);
    assert_eq!(parameters(Npz::TRAINED), parameters(Iris::TRAINED));
    let wide: Vec<_> = parameters(Iris::TRAINED).into_iter().map(f64::from).collect();
    assert_eq!(parameters(Wide::TRAINED), wide);
}

network! {
    #[weights("models/round_trip.safetensors")]
    #[golden("models/round_trip.safetensors.expected", tolerance = 1e-6)]
    struct RoundTrip: 3 => first: 6 relu => [6 relu => 6] tanh => (2 | 3 sigmoid => 4) => 2;
}

/// The network that went through PyTorch.
fn before_pytorch() -> Vec<u8> {
    let mut net = RoundTrip::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(11));
    let mut bytes = vec![0; RoundTrip::SAVED_LEN];
    net.save(&mut bytes).expect("room");
    bytes
}

/// From here to PyTorch, and from PyTorch to here, when it was recorded: bit for bit.
#[test]
fn the_recorded_round_trip_is_exact() {
    let mut net = RoundTrip::ZERO;
    net.load(&before_pytorch()).expect("a file");
    assert_eq!(parameters(&net), parameters(RoundTrip::TRAINED));
    net.load(include_bytes!("models/round_trip.safetensors")).expect("a file");
    assert_eq!(parameters(&net), parameters(RoundTrip::TRAINED));
}

/// The same with the PyTorch that is here: `PYTHON=… cargo test`, or `python3`.
#[test]
fn a_round_trip_through_pytorch_is_exact() {
    let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let has_pytorch = std::process::Command::new(&python).args(["-c", "import torch, safetensors"]).output();
    if !has_pytorch.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: there is no PyTorch; `pip install torch safetensors`, and PYTHON for another interpreter");
        return;
    }
    let folder = std::env::temp_dir().join(format!("nn-core-round-trip-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let (from, to) = (folder.join("from.safetensors"), folder.join("to.safetensors"));
    std::fs::write(&from, before_pytorch()).expect("a file");
    let script = models().join("round_trip.py");
    let output = std::process::Command::new(&python).arg(script).args([&from, &to]).output().expect("the script");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut net = RoundTrip::ZERO;
    load_file(&mut net, &to).expect("what PyTorch wrote");
    assert_eq!(parameters(&net), parameters(RoundTrip::TRAINED));
    std::fs::remove_dir_all(folder).expect("the folder");
}

const HIDDEN: usize = 16;

network! { #[weights("models/iris_mlp.safetensors")] struct ByConstants: { 2 + 2 } => { HIDDEN } relu => dense(nn_core::typenum::U3); }

/// A network of constants has its parameters from a file, as one of plain integers has.
#[test]
fn widths_may_be_constants() {
    assert_eq!(parameters(ByConstants::TRAINED), parameters(Iris::TRAINED));
}

network! { struct Head: 3 => 6; }
network! { struct Tail: 6 => (2 | 3 sigmoid => 4) => last: 2; }
network! {
    #[weights("models/round_trip.safetensors", names("0.0" = "first", "4.0" = "4", "4.last" = "5"))]
    #[golden("models/round_trip.safetensors.expected", tolerance = 1e-6)]
    struct ByParts: 3 => Head relu => [6 relu => { HIDDEN - 10 }] tanh => Tail;
}

/// Networks in a network have theirs too, wherever padding is.
#[test]
fn networks_in_networks_are_filled() {
    assert_eq!(parameters(ByParts::TRAINED), parameters(RoundTrip::TRAINED));
    assert_eq!(ByParts::self_test(), Ok(()));
}

/// The same network as other programs write it, and read by both readers: under words that wrappers add, with kernels, by
/// columns, with the highest byte first, without `.npy`, beside a text and records.
#[test]
fn odd_files_are_read() {
    macro_rules! same {
        ($($file:literal),*) => {$({
            network! { #[weights($file)] struct Odd: 4 => 3 relu => 2; }
            let mut net = Odd::ZERO;
            net.load(include_bytes!($file)).expect($file);
            assert_eq!(parameters(&net), parameters(Plain::TRAINED), "{}", $file);
            assert_eq!(parameters(Odd::TRAINED), parameters(Plain::TRAINED), "{}", $file);
        })*};
    }
    network! { #[weights("models/odd/plain.safetensors")] struct Plain: 4 => 3 relu => 2; }
    network! { #[weights("models/odd/kernels.safetensors")] struct ByNames: 4 => { 1 + 2 } relu => 2; }
    network! { #[weights("models/odd/wrapped.safetensors")] struct Wrapped: 4 => { 1 + 2 } relu => { 1 + 1 }; }
    network! { #[weights("models/odd/doubles.npz")] struct Doubles: f64; 4 => 3 relu => 2; }
    same!("models/odd/wrapped.safetensors", "models/odd/kernels.safetensors", "models/odd/columns.npz");
    same!("models/odd/big_endian.npz", "models/odd/bare.npz");
    {
        #![allow(deprecated, reason = "the records are no tensor of the network")]
        same!("models/odd/company.npz");
    }
    assert_eq!(parameters(ByNames::TRAINED), parameters(Plain::TRAINED));
    assert_eq!(parameters(Wrapped::TRAINED), parameters(Plain::TRAINED));
    let doubles: Vec<_> = parameters(Plain::TRAINED).into_iter().map(f64::from).collect();
    assert_eq!(parameters(Doubles::TRAINED), doubles);
}
