//! An agent that learns to hold up a pole on a cart, by proximal policy optimisation (Schulman et al. 2017).
//!
//! Nobody says what would have been right. The agent tries, sees how long the pole stays up, and makes what went better than its critic
//! had expected more probable, never by much at once. Nothing is allocated while it learns.

use nn_core::distribution::Categorical;
use nn_core::prelude::*;
use nn_core::train::Trace;

network! {
    /// What to do: the logits of a push to the left and one to the right.
    pub struct Actor: 4 => 32 tanh => 32 tanh => 2;
}
network! {
    /// How much longer the pole will stay up.
    pub struct Critic: 4 => 32 tanh => 32 tanh => 1;
}

/// The longest episode.
pub const LONGEST: usize = 500;
/// Steps that are tried before the agent learns from them.
const TRIED: usize = 1_024;
const BATCH: usize = 64;
/// How often it looks at each.
const EPOCHS: usize = 8;
/// What a step is worth one step earlier.
const DISCOUNT: f32 = 0.99;
/// How far what was seen is trusted more than the critic (Schulman et al. 2016).
const TRUST: f32 = 0.95;
/// How far the probability of an action may move while the agent learns from one trial.
const MOST: f32 = 0.2;
/// What it is worth to stay curious.
const CURIOSITY: f32 = 0.01;

/// The cart and its pole (Barto, Sutton, Anderson 1983), with the numbers of Gymnasium's `CartPole-v1`.
#[derive(Clone, Copy, Debug)]
pub struct CartPole {
    /// Where the cart is in metres, its velocity, the angle of the pole in radians from upright, its velocity.
    pub state: [f32; 4],
    /// Steps of 0.02 s since it began.
    pub steps: usize,
}

impl CartPole {
    /// Nearly upright, nearly at rest.
    pub fn start(rng: &mut impl Rng) -> Self {
        Self { state: [(); 4].map(|()| (rng.next_u32() as f32 / u32::MAX as f32 - 0.5) * 0.1), steps: 0 }
    }

    /// Pushes the cart with ten newtons; whether the pole is still up.
    pub fn push(&mut self, right: bool) -> bool {
        const GRAVITY: f32 = 9.8;
        const CART: f32 = 1.0;
        const POLE: f32 = 0.1;
        const HALF_LENGTH: f32 = 0.5;
        const SECONDS: f32 = 0.02;
        let [place, velocity, angle, turning] = self.state;
        let force = if right { 10.0 } else { -10.0 };
        let (sine, cosine) = (libm::sinf(angle), libm::cosf(angle));
        let pushed = (force + POLE * HALF_LENGTH * turning * turning * sine) / (CART + POLE);
        let turned =
            (GRAVITY * sine - cosine * pushed) / (HALF_LENGTH * (4.0 / 3.0 - POLE * cosine * cosine / (CART + POLE)));
        let moved = pushed - POLE * HALF_LENGTH * turned * cosine / (CART + POLE);
        let [place, angle] = [place + SECONDS * velocity, angle + SECONDS * turning];
        self.state = [place, velocity + SECONDS * moved, angle, turning + SECONDS * turned];
        self.steps += 1;
        place.abs() < 2.4 && angle.abs() < 12.0_f32.to_radians()
    }
}

/// A step that was tried.
#[derive(Clone, Copy, Default)]
struct Step {
    state: [f32; 4],
    action: usize,
    /// The logarithm of the probability that the action had.
    log_probability: f32,
    /// What the critic expected, and how much better it went.
    expected: f32,
    advantage: f32,
    /// Whether the pole fell, and whether the episode ended, with it or because it was long enough.
    fell: bool,
    ended: bool,
}

/// The agent, with all the memory that it learns in.
pub struct Agent {
    /// What it does.
    pub actor: Actor,
    critic: Critic,
    acting: Trace<Actor, BATCH>,
    judging: Trace<Critic, BATCH>,
    optimizers: (Adam<Actor>, Adam<Critic>),
    tried: [Step; TRIED],
    order: [usize; TRIED],
    game: CartPole,
    rng: ChaCha8Rng,
}

