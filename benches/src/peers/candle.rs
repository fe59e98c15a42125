//! `candle`, on the CPU.

use crate::networks::{Activation, Case, Targets, Task};
use crate::timing::Entry;
use candle_core::{Device, Module, Result, Tensor, Var};
use candle_nn::{AdamW, Linear, Optimizer, ParamsAdamW, SGD, loss};

const NAME: &str = "candle";

/// The variables of every layer, and the network made of them.
struct Model {
    vars: Vec<Var>,
    layers: Vec<(Linear, Activation)>,
}

impl Model {
    fn new(case: &Case) -> Result<Self> {
        let mut model = Self { vars: Vec::new(), layers: Vec::new() };
        for layer in &case.layers {
            let weight = Tensor::from_vec(layer.by_rows(), (layer.outputs, layer.inputs), &Device::Cpu)?;
            let bias = Tensor::from_vec(layer.bias.clone(), layer.outputs, &Device::Cpu)?;
            let linear = if case.is_training() {
                let (weight, bias) = (Var::from_tensor(&weight)?, Var::from_tensor(&bias)?);
                model.vars.extend([weight.clone(), bias.clone()]);
                Linear::new(weight.as_tensor().clone(), Some(bias.as_tensor().clone()))
            } else {
                Linear::new(weight, Some(bias))
            };
            model.layers.push((linear, layer.activation));
        }
        Ok(model)
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let mut x = x.clone();
        for (linear, activation) in &self.layers {
            x = linear.forward(&x)?;
            x = match activation {
                Activation::Identity => x,
                Activation::Relu => x.relu()?,
                Activation::Sigmoid => candle_nn::ops::sigmoid(&x)?,
            };
        }
        Ok(x)
    }

    /// The parameters, input-major.
    fn flat(&self) -> Result<Vec<f32>> {
        let mut values = Vec::new();
        for tensors in self.vars.chunks(2) {
            values.extend(tensors[0].t()?.flatten_all()?.to_vec1::<f32>()?);
            values.extend(tensors[1].to_vec1::<f32>()?);
        }
        Ok(values)
    }
}

fn training<O: Optimizer + 'static>(case: &Case, targets: &Targets, settings: O::Config) -> Result<Entry> {
    let model = Model::new(case)?;
    let optimizer = O::new(model.vars.clone(), settings)?;
    let x = Tensor::from_vec(case.x.clone(), (case.rows, case.inputs()), &Device::Cpu)?;
    let (t, loss): (_, fn(&Tensor, &Tensor) -> Result<Tensor>) = match targets {
        Targets::Values(values) => (Tensor::from_vec(values.clone(), (case.rows, 1), &Device::Cpu)?, loss::mse),
        Targets::Classes(classes) => {
            let classes = classes.iter().map(|class| *class as u32).collect();
            (Tensor::from_vec(classes, case.rows, &Device::Cpu)?, loss::cross_entropy)
        }
    };
    let call = move |(model, optimizer): &mut (Model, O)| -> Result<f32> {
        let loss = loss(&model.forward(&x)?, &t)?;
        optimizer.backward_step(&loss)?;
        loss.to_scalar()
    };
    let call = move |state: &mut (Model, O)| call(state).expect("a step");
    Ok(Entry::job(NAME, (model, optimizer), move |state| call(state), |(model, _)| model.flat().expect("parameters")))
}

fn entry(case: &Case) -> Result<Entry> {
    if let Task::Train { adam, targets } = &case.task {
        let lr = f64::from(case.rate());
        let adam_settings = ParamsAdamW { lr, weight_decay: 0.0, ..Default::default() };
        return if *adam {
            training::<AdamW>(case, targets, adam_settings)
        } else {
            training::<SGD>(case, targets, lr)
        };
    }
    let x = Tensor::from_vec(case.x.clone(), (case.rows, case.inputs()), &Device::Cpu)?;
    let values = |y: &Tensor| y.flatten_all()?.to_vec1::<f32>();
    Ok(Entry::job(
        NAME,
        (Model::new(case)?, x, None),
        |(model, x, y)| *y = Some(model.forward(x).expect("a forward pass")),
        move |(_, _, y)| values(y.as_ref().expect("a call")).expect("numbers"),
    ))
}

pub fn contestant(case: &Case) -> Option<Entry> {
    Some(entry(case).expect("candle's tensors"))
}
