//! A policy that remembers flies a quadrotor to where it is to hover.

use crate::quadrotor::Body;
use nalgebra::Vector4;
use nn_core::prelude::*;

network! {
    /// RAPTOR, a policy that flies quadrotors of 32 g to 2.4 kg (Eschmann et al. 2025; rl-tools/raptor 3813c24, MIT).
    ///
    /// It takes the position, the rows of the rotation, the velocity, the angular velocity and the last command to each rotor, and
    /// gives the next commands, of which -1 to 1 are used. From what it remembers it finds out which body it flies.
    #[weights("data/raptor.safetensors")]
    pub struct Raptor: stream 22 => 16 relu => gru(16, start = learned) => 4;
}

/// Steps of the policy in a second.
pub const STEPS: usize = 100;
/// Steps of the physics in one of these.
const FINE: usize = 10;

/// Disturbed starts: the position, and the axis and the angle by which the body is turned.
pub const STARTS: [([f64; 3], [f64; 3], f64); 5] = [
    ([0.3, 0.0, 0.0], [1.0, 0.0, 0.0], 0.0),
    ([0.2, -0.2, 0.1], [1.0, 1.0, 0.0], 1.0),
    ([-0.3, 0.1, -0.2], [0.0, 1.0, 0.0], -1.0),
    ([0.0, 0.0, 0.3], [0.0, 0.0, 1.0], 1.5),
    ([0.1, 0.3, 0.2], [1.0, -1.0, 1.0], 1.2),
];

/// What the policy takes.
pub fn observation(body: &Body, commands: &[f32; 4]) -> [f32; 22] {
    let rotation = body.rotation();
    let numbers = body.position.iter().chain(rotation.as_flattened()).chain(&body.velocity).chain(&body.spin);
    let mut numbers = numbers.map(|number| *number as f32).chain(*commands);
    core::array::from_fn(|_| numbers.next().unwrap_or_default())
}

/// The body after each step of a flight from that start, for so many seconds.
pub fn fly((position, axis, angle): ([f64; 3], [f64; 3], f64), seconds: usize) -> Vec<Body> {
    let (mut body, mut commands) = (Body::at(position, axis, angle), [0.0; 4]);
    let mut state = State::NEW;
    let mut step = || {
        let action = Raptor::TRAINED.step(&observation(&body, &commands), &mut state);
        commands = action.map(|command| command.clamp(-1.0, 1.0));
        let throttles = Vector4::from(commands.map(|command| (f64::from(command) + 1.0) / 2.0));
        for _ in 0..FINE {
            body = body.after(1.0 / (STEPS * FINE) as f64, &throttles);
        }
        body
    };
    (0..seconds * STEPS).map(|_| step()).collect()
}
