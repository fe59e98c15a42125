//! What a declaration means: its stages are walked once, and what is known of each is kept. Nothing after this infers a
//! shape.

mod meaning;
mod name;
mod steps;

use crate::ast::{self, Declaration};
use crate::layer::{Ends, Frames, Given, Layer, Tensor};
use crate::reader::Reader;
use crate::report::Report;
use crate::shape::{Shape, Size, grouped};
use crate::tokens::shown;
use crate::word::activation;
use crate::word::sliding::no_signal;
use name::TakenNames;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use steps::Steps;

/// A network as it was understood.
pub struct Network {
    /// Its input.
    pub takes: Given,
    /// Its stages.
    pub stages: Vec<Stage>,
    /// Its output.
    pub gives: Shape,
    /// Whether the bytes of its parameters are known here, and few enough.
    pub is_counted: bool,
}

/// More bytes of parameters no program can hold: targets of 32 bits have no more memory for one value, and programs for those
/// of 64 bits address their static memory by 32 bits, too.
const MOST: u128 = i32::MAX as u128;

/// A layer and its activation.
pub struct Stage {
    /// Its place among the names of a PyTorch `Sequential`: `0`, `features` or `3.1.0`.
    pub place: String,
    /// Its name.
    pub name: Option<Ident>,
    /// The layer.
    pub layer: Box<dyn Layer>,
    /// What the layer takes.
    pub takes: Given,
    /// What the layer and its activation give.
    pub gives: Shape,
    /// Its tensors, if their shapes are known.
    pub tensors: Option<Vec<Tensor>>,
    /// Multiplications by its weights, if their number is known.
    pub multiplies: Option<u64>,
    /// The stages of its blocks or branches.
    pub inside: Vec<Vec<Stage>>,
    /// What these give.
    pub inside_gives: Vec<Shape>,
    /// The activation.
    pub activation: Option<Activation>,
}

/// An activation after a layer.
pub struct Activation {
    /// Its place.
    pub place: String,
    /// What it is.
    pub layer: Box<dyn Layer>,
}

impl Stage {
    /// What stands around the layer and in it; `chains` are the types of its blocks or branches.
    pub fn ends<'a>(&'a self, chains: &'a [TokenStream]) -> Ends<'a> {
        Ends { takes: &self.takes, gives: &self.gives, inside: &self.inside_gives, chains }
    }

    /// This stage, then those in its blocks or branches, in the order of the network's memory.
    pub fn walk<'a>(&'a self, each: &mut impl FnMut(&'a Self)) {
        each(self);
        self.inside.iter().flatten().for_each(|stage| stage.walk(each));
    }

    /// How many parameters the layer has, without those of its blocks or branches.
    pub fn parameters(&self) -> Option<u64> {
        self.tensors.as_ref()?.iter().map(Tensor::len).sum()
    }
}

/// Resolves a declaration; what is wrong goes to the report, what was understood is returned.
pub fn network(declaration: &Declaration, report: &mut Report) -> Network {
    if let Some(token) = declaration.after_input.first() {
        let message = match token {
            TokenTree::Ident(word) if activation::find(&word.to_string()).is_some() => {
                format!("the input has no activation; write `=>` and a layer before `{word}`")
            }
            token => format!("expected `=>` after the number of inputs, found {}", shown(token)),
        };
        report.at(token.span(), message);
    }
    let parameters = declaration.item.as_ref().map_or(&[][..], |item| &item.parameters);
    let item = declaration.item.as_ref().map(|item| &item.name);
    let is_stream = declaration.stream.is_some();
    let mut reader = Reader { report, parameters, item, is_stream, computed: 0 };
    let input = declaration.input.as_ref();
    let width = input.and_then(|input| reader.width(&input.width, "a network must have at least one input"));
    let size = width.map_or(Size::Unknown, Size::Width);
    let sizes = input.map_or(&[][..], |input| &input.sizes);
    let (shape, said) = match sizes {
        [_, _] if is_stream => {
            let span = input.map_or_else(Span::call_site, |input| input.width.span());
            reader
                .report
                .at(span, "a stream takes frames of values, as `40` or `40x3`; images are not frames of it yet");
            (Shape::Vector(Size::Unknown), "a frame has")
        }
        [1] | [] if is_stream => (Shape::Vector(size), "a frame has"),
        [] => (Shape::Vector(size), "the input has"),
        sizes => (Shape::of(size, sizes), if is_stream { "a step is" } else { "the input is" }),
    };
    let takes = Given { shape, said: said.into() };
    let each = if declaration.scalar == "f64" { 8 } else { 4 };
    let steps = Steps::default();
    let mut walk = Walk { reader, names: TakenNames::default(), elsewhere: 0, each, bytes: 0, is_counted: true, steps };
    let (stages, gives) = walk.stages(&declaration.stages, &takes, "");
    if let Some((span, message)) = walk.steps.mistake(&takes.shape) {
        walk.reader.report.at(span, message);
    }
    if let (Some(span), true) = (declaration.attributes.approximate, declaration.scalar == "f64") {
        walk.reader
            .report
            .at(span, "there are no approximations in `f64`; leave `#[approximate]` out, or compute in `f32`");
    }
    Network { takes, stages, gives, is_counted: walk.is_counted }
}

struct Walk<'a> {
    reader: Reader<'a>,
    names: TakenNames,
    /// How many paths were met.
    elsewhere: usize,
    /// Bytes of a number.
    each: u64,
    /// Bytes of the parameters of all layers that were met, and are known.
    bytes: u128,
    /// Whether these are all.
    is_counted: bool,
    /// How the frames of a step of a stream are divided.
    steps: Steps,
}

