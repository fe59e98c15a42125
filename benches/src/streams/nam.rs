//! nam-rs, which reads a `.nam`.

use super::{BLOCK, Net, Weights};
use crate::timing::Entry;

pub const NAME: &str = "nam-rs";

#[cfg(not(feature = "nam-rs"))]
pub fn contestant(_net: Net, _weights: &Weights, _x: [f32; BLOCK]) -> Option<Entry> {
    None
}

/// The same network from a file that says it.
#[cfg(feature = "nam-rs")]
pub fn contestant(net: Net, weights: &Weights, x: [f32; BLOCK]) -> Option<Entry> {
    let file = match net {
        Net::Gru => return None,
        Net::Lstm => lstm(weights),
        _ => wavenet(net, weights),
    };
    let model = nam_rs::NamModel::from_json_str(&file).expect("a model");
    let amp = nam_rs::Model::from_nam(&model).expect("a network");
    let call = |(amp, x, y): &mut (nam_rs::Model, [f32; BLOCK], [f32; BLOCK])| {
        *y = *x;
        amp.process_buffer(&mut y[..]);
    };
    Some(Entry::job(NAME, (amp, x, [0.0; BLOCK]), call, |(_, _, y)| y.to_vec()))
}

#[cfg(feature = "nam-rs")]
fn file(architecture: &str, config: &str, numbers: &[f32]) -> String {
    format!(
        r#"{{"version": "0.5.4", "metadata": {{}}, "architecture": "{architecture}", "config": {config}, "weights": {numbers:?}, "sample_rate": 48000}}"#
    )
}

#[cfg(feature = "nam-rs")]
fn wavenet(net: Net, weights: &Weights) -> String {
    let (shape, mut inputs, mut arrays) = (net.shape(), 1, Vec::new());
    let is_second = matches!(net, Net::A2Full | Net::A2Lite);
    for (at, (channels, layers)) in shape.arrays.iter().enumerate() {
        let dilations: Vec<_> = layers.iter().map(|[_, dilation]| dilation).collect();
        let kernels: Vec<_> = layers.iter().map(|[taps, _]| taps).collect();
        let next = shape.arrays.get(at + 1).map_or(1, |(channels, _)| *channels);
        let is_last = at + 1 == shape.arrays.len();
        let rest = if is_second {
            let all = |text: &str| vec![text; layers.len()].join(", ");
            let activation = all(r#"{"type": "LeakyReLU", "negative_slope": 0.01}"#);
            let head = shape.head;
            format!(
                r#""head": {{"out_channels": {next}, "kernel_size": {head}, "bias": true}}, "kernel_sizes": {kernels:?}, "activation": [{activation}], "bottleneck": {channels}, "layer1x1": {{"active": true, "groups": 1}}, "head1x1": {{"active": false, "out_channels": 1, "groups": 1}}"#
            )
        } else {
            format!(
                r#""head_size": {next}, "kernel_size": 3, "activation": "Tanh", "gated": false, "head_bias": {is_last}"#
            )
        };
        arrays.push(format!(
            r#"{{"input_size": {inputs}, "condition_size": 1, "channels": {channels}, "dilations": {dilations:?}, {rest}}}"#
        ));
        inputs = *channels;
    }
    let mut numbers: Vec<f32> = weights.tensors.iter().flat_map(super::Tensor::by_rows).collect();
    numbers.push(1.0);
    file("WaveNet", &format!(r#"{{"layers": [{}], "head": null, "head_scale": 1.0}}"#, arrays.join(", ")), &numbers)
}

#[cfg(feature = "nam-rs")]
fn lstm(weights: &Weights) -> String {
    let of = |tensor: usize| weights.tensors[tensor].by_rows();
    let (x, h) = (of(0), of(1));
    let mut numbers: Vec<f32> = (0..64).flat_map(|row| [&x[row..=row], &h[row * 16..][..16]].concat()).collect();
    numbers.extend(of(2).iter().zip(of(3)).map(|(a, b)| a + b));
    numbers.extend([0.0; 32]);
    numbers.extend(of(4));
    numbers.extend(of(5));
    file("LSTM", r#"{"input_size": 1, "hidden_size": 16, "num_layers": 1}"#, &numbers)
}
