#!/usr/bin/env python3
"""Makes the vectors of layers, by PyTorch (see make.py): each stands first in a network, and behind another layer. The
network that begins with it is written to ../models/layers, too.

    pip install torch safetensors && python3 layers.py
"""

import torch
from torch import nn
from safetensors.torch import save_file
from make import HERE, grid, line, parameters

MODELS = HERE.parent / "models" / "layers"

# A layer of five values, and how many it gives.
LAYERS = {
    "dense": (lambda: nn.Linear(5, 4), 4),
    "dense_without_bias": (lambda: nn.Linear(5, 4, bias=False), 4),
    "layer_norm": (lambda: nn.LayerNorm(5), 5),
    "layer_norm_eps": (lambda: nn.LayerNorm(5, eps=0.25), 5),
    "group_norm": (lambda: nn.GroupNorm(1, 5), 5),
    "rms_norm": (lambda: nn.RMSNorm(5), 5),
    "rms_norm_eps": (lambda: nn.RMSNorm(5, eps=0.25), 5),
}


def record(file, name, net, x):
    for p in net.parameters():
        p.data = grid(*p.shape)
    target = grid(len(x), 2)
    y = net(x)
    nn.MSELoss()(y, target).backward()
    line(file, f"{name}:parameters", parameters(net))
    line(file, f"{name}:x", x)
    line(file, f"{name}:y", y)
    line(file, f"{name}:target", target)
    line(file, f"{name}:gradient", parameters(net, lambda p: p.grad))


def main():
    with open(HERE / "layers.txt", "w") as file:
        for name, (layer, gives) in LAYERS.items():
            torch.manual_seed(20)
            x = grid(4, 5)
            x[1] = 0.5
            first = nn.Sequential(layer(), nn.Linear(gives, 2))
            record(file, f"{name}:first", first, x)
            save_file(first.float().state_dict(), MODELS / f"{name}.safetensors")
            behind = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), layer(), nn.Linear(gives, 2))
            record(file, f"{name}:behind", behind, grid(4, 3))


if __name__ == "__main__":
    main()
