//! Images: convolutions over rows and columns.

#[cfg(feature = "burn")]
mod burn;
#[cfg(feature = "candle")]
mod candle;
pub mod graph;
mod ours;
#[cfg(feature = "tract")]
mod tract;

use crate::check::close;
use crate::machine::Machine;
use crate::networks::{BATCH, Random};
use crate::report::Row;
use crate::timing::{Entry, race};
use crate::yardstick::image;
use crate::{python, report};
use graph::{Graph, Op, Window};
use std::fmt::Write;

/// Which network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Net {
    F,
    DsCnn,
    Resnet8,
}

impl Net {
    fn graph(self) -> Graph {
        const PLAIN: Window = Window { stride: 1, padding: [[0; 2]; 2], groups: 1 };
        const HALF: Window = Window { stride: 2, ..PLAIN };
        match self {
            Self::F => {
                let mut graph = Graph::new(1, 28, 28);
                let mut x = 0;
                for channels in [8, 16] {
                    x = graph.conv(x, channels, [3, 3], PLAIN, false);
                    x = graph.relu(x);
                    x = graph.max_pool(x);
                }
                x = graph.flatten(x);
                graph.dense(x, 10);
                graph
            }
            Self::DsCnn => {
                let mut graph = Graph::new(1, 49, 10);
                let mut x = graph.conv(0, 64, [10, 4], HALF, true);
                x = graph.relu(x);
                for _ in 0..4 {
                    x = graph.conv(x, 64, [3, 3], Window { groups: 64, ..PLAIN }, true);
                    x = graph.relu(x);
                    x = graph.conv(x, 64, [1, 1], PLAIN, false);
                    x = graph.relu(x);
                }
                x = graph.mean(x);
                graph.dense(x, 12);
                graph
            }
            Self::Resnet8 => {
                let mut graph = Graph::new(3, 32, 32);
                let mut x = graph.conv(0, 16, [3, 3], PLAIN, true);
                x = graph.relu(x);
                for (channels, first) in [(16, PLAIN), (32, HALF), (64, HALF)] {
                    let mut y = graph.conv(x, channels, [3, 3], first, true);
                    y = graph.relu(y);
                    y = graph.conv(y, channels, [3, 3], PLAIN, true);
                    if channels > 16 {
                        x = graph.conv(x, channels, [1, 1], HALF, false);
                    }
                    x = graph.add(y, x);
                    x = graph.relu(x);
                }
                x = graph.mean(x);
                graph.dense(x, 10);
                graph
            }
        }
    }
}

/// A row of the table.
pub struct Case {
    name: &'static str,
    net: Net,
    graph: Graph,
    /// What a step of SGD compares with, by the softmax cross-entropy; none for a forward pass.
    classes: Option<Vec<usize>>,
    rows: usize,
    /// The inputs, row by row, each channel by channel.
    x: Vec<f32>,
}

/// The learning rate: so small that thousands of steps with the same batch change little.
const RATE: f32 = 1e-4;

impl Case {
    fn new(name: &'static str, net: Net, rows: usize) -> Self {
        let graph = net.graph();
        let x = Random(2).numbers(rows * graph.input.iter().product::<usize>(), 1.0);
        Self { name, net, graph, classes: None, rows, x }
    }

    fn all() -> Vec<Self> {
        let classes = Some((0..BATCH).map(|row| row * 7 % 10).collect());
        vec![
            Self::new("F", Net::F, 1),
            Self::new("DS-CNN", Net::DsCnn, 1),
            Self::new("ResNet-8", Net::Resnet8, 1),
            Self { classes, ..Self::new("F SGD", Net::F, BATCH) },
        ]
    }

    fn limit(&self, machine: &Machine) -> f64 {
        let macs = self.graph.macs();
        let forward: usize = macs.iter().sum();
        let all = if self.classes.is_some() { 3 * forward - macs[0] } else { forward };
        machine.limit_of(self.rows * all, 4 * self.graph.parameters())
    }

