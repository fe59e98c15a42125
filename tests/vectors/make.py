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


def grouped(net, weight_decay):
    """Weights with weight decay, biases without."""
    weights = [p for p in net.parameters() if p.dim() == 2]
    biases = [p for p in net.parameters() if p.dim() == 1]
    return [{"params": weights, "weight_decay": weight_decay}, {"params": biases, "weight_decay": 0.0}]


class Lion(torch.optim.Optimizer):
    """Algorithm 2 of Chen et al. 2023 (arXiv 2302.06675)."""

    def __init__(self, parameters, lr, betas=(0.9, 0.99)):
        super().__init__(parameters, {"lr": lr, "betas": betas, "weight_decay": 0.0})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            (beta1, beta2), rate = group["betas"], group["lr"]
            for p in group["params"]:
                m = self.state[p].get("m", torch.zeros_like(p))
                c = beta1 * m + (1 - beta1) * p.grad
                p -= rate * (torch.sign(c) + group["weight_decay"] * p)
                self.state[p]["m"] = beta2 * m + (1 - beta2) * p.grad


OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(grouped(p, 0.0), lr=0.1),
    "sgd_decay": lambda p: torch.optim.SGD(grouped(p, 0.05), lr=0.1),
    "momentum": lambda p: torch.optim.SGD(grouped(p, 0.0), lr=0.1, momentum=0.9),
    "momentum_decay": lambda p: torch.optim.SGD(grouped(p, 0.05), lr=0.1, momentum=0.9),
    "nesterov": lambda p: torch.optim.SGD(grouped(p, 0.0), lr=0.1, momentum=0.9, nesterov=True),
    "nesterov_decay": lambda p: torch.optim.SGD(grouped(p, 0.05), lr=0.1, momentum=0.9, nesterov=True),
    "rmsprop": lambda p: torch.optim.RMSprop(grouped(p, 0.0), lr=0.01),
    "rmsprop_decay": lambda p: torch.optim.RMSprop(grouped(p, 0.05), lr=0.01, alpha=0.9, eps=1e-6),
    "adam": lambda p: torch.optim.Adam(grouped(p, 0.0), lr=0.01),
    "adam_decay": lambda p: torch.optim.Adam(grouped(p, 0.05), lr=0.01, betas=(0.8, 0.99), eps=1e-6),
    "adamw": lambda p: torch.optim.AdamW(grouped(p, 0.01), lr=0.01),
    "adamw_decay": lambda p: torch.optim.AdamW(grouped(p, 0.3), lr=0.01),
    "damped": lambda p: torch.optim.SGD(grouped(p, 0.0), lr=0.1, momentum=0.9, dampening=0.25),
    "damped_decay": lambda p: torch.optim.SGD(grouped(p, 0.05), lr=0.1, momentum=0.9, dampening=0.25),
    "rmsprop_momentum": lambda p: torch.optim.RMSprop(grouped(p, 0.0), lr=0.01, momentum=0.5),
    "rmsprop_momentum_decay": lambda p: torch.optim.RMSprop(grouped(p, 0.05), lr=0.01, momentum=0.5, alpha=0.9, eps=1e-6),
    "centered": lambda p: torch.optim.RMSprop(grouped(p, 0.0), lr=0.01, centered=True),
    "centered_decay": lambda p: torch.optim.RMSprop(grouped(p, 0.05), lr=0.01, centered=True, alpha=0.9, eps=1e-6),
    "centered_momentum": lambda p: torch.optim.RMSprop(grouped(p, 0.0), lr=0.01, centered=True, momentum=0.5),
    "centered_momentum_decay": lambda p: torch.optim.RMSprop(grouped(p, 0.05), lr=0.01, centered=True, momentum=0.5),
    "adagrad": lambda p: torch.optim.Adagrad(grouped(p, 0.0), lr=0.1),
    "adagrad_decay": lambda p: torch.optim.Adagrad(grouped(p, 0.05), lr=0.1, eps=1e-3),
    "adadelta": lambda p: torch.optim.Adadelta(grouped(p, 0.0)),
    "adadelta_decay": lambda p: torch.optim.Adadelta(grouped(p, 0.05), lr=0.5, rho=0.8, eps=1e-4),
    "amsgrad": lambda p: torch.optim.Adam(grouped(p, 0.0), lr=0.1, betas=(0.8, 0.5), amsgrad=True),
    "amsgrad_decay": lambda p: torch.optim.Adam(grouped(p, 0.05), lr=0.01, betas=(0.8, 0.9), eps=1e-6, amsgrad=True),
    "amsgradw": lambda p: torch.optim.AdamW(grouped(p, 0.01), lr=0.1, betas=(0.8, 0.5), amsgrad=True),
    "amsgradw_decay": lambda p: torch.optim.AdamW(grouped(p, 0.3), lr=0.01, amsgrad=True),
    "nadam": lambda p: torch.optim.NAdam(grouped(p, 0.0), lr=0.01),
    "nadam_decay": lambda p: torch.optim.NAdam(grouped(p, 0.05), lr=0.01, betas=(0.8, 0.99), eps=1e-6),
    "adamax": lambda p: torch.optim.Adamax(grouped(p, 0.0), lr=0.01),
    "adamax_decay": lambda p: torch.optim.Adamax(grouped(p, 0.05), lr=0.01, betas=(0.8, 0.5), eps=1e-2),
    "lion": lambda p: Lion(grouped(p, 0.0), lr=0.01),
    "lion_decay": lambda p: Lion(grouped(p, 0.3), lr=0.01, betas=(0.8, 0.95)),
}

