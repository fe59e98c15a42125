//! The networks that captures are. Each may be used by itself, too: in a program without a heap, with weights in its flash.

use nn_core::prelude::*;

/// The samples that are worked on at a time where they are needed once more.
#[cfg(feature = "std")]
pub(crate) const BLOCK: usize = 64;

/// Declares networks of one input, and what has one of any of them.
macro_rules! shapes {
    ($($(#[$about:meta])* $Name:ident = $shown:literal: [$($network:tt)*]);+ $(;)?) => {
        $( network! { $(#[$about])* pub struct $Name: stream 1 => $($network)*; } )+

        /// A shape that is played.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Shape { $( $(#[$about])* $Name, )+ }

        impl Shape {
            /// All of them.
            pub const ALL: &'static [Self] = &[$( Self::$Name, )+];

            /// As people call it.
            pub const fn name(self) -> &'static str {
                match self { $( Self::$Name => $shown, )+ }
            }

            /// Bytes of weights, and of what one channel remembers.
            pub const fn bytes(self) -> [usize; 2] {
                match self { $( Self::$Name => [size_of::<$Name>(), $Name::STATE], )+ }
            }

            /// Multiplications by weights for a sample, which are most of what it costs.
            pub const fn multiplications(self) -> usize {
                match self { $( Self::$Name => $Name::MACS, )+ }
            }

            /// How many samples of silence leave behind what endless silence would; none where a cell remembers for ever.
            pub const fn warm_up(self) -> Option<usize> {
                match self { $( Self::$Name => $Name::WARM_UP, )+ }
            }
        }

        /// A network of any shape.
        #[cfg(feature = "std")]
        pub(crate) enum AnyNetwork { $( $Name(Box<$Name>), )+ }

        #[cfg(feature = "std")]
        impl AnyNetwork {
            /// With every parameter zero.
            pub(crate) fn zero(shape: Shape) -> Self {
                match shape { $( Shape::$Name => Self::$Name($Name::boxed()), )+ }
            }

            pub(crate) fn shape(&self) -> Shape {
                match self { $( Self::$Name(_) => Shape::$Name, )+ }
            }

            /// Calls `each` with every tensor, as it lies in memory.
            pub(crate) fn tensors_mut(&mut self, mut each: impl FnMut(&mut [f32])) {
                match self { $( Self::$Name(net) => net.parameters_mut(|_, values| each(values)), )+ }
            }

            /// What a channel remembers whose first sample is still to come.
            pub(crate) fn state(&self) -> AnyState {
                match self { $( Self::$Name(_) => AnyState::$Name(Box::new(State::NEW)), )+ }
            }

            /// The next samples, as many as it is given. Nothing happens if the state is that of another shape.
            pub(crate) fn process(&self, input: &[f32], output: &mut [f32], state: &mut AnyState) {
                let (input, output) = (input.as_chunks().0, output.as_chunks_mut().0);
                let played = match (self, state) {
                    $( (Self::$Name(net), AnyState::$Name(state)) => net.process(input, output, state), )+
                    _ => Ok(()),
                };
                debug_assert!(played.is_ok(), "there is an output for each input");
            }

            /// Whether a state is that of this shape.
            pub(crate) fn is_of(&self, state: &AnyState) -> bool {
                matches!((self, state), $( (Self::$Name(_), AnyState::$Name(_)) )|+)
            }

            /// Begins again, where the state lies.
            pub(crate) fn restart(&self, state: &mut AnyState) -> bool {
                match (self, state) {
                    $( (Self::$Name(net), AnyState::$Name(state)) => { state.restart(net); true } )+
                    _ => false,
                }
            }
        }

        /// What a channel of any shape remembers.
        #[cfg(feature = "std")]
        #[derive(Clone, Debug)]
        pub(crate) enum AnyState { $( $Name(Box<State<$Name>>), )+ }

        #[cfg(feature = "std")]
        impl AnyState {
            /// Remembers what another does, without a heap.
            pub(crate) fn copy_from(&mut self, other: &Self) -> bool {
                match (self, other) {
                    $( (Self::$Name(to), Self::$Name(from)) => { to.copy_from(from); true } )+
                    _ => false,
                }
            }

            pub(crate) fn is_finite(&self) -> bool {
                match self { $( Self::$Name(state) => state.is_finite(), )+ }
            }
        }
    };
}

shapes! {
    /// Neural Amp Modeler's A1 Standard.
    A1Standard = "A1 Standard": [wavenet(a1_standard)];
    /// Neural Amp Modeler's A1 Lite.
    A1Lite = "A1 Lite": [wavenet(a1_lite)];
    /// Neural Amp Modeler's A1 Feather.
    A1Feather = "A1 Feather": [wavenet(a1_feather)];
    /// Neural Amp Modeler's A1 Nano.
    A1Nano = "A1 Nano": [wavenet(a1_nano)];
    /// Neural Amp Modeler's A2 of eight channels.
    A2Full = "A2 Full": [wavenet(a2_full)];
    /// Neural Amp Modeler's A2 of three channels.
    A2Lite = "A2 Lite": [wavenet(a2_lite)];
    /// An LSTM of 8 units.
    Lstm8 = "LSTM 1x8": [lstm(8, start = learned) => 1];
    /// An LSTM of 12 units.
    Lstm12 = "LSTM 1x12": [lstm(12, start = learned) => 1];
    /// An LSTM of 16 units.
    Lstm16 = "LSTM 1x16": [lstm(16, start = learned) => 1];
    /// An LSTM of 20 units.
    Lstm20 = "LSTM 1x20": [lstm(20, start = learned) => 1];
    /// An LSTM of 24 units.
    Lstm24 = "LSTM 1x24": [lstm(24, start = learned) => 1];
    /// An LSTM of 32 units.
    Lstm32 = "LSTM 1x32": [lstm(32, start = learned) => 1];
    /// An LSTM of 40 units.
    Lstm40 = "LSTM 1x40": [lstm(40, start = learned) => 1];
    /// Two LSTMs of 8 units, one after the other.
    Lstm8x2 = "LSTM 2x8": [lstm(8, start = learned) => lstm(8, start = learned) => 1];
    /// Two LSTMs of 16 units, one after the other.
    Lstm16x2 = "LSTM 2x16": [lstm(16, start = learned) => lstm(16, start = learned) => 1];
    /// A GRU of 8 units.
    Gru8 = "GRU 1x8": [gru(8) => 1];
    /// A GRU of 12 units.
    Gru12 = "GRU 1x12": [gru(12) => 1];
    /// A GRU of 16 units.
    Gru16 = "GRU 1x16": [gru(16) => 1];
    /// A GRU of 20 units.
    Gru20 = "GRU 1x20": [gru(20) => 1];
    /// A GRU of 24 units.
    Gru24 = "GRU 1x24": [gru(24) => 1];
    /// A GRU of 32 units.
    Gru32 = "GRU 1x32": [gru(32) => 1];
    /// A GRU of 40 units.
    Gru40 = "GRU 1x40": [gru(40) => 1];
}

impl Shape {
    /// That of so many LSTMs or GRUs of so many units.
    #[cfg(feature = "std")]
    pub(crate) fn recurrent(kind: &str, layers: u32, units: usize) -> Option<Self> {
        let name = format!("{kind} {layers}x{units}");
        Self::ALL.iter().copied().find(|shape| shape.name() == name)
    }
}