impl Walk<'_> {
    /// The stages of one level, and what the last one gives. `around` begins the places of its stages.
    fn stages(&mut self, stages: &[ast::Stage], takes: &Given, around: &str) -> (Vec<Stage>, Shape) {
        let (mut resolved, mut takes, mut place) = (Vec::new(), takes.clone(), 0);
        for stage in stages {
            let Some(stage) = self.stage(stage, takes.clone(), around, place) else { continue };
            place += stage.layer.places() + usize::from(stage.activation.is_some());
            let said = match stage.layer.elsewhere() {
                Some(elsewhere) => format!("`{}` gives", elsewhere.path.name),
                None => "the layer before gives".into(),
            };
            takes = Given { shape: stage.gives.clone(), said };
            resolved.push(stage);
        }
        (resolved, takes.shape)
    }

    /// The stages of a block or branch. If it is empty, that was told, and nothing else is said of what it gives.
    fn block(&mut self, stages: &[ast::Stage], takes: &Given, around: &str) -> (Vec<Stage>, Shape) {
        let (stages, gives) = self.stages(stages, takes, around);
        let gives = if stages.is_empty() { Shape::Vector(Size::Unknown) } else { gives };
        (stages, gives)
    }

    fn stage(&mut self, stage: &ast::Stage, takes: Given, around: &str, place: usize) -> Option<Stage> {
        let (layer, activation) = meaning::of(stage, self.elsewhere, &mut self.reader);
        let layer = layer?;
        let places = layer.places();
        self.elsewhere += usize::from(layer.elsewhere().is_some());
        if let Some(name) = &stage.name {
            self.names.take(name, self.reader.report);
        }
        let activation = activation.map(|layer| Activation { place: format!("{around}{}", place + places), layer });
        let name = stage.name.as_ref().map_or_else(|| place.to_string(), Ident::to_string);
        let place = format!("{around}{name}");
        let inside = match &stage.layer {
            Some(ast::Layer::Residual(stages, _)) => vec![self.block(stages, &takes, &format!("{place}."))],
            Some(ast::Layer::Branches(branches, ..)) => {
                let (branches, rate) = (branches.iter().enumerate(), self.steps.rate);
                let branches = branches.map(|(at, branch)| {
                    self.steps.rate = rate;
                    self.block(branch, &takes, &format!("{place}.{at}."))
                });
                branches.collect()
            }
            _ => Vec::new(),
        };
        let (inside, inside_gives): (Vec<_>, Vec<_>) = inside.into_iter().unzip();
        let is_stream = self.reader.is_stream;
        let takes = if is_stream { self.steps.divide(takes, &*layer) } else { takes };
        let are_apart = takes.shape.has_places() && layer.frames().are_apart(is_stream);
        let is_out_of_place = self.is_out_of_place(&*layer, &takes);
        // What takes place by place is asked about one.
        let each = Given { shape: if are_apart { takes.shape.place() } else { takes.shape.clone() }, ..takes.clone() };
        let each_gives = layer.gives(&each, &inside_gives, self.reader.report);
        let tensors = layer.tensors(&each.shape, &each_gives);
        self.count(tensors.as_deref(), layer.span());
        let multiplies = layer.multiplies(&each.shape, &each_gives);
        let multiplies = multiplies.and_then(|macs| macs.checked_mul(if are_apart { takes.shape.places() } else { 1 }));
        let gives = match are_apart {
            _ if is_out_of_place => Shape::Vector(Size::Unknown),
            true => takes.shape.with(each_gives.channels().clone()),
            false => each_gives,
        };
        let name = stage.name.clone();
        Some(Stage { place, name, layer, takes, gives, tensors, multiplies, inside, inside_gives, activation })
    }

    /// Whether a layer that remembers takes no frames, which goes to the report.
    fn is_out_of_place(&mut self, layer: &dyn Layer, takes: &Given) -> bool {
        let (Frames::InOrder(example), None, false) = (layer.frames(), takes.shape.frames(), self.reader.is_stream)
        else {
            return false;
        };
        if takes.shape.is_unknown() {
            return false;
        }
        let word = example.split('(').next().unwrap_or(example);
        let message = match takes.shape.has_places() {
            true => no_signal(word, takes),
            false => format!(
                "`{word}` remembers from one frame to the next; declare the network as a stream, `stream 1 => {example}`, or over a \
                 signal, `1x40 => {example}`"
            ),
        };
        self.reader.report.at(layer.span(), message);
        true
    }

    /// Counts the bytes of a layer's parameters, up to more than a program can hold. Those of a layer that only the compiler
    /// knows are counted by it.
    fn count(&mut self, tensors: Option<&[Tensor]>, span: Span) {
        let Some(tensors) = tensors else {
            self.is_counted = false;
            return;
        };
        let before = self.bytes;
        let len = tensors.iter().map(|tensor| u128::from(tensor.len().unwrap_or(u64::MAX))).sum::<u128>();
        self.bytes += len * u128::from(self.each);
        if before <= MOST && self.bytes > MOST {
            let (bytes, most) = (grouped(u64::try_from(self.bytes).unwrap_or(u64::MAX)), grouped(MOST as u64));
            let message = format!("up to this layer the network needs {bytes} bytes; a program holds {most} at most");
            self.reader.report.at(span, message);
        }
    }
}