CLIPS = {
    "clip_value": lambda p: nn.utils.clip_grad_value_(p, 0.05),
    "clip_norm": lambda p: nn.utils.clip_grad_norm_(p, 0.5),
    "clip_norm_above": lambda p: nn.utils.clip_grad_norm_(p, 100.0),
}


def optimizers():
    """Ten steps of each on 2 => 5 tanh => 3 and the mean squared error."""
    with open(HERE / "optimizers.txt", "w") as file:
        net = nn.Sequential(nn.Linear(2, 5), nn.Tanh(), nn.Linear(5, 3))
        start = [grid(*p.shape) for p in net.parameters()]
        x, t = grid(4, 2), grid(4, 3)

        def trajectory(name, optimizer, clip=lambda p: None):
            for step in range(1, 11):
                optimizer.zero_grad()
                nn.MSELoss()(net(x), t).backward()
                clip(net.parameters())
                optimizer.step()
                line(file, f"{name}:{step}", parameters(net))

        def restart():
            for p, value in zip(net.parameters(), start):
                p.data = value.clone()

        restart()
        line(file, "parameters", parameters(net))
        line(file, "x", x)
        line(file, "target", t)
        for name, make in OPTIMIZERS.items():
            restart()
            trajectory(name, make(net))
        for name, clip in CLIPS.items():
            restart()
            trajectory(name, torch.optim.SGD(net.parameters(), lr=0.1), clip)


def sequential(optimizer):
    """A warm-up of four steps, then a cosine."""
    warm_up = torch.optim.lr_scheduler.LinearLR(optimizer, start_factor=0.25, total_iters=3)
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=10)
    return torch.optim.lr_scheduler.SequentialLR(optimizer, [warm_up, cosine], milestones=[4])


SCHEDULES = {
    "constant": lambda o: torch.optim.lr_scheduler.ConstantLR(o, factor=1.0),
    "step": lambda o: torch.optim.lr_scheduler.StepLR(o, step_size=3, gamma=0.5),
    "exponential": lambda o: torch.optim.lr_scheduler.ExponentialLR(o, gamma=0.9),
    "cosine": lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, T_max=14, eta_min=0.01),
    "warm_up": sequential,
    "restarts": lambda o: torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(o, T_0=7, T_mult=2, eta_min=0.01),
    "even_restarts": lambda o: torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(o, T_0=7),
    "milestones": lambda o: torch.optim.lr_scheduler.MultiStepLR(o, milestones=[3, 10, 11, 30], gamma=0.5),
    "linear": lambda o: torch.optim.lr_scheduler.LinearLR(o, start_factor=1.0, end_factor=0.1, total_iters=30),
    "polynomial": lambda o: torch.optim.lr_scheduler.PolynomialLR(o, total_iters=40, power=1.7),
    "one_cycle": lambda o: torch.optim.lr_scheduler.OneCycleLR(o, max_lr=0.1, total_steps=51, cycle_momentum=False),
    "function": lambda o: torch.optim.lr_scheduler.LambdaLR(o, lambda step: 1 / (1 + step)),
}
STEPS = 50
# These go on beyond their end in PyTorch: of a cosine the rate grows again.
UP_TO_THEIR_END = {"cosine": 15, "warm_up": 15}
PLATEAU = [1.0, 0.9, 0.95, 0.9, 0.9, 0.89, 0.89, 0.8899999, 0.89, 0.9, 0.9, 0.9, 0.9, 0.5, 0.6, 0.6, 0.6, 0.6]

GROWING = [0.1, 0.5, 0.52, 0.54, 0.53, 0.53, 0.53, 0.53, 0.6, 0.61, 0.61, 0.61, 0.61, 0.61, 0.61, 0.8, 0.8, 0.8]