impl Agent {
    /// One that has learnt nothing.
    pub fn new(seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let (mut actor, mut critic) = (Actor::ZERO, Critic::ZERO);
        actor.init(&mut rng);
        critic.init(&mut rng);
        Self {
            actor,
            critic,
            acting: Trace::ZERO,
            judging: Trace::ZERO,
            optimizers: (Adam::new(0.002), Adam::new(0.002)),
            tried: [Step::default(); TRIED],
            order: [0; TRIED],
            game: CartPole::start(&mut rng),
            rng,
        }
    }

    /// Tries so many steps, and learns from them. Calls `ended` with the length of each episode that ends.
    pub fn learn(&mut self, mut ended: impl FnMut(usize)) {
        for step in &mut self.tried {
            let state = self.game.state;
            let actions = Categorical::of(&self.actor.forward(&state));
            let action = actions.sample(&mut self.rng);
            let [expected] = self.critic.forward(&state);
            let fell = !self.game.push(action == 1);
            let is_over = fell || self.game.steps == LONGEST;
            let log_probability = actions.log_probability(action);
            *step = Step { state, action, log_probability, expected, advantage: 0.0, fell, ended: is_over };
            if is_over {
                ended(self.game.steps);
                self.game = CartPole::start(&mut self.rng);
            }
        }
        // advantage = Σ (discount · trust)^k · (1 + discount · expected(next) - expected)
        let [mut next] = self.critic.forward(&self.game.state);
        let mut ahead = 0.0;
        for step in self.tried.iter_mut().rev() {
            // What is cut off because it is long enough would have gone on as the critic expects.
            let goes_on = if step.fell {
                0.0
            } else if step.ended {
                step.expected
            } else {
                next
            };
            ahead = 1.0 + DISCOUNT * goes_on - step.expected + if step.ended { 0.0 } else { DISCOUNT * TRUST * ahead };
            (step.advantage, next) = (ahead, step.expected);
        }
        for _ in 0..EPOCHS {
            for (place, index) in self.order.iter_mut().enumerate() {
                *index = place;
            }
            for last in (1..TRIED).rev() {
                self.order.swap(last, self.rng.next_u32() as usize % (last + 1));
            }
            for batch in 0..TRIED / BATCH {
                self.step(batch * BATCH);
            }
        }
    }

    /// One step of both networks, with a batch of what was tried.
    fn step(&mut self, from: usize) {
        let batch: [Step; BATCH] = core::array::from_fn(|row| self.tried[self.order[from + row]]);
        let states = batch.map(|step| step.state);
        let mean = batch.iter().map(|step| step.advantage).sum::<f32>() / BATCH as f32;
        let spread = batch.iter().map(|step| (step.advantage - mean).powi(2)).sum::<f32>() / BATCH as f32;

        let logits = self.acting.forward(&self.actor, &states);
        let slopes = core::array::from_fn(|row| {
            let (step, actions) = (&batch[row], Categorical::of(&logits[row]));
            let advantage = (step.advantage - mean) / (spread.sqrt() + 1e-6);
            // What becomes larger is ratio · advantage, until the ratio has moved far enough.
            let ratio = (actions.log_probability(step.action) - step.log_probability).exp();
            let is_enough = if advantage > 0.0 { ratio > 1.0 + MOST } else { ratio < 1.0 - MOST };
            let weight = if is_enough { 0.0 } else { ratio * advantage };
            let (by_action, curious) = (actions.slopes(step.action), actions.entropy_slopes());
            core::array::from_fn(|at| -(weight * by_action[at] + CURIOSITY * curious[at]) / BATCH as f32)
        });
        let gradient = self.acting.backward(&self.actor, &slopes);
        Clip::Norm(0.5).apply(gradient);
        self.optimizers.0.step(&mut self.actor, gradient);

        let values = self.judging.forward(&self.critic, &states);
        let slopes = core::array::from_fn(|row| {
            let found = batch[row].expected + batch[row].advantage;
            [(values[row][0] - found) / BATCH as f32]
        });
        let gradient = self.judging.backward(&self.critic, &slopes);
        Clip::Norm(0.5).apply(gradient);
        self.optimizers.1.step(&mut self.critic, gradient);
    }

    /// How long it holds the pole when it always does what seems best.
    pub fn hold(&self, rng: &mut impl Rng) -> usize {
        let mut game = CartPole::start(rng);
        while game.steps < LONGEST && game.push(Categorical::of(&self.actor.forward(&game.state)).most_probable() == 1)
        {
        }
        game.steps
    }
}
