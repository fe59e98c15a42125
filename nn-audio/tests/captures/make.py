#!/usr/bin/env python3
"""Makes `made/`: captures of kinds of which no other file is here, in the formats in which people share them, and what PyTorch gives for each, in
double precision.

    pip install torch numpy && python3 make.py
"""

import json
from pathlib import Path

import numpy as np
import torch
from torch import nn

HERE = Path(__file__).parent / "made"
SAMPLES = 400


def numbers(tensor):
    """In single precision, as a file has them: nine digits are enough."""
    return json.loads(json.dumps(tensor.detach().float().numpy().tolist()), parse_float=lambda text: float(f"{float(text):.9g}"))


class Net(nn.Module):
    def __init__(self, kind, inputs, units, layers, skip):
        super().__init__()
        self.rec = getattr(nn, kind)(inputs, units, layers, batch_first=True)
        self.lin = nn.Linear(units, 1)
        self.skip = skip

    def forward(self, x, state=None):
        y = self.lin(self.rec(x, state)[0])
        return y + x[..., :1] if self.skip else y


def sound(knobs):
    t = torch.arange(SAMPLES, dtype=torch.float64)
    wave = (0.4 * torch.sin(t * 0.11) + 0.2 * torch.sin(t * 0.037 + 1.0)).float().double()
    return torch.stack([wave] + [torch.full_like(wave, knob) for knob in knobs], dim=-1)[None]


def made(seed, *arguments):
    torch.manual_seed(seed)
    net = Net(*arguments)
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.copy_(torch.tensor(numbers(parameter)))
    return net.double()


def save(name, file, net, knobs=(), state=None, gains=()):
    x = sound(knobs)
    to, after = (10 ** (decibels / 20) for decibels in gains or (0, 0))
    with torch.no_grad():
        scaled = torch.cat([x[..., :1] * to, x[..., 1:]], dim=-1)
        y = net(scaled, state)[0, :, 0] * after
    (HERE / name).write_text(json.dumps(file) + "\n")
    expected = {"knobs": list(knobs), "x": x[0, :, 0].tolist(), "y": [float(f"{value:.9g}") for value in y.tolist()]}
    (HERE / f"{name}.expected.json").write_text(json.dumps(expected) + "\n")


def nam(name, units, layers, seed):
    """One matrix and one bias a layer, then what it begins with; the layers of a file of Neural Amp Modeler have one bias."""
    net = made(seed, "LSTM", 1, units, layers, False)
    rec, weights, starts = net.rec, [], []
    for layer in range(layers):
        of = lambda kind: getattr(rec, f"{kind}_l{layer}")
        matrix = torch.cat([of("weight_ih"), of("weight_hh")], dim=1)
        with torch.no_grad():
            of("bias_hh").zero_()
        start = torch.tensor(numbers(torch.randn(2, units) * 0.3), dtype=torch.float64)
        starts.append(start)
        for tensor in (matrix, of("bias_ih"), start):
            weights += np.array(numbers(tensor)).reshape(-1).tolist()
    for tensor in (net.lin.weight, net.lin.bias):
        weights += np.array(numbers(tensor)).reshape(-1).tolist()
    h, c = (torch.stack([start[at] for start in starts])[:, None] for at in (0, 1))
    config = {"input_size": 1, "hidden_size": units, "num_layers": layers}
    file = {"version": "0.5.4", "architecture": "LSTM", "config": config, "weights": weights, "sample_rate": 48000}
    save(name, file, net, state=(h, c))


def guitarml(name, kind, units, knobs, skip, seed):
    net = made(seed, kind, 1 + len(knobs), units, 1, skip)
    model = {"model": "SimpleRNN", "input_size": 1 + len(knobs), "skip": int(skip), "output_size": 1}
    model |= {"unit_type": kind, "num_layers": 1, "hidden_size": units, "bias_fl": True}
    state = {key: numbers(value) for key, value in net.state_dict().items()}
    save(name, {"model_data": model, "state_dict": state}, net, knobs)


def rtneural(name, kind, units, knobs, skip, seed, gains=()):
    """Matrices the other way round, the gates in Keras' order; an LSTM has the sum of both biases. Gains are in decibels."""
    net = made(seed, kind, 1 + len(knobs), units, 1, skip)
    rec = net.rec
    gates = [0, 1, 2, 3] if kind == "LSTM" else [1, 0, 2]
    order = [gate * units + node for gate in gates for node in range(units)]
    if kind == "LSTM":
        with torch.no_grad():
            rec.bias_ih_l0.copy_(torch.tensor(numbers(rec.bias_ih_l0 + rec.bias_hh_l0)))
            rec.bias_hh_l0.zero_()
        bias = rec.bias_ih_l0[order]
    else:
        bias = torch.stack([rec.bias_ih_l0[order], rec.bias_hh_l0[order]])
    cell = [rec.weight_ih_l0[order].T, rec.weight_hh_l0[order].T, bias]
    dense = [net.lin.weight.T, net.lin.bias]
    layer = lambda kind, nodes, weights: {
        "type": kind,
        "activation": "",
        "shape": [None, None, nodes],
        "weights": [numbers(weight) for weight in weights],
    }
    file = {"in_shape": [None, None, 1 + len(knobs)], "in_skip": int(skip)}
    file["layers"] = [layer(kind.lower(), units, cell), layer("dense", 1, dense)]
    file["metadata"] = {"name": name, "samplerate": "48000"}
    for key, decibels in zip(("in_gain", "out_gain"), gains):
        file[key] = decibels
    save(name, file, net, knobs, gains=gains)


if __name__ == "__main__":
    HERE.mkdir(exist_ok=True)
    nam("lstm_2x8.nam", 8, 2, 1)
    nam("lstm_2x16.nam", 16, 2, 2)
    nam("lstm_1x16.nam", 16, 1, 3)
    guitarml("guitarml_lstm20_1knob.json", "LSTM", 20, [0.3], True, 4)
    guitarml("guitarml_gru12_2knobs.json", "GRU", 12, [0.75, 0.1], False, 5)
    rtneural("aidax_lstm16.json", "LSTM", 16, [], True, 6)
    rtneural("aidax_gru24.json", "GRU", 24, [], False, 7)
    rtneural("aidax_lstm12_2knobs.json", "LSTM", 12, [0.2, 0.9], True, 8)
    rtneural("aidax_gru8_1knob.json", "GRU", 8, [0.6], True, 9)
    rtneural("aidax_lstm20_gains.json", "LSTM", 20, [0.4], True, 10, gains=(-6.5, 3.25))
