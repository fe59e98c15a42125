#!/usr/bin/env python3
"""Makes the vectors of networks over images, by PyTorch, as signals.py does, and the file of one of them.

    pip install torch safetensors && python3 images.py
"""

import torch
from torch import nn
from torch.nn import functional as F
from safetensors.torch import save_file
from make import HERE
from signals import Branches, write

# Channels, rows, columns, filters, kernel, stride, padding, dilation, groups, bias.
CONVOLUTIONS = [
    (1, 5, 6, 1, (1, 1), (1, 1), (0, 0), (1, 1), 1, True), (1, 6, 5, 3, (2, 3), (1, 1), (1, 0), (1, 1), 1, True),
    (3, 7, 6, 4, (3, 3), (1, 1), (1, 1), (1, 1), 1, True), (3, 7, 8, 4, (3, 3), (2, 2), (1, 1), (1, 1), 1, True),
    (2, 9, 8, 8, (5, 4), (2, 1), (2, 1), (1, 1), 1, False), (4, 8, 9, 4, (3, 2), (1, 2), (0, 1), (2, 3), 1, True),
    (4, 6, 6, 16, (4, 4), (1, 1), (3, 3), (1, 1), 1, True), (8, 4, 5, 8, (3, 3), (1, 1), (1, 1), (1, 1), 2, True),
    (6, 6, 7, 9, (3, 1), (2, 1), (1, 0), (1, 1), 3, True), (8, 5, 5, 8, (3, 3), (1, 1), (1, 1), (1, 1), 8, True),
    (17, 5, 4, 17, (5, 5), (2, 2), (2, 2), (1, 1), 17, False), (3, 6, 6, 6, (3, 3), (1, 1), (1, 2), (1, 2), 3, True),
    (5, 3, 3, 33, (3, 3), (1, 1), (0, 0), (1, 1), 1, True), (16, 4, 4, 20, (1, 1), (2, 2), (0, 0), (1, 1), 1, True),
]

# Channels, rows, columns, filters, kernel, stride, padding, output_padding, groups, bias, dilation: convolutions turned round.
TRANSPOSED = [
    (1, 3, 4, 1, 1, 1, 0, 0, 1, True, 1), (2, 3, 4, 3, (3, 2), (2, 1), (1, 0), (1, 0), 1, True, 1),
    (4, 4, 3, 8, 4, 2, 1, 0, 1, True, 1), (6, 3, 3, 9, (3, 2), (1, 2), (2, 1), (1, 1), 3, False, (2, 1)),
    (8, 2, 3, 8, 3, 2, 1, 1, 8, True, 1), (17, 2, 3, 5, 2, 2, 0, 0, 1, True, 1),
]

# Channels, rows, columns, filters, kernel, stride: padding as TensorFlow's `same`, the odd one after.
SAME = [(1, 5, 6, 2, (3, 3), (2, 2)), (2, 8, 7, 3, (2, 5), (1, 3)), (2, 6, 6, 3, (4, 4), (2, 2)), (1, 7, 5, 2, (1, 2), (3, 2))]


