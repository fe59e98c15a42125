//! Networks that imitate a circuit with diodes, heard through a plucked string.

use nn_core::loss::Steps;
use nn_core::network::Learns;
use nn_core::prelude::*;
use nn_core::train::Sequence;

network! {
    /// Long short-term memory, as many plug-ins have it.
    pub struct Cell: stream 1 => lstm(16) => 1;
}
network! {
    /// A small WaveNet, which looks 61 samples back.
    pub struct Wave: stream 1 => wavenet(channels = (6, 4), kernel = 3, dilations = ((1, 2, 4, 8), (1, 2, 4, 8)));
}

/// Samples in a second.
pub const RATE: usize = 24_000;
/// The samples of a piece.
const STEPS: usize = 480;
/// So many at its beginning do not count, as nothing is remembered there.
const WARM_UP: usize = 80;
/// The pieces of a step of training.
const BATCH: usize = 8;

/// A diode clipper: a resistor, then a capacitor and two diodes across, one each way. Its voltage follows
/// `dv/dt = (x - v) / (R C) - 2 I sinh(v / V) / C` (Yeh, Abel, Smith 2007).
#[derive(Clone, Copy, Debug, Default)]
pub struct Clipper {
    v: f64,
    x: f64,
}

impl Clipper {
    const RC: f64 = 2_200.0 * 33e-9;
    const TWO_I_BY_C: f64 = 2.0 * 2.52e-9 / 33e-9;
    const THERMAL: f64 = 0.0453;
    /// Steps of the equation in a sample.
    const FINE: usize = 8;

    /// The voltage a sample later, where the input goes to `x` in a straight line: by the trapezoidal rule, whose equation is solved by
    /// Newton's method.
    pub fn step(&mut self, x: f64) -> f64 {
        let (h, from) = (1.0 / (RATE * Self::FINE) as f64, self.x);
        let slope = |x: f64, v: f64| (x - v) / Self::RC - Self::TWO_I_BY_C * (v / Self::THERMAL).sinh();
        for fine in 1..=Self::FINE {
            let now = from + (x - from) * fine as f64 / Self::FINE as f64;
            let start = self.v + h / 2.0 * slope(self.x, self.v);
            for _ in 0..50 {
                let by_v = 1.0 / Self::RC + Self::TWO_I_BY_C / Self::THERMAL * (self.v / Self::THERMAL).cosh();
                let step = (self.v - start - h / 2.0 * slope(now, self.v)) / (1.0 + h / 2.0 * by_v);
                // No longer than where the exponential is much the same.
                self.v -= step.clamp(-0.1, 0.1);
                if step.abs() < 1e-12 {
                    break;
                }
            }
            self.x = now;
        }
        self.v
    }
}

