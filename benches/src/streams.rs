//! Streams: networks of amplifiers, sample by sample and in blocks of 64.

mod cells;
mod hand;
mod memory;
mod nam;
mod ours;

use crate::machine::Machine;
use crate::networks::Random;
use crate::timing::{Entry, race};
use crate::yardstick::By;

/// The samples of a block.
pub const BLOCK: usize = 64;

/// Which network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Net {
    A1Standard,
    A1Nano,
    A2Full,
    A2Lite,
    Lstm,
    Gru,
}

impl Net {
    pub const ALL: [Self; 6] = [Self::A1Standard, Self::A1Nano, Self::A2Full, Self::A2Lite, Self::Lstm, Self::Gru];

    pub fn name(self) -> &'static str {
        match self {
            Self::A1Standard => "A1 Standard",
            Self::A1Nano => "A1 Nano",
            Self::A2Full => "A2 Full",
            Self::A2Lite => "A2 Lite",
            Self::Lstm => "LSTM 16, dense",
            Self::Gru => "GRU 20, dense",
        }
    }

    /// The shape of a WaveNet; of no arrays, if it is none.
    pub fn shape(self) -> Shape {
        const TEN: [usize; 10] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
        const A2: [[usize; 2]; 23] = [
            [6, 1],
            [6, 3],
            [6, 7],
            [6, 17],
            [6, 41],
            [6, 101],
            [6, 239],
            [6, 1],
            [6, 3],
            [6, 7],
            [6, 17],
            [6, 41],
            [6, 101],
            [6, 239],
            [15, 1],
            [15, 13],
            [6, 1],
            [6, 3],
            [6, 7],
            [6, 17],
            [6, 41],
            [6, 101],
            [6, 239],
        ];
        let three = |dilations: &[usize]| dilations.iter().map(|dilation| [3, *dilation]).collect::<Vec<_>>();
        let (arrays, head) = match self {
            Self::A1Standard => (vec![(16, three(&TEN)), (8, three(&TEN))], 1),
            Self::A1Nano => (vec![(4, three(&TEN[..7])), (2, three(&[&TEN[7..], &TEN[..]].concat()))], 1),
            Self::A2Full => (vec![(8, A2.to_vec())], 16),
            Self::A2Lite => (vec![(3, A2.to_vec())], 16),
            Self::Lstm | Self::Gru => (vec![], 1),
        };
        Shape { arrays, head }
    }

    /// Multiply-accumulates of a sample.
    fn macs(self, weights: &Weights) -> usize {
        let dims = |tensor: &Tensor| if tensor.dims.len() > 1 { tensor.values.len() } else { 0 };
        weights.tensors.iter().map(dims).sum()
    }
}

/// The arrays of a WaveNet: channels, and taps and dilation of each layer.
pub struct Shape {
    pub arrays: Vec<(usize, Vec<[usize; 2]>)>,
    pub head: usize,
}

/// A tensor: its dimensions as PyTorch has them, and its numbers, where those of a matrix or a kernel lie the other way round.
pub struct Tensor {
    pub dims: Vec<usize>,
    pub values: Vec<f32>,
}

impl Tensor {
    /// The numbers as PyTorch has them.
    #[cfg_attr(not(feature = "nam-rs"), allow(dead_code, reason = "only files have them so"))]
    pub fn by_rows(&self) -> Vec<f32> {
        match self.dims[..] {
            [o, i] => (0..o * i).map(|at| self.values[at % i * o + at / i]).collect(),
            [o, i, k] => (0..o * i * k).map(|at| self.values[(at % k * i + at / k % i) * o + at / (k * i)]).collect(),
            _ => self.values.clone(),
        }
    }
}

/// The tensors of a network in the order of its layers.
pub struct Weights {
    pub tensors: Vec<Tensor>,
}

impl Weights {
    fn new(net: Net) -> Self {
        let (mut random, mut tensors) = (Random(5), Vec::new());
        let mut tensor = |dims: &[usize]| {
            let (len, fan) = (dims.iter().product(), dims[1..].iter().product::<usize>().max(1));
            let bound = if dims.len() > 1 { 1.0 / (fan as f32).sqrt() } else { 0.1 };
            tensors.push(Tensor { dims: dims.to_vec(), values: random.numbers(len, bound) });
        };
        match net {
            Net::Lstm | Net::Gru => {
                let (rows, nodes) = if net == Net::Lstm { (64, 16) } else { (60, 20) };
                [&[rows, 1][..], &[rows, nodes], &[rows], &[rows], &[1, nodes], &[1]].into_iter().for_each(tensor);
            }
            _ => {
                let (shape, mut inputs) = (net.shape(), 1);
                for (at, (c, layers)) in shape.arrays.iter().enumerate() {
                    tensor(&[*c, inputs, 1]);
                    for [taps, _] in layers {
                        [&[*c, *c, *taps][..], &[*c], &[*c, 1, 1], &[*c, *c, 1], &[*c]]
                            .into_iter()
                            .for_each(&mut tensor);
                    }
                    match shape.arrays.get(at + 1) {
                        Some((next, _)) => tensor(&[*next, *c, 1]),
                        None => [&[1, *c, shape.head][..], &[1]].into_iter().for_each(&mut tensor),
                    }
                    inputs = *c;
                }
            }
        }
        Self { tensors }
    }
}

