//! The networks of `examples::networks`: as large as others count them, and what PyTorch gives in double precision.

use examples::networks::{DsCnn, Lenet5, Mobilenet, Resnet8};
use nn_core::layer::Kind;
use nn_core::prelude::*;
use safetensors::SafeTensors;
use safetensors::tensor::TensorView;
use std::fs;
use std::path::Path;

fn file(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("models/networks").join(name)).expect("a file")
}

/// The network of a file whose layers are called so, in their order: its tensors with our names.
fn trained<N: Trainable<Number = f32>>(name: &str, layers: &[String]) -> Box<N> {
    let theirs = file(name);
    let theirs = SafeTensors::deserialize(&theirs).expect("their file");
    let kinds = ["weight", "bias", "running_mean", "running_var"];
    let all = layers.iter().flat_map(|layer| kinds.iter().map(move |kind| format!("{layer}.{kind}")));
    let all = all.filter_map(|name| theirs.tensor(&name).ok());

    // The names of ours, in the order of memory.
    let (mut net, mut saved) = (N::boxed(), vec![0; N::SAVED_LEN]);
    net.save(&mut saved).expect("room");
    let (names, all) = (names(&saved), all.collect::<Vec<_>>());
    assert_eq!(names.len(), all.len(), "{name}");
    let ours = safetensors::serialize(names.into_iter().zip(all), None).expect("a file");
    net.load(&ours).expect("our file");
    net
}

/// The names of a file's tensors in the order of their numbers.
fn names(file: &[u8]) -> Vec<String> {
    let file = SafeTensors::deserialize(file).expect("a file");
    let mut all: Vec<_> = file.iter().map(|(name, view)| (view.data().as_ptr() as usize, name.to_string())).collect();
    all.sort();
    all.into_iter().map(|(_, name)| name).collect()
}

fn numbers(view: &TensorView<'_>) -> Vec<f32> {
    view.data().as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

/// That the network has so many parameters that are learnt and so many multiply-accumulates, and gives the logits of its four rows.
fn agrees<N, const IN: usize, const OUT: usize>(name: &str, layers: &[String], [parameters, macs]: [usize; 2])
where
    N: Trainable<Number = f32, Input = [f32; IN], Output = [f32; OUT]>,
{
    let net = trained::<N>(&format!("{name}.safetensors"), layers);
    let mut learnt = 0;
    net.parameters(|kind, values| learnt += if kind == Kind::Running { 0 } else { values.len() });
    assert_eq!([learnt, N::MACS], [parameters, macs], "{name}");
    let expected = file(&format!("{name}.expected.safetensors"));
    let expected = SafeTensors::deserialize(&expected).expect("a file");
    let [x, logits] = ["x", "logits"].map(|name| numbers(&expected.tensor(name).expect("a tensor")));
    let (x, logits) = (x.as_chunks::<IN>().0, logits.as_chunks::<OUT>().0);
    let mut all = vec![[0.0; OUT]; x.len()];
    net.forward_all(x, &mut all).expect("as many");
    for (row, (x, expected)) in x.iter().zip(logits).enumerate() {
        let found = net.forward(x);
        assert_eq!(found, all[row], "{name}, row {row}: other bits in a batch");
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-4, "{name}, row {row}: {found} and {expected}");
        }
    }
    assert_eq!(x.len(), 4, "{name}");
}

fn named(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| name.to_string()).collect()
}

#[test]
fn lenet5_gives_the_logits_of_pytorch() {
    agrees::<Lenet5, 784, 10>("lenet5", &named(&["conv1", "conv2", "dense1", "dense2", "dense3"]), [61_706, 416_520]);
}

#[test]
fn ds_cnn_gives_the_logits_of_pytorch() {
    let pairs = (1..=4).flat_map(|at| [format!("depthwise{at}"), format!("pointwise{at}")]);
    let layers: Vec<_> = named(&["conv"]).into_iter().chain(pairs).chain(named(&["dense"])).collect();
    agrees::<DsCnn, 490, 12>("ds_cnn", &layers, [22_604, 2_656_768]);
}

#[test]
fn resnet8_gives_the_logits_of_pytorch() {
    let layers = [
        "conv",
        "stack1.main.conv1",
        "stack1.main.conv2",
        "stack2.main.conv1",
        "stack2.main.conv2",
        "stack2.shortcut",
        "stack3.main.conv1",
        "stack3.main.conv2",
        "stack3.shortcut",
        "dense",
    ];
    agrees::<Resnet8, 3_072, 10>("resnet8", &named(&layers), [77_706, 12_501_632]);
}

#[test]
fn mobilenet_gives_the_logits_of_pytorch() {
    let blocks = (1..=13).flat_map(|at| [format!("depthwise{at}"), format!("pointwise{at}")]);
    let layers = named(&["conv"]).into_iter().chain(blocks).flat_map(|layer| [layer.clone(), format!("{layer}_norm")]);
    let layers: Vec<_> = layers.chain(named(&["dense"])).collect();
    agrees::<Mobilenet, 27_648, 2>("mobilenet", &layers, [213_586, 7_489_664]);
}
