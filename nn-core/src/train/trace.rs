//! Gradients from whatever the user computes: by the parameters, and by the input.

use super::passes::has_pieces;
use crate::kernel::{self, Isa, Task};
use crate::network::planes::{RowOf, gives_planes, read, slopes_to_places, takes_planes, to_planes, turned_back};
use crate::network::{StateOf, Trainable, check_ends, some};
use crate::number::arena::{End, Yes, copy};
#[cfg(feature = "alloc")]
use crate::number::storage::zeros::Zeros;
use crate::number::storage::{Plain, numbers, numbers_mut};
use crate::part::learn::{Learn, Recorded};
use crate::part::memory::Memory;
use crate::part::run::Part;
use crate::part::seed::Seed;
use crate::text::Text;

/// The memory of one pass forward and back, for `ROWS` inputs at once: what a loss of your own needs, one of two networks, or none at all.
///
/// [`forward`](Self::forward) gives the outputs and keeps what the way back needs. From them you compute whatever is to become smaller, and its
/// slope by each output; [`backward`](Self::backward) takes the slopes and gives the gradient by the parameters, which an
/// [`Optimizer`](crate::optimizer::Optimizer) steps along, and [`input_gradient`](Self::input_gradient) the one by an input: how an image would have to
/// change, or what a critic says of an action. The memory is the caller's, of a size that is known when it compiles.
///
/// ```
/// use nn_core::prelude::*;
/// use nn_core::train::Trace;
/// network! { struct Actor: 3 => 16 tanh => 1 tanh; }
/// network! { struct Critic: 4 => 16 relu => 1; } // of a state and an action
///
/// let mut rng = ChaCha8Rng::seed_from_u64(1);
/// let (mut actor, mut critic) = (Actor::ZERO, Critic::ZERO);
/// actor.init(&mut rng);
/// critic.init(&mut rng);
/// let (mut acting, mut judging) = (Trace::<Actor, 1>::ZERO, Trace::<Critic, 1>::ZERO);
/// let mut adam = Adam::new(0.01);
/// let state = [0.1, -0.4, 0.3];
/// let mut before = f32::MIN;
/// for _ in 0..20 {
///     let [[action]] = *acting.forward(&actor, &[state]);
///     let [[worth]] = *judging.forward(&critic, &[[state[0], state[1], state[2], action]]);
///     assert!(worth >= before - 1e-3); // the actor learns to do what the critic likes
///     before = worth;
///     judging.backward(&critic, &[[-1.0]]); // worth is to grow
///     let by_action = judging.input_gradient(0)[3];
///     let gradient = acting.backward(&actor, &[[by_action]]);
///     adam.step(&mut actor, gradient);
/// }
/// ```
pub struct Trace<N: Trainable, const ROWS: usize> {
    gradient: N,
    inputs: [RowOf<N>; ROWS],
    by_inputs: [RowOf<N>; ROWS],
    /// As the layers give them, and as the network does.
    outputs: [[N::Output; ROWS]; 2],
    tape: [<N::Layers as Learn>::Tape; ROWS],
    arena: [<N::Layers as Learn>::Slope<Yes>; ROWS],
    state: StateOf<N>,
    seed: Seed,
}

impl<N: Trainable, const ROWS: usize> Trace<N, ROWS> {
    /// Nothing computed yet.
    pub const ZERO: Self = {
        Self::checked();
        Self {
            gradient: N::ZERO,
            inputs: Plain::<N::Number>::ZEROED,
            by_inputs: Plain::<N::Number>::ZEROED,
            outputs: Plain::<N::Number>::ZEROED,
            tape: Plain::<N::Number>::ZEROED,
            arena: Plain::<N::Number>::ZEROED,
            state: Memory::NEW,
            seed: Seed::USE,
        }
    };

    const fn checked() {
        some(ROWS);
        if has_pieces::<N>() && ROWS > 1 {
            Text::EMPTY.number(ROWS).and(" rows: a sequence is traced alone, `Trace::<_, 1>`").fail();
        }
    }

    /// [`ZERO`](Self::ZERO) on the heap, where it never lay on the stack, unless the network has a layer of your own.
    #[cfg(feature = "alloc")]
    pub fn boxed() -> alloc::boxed::Box<Self> {
        let boxed = crate::number::storage::zeros::boxed!(Self { seed: Seed::USE } zeros {
            gradient: N::ZEROS,
            inputs: Some(Zeros::block::<N::Number>()),
            by_inputs: Some(Zeros::block::<N::Number>()),
            outputs: Some(Zeros::block::<N::Number>()),
            tape: Some(Zeros::block::<N::Number>()),
            arena: Some(Zeros::block::<N::Number>()),
            state: <StateOf<N> as Memory>::ZEROS
        });
        const { Self::checked() };
        boxed.unwrap_or_else(|| alloc::boxed::Box::new(Self::ZERO))
    }

