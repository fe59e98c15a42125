"""RAPTOR in a closed loop with the body of `examples/src/quadrotor.rs`, in NumPy f64: an independent flight for that of the example.

State: position, quaternion (w x y z), velocity (world), angular velocity (body), four throttles 0..1. Each rotor gives f = c0 + c1 u + c2 u^2 along the
body's z and a torque of +-k f about it; u follows its command with one time constant up and another down. Runge-Kutta of order four at 1 kHz, the policy
at 100 Hz: command (clip(a, -1, 1) + 1) / 2; the last *clipped* action is part of the next input. Needs numpy and safetensors
"""
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

w = {name: tensor.astype(np.float64) for name, tensor in load_file(Path(__file__).parents[2] / "examples/data/raptor.safetensors").items()}
body = {
    "mass": 0.0306,
    "gravity": [0.0, 0.0, -9.81],
    "inverse_inertia": [106195.93008, 103690.858463, 57275.351977],
    "rotor_positions": [[0.028, -0.028, 0.0], [-0.028, -0.028, 0.0], [-0.028, 0.028, 0.0], [0.028, 0.028, 0.0]],
    "rotor_torque_directions": [-1, 1, -1, 1],
    "thrust_of_throttle": [0.003525, 0.014373, 0.09223],
    "torque_of_thrust": 0.004665,
    "time_constant_rising": 0.055455,
    "time_constant_falling": 0.249394,
}
rotors, turn = np.array(body["rotor_positions"]), np.array(body["rotor_torque_directions"], float)
c0, c1, c2 = body["thrust_of_throttle"]
per_inertia = np.array(body["inverse_inertia"])
sigmoid = lambda x: 1 / (1 + np.exp(-x))


def policy(x, h):
    a = np.maximum(0, w["0.weight"] @ x + w["0.bias"])
    i = w["2.weight_ih_l0"] @ a + w["2.bias_ih_l0"]
    s = w["2.weight_hh_l0"] @ h + w["2.bias_hh_l0"]
    r, z = sigmoid(i[:16] + s[:16]), sigmoid(i[16:32] + s[16:32])
    h = (1 - z) * np.tanh(i[32:] + r * s[32:]) + z * h
    return w["3.weight"] @ h + w["3.bias"], h


def rotation(q):
    a, x, y, z = q
    return np.array([[1 - 2 * (y * y + z * z), 2 * (x * y - a * z), 2 * (x * z + a * y)],
                     [2 * (x * y + a * z), 1 - 2 * (x * x + z * z), 2 * (y * z - a * x)],
                     [2 * (x * z - a * y), 2 * (y * z + a * x), 1 - 2 * (x * x + y * y)]])


def derivative(s, command):
    q, velocity, spin, throttle = s[3:7], s[7:10], s[10:13], s[13:]
    thrust = c0 + c1 * throttle + c2 * throttle ** 2
    force = np.stack([0 * thrust, 0 * thrust, thrust], 1)
    torque = np.cross(rotors, force).sum(0) + [0, 0, (turn * body["torque_of_thrust"] * thrust).sum()]
    acceleration = rotation(q) @ force.sum(0) / body["mass"] + body["gravity"]
    spin_up = per_inertia * (torque - np.cross(spin, spin / per_inertia))
    a, b, c, d = q
    p, o, r = spin
    turning = np.array([-b * p - c * o - d * r, a * p + c * r - d * o, a * o + d * p - b * r, a * r + b * o - c * p]) / 2
    slow = np.where(command > throttle, body["time_constant_rising"], body["time_constant_falling"])
    return np.concatenate([velocity, turning, acceleration, spin_up, (command - throttle) / slow])


def fly(position, axis, angle, seconds=10):
    axis = np.array(axis, float) / np.linalg.norm(axis)
    s = np.concatenate([position, [np.cos(angle / 2)], np.sin(angle / 2) * axis, np.zeros(6), np.full(4, 0.5)])
    h, last, away = w["2.h0"], np.zeros(4), []
    for _ in range(100 * seconds):
        x = np.concatenate([s[:3], rotation(s[3:7]).ravel(), s[7:13], last])
        action, h = policy(x, h)
        last = np.clip(action, -1, 1)
        for _ in range(10):
            dt, command = 0.001, (last + 1) / 2
            k1 = derivative(s, command)
            k2 = derivative(s + dt / 2 * k1, command)
            k3 = derivative(s + dt / 2 * k2, command)
            k4 = derivative(s + dt * k3, command)
            s = s + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
            s[3:7] /= np.linalg.norm(s[3:7])
            s[13:] = np.clip(s[13:], 0, 1)
        away.append(np.linalg.norm(s[:3]))
    return away, s


if __name__ == "__main__":
    starts = [((0.3, 0, 0), (1, 0, 0), 0), ((0.2, -0.2, 0.1), (1, 1, 0), 1.0), ((-0.3, 0.1, -0.2), (0, 1, 0), -1.0), ((0, 0, 0.3), (0, 0, 1), 1.5), ((0.1, 0.3, 0.2), (1, -1, 1), 1.2)]
    for start in starts:
        away, _ = fly(*start, seconds=6)
        print([round(float(distance), 6) for distance in away[9:100:10]], "and after 3 and 6 s", away[299].round(4), away[-1].round(4))
