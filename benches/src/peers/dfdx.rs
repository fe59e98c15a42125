//! `dfdx`, whose shapes are known to the compiler too.

use crate::networks::{BATCH, Case, Layer, Net, Targets, Task};
use crate::timing::Entry;
use dfdx::optim::{Adam, AdamConfig, Optimizer, Sgd, SgdConfig};
use dfdx::prelude::*;

const NAME: &str = "dfdx";

type Dense<const I: usize, const O: usize> = dfdx::nn::modules::Linear<I, O, f32, Cpu>;
type A = (Dense<2, 8>, ReLU, Dense<8, 4>, Sigmoid, Dense<4, 1>);
type B = (Dense<4, 16>, ReLU, Dense<16, 3>);
type C = (Dense<64, 32>, ReLU, Dense<32, 10>);
type D = (Dense<784, 128>, ReLU, Dense<128, 10>);
type Hidden<const I: usize, const O: usize> = (Dense<I, O>, ReLU);
type E = (
    (Hidden<640, 128>, Hidden<128, 128>, Hidden<128, 128>, Hidden<128, 128>, Hidden<128, 8>),
    (Hidden<8, 128>, Hidden<128, 128>, Hidden<128, 128>, Hidden<128, 128>, Dense<128, 640>),
);

/// A layer with the parameters of a case.
fn dense<const I: usize, const O: usize>(device: &Cpu, layer: &Layer) -> Dense<I, O> {
    let (mut weight, mut bias) = (device.zeros::<Rank2<O, I>>(), device.zeros::<Rank1<O>>());
    weight.copy_from(&layer.by_rows());
    bias.copy_from(&layer.bias);
    Dense { weight, bias }
}

/// The parameters, input-major.
fn flat<const I: usize, const O: usize>(dense: &Dense<I, O>, values: &mut Vec<f32>) {
    let weight = dense.weight.as_vec();
    values.extend((0..I).flat_map(|i| weight[i..].iter().step_by(I)));
    values.extend(dense.bias.as_vec());
}

/// A network of which the parameters can be had.
trait Shown {
    fn flat(&self) -> Vec<f32>;
}

impl Shown for A {
    fn flat(&self) -> Vec<f32> {
        let mut values = Vec::new();
        flat(&self.0, &mut values);
        flat(&self.2, &mut values);
        flat(&self.4, &mut values);
        values
    }
}

impl<const I: usize, const H: usize, const O: usize> Shown for (Dense<I, H>, ReLU, Dense<H, O>) {
    fn flat(&self) -> Vec<f32> {
        let mut values = Vec::new();
        flat(&self.0, &mut values);
        flat(&self.2, &mut values);
        values
    }
}

fn two<const I: usize, const H: usize, const O: usize>(d: &Cpu, l: &[Layer]) -> (Dense<I, H>, ReLU, Dense<H, O>) {
    (dense(d, &l[0]), ReLU, dense(d, &l[1]))
}

fn forward<M, S: ConstShape + 'static, O: Shape + 'static>(case: &Case, device: &Cpu, model: M) -> Entry
where
    M: Module<Tensor<S, f32, Cpu>, Output = Tensor<O, f32, Cpu>> + 'static,
{
    let mut x: Tensor<S, f32, Cpu> = device.zeros();
    x.copy_from(&case.x);
    Entry::job(
        NAME,
        (model, x, None),
        |(model, x, y)| *y = Some(model.forward(x.clone())),
        |(_, _, y)| y.as_ref().expect("a call").as_vec(),
    )
}

/// A batch with the record of how it came about.
type Taped<const I: usize> = Tensor<Rank2<BATCH, I>, f32, Cpu, OwnedTape<f32, Cpu>>;
/// The loss of a batch against its targets.
type Loss<const OUT: usize> =
    fn(Taped<OUT>, Tensor<Rank2<BATCH, OUT>, f32, Cpu>) -> Tensor<Rank0, f32, Cpu, OwnedTape<f32, Cpu>>;

