//! Whole networks: plain arrays in, plain arrays out.

mod arithmetic;
mod budget;
mod ends;
mod fold;
mod infer;
mod net;
pub(crate) mod planes;
mod state_error;
mod stream;
pub(crate) mod summary;
mod trainable;

pub use arithmetic::Arithmetic;
#[doc(hidden)]
pub use budget::{Budget, keep, possible};
pub(crate) use ends::{check_ends, some};
pub use fold::Fold;
pub use infer::Unequal;
#[doc(hidden)]
pub use net::Last;
pub use net::Net;
pub use state_error::StateError;
pub use stream::{State, Stateless, Stream};
pub(crate) use stream::{StateOf, forward_cut};
#[doc(hidden)]
pub use trainable::Learns;
pub use trainable::Trainable;

use crate::file::{self, WeightsError};
use crate::number::Number;
use crate::number::arena::{Flag, No};
use crate::number::element::Element;
use crate::number::size::{exact, product, sum};
use crate::number::storage::Plain;
use crate::number::storage::zeros::Zeros;
use crate::part::init::Init;
use crate::part::layout;
use crate::part::learn::Learn;
use crate::part::place::{Module, Place};
use crate::part::run::Part;
use crate::part::tensor::Kind;
#[cfg(feature = "alloc")]
use alloc::boxed::Box;
use core::array;
use core::marker::PhantomData;
use infer::{goes_by_tiles, infer, infer_all, infer_watched};
use rand_core::Rng;
use summary::Summary;

/// A network of fixed size, as [`network!`](crate::network!) declares it.
///
/// One that is declared as `stream` [remembers](Stream), and takes its input frame by frame: [`step`](Self::step) and
/// [`process`](Self::process). Any other is [`Stateless`]: [`forward`](Self::forward), [`forward_batch`](Self::forward_batch) and
/// [`forward_all`](Self::forward_all).
///
/// # Memory
/// A value of the type is its layers and nothing else. For the layers of the library, all bytes zero are a valid network,
/// [`ZERO`](Self::ZERO), so
/// a large one can stand in a `static` or in a zeroed box and be initialised there, without passing through the stack:
///
/// ```
/// use nn_core::prelude::*;
/// use std::sync::Mutex;
///
/// network! { pub struct Large: 784 => 256 relu => 128 relu => 10; }
/// static LARGE: Mutex<Large> = Mutex::new(Large::ZERO);
///
/// LARGE.lock().unwrap().init(&mut ChaCha8Rng::seed_from_u64(1));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a network",
    label = "not a network",
    note = "a network is declared by `network! {{ pub struct Name: 2 => 8 relu => 1; }}`"
)]
pub trait Network: Sized {
    /// The number type: `f32`, unless the declaration says otherwise.
    type Number: Number;
    /// The numbers of an input as they come: [`Number`](Self::Number), unless the declaration says `u8`.
    type Element: Element<Self::Number>;
    /// `[Element; IN]`.
    type Input: Plain<Self::Element>;
    /// `[Number; OUT]`.
    type Output: Plain<Self::Number>;
    /// Whether signals and images at its ends lie channel by channel.
    #[doc(hidden)]
    type Planes: Flag;
    /// The chain of its parts.
    #[doc(hidden)]
    type Layers: Part<T = Self::Number>;

    /// The name in the declaration.
    const NAME: &'static str;
    /// Every parameter zero.
    ///
    /// It is a constant: `let mut net = Xor::ZERO;` makes a network, while `Xor::ZERO.init(…)` would fill a temporary
    /// one and drop it.
    const ZERO: Self;

    /// Values in.
    const IN: usize = Self::Layers::IN;
    /// Values out. It may stand in the width of another network, `{ Encoder::OUT }`.
    const OUT: usize = Self::Layers::OUT;

