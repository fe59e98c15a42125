//! The networks, their weights, and what is done with them. Nothing here belongs to any library.

/// What follows a layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Activation {
    Identity,
    Relu,
    Sigmoid,
}

/// A dense layer, its weights input-major: the one from input `i` to output `o` is at `i * outputs + o`.
#[derive(Clone, Debug)]
pub struct Layer {
    pub inputs: usize,
    pub outputs: usize,
    pub weights: Vec<f32>,
    pub bias: Vec<f32>,
    pub activation: Activation,
}

impl Layer {
    /// The weights by rows, as most libraries have them: the one to output `o` from input `i` is at `o * inputs + i`.
    pub fn by_rows(&self) -> Vec<f32> {
        let at = |o: usize, i: usize| self.weights[i * self.outputs + o];
        (0..self.outputs).flat_map(|o| (0..self.inputs).map(move |i| at(o, i))).collect()
    }
}

/// Which network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Net {
    A,
    B,
    C,
    D,
    E,
}

impl Net {
    fn widths(self) -> &'static [usize] {
        match self {
            Self::A => &[2, 8, 4, 1],
            Self::B => &[4, 16, 3],
            Self::C => &[64, 32, 10],
            Self::D => &[784, 128, 10],
            Self::E => &[640, 128, 128, 128, 128, 8, 128, 128, 128, 128, 640],
        }
    }

    fn layers(self) -> Vec<Layer> {
        let mut random = Random(1);
        let last = self.widths().len() - 2;
        let layer = |(at, widths): (usize, &[usize])| {
            let (inputs, outputs) = (widths[0], widths[1]);
            let bound = (3.0 / inputs as f32).sqrt();
            let activation = match at {
                _ if at == last => Activation::Identity,
                1 => {
                    if self == Self::A {
                        Activation::Sigmoid
                    } else {
                        Activation::Relu
                    }
                }
                _ => Activation::Relu,
            };
            let weights = random.numbers(inputs * outputs, bound);
            Layer { inputs, outputs, weights, bias: random.numbers(outputs, 0.1), activation }
        };
        self.widths().windows(2).enumerate().map(layer).collect()
    }
}

/// What is done with a network.
#[derive(Clone, Debug, PartialEq)]
pub enum Task {
    Forward,
    Train { adam: bool, targets: Targets },
}

/// What the outputs of a batch are compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Targets {
    /// By the mean squared error.
    Values(Vec<f32>),
    /// By the softmax cross-entropy.
    Classes(Vec<usize>),
}

/// A row of the table.
pub struct Case {
    pub name: &'static str,
    pub net: Net,
    pub layers: Vec<Layer>,
    pub task: Task,
    pub rows: usize,
    /// The inputs, row by row.
    pub x: Vec<f32>,
}

/// The rows of every batch.
pub const BATCH: usize = 32;

impl Case {
    fn new(name: &'static str, net: Net, rows: usize, task: Task) -> Self {
        let x = Random(2).numbers(rows * net.widths()[0], 1.0);
        Self { name, net, layers: net.layers(), task, rows, x }
    }

    fn training(name: &'static str, net: Net, adam: bool) -> Self {
        let targets = match net {
            Net::A => Targets::Values(Random(3).numbers(BATCH, 1.0)),
            _ => Targets::Classes((0..BATCH).map(|row| row * 7 % 10).collect()),
        };
        Self::new(name, net, BATCH, Task::Train { adam, targets })
    }

    /// All that are measured.
    pub fn all() -> Vec<Self> {
        vec![
            Self::new("A", Net::A, 1, Task::Forward),
            Self::new("B", Net::B, 1, Task::Forward),
            Self::new("C", Net::C, 1, Task::Forward),
            Self::new("D", Net::D, 1, Task::Forward),
            Self::new("E", Net::E, 1, Task::Forward),
            Self::new("A b32", Net::A, BATCH, Task::Forward),
            Self::new("C b32", Net::C, BATCH, Task::Forward),
            Self::new("D b32", Net::D, BATCH, Task::Forward),
            Self::training("A SGD", Net::A, false),
            Self::training("A Adam", Net::A, true),
            Self::training("C SGD", Net::C, false),
            Self::training("C Adam", Net::C, true),
            Self::training("D SGD", Net::D, false),
            Self::training("D Adam", Net::D, true),
        ]
    }

    pub fn inputs(&self) -> usize {
        self.layers[0].inputs
    }

    pub fn outputs(&self) -> usize {
        self.layers[self.layers.len() - 1].outputs
    }

    pub fn is_training(&self) -> bool {
        self.task != Task::Forward
    }

    pub fn is_adam(&self) -> bool {
        matches!(self.task, Task::Train { adam: true, .. })
    }

    /// The learning rate: so small that thousands of steps with the same batch change little, least of all the speed, which
    /// would suffer from gradients that fade into subnormal numbers.
    pub fn rate(&self) -> f32 {
        if self.is_adam() { 1e-5 } else { 1e-4 }
    }

    pub fn parameters(&self) -> usize {
        self.layers.iter().map(|layer| layer.weights.len() + layer.bias.len()).sum()
    }
}

/// A small generator of numbers that are the same everywhere.
#[derive(Clone)]
pub struct Random(pub u64);

impl Random {
    /// Evenly from `-bound` to `bound`.
    pub fn numbers(&mut self, count: usize, bound: f32) -> Vec<f32> {
        let mut next = || {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((self.0 >> 40) as f32 / (1 << 23) as f32 - 1.0) * bound
        };
        (0..count).map(|_| next()).collect()
    }
}