def schedules():
    """The learning rates of fifty steps from 0.1."""
    with open(HERE / "schedules.txt", "w") as file:
        p = nn.Parameter(torch.zeros(1))
        for name, make in SCHEDULES.items():
            optimizer = torch.optim.SGD([p], lr=0.1)
            schedule = make(optimizer)
            rates = []
            for _ in range(UP_TO_THEIR_END.get(name, STEPS)):
                rates.append(optimizer.param_groups[0]["lr"])
                optimizer.step()
                schedule.step()
            line(file, name, rates)
        optimizer = torch.optim.SGD([p], lr=0.1)
        schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=2, min_lr=0.02)
        rates = []
        for loss in PLATEAU:
            schedule.step(loss)
            rates.append(optimizer.param_groups[0]["lr"])
        line(file, "plateau:losses", PLATEAU)
        line(file, "plateau", rates)
        optimizer = torch.optim.SGD([p], lr=0.1)
        schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(
            optimizer, mode="max", factor=0.5, patience=1, threshold=0.05, threshold_mode="abs", cooldown=2
        )
        rates = []
        for measure in GROWING:
            schedule.step(measure)
            rates.append(optimizer.param_groups[0]["lr"])
        line(file, "growing:measures", GROWING)
        line(file, "growing", rates)


# Three outputs a sample. Large ones would overflow an exponential.
LOGITS = [[0.5, -1.25, 2.0], [100.0, -100.0, 0.0], [-100.0, -100.0, -100.0], [0.0, 0.0, 0.0], [3.5, 100.0, 99.0]]
NUMBERS = [[0.0, 1.0, -1.0], [99.0, -100.0, 0.25], [-100.0, -99.5, -101.0], [0.0, 0.5, -0.5], [3.5, -100.0, 99.0]]
PROBABILITIES = [[0.5, 0.25, 0.75], [0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [1.0, 0.0, 0.5], [0.015625, 0.984375, 0.0]]
SHARES = [[0.0, 1.0, 0.25], [0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0], [0.5, 0.75, 0.0]]
DISTRIBUTIONS = [[0.0, 1.0, 0.0], [0.25, 0.25, 0.5], [1.0, 0.0, 0.0], [0.125, 0.875, 0.0], [0.5, 0.5, 0.25]]
SIGNS = [[1.0, -1.0, 1.0], [1.0, 1.0, -1.0], [-1.0, 1.0, -1.0], [1.0, -1.0, 1.0], [-1.0, 1.0, 1.0]]
CLASSES = [2, 1, 0, 1, 2]
POSITIVE = [[0.5, 0.25, 0.25], [0.125, 0.75, 0.125], [0.5, 0.25, 0.25], [0.25, 0.0625, 0.6875], [0.0078125, 0.0078125, 0.984375]]


def hinge(y, t):
    return torch.relu(1 - t * y).mean()


def of_probabilities(p, t):
    return nn.NLLLoss()(torch.log(p), t)


EACH_LOSS = {
    "mse": (nn.MSELoss(), LOGITS, NUMBERS),
    "mae": (nn.L1Loss(), LOGITS, NUMBERS),
    "huber": (nn.HuberLoss(), LOGITS, NUMBERS),
    "huber(0.3)": (nn.HuberLoss(delta=0.3), LOGITS, NUMBERS),
    "hinge": (hinge, LOGITS, SIGNS),
    "bce": (nn.BCELoss(), PROBABILITIES, SHARES),
    "bce_logits": (nn.BCEWithLogitsLoss(), LOGITS, SHARES),
    "ce": (nn.CrossEntropyLoss(), LOGITS, CLASSES),
    "ce_smoothed": (nn.CrossEntropyLoss(label_smoothing=0.125), LOGITS, CLASSES),
    "ce_distribution": (nn.CrossEntropyLoss(), LOGITS, DISTRIBUTIONS),
    "ce_distribution_smoothed": (nn.CrossEntropyLoss(label_smoothing=0.125), LOGITS, DISTRIBUTIONS),
    "ce_probabilities": (of_probabilities, POSITIVE, CLASSES),
}


def losses():
    """Value and gradient of each loss, over the batch and for each sample alone."""
    with open(HERE / "losses.txt", "w") as file:
        for name, (f, outputs, targets) in EACH_LOSS.items():
            y = torch.tensor(outputs, requires_grad=True)
            t = torch.tensor(targets)
            value = f(y, t)
            value.backward()
            line(file, f"{name}:outputs", y)
            line(file, f"{name}:targets", t)
            line(file, f"{name}:mean", [value.item()])
            line(file, f"{name}:slopes", y.grad)
            each = [f(y[row : row + 1], t[row : row + 1]).item() for row in range(len(outputs))]
            line(file, f"{name}:each", each)


if __name__ == "__main__":
    activations()
    networks()
    optimizers()
    schedules()
    losses()
