//! Learning bends the boundary between the classes.
//!
//! Before it, the boundary is where the first weights happen to put it; each epoch moves it to where it parts more of the
//! samples.

use nn_core::metric::Confusion;
use nn_core::prelude::*;
use nn_core::scalar::Scalar;

network! {
    /// Predicts which of two half moons a point belongs to, as the logarithm of the odds.
    #[derive(Clone, Debug)]
    pub struct Moons: 2 => 8 relu => 4 sigmoid => 1;
}

/// A point, and 1 if it belongs to the second moon.
pub type Sample = ([f32; 2], [f32; 1]);

/// The epochs after which the network is shown.
pub const EPOCHS: [usize; 4] = [0, 20, 60, 400];

const SAMPLES: usize = 100;
const NOISE: f64 = 0.1;

/// The network at one time.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The epochs that it has learnt.
    pub epoch: usize,
    /// The share of held-out points that it puts into their moon.
    pub accuracy: f64,
    /// The network.
    pub net: Moons,
}

impl Snapshot {
    /// The probability that a point belongs to the second moon.
    pub fn probability(&self, point: [f32; 2]) -> f32 {
        1.0 / (1.0 + (-self.net.forward(&point)[0]).exp())
    }
}

/// Points of two half moons that reach into each other, the two in turns.
pub fn moons(seed: u64) -> [Sample; SAMPLES] {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    core::array::from_fn(|at| {
        let (sin, cos) = libm::sincos(core::f64::consts::PI * f64::uniform(&mut rng));
        let is_second = at % 2 == 1;
        let [x, y] = if is_second { [1.0 - cos, 0.5 - sin] } else { [cos, sin] };
        let point = [x, y].map(|coordinate| (coordinate + NOISE * f64::normal(&mut rng)) as f32);
        (point, [f32::from(u8::from(is_second))])
    })
}

/// Learns the samples from first weights of that seed; judges by points that are drawn from another.
///
/// # Errors
/// Those of the trainer.
pub fn learn(samples: &[Sample; SAMPLES], seed: u64) -> Result<Vec<Snapshot>, TrainError> {
    let held_out = moons(seed + 1_000);
    let mut net = Moons::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(seed));
    let mut memory = Training::<Moons, 10>::ZERO;
    let mut adam = Adam::new(0.02);
    let mut trainer = Trainer::new(&mut memory, &mut adam, BinaryCrossEntropyWithLogits).seeded(seed);
    let mut snapshot = |epoch| {
        trainer.fit(&mut net, samples, &mut [0; SAMPLES], epoch, |_| Continue(()))?;
        let accuracy = Confusion::binary(&net, &held_out, 0.0)?.accuracy();
        Ok(Snapshot { epoch, accuracy, net: net.clone() })
    };
    EPOCHS.into_iter().map(&mut snapshot).collect()
}