/// Measures all, and prints a table: nanoseconds a sample.
pub fn measure(machine: &Machine, rounds: usize, only: Option<&str>) {
    println!(
        "| nanoseconds a sample | limit | nn-core, blocks of 64 | blocks of 1 | by hand, AVX2 | by hand, AVX-512 | nam-rs, blocks of 64 | ours / by hand | nam-rs / ours | 1 / 64 |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    for net in Net::ALL.into_iter().filter(|net| only.is_none_or(|only| only == net.name())) {
        let weights = Weights::new(net);
        let mut x = Random(9).numbers(BLOCK, 0.5);
        x[0] = 0.25;
        let x: [f32; BLOCK] = x.try_into().expect("a block");
        let mut entries = ours::contestants(net, &weights, x);
        for by in By::detected() {
            entries.push(by_hand(net, &weights, x, by));
        }
        entries.extend(nam::contestant(net, &weights, x));
        check(net.name(), &mut entries);
        let times: Vec<f64> = race(&mut entries, rounds).into_iter().map(|time| time / BLOCK as f64).collect();
        let of = |name: &str| entries.iter().position(|entry| entry.name == name).map(|at| times[at]);
        let hand = [By::Avx2, By::Avx512].map(|by| of(by.name()));
        let best = hand.iter().flatten().copied().fold(f64::INFINITY, f64::min);
        let (ours, one, nam) = (times[0], times[1], of(nam::NAME));
        let bytes = 4 * weights.tensors.iter().map(|tensor| tensor.values.len()).sum::<usize>();
        let limit = machine.limit_of(net.macs(&weights) * BLOCK, bytes) / BLOCK as f64;
        let cell = |time: Option<f64>| time.map_or_else(String::new, |time| format!("{time:.1}"));
        println!(
            "| {} | {limit:.1} | {ours:.1} | {one:.1} | {} | {} | {} | {:.2} | {} | {:.2} |",
            net.name(),
            cell(hand[0]),
            cell(hand[1]),
            cell(nam),
            ours / best,
            nam.map_or_else(String::new, |nam| format!("{:.1}", nam / ours)),
            one / ours,
        );
    }
}

/// All give the same in the first 6,400 samples.
pub fn check(name: &str, entries: &mut [Entry]) {
    for block in 0..100 {
        let mut expected = Vec::new();
        for entry in entries.iter_mut() {
            entry.contestant.call();
            let values = entry.contestant.values();
            if expected.is_empty() {
                expected.clone_from(&values);
            }
            for (at, (found, expected)) in values.iter().zip(&expected).enumerate() {
                let close = (found - expected).abs() < 1e-4 * (1.0 + expected.abs());
                assert!(close, "{name}, {}, block {block}, sample {at}: {found} and {expected}", entry.name);
            }
        }
    }
}

/// A kernel by hand.
fn by_hand(net: Net, weights: &Weights, x: [f32; BLOCK], by: By) -> Entry {
    macro_rules! job {
        ($state:expr, $of:ident, $y:ident, $x:ident => $avx2:expr, $avx512:expr) => {{
            let state = ($state, $x, [0.0_f32; BLOCK]);
            match by {
                // SAFETY: the processor has the instructions, as was detected.
                By::Avx2 => Entry::job(by.name(), state, move |($of, $x, $y)| unsafe { $avx2 }, |(_, _, y)| y.to_vec()),
                // SAFETY: as above.
                By::Avx512 => {
                    Entry::job(by.name(), state, move |($of, $x, $y)| unsafe { $avx512 }, |(_, _, y)| y.to_vec())
                }
            }
        }};
    }
    match net {
        Net::Lstm => job!(Box::new(cells::Lstm::new(weights)), of, y, x => of.avx2(x, y), of.avx512(x, y)),
        Net::Gru => job!(Box::new(cells::Gru::new(weights)), of, y, x => of.avx2(x, y), of.avx512(x, y)),
        _ => {
            job!(memory::WaveNet::new(net, weights), of, y, x => hand::avx2::wavenet(net, of, x, y), hand::avx512::wavenet(net, of, x, y))
        }
    }
}
