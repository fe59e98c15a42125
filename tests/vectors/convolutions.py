#!/usr/bin/env python3
"""Makes the vectors of convolutions over the frames of a stream, by PyTorch (see make.py): a convolution behind zeros, tanh, and two
outputs a frame; and the file of a stream with a cell behind one.

    pip install torch safetensors && python3 convolutions.py
"""

import torch
from torch import nn
from safetensors.torch import save_file
from make import HERE, grid, line

FRAMES = 12

# Inputs, outputs, kernel, dilation.
CASES = [
    (1, 1, 1, 1), (1, 3, 2, 1), (3, 1, 3, 1), (3, 3, 4, 1), (1, 8, 5, 1), (3, 8, 6, 1), (8, 3, 7, 1),
    (1, 1, 2, 2), (8, 1, 3, 2), (3, 3, 5, 2), (1, 3, 7, 2), (8, 8, 2, 4), (3, 1, 4, 4), (1, 16, 6, 4),
    (16, 16, 3, 2), (16, 3, 2, 4), (8, 16, 1, 1),
]


class Causal(nn.Module):
    def __init__(self, *conv, **more):
        super().__init__()
        self.conv = nn.Conv1d(*conv, **more)

    def forward(self, x):
        past = (self.conv.kernel_size[0] - 1) * self.conv.dilation[0]
        return self.conv(nn.functional.pad(x.T, (past, 0))).T


def numbers(tensors):
    """All numbers, the dimensions of each tensor the other way round."""
    return torch.cat([tensor.permute(*reversed(range(tensor.dim()))).flatten() for tensor in tensors])


def main():
    with open(HERE / "convolutions.txt", "w") as file:
        for inputs, outputs, kernel, dilation in CASES:
            torch.manual_seed(20)
            net = nn.Sequential(Causal(inputs, outputs, kernel, dilation=dilation), nn.Tanh(), nn.Linear(outputs, 2))
            for p in net.parameters():
                p.data = grid(*p.shape) / 2
            x, target = grid(FRAMES, inputs), grid(FRAMES, 2)
            y = net(x)
            nn.MSELoss()(y, target).backward()
            name = f"{inputs}x{outputs}x{kernel}x{dilation}"
            line(file, f"{name}:parameters", numbers(net.parameters()))
            line(file, f"{name}:x", x)
            line(file, f"{name}:y", y)
            line(file, f"{name}:target", target)
            line(file, f"{name}:gradient", numbers([p.grad for p in net.parameters()]))
        stream(file)


def stream(file):
    """A file with what PyTorch calls its tensors, and what the stream gives."""

    def numbers(*shape, seed):
        i = torch.arange(torch.Size(shape).numel())
        return (((i + 1) * seed * 13 + i * i % 17) % 41 - 20).reshape(shape) / torch.tensor(32.0)

    conv, gru, dense = Causal(2, 3, 3, dilation=5), nn.GRU(3, 4), nn.Linear(4, 1)
    tensors = [*conv.parameters(), *gru.parameters(), *dense.parameters()]
    for tensor, seed in zip(tensors, [3, 5, 9, 11, 2, 4, 6, 8]):
        tensor.data = numbers(*tensor.shape, seed=seed)
    x = numbers(50, 2, seed=17)
    y = dense(gru(torch.tanh(conv(x))[:, None])[0][:, 0])
    line(file, "stream:x", x)
    line(file, "stream:y", y)
    names = {"0.": conv.conv, "2.": gru, "3.": dense}
    tensors = {start + name: p.detach().float() for start, part in names.items() for name, p in part.named_parameters()}
    save_file(tensors, HERE.parent / "models" / "layers" / "conv_gru.safetensors")


if __name__ == "__main__":
    main()
