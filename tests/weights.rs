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

fn models() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models")
}

#[test]
fn self_tests_pass() {
    assert_eq!(Iris::self_test(), Ok(()));
    assert_eq!(Digits::self_test(), Ok(()));
    assert_eq!(Mnist::self_test(), Ok(()));
}

#[test]
fn mnist_is_classified_as_by_pytorch() {
    let [_, test] = mnist::images();
    let confusion = Confusion::of(Mnist::TRAINED, &test).expect("a test");
    assert_eq!((confusion.accuracy() * 1_000.0).round(), 973.0);
}

fn reads_the_same<N: Network<Scalar = f32>>(name: &str, trained: &N) {
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
    std::thread::Builder::new()
        .stack_size(8 << 20)
        .spawn(|| reads_the_same("mnist_mlp", Mnist::TRAINED))
        .expect("a thread")
        .join()
        .expect("the same");
}
