#!/usr/bin/env python3
"""Takes a network through PyTorch and back.

    pip install torch safetensors && python3 round_trip.py FROM TO

Loads the safetensors file FROM strictly into the modules of 3 => first: 6 relu => [6 relu => 6] tanh =>
(2 | 3 sigmoid => 4) => 2, and writes to TO what PyTorch saves of them, with inputs `x` and outputs `logits` beside it in
TO.expected.
"""

import sys
import torch
from collections import OrderedDict
from safetensors.torch import load_file, save_file
from torch import nn


class Residual(nn.Sequential):
    def forward(self, x):
        return x + super().forward(x)


class Branches(nn.Sequential):
    def forward(self, x):
        return torch.cat([branch(x) for branch in self], dim=-1)


net = nn.Sequential(
    OrderedDict(
        [
            ("first", nn.Linear(3, 6)),
            ("1", nn.ReLU()),
            ("2", Residual(nn.Linear(6, 6), nn.ReLU(), nn.Linear(6, 6))),
            ("3", nn.Tanh()),
            ("4", Branches(nn.Sequential(nn.Linear(6, 2)), nn.Sequential(nn.Linear(6, 3), nn.Sigmoid(), nn.Linear(3, 4)))),
            ("5", nn.Linear(6, 2)),
        ]
    )
)
source, target = sys.argv[1:]
net.load_state_dict(load_file(source), strict=True)
save_file(net.state_dict(), target)
x = torch.arange(-12.0, 12.0).reshape(8, 3) / 8
with torch.no_grad():
    save_file({"x": x, "logits": net(x)}, target + ".expected")
