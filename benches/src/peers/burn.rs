//! `burn`, on its CPU backend, Flex.

use crate::networks::{Activation, Case, Targets, Task};
use crate::timing::Entry;
use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::nn::loss::{CrossEntropyLossConfig, MseLoss, Reduction};
use burn::optim::{AdamConfig, GradientsParams, SgdConfig};
use burn::tensor::activation::{relu, sigmoid};
use burn::tensor::{Device, Int, Tensor, TensorData};

const NAME: &str = "burn";

/// Dense layers; the activations are given to the forward pass.
#[derive(Module, Debug)]
struct Layers {
    layers: Vec<Linear>,
}

impl Layers {
    fn new(case: &Case, device: &Device) -> Self {
        let layer = |layer: &crate::networks::Layer| {
            let weight = TensorData::new(layer.weights.clone(), [layer.inputs, layer.outputs]);
            let bias = TensorData::new(layer.bias.clone(), [layer.outputs]);
            Linear { weight: Param::from_data(weight, device), bias: Some(Param::from_data(bias, device)) }
        };
        Self { layers: case.layers.iter().map(layer).collect() }
    }

    fn forward(&self, mut x: Tensor<2>, activations: &[Activation]) -> Tensor<2> {
        for (layer, activation) in self.layers.iter().zip(activations) {
            x = layer.forward(x);
            x = match activation {
                Activation::Identity => x,
                Activation::Relu => relu(x),
                Activation::Sigmoid => sigmoid(x),
            };
        }
        x
    }

    /// The parameters, input-major as they are.
    fn flat(&self) -> Vec<f32> {
        let mut values = Vec::new();
        for layer in &self.layers {
            values.extend(numbers(layer.weight.val()));
            values.extend(numbers(layer.bias.as_ref().expect("a bias").val()));
        }
        values
    }
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().expect("numbers")
}

fn training(case: &Case, adam: bool, targets: &Targets, activations: Vec<Activation>) -> Entry {
    let device = Device::flex().autodiff();
    let x = Tensor::<2>::from_data(TensorData::new(case.x.clone(), [case.rows, case.inputs()]), &device);
    let loss: Box<dyn Fn(Tensor<2>) -> Tensor<1>> = match targets {
        Targets::Values(values) => {
            let t = Tensor::<2>::from_data(TensorData::new(values.clone(), [case.rows, 1]), &device);
            Box::new(move |y| MseLoss::new().forward(y, t.clone(), Reduction::Mean))
        }
        Targets::Classes(classes) => {
            let classes: Vec<i32> = classes.iter().map(|class| *class as i32).collect();
            let t = Tensor::<1, Int>::from_data(TensorData::new(classes, [case.rows]), &device);
            let loss = CrossEntropyLossConfig::new().init(&device);
            Box::new(move |y| loss.forward(y, t.clone()))
        }
    };
    let optimizer = if adam { AdamConfig::new().with_epsilon(1e-8).init() } else { SgdConfig::new().init() };
    let (model, rate) = (Some(Layers::new(case, &device)), f64::from(case.rate()));
    Entry::job(
        NAME,
        (model, optimizer),
        move |(model, optimizer)| {
            let before = model.take().expect("a model");
            let loss = loss(before.forward(x.clone(), &activations));
            let gradients = GradientsParams::from_grads(loss.backward(), &before);
            *model = Some(optimizer.step(rate, before, gradients));
            loss.into_scalar::<f32>()
        },
        |(model, _)| model.as_ref().expect("a model").flat(),
    )
}

pub fn contestant(case: &Case) -> Option<Entry> {
    let activations: Vec<_> = case.layers.iter().map(|layer| layer.activation).collect();
    if let Task::Train { adam, targets } = &case.task {
        return Some(training(case, *adam, targets, activations));
    }
    let device = Device::flex();
    let x = Tensor::<2>::from_data(TensorData::new(case.x.clone(), [case.rows, case.inputs()]), &device);
    Some(Entry::job(
        NAME,
        (Layers::new(case, &device), x, None),
        move |(model, x, y)| *y = Some(model.forward(x.clone(), &activations)),
        |(_, _, y)| numbers(y.clone().expect("a call")),
    ))
}
