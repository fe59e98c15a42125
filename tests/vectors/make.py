#!/usr/bin/env python3
"""Makes the vectors that the tests compare with, by PyTorch (2.15.0 when they were committed).

    pip install torch && python3 make.py

Everything is computed in float64. Parameters and inputs are multiples of 1/64, so they are exact in float32 too. Weights
are written input-major. A line is a name and its numbers.
"""

import pathlib
import torch
from torch import nn

torch.set_default_dtype(torch.float64)
torch.manual_seed(20)
HERE = pathlib.Path(__file__).parent


class Hardsigmoid(nn.Module):
    """The formula of nn.Hardsigmoid, whose backward pass has 1/6 as a float32 even in float64 (off by 5e-9)."""

    def forward(self, x):
        return nn.functional.relu6(x + 3) / 6


ACTIVATIONS = {
    "identity": nn.Identity(),
    "relu": nn.ReLU(),
    "leaky_relu": nn.LeakyReLU(),
    "leaky_relu(0.2)": nn.LeakyReLU(0.2),
    "sigmoid": nn.Sigmoid(),
    "tanh": nn.Tanh(),
    "elu": nn.ELU(),
    "elu(0.5)": nn.ELU(0.5),
    "selu": nn.SELU(),
    "gelu": nn.GELU(),
    "gelu(tanh)": nn.GELU("tanh"),
    "silu": nn.SiLU(),
    "softplus": nn.Softplus(),
    "softplus(2.5)": nn.Softplus(2.5),
    "softsign": nn.Softsign(),
    "mish": nn.Mish(),
    "hard_sigmoid": Hardsigmoid(),
    "hard_tanh": nn.Hardtanh(),
    "hard_tanh(-0.5,2)": nn.Hardtanh(-0.5, 2.0),
    "hard_swish": nn.Hardswish(),
    "relu6": nn.ReLU6(),
    "softmax": nn.Softmax(dim=1),
}

# In float32 the test compares the same points, all of them exact there.
# Kinks are among them.
POINTS = [-200.0, -50.0, -20.5, -8.0, -5.25, -3.5, -3.0, -2.5, -1.5, -1.0, -0.75, -0.625, -0.25, -0.015625, 0.0,
          0.015625, 0.25, 0.5625, 0.75, 1.0, 1.5, 2.25, 3.0, 3.5, 5.25, 6.0, 6.5, 8.25, 19.5, 20.0, 20.5, 50.0, 200.0]
INFINITE = [float("inf"), float("-inf")]


def grid(*shape):
    return torch.randint(-96, 97, shape).to(torch.float64) / 64


def line(file, name, values):
    values = values.detach().flatten().tolist() if torch.is_tensor(values) else list(values)
    file.write(" ".join([name, *(repr(float(value)) for value in values)]) + "\n")


def parameters(net, what=lambda p: p):
    """All numbers of a network in the order of the layers, weights input-major."""
    tensors = [what(p).T if p.dim() == 2 else what(p) for p in net.parameters()]
    return torch.cat([tensor.flatten() for tensor in tensors])


def activations():
    with open(HERE / "activations.txt", "w") as file:
        line(file, "points", POINTS)
        for name, f in ACTIVATIONS.items():
            if name == "softmax":
                continue
            x = torch.tensor(POINTS, requires_grad=True)
            y = f(x)
            y.sum().backward()
            line(file, f"{name}:value", y)
            line(file, f"{name}:slope", x.grad)
            line(file, f"{name}:infinite", f(torch.tensor(INFINITE)))
        for name, row in {"up": [float("inf"), 1.0, 2.0], "down": [float("-inf"), 1.0, 2.0]}.items():
            line(file, f"softmax:{name}", nn.Softmax(dim=0)(torch.tensor(row)))


LOSSES = {
    "mse": (nn.MSELoss(), lambda: grid(4, 3)),
    "bce": (nn.BCEWithLogitsLoss(), lambda: torch.randint(0, 5, (4, 3)).to(torch.float64) / 4),
    "ce": (nn.CrossEntropyLoss(), lambda: torch.randint(0, 3, (4,))),
}


def networks():
    """2 => 5 ACT => 4 ACT => 3, a batch of four."""
    with open(HERE / "networks.txt", "w") as file:
        for name, f in ACTIVATIONS.items():
            net = nn.Sequential(nn.Linear(2, 5), f, nn.Linear(5, 4), f, nn.Linear(4, 3))
            for p in net.parameters():
                p.data = grid(*p.shape)
            x = grid(4, 2)
            line(file, f"{name}:parameters", parameters(net))
            line(file, f"{name}:x", x)
            line(file, f"{name}:y", net(x))
            for loss, (f_loss, target) in LOSSES.items():
                t = target()
                net.zero_grad()
                value = f_loss(net(x), t)
                value.backward()
                line(file, f"{name}:{loss}:target", t)
                line(file, f"{name}:{loss}:loss", [value.item()])
                line(file, f"{name}:{loss}:gradient", parameters(net, lambda p: p.grad))


OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
    "adam": lambda p: torch.optim.Adam(p, lr=0.01),
}


def optimizers():
    """Three steps of each on 2 => 5 tanh => 3 and the mean squared error."""
    with open(HERE / "optimizers.txt", "w") as file:
        net = nn.Sequential(nn.Linear(2, 5), nn.Tanh(), nn.Linear(5, 3))
        start = [grid(*p.shape) for p in net.parameters()]
        x, t = grid(4, 2), grid(4, 3)
        for p, value in zip(net.parameters(), start):
            p.data = value.clone()
        line(file, "parameters", parameters(net))
        line(file, "x", x)
        line(file, "target", t)
        for name, make in OPTIMIZERS.items():
            for p, value in zip(net.parameters(), start):
                p.data = value.clone()
            optimizer = make(net.parameters())
            for step in range(1, 4):
                optimizer.zero_grad()
                nn.MSELoss()(net(x), t).backward()
                optimizer.step()
                line(file, f"{name}:{step}", parameters(net))


activations()
networks()
optimizers()
