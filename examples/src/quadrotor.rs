//! A small quadrotor and its physics: a rigid body, four rotors, and the time that they take.
//!
//! The body is that of a Crazyflie as RAPTOR's repository describes it (rl-tools/raptor, `choreo/parameters/crazyflie.json`, MIT).
//! Metres, kilograms, seconds; x to the front, y to the left, z up.

use nalgebra::{Quaternion, UnitQuaternion, Vector3, Vector4};

const MASS: f64 = 0.0306;
const GRAVITY: f64 = 9.81;
/// One over the moment of inertia about each axis.
const INVERSE_INERTIA: [f64; 3] = [106_195.930_08, 103_690.858_463, 57_275.351_977];
/// Where the rotors are.
const ROTORS: [[f64; 2]; 4] = [[0.028, -0.028], [-0.028, -0.028], [-0.028, 0.028], [0.028, 0.028]];
/// Which way each turns the body.
const TURNS: [f64; 4] = [-1.0, 1.0, -1.0, 1.0];
/// The thrust of a rotor by its throttle `u`: `c0 + c1 u + c2 u²`.
const THRUST: [f64; 3] = [0.003_525, 0.014_373, 0.092_23];
/// Torque by thrust.
const TORQUE: f64 = 0.004_665;
/// How fast a throttle follows its command, upwards and downwards.
const TIME_CONSTANTS: [f64; 2] = [0.055_455, 0.249_394];

/// How the body lies and moves. A difference of two is one, too.
#[derive(Clone, Copy, Debug)]
pub struct Body {
    /// Where it is.
    pub position: Vector3<f64>,
    /// How it is turned, of length one.
    pub attitude: Quaternion<f64>,
    /// How fast it flies, in the world.
    pub velocity: Vector3<f64>,
    /// How fast it turns about its own axes.
    pub spin: Vector3<f64>,
    /// The throttles, 0 to 1.
    pub throttles: Vector4<f64>,
}

impl Body {
    /// At rest at that place, turned about an axis by an angle, its throttles at one half.
    pub fn at(position: [f64; 3], axis: [f64; 3], angle: f64) -> Self {
        let turned = UnitQuaternion::new(Vector3::from(axis).normalize() * angle);
        Self {
            position: position.into(),
            attitude: *turned.quaternion(),
            velocity: Vector3::zeros(),
            spin: Vector3::zeros(),
            throttles: Vector4::repeat(0.5),
        }
    }

    /// The rows of its rotation, from its own axes to those of the world.
    pub fn rotation(&self) -> [[f64; 3]; 3] {
        let matrix = UnitQuaternion::new_normalize(self.attitude).to_rotation_matrix();
        core::array::from_fn(|row| core::array::from_fn(|column| matrix[(row, column)]))
    }

    /// It, `dt` seconds later, by the method of Runge and Kutta of order four, with those commands to its throttles.
    pub fn after(&self, dt: f64, commands: &Vector4<f64>) -> Self {
        let k1 = self.slope(commands);
        let k2 = self.plus(dt / 2.0, &k1).slope(commands);
        let k3 = self.plus(dt / 2.0, &k2).slope(commands);
        let k4 = self.plus(dt, &k3).slope(commands);
        let mut next = self.plus(dt / 6.0, &k1).plus(dt / 3.0, &k2).plus(dt / 3.0, &k3).plus(dt / 6.0, &k4);
        next.attitude = next.attitude.normalize();
        next.throttles = next.throttles.map(|throttle| throttle.clamp(0.0, 1.0));
        next
    }

    fn plus(&self, share: f64, slope: &Self) -> Self {
        Self {
            position: self.position + slope.position * share,
            attitude: self.attitude + slope.attitude * share,
            velocity: self.velocity + slope.velocity * share,
            spin: self.spin + slope.spin * share,
            throttles: self.throttles + slope.throttles * share,
        }
    }

    /// How all of it changes in a second.
    fn slope(&self, commands: &Vector4<f64>) -> Self {
        let [c0, c1, c2] = THRUST;
        let (mut lift, mut torque) = (0.0, Vector3::zeros());
        for ((throttle, [x, y]), turn) in self.throttles.iter().zip(ROTORS).zip(TURNS) {
            let thrust = c0 + c1 * throttle + c2 * throttle * throttle;
            lift += thrust;
            torque += Vector3::new(y * thrust, -x * thrust, turn * TORQUE * thrust);
        }
        let up = Vector3::from(self.rotation().map(|[_, _, up]| up));
        let inverse = Vector3::from(INVERSE_INERTIA);
        let momentum = self.spin.component_div(&inverse);
        let [rising, falling] = TIME_CONSTANTS;
        let lag =
            |command: f64, throttle: f64| (command - throttle) / if command > throttle { rising } else { falling };
        Self {
            position: self.velocity,
            attitude: self.attitude * Quaternion::from_imag(self.spin) * 0.5,
            velocity: up * (lift / MASS) - Vector3::z() * GRAVITY,
            spin: (torque - self.spin.cross(&momentum)).component_mul(&inverse),
            throttles: commands.zip_map(&self.throttles, lag),
        }
    }
}