    /// Trainable numbers.
    const PARAMETERS: usize = exact(Self::Layers::ABOUT.parameters);
    /// Multiplications by weights, one sample.
    const MACS: usize = exact(Self::Layers::ABOUT.macs);
    /// Values of working memory that inference of one sample needs, parameters and the returned output not included.
    const WORKSPACE: usize =
        sum(Arena::<Self>::LEN, if planes::is_read::<Self>() && !Self::Layers::READS { Self::IN } else { 0 });
    /// [`WORKSPACE`](Self::WORKSPACE) in bytes.
    const RAM: usize = product(Self::WORKSPACE, size_of::<Self::Number>());
    /// Bytes of parameters.
    const FLASH: usize = exact(Self::Layers::ABOUT.bytes);

    /// Bytes of the [`State`] of a stream; 0 for a network that is none.
    const STATE: usize = stream::bytes::<Self>();
    /// How many frames of input an output of a stream depends on, the present one included; none where a cell remembers for ever.
    const FIELD: Option<usize> = Self::Layers::ABOUT.field;
    /// How many frames a stream takes in before its outputs no longer depend on where it began, one less than
    /// [`FIELD`](Self::FIELD). Where a cell remembers for ever, only experience tells.
    const WARM_UP: Option<usize> = match Self::FIELD {
        Some(field) => Some(field.saturating_sub(1)),
        None => None,
    };

    /// Bytes that [`save`](Self::save) writes.
    const SAVED_LEN: usize = file::saved_len::<Self::Layers>();

    /// That its bytes may all be zero, if that is known.
    #[doc(hidden)]
    const ZEROS: Option<Zeros<Self>> = None;

    /// The chain of its parts.
    #[doc(hidden)]
    fn layers(&self) -> &Self::Layers;
    /// The chain of its parts, to be changed.
    #[doc(hidden)]
    fn layers_mut(&mut self) -> &mut Self::Layers;

    /// [`ZERO`](Self::ZERO) on the heap, where a network belongs that is too large for the stack. It never lies on the stack,
    /// unless it has a layer of your own, which this library knows too little of.
    #[cfg(feature = "alloc")]
    fn boxed() -> Box<Self> {
        Self::ZEROS.map_or_else(|| Box::new(Self::ZERO), |zeros| zeros.boxed())
    }

    /// Sets every parameter to its first value: random weights, suited to the activation that follows, and zero biases.
    ///
    /// See [`Init`]. The same generator state gives the same parameters on every machine.
    fn init(&mut self, rng: &mut impl Rng)
    where
        Self: Learns,
    {
        self.layers_mut().prepare(rng, None, None);
    }

    /// Sets every weight as `init` says, whatever activation follows, and every bias to zero.
    fn init_with(&mut self, init: Init, rng: &mut impl Rng)
    where
        Self: Learns,
    {
        self.layers_mut().prepare(rng, Some(init), None);
    }

    /// The output for one input.
    ///
    /// NaN in the input gives NaN in every output that depends on it. Nothing here can panic.
    ///
    /// ```
    /// use nn_core::prelude::*;
    /// network! { pub struct Xor: 2 => 8 relu => 4 sigmoid => 1; }
    ///
    /// let mut net = Xor::ZERO;
    /// net.init(&mut ChaCha8Rng::seed_from_u64(1));
    /// let y: [f32; 1] = net.forward(&[0.0, 1.0]);
    /// assert!(y[0].is_finite());
    /// ```
    #[inline]
    fn forward(&self, input: &Self::Input) -> Self::Output
    where
        Self: Stateless,
    {
        let mut output = Self::Output::ZEROED;
        check_ends::<Self>();
        infer::<_, Arena<Self>, 1>(self, array::from_ref(input), array::from_mut(&mut output));
        output
    }

