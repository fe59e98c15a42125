#!/usr/bin/env python3
"""Makes the vectors of networks over signals, by PyTorch (see make.py): the outputs of two rows, channel by channel, and the
gradient of their mean squared error.

    pip install torch && python3 signals.py
"""

import torch
from torch import nn
from torch.nn import functional as F
from convolutions import numbers
from make import HERE, grid, line

# Channels, frames, filters, kernel, stride, padding before and after, dilation, groups, bias.
CONVOLUTIONS = [
    (1, 9, 1, 1, 1, 0, 0, 1, 1, True), (1, 9, 3, 2, 1, 1, 1, 1, 1, True), (3, 12, 4, 3, 1, 1, 1, 1, 1, True),
    (3, 12, 4, 3, 2, 1, 1, 1, 1, True), (2, 17, 8, 5, 3, 2, 2, 1, 1, False), (4, 11, 4, 4, 1, 0, 3, 2, 1, True),
    (4, 20, 16, 7, 2, 3, 3, 2, 1, True), (8, 10, 8, 3, 1, 1, 1, 1, 2, True), (6, 13, 9, 3, 2, 2, 0, 2, 3, True),
    (8, 9, 8, 3, 1, 1, 1, 1, 8, True), (17, 9, 17, 5, 2, 2, 2, 1, 17, False), (3, 9, 6, 3, 1, 1, 1, 2, 3, True),
    (16, 8, 20, 3, 1, 4, 4, 1, 1, True), (5, 6, 33, 6, 1, 0, 0, 1, 1, True),
]

# Channels, frames, filters, kernel, stride, padding, output_padding, groups, bias, dilation: convolutions turned round.
TRANSPOSED = [
    (2, 5, 3, 3, 1, 0, 0, 1, True, 1), (3, 6, 4, 4, 2, 1, 0, 1, True, 1), (4, 5, 6, 3, 3, 1, 2, 2, False, 2),
    (4, 4, 4, 5, 1, 2, 0, 4, True, 1), (1, 7, 1, 2, 3, 0, 2, 1, True, 1), (16, 5, 20, 3, 2, 0, 2, 1, True, 3),
]


class Conv(nn.Module):
    """A convolution between sides of their own."""

    def __init__(self, channels, filters, kernel, stride, before, after, dilation, groups, bias):
        super().__init__()
        self.sides = (before, after)
        self.conv = nn.Conv1d(channels, filters, kernel, stride, 0, dilation, groups, bias)

    def forward(self, x):
        return self.conv(F.pad(x, self.sides))


class Branches(nn.Module):
    def __init__(self, join, *branches):
        super().__init__()
        self.join = join
        self.branches = nn.ModuleList(branches)

    def forward(self, x):
        outputs = [branch(x) for branch in self.branches]
        if self.join == "|":
            return torch.cat(outputs, 1)
        # A vector is a value for each channel.
        outputs = [y if y.dim() == max(o.dim() for o in outputs) else y[..., None] for y in outputs]
        return sum(outputs) if self.join == "+" else torch.prod(torch.stack(torch.broadcast_tensors(*outputs)), 0)


class Frames(nn.Module):
    """A module of frames over a signal."""

    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, x):
        y = self.module(x.mT)
        return (y[0] if isinstance(y, tuple) else y).mT


