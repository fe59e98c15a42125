#!/usr/bin/env python3
"""Makes the vectors of distributions, by PyTorch: logarithms of probabilities, entropies, and their gradients.

    pip install torch && python3 distributions.py
"""

import torch
from torch.distributions import Categorical, Independent, Normal
from make import HERE, line

LOGITS = [[0.5, -1.25, 2.0, 0.0, -0.75], [0.0] * 5, [30.0, -40.0, 29.5, 1.0, 0.0], [-800.0, 0.0, 3.0, 2.0, 900.0]]
MEANS = [[0.5, -1.0, 2.0], [0.0, 100.0, -0.25]]
LOGARITHMS = [[0.0, -1.5, 0.75], [2.0, 3.0, -4.0]]
AT = [[0.25, -1.5, 4.0], [1.0, 60.0, -0.24]]


def gradient(value, *by):
    return [g.tolist() for g in torch.autograd.grad(value, by, retain_graph=True)]


def main():
    torch.set_default_dtype(torch.float64)
    with open(HERE / "distributions.txt", "w") as file:
        line(file, "categorical:logits", torch.tensor(LOGITS))
        for row, logits in enumerate(LOGITS):
            logits = torch.tensor(logits, requires_grad=True)
            choices = Categorical(logits=logits)
            line(file, f"categorical{row}:log", choices.logits.detach())
            for choice in range(5):
                by = gradient(choices.log_prob(torch.tensor(choice)), logits)[0]
                line(file, f"categorical{row}:slopes{choice}", torch.tensor(by))
            line(file, f"categorical{row}:entropy", choices.entropy().detach().reshape(1))
            line(file, f"categorical{row}:entropy_slopes", torch.tensor(gradient(choices.entropy(), logits)[0]))
        line(file, "gaussian:mean", torch.tensor(MEANS))
        line(file, "gaussian:logarithm", torch.tensor(LOGARITHMS))
        line(file, "gaussian:at", torch.tensor(AT))
        for row, (mean, logarithm, at) in enumerate(zip(MEANS, LOGARITHMS, AT)):
            mean, logarithm = (torch.tensor(x, requires_grad=True) for x in (mean, logarithm))
            numbers = Independent(Normal(mean, logarithm.exp()), 1)
            density = numbers.log_prob(torch.tensor(at))
            by_mean, by_logarithm = gradient(density, mean, logarithm)
            line(file, f"gaussian{row}:log", density.detach().reshape(1))
            line(file, f"gaussian{row}:by_mean", torch.tensor(by_mean))
            line(file, f"gaussian{row}:by_logarithm", torch.tensor(by_logarithm))
            line(file, f"gaussian{row}:entropy", numbers.entropy().detach().reshape(1))


if __name__ == "__main__":
    main()