    /// The outputs for several inputs. The working memory, [`RAM`](Self::RAM) bytes for each of up to 32 rows, is on the
    /// stack; more rows than these, and sixteen or more of a small network on x86-64, are worked through as by
    /// [`forward_all`](Self::forward_all).
    ///
    /// The bits are those of [`forward`](Self::forward).
    #[inline]
    fn forward_batch<const ROWS: usize>(&self, inputs: &[Self::Input; ROWS], outputs: &mut [Self::Output; ROWS])
    where
        Self: Stateless,
    {
        const { some(ROWS) };
        check_ends::<Self>();
        if const { !goes_by_tiles::<Self, Arena<Self>>(ROWS) } {
            infer::<_, [Arena<Self>; ROWS], ROWS>(self, inputs, outputs);
        } else {
            infer_all::<_, Arena<Self>>(self, inputs, outputs);
        }
    }

    /// The outputs for any number of inputs. The working memory, on the stack, is that of 32 rows, [`RAM`](Self::RAM) bytes
    /// each, or 1,024 numbers if that is more; it does not grow with the number of inputs.
    ///
    /// With AVX-512, networks of up to 256 multiplications, and with AVX2 those of up to 128, run sixteen rows at a time,
    /// each in a lane of its own, if all their layers are dense and their activations take value by value. They take
    /// from a fifth to nine tenths of the time then; a few rows as long as sixteen.
    ///
    /// The bits are those of [`forward`](Self::forward).
    ///
    /// # Errors
    /// [`Unequal`] if there are not as many outputs as inputs; nothing is computed then.
    ///
    /// ```
    /// use nn_core::prelude::*;
    /// network! { pub struct Brain: 12 => 24 tanh => 16 tanh => 4; }
    ///
    /// let mut net = Brain::ZERO;
    /// net.init(&mut ChaCha8Rng::seed_from_u64(1));
    /// let inputs = vec![[0.5; Brain::IN]; 100_000];
    /// let mut outputs = vec![[0.0; Brain::OUT]; inputs.len()];
    /// net.forward_all(&inputs, &mut outputs)?;
    /// assert_eq!(outputs[99_999], net.forward(&inputs[99_999]));
    /// # Ok::<(), nn_core::network::Unequal>(())
    /// ```
    #[inline]
    fn forward_all(&self, inputs: &[Self::Input], outputs: &mut [Self::Output]) -> Result<(), Unequal>
    where
        Self: Stateless,
    {
        check_ends::<Self>();
        if inputs.len() != outputs.len() {
            return Err(Unequal { inputs: inputs.len(), outputs: outputs.len() });
        }
        infer_all::<_, Arena<Self>>(self, inputs, outputs);
        Ok(())
    }