    /// The outputs for these inputs, as in use: the bits of [`forward`](crate::network::Network::forward), but where a layer has other
    /// kernels for batches. Each sequence begins anew.
    pub fn forward(&mut self, network: &N, inputs: &[N::Input; ROWS]) -> &[N::Output; ROWS] {
        self.record(network, inputs, Seed::USE)
    }

    /// The outputs as in training: dropout leaves values out as the seed says, and a batch norm takes the statistics of these rows.
    pub fn forward_in_training(&mut self, network: &N, inputs: &[N::Input; ROWS], seed: u64) -> &[N::Output; ROWS] {
        const {
            let least = N::Layers::ABOUT.least_rows;
            if ROWS < least {
                Text::EMPTY.number(ROWS).and(" row: a batch norm needs ").number(least).and(" in training").fail();
            }
        }
        self.record(network, inputs, Seed(seed).at(0))
    }

    fn record(&mut self, network: &N, inputs: &[N::Input; ROWS], seed: Seed) -> &[N::Output; ROWS] {
        check_ends::<N>();
        self.seed = seed;
        read::<N>(inputs, &mut self.inputs);
        kernel::run(Forward { network, trace: self });
        let [given, planes] = &mut self.outputs;
        if const { gives_planes::<N>() } {
            to_planes::<N>(given, planes);
            planes
        } else {
            given
        }
    }

    /// The gradient by the parameters of what has these slopes by the outputs of the last pass forward, through the same network. It is the
    /// sum over the rows; a mean has slopes that are divided by their number. It lies in this memory, and may be changed there.
    ///
    /// Running statistics of batch norms are as in training: what follows the rows of a pass in training, and else what they are.
    pub fn backward(&mut self, network: &N, slopes: &[N::Output; ROWS]) -> &mut N {
        let (to, _) = End::Head.split(self.arena.values_mut(), ROWS * N::OUT);
        for (slopes, to) in slopes.iter().zip(N::Output::blocks_mut(to)) {
            if const { gives_planes::<N>() } {
                slopes_to_places::<N>(slopes, to);
            } else {
                copy(slopes.values(), to.values_mut());
            }
        }
        kernel::run(Backward { network, trace: self });
        &mut self.gradient
    }

    /// The gradient by an input of what went [`backward`](Self::backward), a number for each of the input's; none if there is no such row.
    pub fn input_gradient(&self, row: usize) -> &[N::Number] {
        self.by_inputs.get(row).map_or(&[], Plain::values)
    }
}

struct Forward<'a, N: Trainable, const ROWS: usize> {
    network: &'a N,
    trace: &'a mut Trace<N, ROWS>,
}

impl<N: Trainable, const ROWS: usize> Task for Forward<'_, N, ROWS> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(self, k: K) {
        let Trace { inputs, outputs: [y, _], tape, state, seed, .. } = self.trace;
        state.restart();
        let x = Plain::blocks(numbers(inputs));
        self.network.layers().record(k, x, state, *seed, tape.values_mut(), numbers_mut(y));
    }
}

struct Backward<'a, N: Trainable, const ROWS: usize> {
    network: &'a N,
    trace: &'a mut Trace<N, ROWS>,
}

impl<N: Trainable, const ROWS: usize> Task for Backward<'_, N, ROWS> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(self, k: K) {
        let Trace { gradient, inputs, by_inputs, outputs: [y, _], tape, arena, state, seed } = self.trace;
        let (x, tape) = (Plain::blocks(numbers(inputs)), tape.values());
        let before = const { has_pieces::<N>() }.then_some(&*state);
        let pass = Recorded { x, y: numbers(y), tape, seed: *seed, first: true, before };
        let arena = arena.values_mut();
        let end = self.network.layers().backward::<K, Yes>(k, pass, arena, End::Head, gradient.layers_mut());
        let (from, _) = end.split(arena, ROWS * N::IN);
        for (from, to) in <RowOf<N>>::blocks(from).iter().zip(by_inputs) {
            if const { takes_planes::<N>() } {
                turned_back::<N>(from, to);
            } else {
                copy(from.values(), to.values_mut());
            }
        }
    }
}
