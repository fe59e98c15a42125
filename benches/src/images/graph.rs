//! The networks as graphs of PyTorch's words, with made-up weights. Nothing here belongs to any library.

use crate::networks::Random;

/// Numbers with their dimensions, as PyTorch has them.
#[derive(Clone)]
pub struct Tensor {
    pub dims: Vec<usize>,
    pub values: Vec<f32>,
}

impl Tensor {
    fn random(dims: &[usize], random: &mut Random) -> Self {
        let fan: usize = dims[1..].iter().product();
        let bound = if dims.len() > 1 { (3.0 / fan as f32).sqrt() } else { 0.1 };
        Self { dims: dims.to_vec(), values: random.numbers(dims.iter().product(), bound) }
    }

    /// The numbers with all dimensions the other way round.
    pub fn reversed(&self) -> Self {
        let mut reversed = Self { dims: self.dims.iter().rev().copied().collect(), values: Vec::new() };
        for mut at in 0..self.values.len() {
            let (mut from, mut step) = (0, self.values.len());
            for dim in &self.dims {
                step /= dim;
                // The first dimension of `self` runs fastest.
                from += at % dim * step;
                at /= dim;
            }
            reversed.values.push(self.values[from]);
        }
        reversed
    }
}

/// How a convolution's window moves.
#[derive(Clone, Copy)]
pub struct Window {
    pub stride: usize,
    /// Rows above and below, columns on the left and on the right, that count as zero.
    pub padding: [[usize; 2]; 2],
    pub groups: usize,
}

/// What makes a value of another.
#[derive(Clone)]
pub enum Op {
    /// Of weights `[outputs, inputs / groups, rows, columns]`.
    Conv {
        weight: Tensor,
        bias: Tensor,
        window: Window,
    },
    Relu,
    /// Of two by two places.
    MaxPool,
    /// Of each channel; a vector.
    Mean,
    Flatten,
    /// Of weights `[outputs, inputs]`.
    Dense {
        weight: Tensor,
        bias: Tensor,
    },
    /// With the value of that number.
    Add(usize),
}

/// A value: what it is made of, and its channels, rows and columns.
#[derive(Clone)]
pub struct Node {
    pub op: Op,
    pub from: usize,
    pub shape: [usize; 3],
}

/// A network. Value 0 is the input, value `i` the one of node `i - 1`; the last is the output.
#[derive(Clone)]
pub struct Graph {
    pub input: [usize; 3],
    pub nodes: Vec<Node>,
    random: Random,
}

impl Graph {
    pub fn new(channels: usize, rows: usize, columns: usize) -> Self {
        Self { input: [channels, rows, columns], nodes: Vec::new(), random: Random(7) }
    }

    /// The number of the last value.
    pub fn last(&self) -> usize {
        self.nodes.len()
    }

    pub fn shape(&self, value: usize) -> [usize; 3] {
        if value == 0 { self.input } else { self.nodes[value - 1].shape }
    }

    fn push(&mut self, op: Op, from: usize, shape: [usize; 3]) -> usize {
        self.nodes.push(Node { op, from, shape });
        self.last()
    }

    /// A convolution of a value; `same` pads so that the places are as many as the stride leaves, more behind than in front.
    pub fn conv(&mut self, from: usize, outputs: usize, taps: [usize; 2], window: Window, same: bool) -> usize {
        let [inputs, rows, columns] = self.shape(from);
        let mut window = window;
        let mut size = [rows, columns];
        for (axis, size) in size.iter_mut().enumerate() {
            if same {
                let all = ((size.div_ceil(window.stride) - 1) * window.stride + taps[axis]).saturating_sub(*size);
                window.padding[axis] = [all / 2, all.div_ceil(2)];
            }
            *size = (*size + window.padding[axis].iter().sum::<usize>() - taps[axis]) / window.stride + 1;
        }
        let dims = [outputs, inputs / window.groups, taps[0], taps[1]];
        let weight = Tensor::random(&dims, &mut self.random);
        let bias = Tensor::random(&[outputs], &mut self.random);
        self.push(Op::Conv { weight, bias, window }, from, [outputs, size[0], size[1]])
    }

    pub fn relu(&mut self, from: usize) -> usize {
        self.push(Op::Relu, from, self.shape(from))
    }

    pub fn max_pool(&mut self, from: usize) -> usize {
        let [channels, rows, columns] = self.shape(from);
        self.push(Op::MaxPool, from, [channels, rows / 2, columns / 2])
    }

    pub fn mean(&mut self, from: usize) -> usize {
        self.push(Op::Mean, from, [self.shape(from)[0], 1, 1])
    }

    pub fn flatten(&mut self, from: usize) -> usize {
        self.push(Op::Flatten, from, [self.shape(from).iter().product(), 1, 1])
    }

    pub fn dense(&mut self, from: usize, outputs: usize) -> usize {
        let weight = Tensor::random(&[outputs, self.shape(from)[0]], &mut self.random);
        let bias = Tensor::random(&[outputs], &mut self.random);
        self.push(Op::Dense { weight, bias }, from, [outputs, 1, 1])
    }

    pub fn add(&mut self, from: usize, other: usize) -> usize {
        self.push(Op::Add(other), from, self.shape(from))
    }

    /// The tensors in the order of the layers, weights before biases.
    pub fn tensors(&self) -> impl Iterator<Item = &Tensor> {
        self.nodes.iter().flat_map(|node| match &node.op {
            Op::Conv { weight, bias, .. } | Op::Dense { weight, bias } => vec![weight, bias],
            _ => vec![],
        })
    }

    pub fn parameters(&self) -> usize {
        self.tensors().map(|tensor| tensor.values.len()).sum()
    }

    /// Multiply-accumulates of each layer.
    pub fn macs(&self) -> Vec<usize> {
        let layers = self.nodes.iter().filter_map(|node| match &node.op {
            Op::Conv { weight, .. } => Some(weight.values.len() * node.shape[1] * node.shape[2]),
            Op::Dense { weight, .. } => Some(weight.values.len()),
            _ => None,
        });
        layers.collect()
    }
}