fn training<M, O, const I: usize, const OUT: usize>(
    case: &Case,
    device: &Cpu,
    model: M,
    optimizer: O,
    targets: Vec<f32>,
    loss: Loss<OUT>,
) -> Entry
where
    M: ModuleMut<Taped<I>, Output = Taped<OUT>> + 'static,
    M: ZeroGrads<f32, Cpu> + Shown,
    O: Optimizer<M, Cpu, f32> + 'static,
{
    let (mut x, mut t) = (device.zeros::<Rank2<BATCH, I>>(), device.zeros::<Rank2<BATCH, OUT>>());
    x.copy_from(&case.x);
    t.copy_from(&targets);
    let gradients = Some(model.alloc_grads());
    Entry::job(
        NAME,
        (model, optimizer, x, t, gradients),
        move |(model, optimizer, x, t, gradients)| {
            let y = model.forward_mut(x.clone().traced(gradients.take().expect("gradients")));
            let loss = loss(y, t.clone());
            let value = loss.array();
            let mut new = loss.backward();
            optimizer.update(model, &new).expect("a step");
            model.zero_grads(&mut new);
            *gradients = Some(new);
            value
        },
        |(model, ..)| model.flat(),
    )
}

fn trained<M, const I: usize, const OUT: usize>(
    case: &Case,
    device: &Cpu,
    model: M,
    targets: Vec<f32>,
    loss: Loss<OUT>,
) -> Entry
where
    M: ModuleMut<Taped<I>, Output = Taped<OUT>> + 'static,
    M: ZeroGrads<f32, Cpu> + Shown,
    Sgd<M, f32, Cpu>: Optimizer<M, Cpu, f32>,
    Adam<M, f32, Cpu>: Optimizer<M, Cpu, f32>,
{
    let rate = f64::from(case.rate());
    if case.is_adam() {
        let adam = Adam::new(&model, AdamConfig { lr: rate, ..Default::default() });
        return training(case, device, model, adam, targets, loss);
    }
    let sgd = Sgd::new(&model, SgdConfig { lr: rate, ..Default::default() });
    training(case, device, model, sgd, targets, loss)
}

pub fn contestant(case: &Case) -> Option<Entry> {
    let (d, l) = (&Cpu::default(), &case.layers[..]);
    let a = || -> A { (dense(d, &l[0]), ReLU, dense(d, &l[1]), Sigmoid, dense(d, &l[2])) };
    Some(match (&case.task, case.net) {
        (Task::Train { targets: Targets::Values(targets), .. }, _) => {
            trained::<A, 2, 1>(case, d, a(), targets.clone(), mse_loss)
        }
        (Task::Train { targets: Targets::Classes(classes), .. }, net) => {
            let mut targets = vec![0.0; BATCH * 10];
            classes.iter().enumerate().for_each(|(row, class)| targets[row * 10 + class] = 1.0);
            let loss = cross_entropy_with_logits_loss;
            match net {
                Net::C => trained::<C, 64, 10>(case, d, two(d, l), targets, loss),
                _ => trained::<D, 784, 10>(case, d, two(d, l), targets, loss),
            }
        }
        (_, Net::A) if case.rows == 1 => forward::<A, Rank1<2>, _>(case, d, a()),
        (_, Net::A) => forward::<A, Rank2<BATCH, 2>, _>(case, d, a()),
        (_, Net::B) => forward::<B, Rank1<4>, _>(case, d, two(d, l)),
        (_, Net::C) if case.rows == 1 => forward::<C, Rank1<64>, _>(case, d, two(d, l)),
        (_, Net::C) => forward::<C, Rank2<BATCH, 64>, _>(case, d, two(d, l)),
        (_, Net::D) if case.rows == 1 => forward::<D, Rank1<784>, _>(case, d, two(d, l)),
        (_, Net::D) => forward::<D, Rank2<BATCH, 784>, _>(case, d, two(d, l)),
        (_, Net::E) => {
            macro_rules! half {
                ($($at:literal)*, $last:expr) => { ($((dense(d, &l[$at]), ReLU),)* $last) };
            }
            let model: E = (half!(0 1 2 3, (dense(d, &l[4]), ReLU)), half!(5 6 7 8, dense(d, &l[9])));
            forward::<E, Rank1<640>, _>(case, d, model)
        }
    })
}