class Of(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def cell(kind, *sizes):
    return Frames(kind(*sizes, batch_first=True))


def networks():
    yield "max_pool", (3, 11), [nn.Conv1d(3, 3, 1), nn.MaxPool1d(2), nn.Tanh()]
    yield "max_pool_padded", (2, 11), [nn.Conv1d(2, 2, 1), nn.MaxPool1d(3, 2, 1), nn.MaxPool1d(2, 1, 0, 3)]
    yield "avg_pool", (3, 11), [nn.Conv1d(3, 3, 1), nn.AvgPool1d(3, 2, 1), nn.Tanh()]
    yield "avg_pool_not_counted", (3, 11), [nn.Conv1d(3, 3, 1), nn.AvgPool1d(3, 2, 1, count_include_pad=False)]
    yield "global_pools", (3, 7), [
        nn.Conv1d(3, 3, 1), Branches("|", nn.AdaptiveAvgPool1d(1), nn.AdaptiveMaxPool1d(1)), nn.Flatten(), nn.Linear(6, 2)]
    yield "flatten", (3, 5), [nn.Conv1d(3, 4, 2), nn.ReLU(), nn.Flatten(), nn.Linear(16, 3)]
    yield "upsample", (2, 4), [nn.Conv1d(2, 2, 1), nn.Upsample(scale_factor=3), nn.Conv1d(2, 2, 3)]
    yield "upsample_linear", (2, 4), [
        nn.Conv1d(2, 2, 1), nn.Upsample(scale_factor=3, mode="linear"), nn.Conv1d(2, 2, 3), nn.Upsample(scale_factor=2, mode="linear")]
    yield "pad", (2, 4), [nn.Conv1d(2, 2, 1), nn.ZeroPad1d((2, 1)), nn.Tanh(), nn.ZeroPad1d(1), nn.Conv1d(2, 3, 3, 2)]
    yield "group_norm", (6, 5), [nn.Conv1d(6, 6, 1), nn.GroupNorm(3, 6), nn.Tanh(), nn.GroupNorm(1, 6, 1e-3), nn.Conv1d(6, 2, 2)]
    yield "group_norm_of_vectors", (6,), [nn.Linear(6, 9), nn.GroupNorm(3, 9, 0.25), nn.Tanh(), nn.Linear(9, 2)]
    yield "cells", (2, 6), [cell(nn.RNN, 2, 3), cell(nn.GRU, 3, 4), cell(nn.LSTM, 4, 3)]
    yield "both_directions", (2, 6), [
        Branches("|", cell(nn.LSTM, 2, 3),
                 nn.Sequential(Of(lambda x: x.flip(2)), cell(nn.LSTM, 2, 3), Of(lambda x: x.flip(2)))),
        Of(lambda x: x[..., -1]), nn.Linear(6, 2)]
    yield "norms", (5, 4), [Frames(nn.LayerNorm(5)), nn.Softmax(1)]
    yield "shortcut", (4, 10), [
        Branches("+", nn.Sequential(nn.Conv1d(4, 6, 3, 2, 1), nn.Tanh(), nn.Conv1d(6, 6, 3, 1, 1)), nn.Conv1d(4, 6, 1, 2)),
        nn.ReLU()]
    yield "gates", (3, 8), [
        Branches("*", nn.Sequential(nn.Conv1d(3, 4, 3, 1, 1), nn.Tanh()), nn.Sequential(nn.Conv1d(3, 4, 3, 1, 1), nn.Sigmoid()))]
    yield "squeeze_and_excite", (4, 6), [
        nn.Conv1d(4, 4, 1), Branches("*", nn.Identity(),
                 nn.Sequential(nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(4, 2), nn.ReLU(), nn.Linear(2, 4), nn.Sigmoid()))]
    yield "residual", (3, 7), [Branches("+", nn.Identity(), nn.Sequential(nn.Conv1d(3, 3, 3, 1, 1), nn.Tanh())), nn.Tanh()]
    yield "taken", (5, 6), [nn.Conv1d(5, 5, 1), Branches("|", Of(lambda x: x[:, 3:5]), nn.Conv1d(5, 2, 1)), Of(lambda x: x[:, 1:4])]


def main():
    with open(HERE / "signals.txt", "w") as file:
        for case in CONVOLUTIONS:
            channels, frames, *rest, bias = case
            name = "x".join(str(int(number)) for number in case)
            write(file, name, (channels, frames), [Conv(channels, *rest, bias), nn.Tanh()])
        for case in TRANSPOSED:
            channels, frames, *rest = case
            modules = [nn.Conv1d(channels, channels, 1), nn.ConvTranspose1d(channels, *rest), nn.Tanh()]
            write(file, f"transposed{TRANSPOSED.index(case)}", (channels, frames), modules)
        for name, shape, modules in networks():
            write(file, name, shape, modules)


def write(file, name, shape, modules):
    torch.manual_seed(20)
    net = nn.Sequential(*modules)
    for p in net.parameters():
        p.data = grid(*p.shape) / 2
    x = grid(2, *shape)
    y = net(x)
    target = grid(*y.shape)
    nn.MSELoss()(y, target).backward()
    line(file, f"{name}:parameters", numbers(net.parameters()))
    line(file, f"{name}:gradient", numbers(p.grad for p in net.parameters()))
    line(file, f"{name}:x", x)
    line(file, f"{name}:y", y)
    line(file, f"{name}:target", target)


if __name__ == "__main__":
    main()
