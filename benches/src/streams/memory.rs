//! The memory of the WaveNets by hand: weights, and rings that are longer than they must be.

use super::{BLOCK, Net, Weights};

/// Numbers on a cache line.
#[repr(C, align(64))]
#[derive(Clone)]
pub struct Line([f32; 16]);

/// A row of numbers that begins on a cache line.
pub struct Numbers(pub Vec<Line>);

impl Numbers {
    pub fn zeros(len: usize) -> Self {
        Self(vec![Line([0.0; 16]); len.div_ceil(16)])
    }

    pub fn of(numbers: &[f32]) -> Self {
        let mut all = Self::zeros(numbers.len());
        // SAFETY: there is room for so many.
        unsafe { std::ptr::copy_nonoverlapping(numbers.as_ptr(), all.at(), numbers.len()) };
        all
    }

    pub fn at(&mut self) -> *mut f32 {
        self.0.as_mut_ptr().cast()
    }
}

/// The channels of what a layer takes, as rings of a multiple of 64 frames, each with its first 64 again behind it.
pub struct Ring {
    pub numbers: Numbers,
    pub len: usize,
    pub at: usize,
}

impl Ring {
    pub fn new(channels: usize, back: usize) -> Self {
        let len = (back + BLOCK).next_multiple_of(BLOCK);
        Self { numbers: Numbers::zeros(channels * (len + BLOCK)), len, at: 0 }
    }
}

pub struct Layer {
    pub dilation: usize,
    pub ring: Ring,
    pub conv: Numbers,
    pub conv_bias: Numbers,
    pub mixer: Numbers,
    pub out: Numbers,
    pub out_bias: Numbers,
}

pub struct Array {
    pub rechannel: Numbers,
    pub layers: Vec<Layer>,
    pub head: Numbers,
    pub head_bias: Numbers,
    pub sums: Ring,
}

/// A WaveNet.
pub struct WaveNet {
    pub arrays: Vec<Array>,
    pub z: Numbers,
    /// The channels after an array.
    pub after: Numbers,
}

impl WaveNet {
    pub fn new(net: Net, weights: &Weights) -> Self {
        let mut tensors = weights.tensors.iter().map(|tensor| Numbers::of(&tensor.values));
        let mut next = || tensors.next().expect("as many tensors");
        let (shape, mut arrays) = (net.shape(), Vec::new());
        for (at, (channels, layers)) in shape.arrays.iter().enumerate() {
            let rechannel = next();
            let layers = layers.iter().map(|[taps, dilation]| Layer {
                dilation: *dilation,
                ring: Ring::new(*channels, (taps - 1) * dilation),
                conv: next(),
                conv_bias: next(),
                mixer: next(),
                out: next(),
                out_bias: next(),
            });
            let layers = layers.collect();
            let is_last = at + 1 == shape.arrays.len();
            let taps = if is_last { shape.head } else { 1 };
            let (head, head_bias) = (next(), if is_last { next() } else { Numbers::zeros(16) });
            arrays.push(Array { rechannel, layers, head, head_bias, sums: Ring::new(*channels, taps - 1) });
        }
        Self { arrays, z: Numbers::zeros(16 * BLOCK), after: Numbers::zeros(16 * BLOCK) }
    }
}
