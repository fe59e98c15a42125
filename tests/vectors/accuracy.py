#!/usr/bin/env python3
"""Trains the classifiers of the accuracy tests by PyTorch (2.15.0 when the numbers were committed), with five seeds each.

    pip install torch numpy && python3 accuracy.py

Writes the accuracies on the held-out samples to accuracy.txt, in percent: one line a network, one number a seed.
"""

import pathlib
import numpy as np
import torch
from torch import nn

torch.set_num_threads(1)
HERE = pathlib.Path(__file__).parent
DATA = HERE.parent.parent / "examples" / "data"
BATCH = 32


def digits():
    """64 pixels from 0 to 16 and a label a row; every fifth row is for testing."""
    rows = np.fromfile(DATA / "digits.u8", np.uint8).reshape(-1, 65)
    is_test = np.arange(len(rows)) % 5 == 4
    x, y = rows[:, :64] / 16, rows[:, 64]
    return x[~is_test], y[~is_test], x[is_test], y[is_test]


def mnist():
    """IDX files: the pixels after 16 bytes, the labels after 8."""

    def read(name, skip):
        return np.fromfile(DATA / name, np.uint8)[skip:]

    def part(name):
        images = read(f"mnist-{name}-images-idx3-ubyte", 16).reshape(-1, 784) / 255
        return images, read(f"mnist-{name}-labels-idx1-ubyte", 8)

    return *part("train3000"), *part("test1000")


def mlp(inputs, hidden, outputs):
    return lambda: nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, outputs))


def cnn():
    return nn.Sequential(
        nn.Unflatten(1, (1, 28, 28)), nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3), nn.ReLU(),
        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 10))


def accuracy(data, make, learning_rate, epochs, seed):
    train_x, train_y, test_x, test_y = (torch.tensor(part) for part in data)
    train_x, test_x, train_y = train_x.float(), test_x.float(), train_y.long()
    torch.manual_seed(seed)
    net = make()
    optimizer = torch.optim.Adam(net.parameters(), lr=learning_rate)
    for _ in range(epochs):
        for batch in torch.randperm(len(train_x)).split(BATCH):
            optimizer.zero_grad()
            nn.CrossEntropyLoss()(net(train_x[batch]), train_y[batch]).backward()
            optimizer.step()
    with torch.no_grad():
        return 100 * (net(test_x).argmax(1) == test_y).float().mean().item()


RUNS = {
    "digits": (digits, mlp(64, 32, 10), 0.005, 30),
    "mnist": (mnist, mlp(784, 128, 10), 0.001, 10),
    "mnist_cnn": (mnist, cnn, 0.001, 20),
}

with open(HERE / "accuracy.txt", "w") as file:
    for name, (data, *settings) in RUNS.items():
        values = [accuracy(data(), *settings, seed) for seed in range(1, 6)]
        file.write(" ".join([name, *(f"{value:.2f}" for value in values)]) + "\n")
        print(name, values, "mean", sum(values) / 5)
