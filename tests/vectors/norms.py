#!/usr/bin/env python3
"""Makes the vectors of batch norms, by PyTorch: ten steps of gradient descent with momentum, with all that is learnt and counted after
each, and what the network then gives in use.

    pip install torch && python3 norms.py
"""

import torch
from torch import nn
from convolutions import numbers
from make import HERE, grid, line

STEPS = 10


def networks():
    yield "vector", (3,), [nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Tanh(), nn.Linear(4, 2)]
    yield "signal", (2, 5), [nn.Conv1d(2, 3, 2), nn.BatchNorm1d(3, 1e-3, 0.25), nn.Tanh()]
    yield "image", (2, 4, 3), [nn.BatchNorm2d(2), nn.Conv2d(2, 3, 2, bias=False), nn.BatchNorm2d(3), nn.ReLU(),
                               nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(3, 2)]


def everything(net):
    """Parameters and running statistics, layer by layer."""
    for module in net:
        yield from module.parameters()
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            yield from (module.running_mean, module.running_var)


def main():
    with open(HERE / "norms.txt", "w") as file:
        for name, shape, modules in networks():
            torch.manual_seed(20)
            net = nn.Sequential(*modules).double()
            for p in net.parameters():
                p.data = grid(*p.shape) / 2
            line(file, f"{name}:parameters", numbers(everything(net)))
            optimizer = torch.optim.SGD(net.parameters(), 0.1, momentum=0.5)
            x = grid(STEPS, 3, *shape)
            targets = []
            for step in range(STEPS):
                y = net(x[step])
                targets.append(grid(*y.shape))
                optimizer.zero_grad()
                nn.MSELoss()(y, targets[-1]).backward()
                optimizer.step()
                line(file, f"{name}:after{step}", numbers(everything(net)))
            line(file, f"{name}:x", x)
            line(file, f"{name}:target", torch.stack(targets))
            net.eval()
            line(file, f"{name}:y", net(x[0]))


if __name__ == "__main__":
    main()
