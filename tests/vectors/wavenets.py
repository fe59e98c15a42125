#!/usr/bin/env python3
"""Makes the vectors of `wavenet`, by PyTorch (see make.py): Neural Amp Modeler's network behind zeros, as its paper and files describe it.

    pip install torch && python3 wavenets.py
"""

import torch
from torch import nn
from make import HERE, grid, line

FRAMES = 40

# Channels of the arrays, taps, dilations of each array, activation, taps of the last head.
CASES = {
    "one": ((3,), 3, ((1, 2),), "tanh", 1),
    "two": ((3, 2), 3, ((1, 2), (4,)), "tanh", 1),
    "three": ((4, 1, 5), 2, ((1,), (3, 1), (2,)), "relu", 2),
    "long": ((2,), 6, ((1, 7, 3),), "leaky_relu", 5),
    "short": ((8,), 1, ((1, 1),), "tanh", 1),
    "wide": ((16, 8), 3, ((1, 8), (2,)), "leaky_relu", 16),
}
ACTIVATIONS = {"tanh": torch.tanh, "relu": torch.relu, "leaky_relu": nn.functional.leaky_relu}


def causal(conv, x):
    return conv(nn.functional.pad(x, ((conv.kernel_size[0] - 1) * conv.dilation[0], 0)))


class Array(nn.Module):
    def __init__(self, inputs, channels, outputs, taps, dilations, head, is_last):
        super().__init__()
        self.rechannel = nn.Conv1d(inputs, channels, 1, bias=False)
        self.layers = nn.ModuleList()
        for dilation in dilations:
            conv = nn.Conv1d(channels, channels, taps, dilation=dilation)
            parts = {"conv": conv, "input_mixer": nn.Conv1d(1, channels, 1, bias=False), "1x1": nn.Conv1d(channels, channels, 1)}
            self.layers.append(nn.ModuleDict(parts))
        self.head_rechannel = nn.Conv1d(channels, outputs, head, bias=is_last)

    def forward(self, x, condition, head, activation):
        x = self.rechannel(x)
        for layer in self.layers:
            z = activation(causal(layer["conv"], x) + layer["input_mixer"](condition))
            head, x = z if head is None else head + z, x + layer["1x1"](z)
        return x, causal(self.head_rechannel, head)


def numbers(tensors):
    """All numbers, the dimensions of each tensor the other way round."""
    return torch.cat([tensor.permute(*reversed(range(tensor.dim()))).flatten() for tensor in tensors])


def main():
    with open(HERE / "wavenets.txt", "w") as file:
        for name, (channels, taps, dilations, activation, head) in CASES.items():
            torch.manual_seed(20)
            arrays, last = nn.ModuleList(), len(channels) - 1
            for at, (inputs, c, dilation) in enumerate(zip((1, *channels), channels, dilations)):
                outputs = 1 if at == last else channels[at + 1]
                arrays.append(Array(inputs, c, outputs, taps, dilation, head if at == last else 1, at == last))
            for p in arrays.parameters():
                p.data = grid(*p.shape) / (8 if name == "wide" else 2)
            x, target = grid(FRAMES, 1), grid(FRAMES, 1)
            y, sums = x.T[None], None
            for array in arrays:
                y, sums = array(y, x.T[None], sums, ACTIVATIONS[activation])
            nn.MSELoss()(sums[0].T, target).backward()
            line(file, f"{name}:parameters", numbers(arrays.parameters()))
            line(file, f"{name}:x", x)
            line(file, f"{name}:y", sums[0].T)
            line(file, f"{name}:target", target)
            line(file, f"{name}:gradient", numbers([torch.zeros_like(p) if p.grad is None else p.grad for p in arrays.parameters()]))


if __name__ == "__main__":
    main()