class Same(nn.Module):
    def __init__(self, channels, filters, kernel, stride):
        super().__init__()
        self.conv = nn.Conv2d(channels, filters, kernel, stride)

    def forward(self, x):
        sides = []
        for axis in (1, 0):
            size, taps, stride = x.shape[2 + axis], self.conv.kernel_size[axis], self.conv.stride[axis]
            total = max((-(-size // stride) - 1) * stride + taps - size, 0)
            sides += [total // 2, total - total // 2]
        return self.conv(F.pad(x, sides))


class EachPlace(nn.Module):
    """A module of the channels of each place."""

    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, x):
        return self.module(x.movedim(1, 3)).movedim(3, 1)


class Channelwise(nn.Module):
    """A vector, as a value for each channel."""

    def forward(self, x):
        return x[..., None, None]


def networks():
    yield "max_pool", (3, 7, 6), [nn.Conv2d(3, 3, 1), nn.MaxPool2d(2), nn.Tanh()]
    yield "max_pool_padded", (2, 7, 8), [nn.Conv2d(2, 2, 1), nn.MaxPool2d((3, 2), (2, 1), (1, 0)), nn.MaxPool2d(2, 1, 0, (1, 3))]
    yield "avg_pool", (3, 7, 5), [nn.Conv2d(3, 3, 1), nn.AvgPool2d(3, 2, 1), nn.Tanh()]
    yield "avg_pool_not_counted", (3, 7, 5), [nn.Conv2d(3, 3, 1), nn.AvgPool2d(3, 2, 1, count_include_pad=False)]
    yield "global_pools", (3, 4, 5), [
        nn.Conv2d(3, 3, 1), Branches("|", nn.AdaptiveAvgPool2d(1), nn.AdaptiveMaxPool2d(1)), nn.Flatten(), nn.Linear(6, 2)]
    yield "flatten", (3, 4, 5), [nn.Conv2d(3, 4, 2), nn.ReLU(), nn.Flatten(), nn.Linear(48, 3)]
    yield "upsample", (2, 3, 4), [nn.Conv2d(2, 2, 1), nn.Upsample(scale_factor=2), nn.Conv2d(2, 2, 3)]
    yield "upsample_bilinear", (2, 1, 4), [
        nn.Conv2d(2, 2, 1), nn.Upsample(scale_factor=3, mode="bilinear"), nn.Conv2d(2, 2, 2), nn.Upsample(scale_factor=2, mode="bilinear")]
    yield "pad", (2, 3, 4), [nn.Conv2d(2, 2, 1), nn.ZeroPad2d((1, 2, 0, 1)), nn.ZeroPad2d((2, 2, 1, 1)), nn.Conv2d(2, 3, 2, 3), nn.Tanh()]
    yield "norms", (5, 2, 3), [EachPlace(nn.LayerNorm(5)), nn.Softmax(1)]
    yield "group_norm", (4, 3, 5), [
        nn.Conv2d(4, 6, 2), nn.GroupNorm(2, 6), nn.Tanh(), nn.GroupNorm(6, 6, 0.125), nn.Flatten(), nn.Linear(48, 2)]
    yield "shortcut", (4, 6, 7), [
        Branches("+", nn.Sequential(nn.Conv2d(4, 6, 3, 2, 1), nn.Tanh(), nn.Conv2d(6, 6, 3, 1, 1)), nn.Conv2d(4, 6, 1, 2)),
        nn.ReLU()]
    yield "squeeze_and_excite", (4, 3, 4), [
        nn.Conv2d(4, 4, 1),
        Branches("*", nn.Identity(),
                 nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2), nn.ReLU(), nn.Linear(2, 4), nn.Sigmoid(),
                               Channelwise()))]
    yield "residual", (3, 5, 4), [Branches("+", nn.Identity(), nn.Sequential(nn.Conv2d(3, 3, 3, 1, 1), nn.Tanh())), nn.Tanh()]
    yield "inverted_bottleneck", (3, 4, 5), [
        Branches("+", nn.Identity(),
                 nn.Sequential(nn.Conv2d(3, 6, 1), nn.ReLU6(), nn.Conv2d(6, 6, 3, 1, 1, groups=6), nn.ReLU6(), nn.Conv2d(6, 3, 1)))]
    yield "taken", (5, 3, 2), [nn.Conv2d(5, 5, 1), Branches("|", nn.Conv2d(5, 2, 1), nn.Conv2d(5, 3, 1)), nn.Tanh()]
    yield "u_net", (1, 6, 4), [
        Branches("|", nn.Conv2d(1, 2, 3, 1, 1),
                 nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(1, 3, 3, 1, 1), nn.Tanh(), nn.Upsample(scale_factor=2))),
        nn.Conv2d(5, 1, 1)]


def main():
    with open(HERE / "images.txt", "w") as file:
        for case in CONVOLUTIONS:
            channels, rows, columns, filters, kernel, stride, padding, dilation, groups, bias = case
            conv = nn.Conv2d(channels, filters, kernel, stride, padding, dilation, groups, bias)
            write(file, f"conv{CONVOLUTIONS.index(case)}", (channels, rows, columns), [conv, nn.Tanh()])
        for case in SAME:
            channels, rows, columns, *rest = case
            write(file, f"same{SAME.index(case)}", (channels, rows, columns), [Same(channels, *rest), nn.Tanh()])
        for case in TRANSPOSED:
            channels, rows, columns, *rest = case
            modules = [nn.Conv2d(channels, channels, 1), nn.ConvTranspose2d(channels, *rest), nn.Tanh()]
            write(file, f"transposed{TRANSPOSED.index(case)}", (channels, rows, columns), modules)
        for name, shape, modules in networks():
            write(file, name, shape, modules)
        modules = [nn.Conv2d(2, 4, 2), nn.ZeroPad2d(1), nn.GroupNorm(2, 4), nn.ConvTranspose2d(4, 6, (3, 2), (2, 1), groups=2)]
        write(file, "decoder", (2, 3, 4), modules)
        save_file(nn.Sequential(*modules).float().state_dict(), HERE.parent / "models" / "layers" / "decoder.safetensors")


if __name__ == "__main__":
    main()