    fn contestants(&self) -> Vec<Entry> {
        let all: &[fn(&Self) -> Option<Entry>] = &[
            #[cfg(feature = "burn")]
            burn::contestant,
            #[cfg(feature = "candle")]
            candle::contestant,
            #[cfg(feature = "tract")]
            tract::contestant,
        ];
        let mut entries = vec![ours::contestant(self)];
        if self.name == "F" {
            entries.extend(image::contestants(&self.graph, &self.x));
        }
        entries.extend(all.iter().filter_map(|peer| peer(self)));
        entries
    }

    /// The values of a contestant after its first call are those of this library: the outputs, or the step by the rate.
    fn agree(&self, name: &str, values: &[f32], expected: &[f32]) {
        let (scale, tolerance) = if self.classes.is_some() { (RATE, 2e-3) } else { (1.0, 1e-4) };
        close(self.name, name, values, expected, scale, tolerance);
    }

    fn measure(&self, limit: f64, rounds: usize) -> Row {
        let (mut entries, mut expected) = (self.contestants(), Vec::new());
        for entry in &mut entries {
            entry.contestant.call();
            let values = entry.contestant.values();
            if expected.is_empty() {
                expected.clone_from(&values);
            }
            self.agree(entry.name, &values, &expected);
        }
        let times = race(&mut entries, rounds);
        let figures = entries.iter().zip(times).map(|(entry, time)| (entry.name.to_owned(), time)).collect();
        Row { name: self.name, limit, figures, expected }
    }

    /// The case as the script reads it: a line of words, and numbers.
    fn written(&self, expected: &[f32]) -> (String, Vec<u8>) {
        let [channels, rows, columns] = self.graph.input;
        let task = if self.classes.is_some() { "sgd" } else { "forward" };
        let mut line = format!("{}|{task}|{}|{RATE}|{channels},{rows},{columns}|", self.name, self.rows);
        for (at, node) in self.graph.nodes.iter().enumerate() {
            let words = match &node.op {
                Op::Conv { weight, window, .. } => {
                    let [[top, bottom], [left, right]] = window.padding;
                    let sides = format!("{top},{left},{bottom},{right}");
                    format!("conv {} {} {sides} {}", commas(&weight.dims), window.stride, window.groups)
                }
                Op::Relu => "relu".to_owned(),
                Op::MaxPool => "max_pool".to_owned(),
                Op::Mean => "mean".to_owned(),
                Op::Flatten => "flatten".to_owned(),
                Op::Dense { weight, .. } => format!("dense {}", commas(&weight.dims)),
                Op::Add(other) => format!("add {other}"),
            };
            let separator = if at == 0 { "" } else { ";" };
            write!(line, "{separator}{} {words}", node.from).expect("room for words");
        }
        let mut numbers: Vec<f32> = self.graph.tensors().flat_map(|tensor| &tensor.values).copied().collect();
        numbers.extend(&self.x);
        numbers.extend(self.classes.iter().flatten().map(|class| *class as f32));
        numbers.extend(expected);
        (line, numbers.iter().flat_map(|number| number.to_le_bytes()).collect())
    }
}

fn commas(numbers: &[usize]) -> String {
    numbers.iter().map(usize::to_string).collect::<Vec<_>>().join(",")
}

/// Measures all, and prints the table.
pub fn measure(machine: &Machine, rounds: usize, only: Option<&str>, date: &str) {
    let mut cases = Case::all();
    cases.retain(|case| only.is_none_or(|only| only == case.name));
    let mut rows: Vec<Row> = cases.iter().map(|case| case.measure(case.limit(machine), rounds)).collect();
    let files: Vec<_> = cases.iter().zip(&rows).map(|(case, row)| case.written(&row.expected)).collect();
    python::add_figures("python_images.py", &files, &mut rows, rounds).expect("files for Python");
    report::print(machine, &rows, date);
}
