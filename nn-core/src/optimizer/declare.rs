//! How an optimiser is declared: its numbers, what it keeps for each parameter, and whether it counts its steps. Its rule is a method that
//! stands beside the declaration.

/// The two ways to make an optimiser of these settings, whose state is so many networks of zeros: as a value, and on the heap.
macro_rules! made {
    ($(#[$doc:meta])* new($($argument:ident),+) { $($field:ident: $value:expr),+ } zeros { $state:ident: $count:expr }) => {
        $(#[$doc])*
        pub const fn new($($argument: N::Number),+) -> Self {
            Self { $($field: $value,)+ $state: [N::ZERO; $count] }
        }

        /// The same on the heap, where it never lay on the stack, unless the network has a layer of your own.
        #[cfg(feature = "alloc")]
        pub fn boxed($($argument: N::Number),+) -> alloc::boxed::Box<Self> {
            let boxed = $crate::number::storage::zeros::boxed!(Self { $($field: $value),+ } zeros {
                $state: N::ZEROS.map(|zeros| zeros.several())
            });
            boxed.unwrap_or_else(|| alloc::boxed::Box::new(Self::new($($argument),+)))
        }
    };
}
pub(super) use made;

/// One optimiser: documentation, type and name; what it is made of; its numbers, each with the range it must be in, with what it begins
/// and, unless `new` asks for it, the method that changes it; the shares of two means, if it has them; the weight decay it begins with; whether it
/// counts its steps; and what it keeps, a network each.
///
/// `fn rule(&self, decay: N::Number) -> impl Rule<N::Number, …>` is that of a step, for parameters that decay by so much.
macro_rules! optimizer {
    (
        $(#[$doc:meta])*
        $Name:ident, $name:literal;
        $(#[$new:meta])*
        new($($argument:ident),*);
        $(numbers {$(
            $(#[$about:meta])*
            $setting:ident: $range:ident = $value:expr $(, $with:ident $does:literal)?;
        )*})?
        $(shares {
            $(#[$shares:meta])*
            $pair:ident = $numbers:expr, $with_pair:ident $changes:literal;
        })?
        $(#[$decays:meta])*
        decay = $decay:expr;
        $(counts $steps:ident;)?
        keeps $count:literal: $($kept:ident),+;
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $Name<N: Trainable> {
            /// The length of a step.
            pub learning_rate: N::Number,
            $($($(#[$about])* pub $setting: N::Number,)*)?
            $($(#[$shares])* pub $pair: [N::Number; 2],)?
            decay: Option<$crate::optimizer::Decay<N, Self>>,
            $($steps: u64,)?
            kept: [N; $count],
        }

        impl<N: Trainable> $Name<N> {
            $crate::optimizer::declare::made! {
                $(#[$new])*
                new(learning_rate $(, $argument)*) {
                    learning_rate: learning_rate,
                    $($($setting: $value,)*)?
                    $($pair: $numbers,)?
                    $($steps: 0,)?
                    decay: $decay
                } zeros { kept: $count }
            }

            $($($(
                #[doc = $does]
                pub fn $with(self, $setting: N::Number) -> Self {
                    Self { $setting, ..self }
                }
            )?)*)?
            $(
                #[doc = $changes]
                pub fn $with_pair(self, $pair: [N::Number; 2]) -> Self {
                    Self { $pair, ..self }
                }
            )?

            $(#[$decays])*
            pub fn with_weight_decay(mut self, amount: N::Number) -> Self {
                self.decay = Some($crate::optimizer::Decay { amount, step: Self::decaying_step });
                self
            }

            fn decaying_step(&mut self, network: &mut N, gradient: &mut N) {
                let rules = $crate::optimizer::Decay::amounts(&self.decay).map(|decay| self.rule(decay));
                let [$($kept),+] = &mut self.kept;
                $crate::optimizer::update_decaying([network, gradient, $($kept),+], rules);
            }
        }

        impl<N: Trainable> $crate::optimizer::Optimizer for $Name<N> {
            type Network = N;
            const NAME: &'static str = $name;
            const NETWORKS: usize = $count;

            #[inline]
            fn step(&mut self, network: &mut N, gradient: &mut N) {
                $(self.$steps = self.$steps.saturating_add(1);)?
                match self.decay {
                    None => {
                        let rule = self.rule(<N::Number as $crate::number::Number>::ZERO);
                        let [$($kept),+] = &mut self.kept;
                        $crate::optimizer::update([network, gradient, $($kept),+], rule);
                    }
                    Some(decay) => (decay.step)(self, network, gradient),
                }
            }

            fn state(&mut self) -> $crate::optimizer::State<'_, N> {
                $crate::optimizer::State {
                    learning_rate: &mut self.learning_rate,
                    steps: None $(.or(Some(&mut self.$steps)))?,
                    networks: &mut self.kept,
                }
            }

            fn settings(&self) -> Result<(), $crate::setting::Setting> {
                $($($crate::setting::Setting::$range(stringify!($setting), self.$setting)?;)*)?
                $(
                    for share in self.$pair {
                        $crate::setting::Setting::below_one(stringify!($pair), share)?;
                    }
                )?
                $crate::optimizer::Decay::check(&self.decay)
            }
        }
    };
}
pub(super) use optimizer;
