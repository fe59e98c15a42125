//! `burn`, on its CPU backend, Flex.

use super::graph::{Graph, Op, Tensor as Numbers};
use super::{Case, RATE};
use crate::timing::Entry;
use burn::module::{Module, Param};
use burn::nn::loss::CrossEntropyLossConfig;
use burn::optim::{GradientsParams, SgdConfig};
use burn::tensor::activation::relu;
use burn::tensor::module::{conv2d, linear, max_pool2d};
use burn::tensor::ops::{ConvOptions, MaxPoolOptions};
use burn::tensor::{Device, Int, Tensor, TensorData};

const NAME: &str = "burn";

/// The parameters of the layers: kernels, those of dense layers input-major, and biases.
#[derive(Module, Debug)]
struct Parameters {
    kernels: Vec<Param<Tensor<4>>>,
    matrices: Vec<Param<Tensor<2>>>,
    biases: Vec<Param<Tensor<1>>>,
}

fn data(numbers: &Numbers) -> TensorData {
    TensorData::new(numbers.values.clone(), numbers.dims.clone())
}

impl Parameters {
    fn new(graph: &Graph, device: &Device) -> Self {
        let mut parameters = Self { kernels: Vec::new(), matrices: Vec::new(), biases: Vec::new() };
        for node in &graph.nodes {
            let bias = match &node.op {
                Op::Conv { weight, bias, .. } => {
                    parameters.kernels.push(Param::from_data(data(weight), device));
                    bias
                }
                Op::Dense { weight, bias } => {
                    parameters.matrices.push(Param::from_data(data(&weight.reversed()), device));
                    bias
                }
                _ => continue,
            };
            parameters.biases.push(Param::from_data(data(bias), device));
        }
        parameters
    }

    fn forward(&self, graph: &Graph, x: Tensor<4>) -> Tensor<2> {
        let (mut kernels, mut matrices) = (self.kernels.iter(), self.matrices.iter());
        let mut biases = self.biases.iter().map(|bias| bias.val());
        let (mut values, mut vector) = (vec![x], None);
        for node in &graph.nodes {
            let x = values.get(node.from).cloned();
            let image = || x.clone().expect("an image");
            match &node.op {
                Op::Conv { window, .. } => {
                    let [above, beside] = window.padding.map(|[before, after]| (before, after));
                    let mut options = ConvOptions::new([window.stride; 2], [0; 2], [1; 2], window.groups);
                    options.padding = [above, beside];
                    values.push(conv2d(image(), kernels.next().expect("a kernel").val(), biases.next(), options));
                }
                Op::Relu => values.push(relu(image())),
                Op::MaxPool => values.push(max_pool2d(image(), MaxPoolOptions::new([2; 2]))),
                Op::Add(other) => values.push(image() + values[*other].clone()),
                // From here on there are vectors.
                Op::Mean => vector = Some(image().mean_dim(3).mean_dim(2).flatten::<2>(1, 3)),
                Op::Flatten => vector = Some(image().flatten::<2>(1, 3)),
                Op::Dense { .. } => {
                    let matrix = matrices.next().expect("a matrix").val();
                    vector = vector.map(|x| linear(x, matrix, biases.next()));
                }
            }
        }
        vector.expect("a dense layer")
    }

    /// The parameters of a network with one dense layer at the end.
    fn flat(&self) -> Vec<f32> {
        let kernels = self.kernels.iter().map(|kernel| numbers(kernel.val()));
        let matrices = self.matrices.iter().map(|matrix| numbers(matrix.val().transpose()));
        let biases = self.biases.iter().map(|bias| numbers(bias.val()));
        kernels.chain(matrices).zip(biases).flat_map(|(weight, bias)| [weight, bias]).flatten().collect()
    }
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().expect("numbers")
}

pub fn contestant(case: &Case) -> Option<Entry> {
    let device = if case.classes.is_some() { Device::flex().autodiff() } else { Device::flex() };
    let [channels, rows, columns] = case.graph.input;
    let x = TensorData::new(case.x.clone(), [case.rows, channels, rows, columns]);
    let (x, graph) = (Tensor::<4>::from_data(x, &device), case.graph.clone());
    let parameters = Parameters::new(&graph, &device);
    let Some(classes) = &case.classes else {
        return Some(Entry::job(
            NAME,
            (parameters, None),
            move |(parameters, y)| *y = Some(parameters.forward(&graph, x.clone())),
            |(_, y)| numbers(y.clone().expect("a call")),
        ));
    };
    let classes: Vec<i32> = classes.iter().map(|class| *class as i32).collect();
    let t = Tensor::<1, Int>::from_data(TensorData::new(classes, [case.rows]), &device);
    let loss = CrossEntropyLossConfig::new().init(&device);
    Some(Entry::job(
        NAME,
        (Some(parameters), SgdConfig::new().init()),
        move |(parameters, sgd)| {
            let before = parameters.take().expect("parameters");
            let loss = loss.forward(before.forward(&graph, x.clone()), t.clone());
            let gradients = GradientsParams::from_grads(loss.backward(), &before);
            *parameters = Some(sgd.step(f64::from(RATE), before, gradients));
            loss.into_scalar::<f32>()
        },
        |(parameters, _)| parameters.as_ref().expect("parameters").flat(),
    ))
}