/// Notes of a plucked string, each half a second long: noise that goes round in a delay of a period, through a mean of two neighbours
/// (Karplus, Strong 1983).
pub fn plucked(notes: usize, rng: &mut ChaCha8Rng) -> Vec<f64> {
    let mut uniform = || (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
    let mut sound = Vec::new();
    for _ in 0..notes {
        let period = RATE as f64 / (82.4 * 2_f64.powf(3.0 * uniform()));
        let (loudness, decay) = (0.5 + 3.0 * uniform(), 0.994 + 0.005 * uniform());
        let mut string: Vec<f64> = (0..period as usize).map(|_| (2.0 * uniform() - 1.0) * loudness).collect();
        for at in 0..RATE / 2 {
            let (now, next) = (at % string.len(), (at + 1) % string.len());
            sound.push(string[now]);
            string[now] = decay * (string[now] + string[next]) / 2.0;
        }
    }
    sound
}

/// What goes in, and what is to come out, with a weight for each sample.
type Piece = ([[f32; 1]; STEPS], [([f32; 1], f32); STEPS]);

/// A recording: what goes into the circuit, and what comes out.
#[derive(Clone, Debug)]
pub struct Recording {
    /// In volts.
    pub x: Vec<f32>,
    /// In volts.
    pub y: Vec<f32>,
}

impl Recording {
    /// So many notes, played by a seed.
    pub fn new(notes: usize, seed: u64) -> Self {
        let mut circuit = Clipper::default();
        let x = plucked(notes, &mut ChaCha8Rng::seed_from_u64(seed));
        let y = x.iter().map(|x| circuit.step(*x) as f32).collect();
        Self { x: x.into_iter().map(|x| x as f32).collect(), y }
    }

    /// Pieces of it, with a weight for each sample.
    fn pieces(&self) -> Vec<Piece> {
        let starts = (0..self.x.len().saturating_sub(STEPS)).step_by(STEPS - WARM_UP);
        let piece = |start: usize| {
            let target = |t: usize| ([self.y[start + t]], if t < WARM_UP { 0.0 } else { 1.0 });
            (core::array::from_fn(|t| [self.x[start + t]]), core::array::from_fn(target))
        };
        starts.map(piece).collect()
    }
}

/// What a network gives for a sound, in blocks of 64 samples.
pub fn play<N: Stream<Input = [f32; 1], Output = [f32; 1]>>(net: &N, x: &[f32]) -> Vec<f32> {
    let (mut state, mut y) = (Box::new(State::NEW), vec![0.0; x.len()]);
    for (x, y) in x.chunks(64).zip(y.chunks_mut(64)) {
        net.process(x.as_chunks().0, y.as_chunks_mut().0, &mut state).expect("as many");
    }
    y
}

/// The error-to-signal ratio: the energy of the difference, over that of what is wanted.
pub fn error_to_signal(found: &[f32], wanted: &[f32]) -> f64 {
    let energy = |values: &mut dyn Iterator<Item = f64>| values.map(|value| value * value).sum::<f64>();
    let mut differences = found.iter().zip(wanted).map(|(found, wanted)| f64::from(found - wanted));
    energy(&mut differences) / energy(&mut wanted.iter().map(|wanted| f64::from(*wanted)))
}

/// A network that has learnt a recording in so many epochs.
///
/// # Errors
/// If training diverges.
pub fn learn<N>(recording: &Recording, epochs: usize, seed: u64) -> Result<Box<N>, TrainError>
where
    N: Stream<Number = f32, Input = [f32; 1], Output = [f32; 1]> + Learns,
    Sequence<N, STEPS>: Trainable<Number = f32, Input = [[f32; 1]; STEPS], Output = [[f32; 1]; STEPS]>,
{
    let mut net = Box::new(N::ZERO);
    net.init(&mut ChaCha8Rng::seed_from_u64(seed));
    let data = recording.pieces();
    let mut order: Vec<usize> = (0..data.len()).collect();
    let mut memory = Training::<Sequence<N, STEPS>, BATCH>::boxed();
    let steps = (epochs * data.len().div_ceil(BATCH)) as u64;
    let mut adam = Adam::<Sequence<N, STEPS>>::boxed(0.01);
    let schedule = Schedule::cosine(0.01, 0.0, steps);
    let mut trainer = Trainer::new(&mut *memory, &mut *adam, Steps(MeanSquaredError)).scheduled(schedule);
    trainer.fit(Sequence::on(&mut *net), &data[..], &mut order, epochs, |_| Continue(()))?;
    Ok(net)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A constant voltage comes to rest where the resistor's current is that of the diodes.
    #[test]
    fn the_circuit_comes_to_rest() {
        for x in [-3.0, 0.02, 0.5, 4.0] {
            let mut circuit = Clipper::default();
            let v = (0..RATE / 10).map(|_| circuit.step(x)).last().expect("a sample");
            let [resistor, diodes] = [(x - v) / 2_200.0, 2.0 * 2.52e-9 * (v / 0.0453).sinh()];
            assert!((resistor - diodes).abs() < 1e-12, "{x}: {resistor} and {diodes}");
        }
    }
}
