#!/usr/bin/env python3
"""Trains `xor_mlp` and `sine_mlp`, and records what they answer.

    pip install torch numpy safetensors && python3 train.py
"""

import math
import pathlib
import torch
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent


def train(name, model, x, y, loss, steps, rate):
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(steps):
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()
        schedule.step()
    save_file(model.state_dict(), HERE / f"{name}.safetensors")
    return model


def record(name, model, x):
    with torch.no_grad():
        logits = model(x)
    save_file({"x": x, "logits": logits}, HERE / f"{name}.expected.safetensors")
    return logits


torch.manual_seed(1)
L, relu = torch.nn.Linear, torch.nn.ReLU

x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y = torch.tensor([[0.0], [1.0], [1.0], [0.0]])
xor = torch.nn.Sequential(L(2, 8), relu(), L(8, 4), torch.nn.Sigmoid(), L(4, 1))
train("xor_mlp", xor, x, y, torch.nn.BCEWithLogitsLoss(), 1_000, 0.02)
print("xor:", record("xor_mlp", xor, x).flatten())

x = torch.rand(1_000, 1) * 2 * math.pi
sine = torch.nn.Sequential(L(1, 16), relu(), L(16, 16), relu(), L(16, 1))
train("sine_mlp", sine, x, torch.sin(x), torch.nn.MSELoss(), 20_000, 0.01)
x = torch.linspace(0, 2 * math.pi, 100).reshape(-1, 1)
print("sine, largest error:", (record("sine_mlp", sine, x) - torch.sin(x)).abs().max().item())