    /// Runs the network and shows the value of every layer on the way: `each` gets the layer, as the
    /// [`summary`](Self::summary) shows it, and the values; those of a signal or an image place by place, each with all channels.
    ///
    /// The value of an activation is what the course notes call an *activation*: a layer's value after its
    /// non-linearity. Those of a [`Sequence`](crate::train::Sequence) come step by step, of each step all layers.
    ///
    /// ```
    /// use nn_core::prelude::*;
    /// type Net = network!(2 => 3 relu => 1);
    ///
    /// let mut hidden = [0.0; 3];
    /// Net::ZERO.activations(&[1.0, 2.0], |layer, values| {
    ///     if layer.label == "relu" {
    ///         hidden.copy_from_slice(values);
    ///     }
    /// });
    /// assert_eq!(hidden, [0.0; 3]);
    /// ```
    fn activations(&self, input: &Self::Input, mut each: impl FnMut(&Module<'_>, &[Self::Number])) -> Self::Output
    where
        Self: Stateless,
    {
        let mut seen = 0;
        let mut watch = |values: &[Self::Number]| {
            let mut row = 0;
            Self::Layers::describe(Place::FIRST, &mut |module| {
                if row == seen {
                    each(module, values);
                }
                row += 1;
            });
            seen = if seen + 1 < row { seen + 1 } else { 0 };
        };
        check_ends::<Self>();
        infer_watched::<_, Arena<Self>>(self, input, &mut watch)
    }

    /// Sets every parameter to that of a file, safetensors or `.npz`, whose bytes are given; see [`weights`](crate::weights).
    /// Tensors that the network does not have are left alone. Half-precision numbers are widened.
    ///
    /// # Errors
    /// Any [`WeightsError`] but that of a buffer. Nothing is changed then.
    // With the error for a path in their place, the compiler shows these lines of `load` and of `save`.
    #[rustfmt::skip]
    fn load(&mut self, file: &[u8]) -> Result<(), WeightsError> // of bytes; `weights::load_file` takes a path
    where
        Self: Learns,
    {
        file::load(self.layers_mut(), file)
    }

    /// Writes every parameter as a safetensors file of [`SAVED_LEN`](Self::SAVED_LEN) bytes, and returns its length; see
    /// [`weights`](crate::weights). Into an array, a slice or a vector: whatever is a `&mut [u8]`.
    ///
    /// # Errors
    /// [`WeightsError::Buffer`] if there is not enough room.
    #[rustfmt::skip]
    fn save(&self, file: &mut (impl AsMut<[u8]> + ?Sized)) -> Result<usize, WeightsError> // `weights::save_file` takes a path
    where
        Self: Learns,
    {
        file::save(self.layers(), file.as_mut())
    }

    /// Calls `each` with every tensor of parameters, in the order of the layers. Weights are input-major: the weight
    /// from input `i` to output `o` of a dense layer is at `i * outputs + o`.
    fn parameters(&self, mut each: impl FnMut(Kind, &[Self::Number]))
    where
        Self: Learns,
    {
        self.layers().read(&mut each);
    }

    /// Calls `each` with every tensor of parameters, to be changed.
    fn parameters_mut(&mut self, mut each: impl FnMut(Kind, &mut [Self::Number]))
    where
        Self: Learns,
    {
        layout::each_mut(self.layers_mut(), &mut each);
    }

    /// Calls `each` with every tensor of several networks of one type side by side.
    #[inline]
    fn zip<const COUNT: usize>(all: [&mut Self; COUNT], mut each: impl FnMut(Kind, [&mut [Self::Number]; COUNT]))
    where
        Self: Learns,
    {
        Learn::walk(all.map(Self::layers_mut), &mut each);
    }

    /// The output for the next frame of a stream, which `state` remembers.
    ///
    /// Nothing here can panic, and the time that it takes does not depend on the numbers.
    /// [`State`] has an example.
    #[inline]
    fn step(&self, frame: &Self::Input, state: &mut State<Self>) -> Self::Output
    where
        Self: Stream,
    {
        stream::step(self, frame, state)
    }

    /// The outputs for the next frames of a stream, as many as there are: the bits of so many [steps](Self::step). The working
    /// memory does not grow with them.
    ///
    /// # Errors
    /// [`Unequal`] if there are not as many outputs as frames; nothing is computed then.
    fn process(
        &self,
        frames: &[Self::Input],
        outputs: &mut [Self::Output],
        state: &mut State<Self>,
    ) -> Result<(), Unequal>
    where
        Self: Stream,
    {
        stream::process(self, frames, outputs, state)
    }

    /// [`process`](Self::process) in one buffer: each output takes the place of its frame.
    fn process_in_place<F: Plain<Self::Number> + Plain<Self::Element>>(&self, frames: &mut [F], state: &mut State<Self>)
    where
        Self: Stream<Input = F, Output = F>,
    {
        stream::process_in_place(self, frames, state);
    }

    /// The state of a stream that begins. A large one is better made by [`State::NEW`] where it is to lie.
    fn start(&self) -> State<Self>
    where
        Self: Stream,
    {
        let mut state = State::NEW;
        state.restart(self);
        state
    }

    /// The same function without batch norms, each folded into the dense layer or the convolution that it follows; see [`Fold`].
    fn folded(&self) -> Self::Folded
    where
        Self: Fold,
    {
        self.without_norms()
    }

    /// The table of layers and totals, to be printed.
    fn summary() -> Summary<Self> {
        Summary(PhantomData)
    }
}

/// The working memory of one sample.
type Arena<N> = <<N as Network>::Layers as Part>::Work<No>;
