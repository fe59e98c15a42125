#!/usr/bin/env python3
"""Makes the vectors of cells that remember, by PyTorch (see make.py): alone, over 1, 5 and 12 steps, and behind a dense layer, which
gets the gradient by the inputs. The weights are written to ../models/sequences, too. The loss is the mean over the steps of
both rows, weighted step by step. Those with a start that is learnt also in two pieces of six steps, the state carried on, but no
gradient through it.

    pip install torch safetensors && python3 sequences.py
"""

import torch
from torch import nn
from safetensors.torch import save_file
from make import HERE, grid, line, parameters

MODELS = HERE.parent / "models" / "sequences"
INPUTS, NODES, ROWS, STEPS = 3, 5, 2, 12


class Cell(nn.Module):
    """A cell of PyTorch, whose output alone is given, and what it begins with, which may be parameters."""

    def __init__(self, of, inputs, nodes, bias, start, **options):
        super().__init__()
        cell = of(inputs, nodes, bias=bias, batch_first=True, **options)
        self.call = [cell]
        for name, p in cell.named_parameters():
            self.register_parameter(name, p)
        self.starts = ["h0", "c0"][: 2 if of is nn.LSTM else 1] if start else []
        for name in self.starts:
            self.register_parameter(name, nn.Parameter(torch.zeros(nodes)))

    def forward(self, x, state=None):
        start = [getattr(self, name).expand(1, len(x), -1).contiguous() for name in self.starts]
        start = tuple(start) if len(start) > 1 else start[0] if start else None
        y, self.state = self.call[0](x, start if state is None else state)
        return y


class GruResetBefore(nn.Module):
    """The gated recurrent unit whose reset gate works before the product, which PyTorch does not have: Keras's
    `reset_after=False`, ONNX's `linear_before_reset = 0`."""

    def __init__(self, inputs, nodes, bias, start):
        super().__init__()
        shapes = {"weight_ih_l0": (3 * nodes, inputs), "weight_hh_l0": (3 * nodes, nodes)}
        shapes |= {"bias_ih_l0": (3 * nodes,), "bias_hh_l0": (3 * nodes,)} if bias else {}
        shapes |= {"h0": (nodes,)} if start else {}
        for name, shape in shapes.items():
            self.register_parameter(name, nn.Parameter(torch.zeros(shape)))
        self.nodes = nodes

    def forward(self, x, state=None):
        p = dict(self.named_parameters())
        zero = torch.zeros(self.nodes)
        w, u = p["weight_ih_l0"].chunk(3), p["weight_hh_l0"].chunk(3)
        b, c = (p[name].chunk(3) if name in p else [zero] * 3 for name in ("bias_ih_l0", "bias_hh_l0"))
        h, outputs = p.get("h0", zero).expand(len(x), -1) if state is None else state, []
        for step in range(x.shape[1]):
            xr, xz, xn = (x[:, step] @ w[gate].T + b[gate] for gate in range(3))
            r, z = torch.sigmoid(xr + h @ u[0].T + c[0]), torch.sigmoid(xz + h @ u[1].T + c[1])
            n = torch.tanh(xn + (r * h) @ u[2].T + c[2])
            h = (1 - z) * n + z * h
            outputs.append(h)
        self.state = h
        return torch.stack(outputs, dim=1)


CELLS = {
    "rnn": lambda i, n, bias, start: Cell(nn.RNN, i, n, bias, start),
    "rnn_relu": lambda i, n, bias, start: Cell(nn.RNN, i, n, bias, start, nonlinearity="relu"),
    "gru": lambda i, n, bias, start: Cell(nn.GRU, i, n, bias, start),
    "gru_reset_before": GruResetBefore,
    "lstm": lambda i, n, bias, start: Cell(nn.LSTM, i, n, bias, start),
}


def fill(net, scale):
    for p in net.parameters():
        p.data = grid(*p.shape) * scale


def record(file, name, net, y, target, weight):
    net.zero_grad(set_to_none=False)
    loss = (((y - target) ** 2).mean(dim=2) * weight).sum() / weight.sum()
    loss.backward()
    line(file, f"{name}:loss", [loss.item()])
    line(file, f"{name}:gradient", parameters(net, lambda p: p.grad))


def record_pieces(file, name, net, x, target, weight):
    state = None
    for number, piece in enumerate((slice(0, 6), slice(6, 12))):
        y = net[0](x[:, piece], state)
        record(file, f"{name}:piece{number}", net, y, target[:, piece], weight[:, piece])
        state = net[0].state
        state = tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()


def case(file, name, net, inputs, outputs, steps, scale=0.5):
    torch.manual_seed(20)
    fill(net, scale)
    x, target = grid(ROWS, STEPS, inputs), grid(ROWS, STEPS, outputs)
    weight = torch.randint(0, 4, (ROWS, STEPS)).to(torch.float64)
    weight[:, 0] = 1.0
    line(file, f"{name}:parameters", parameters(net))
    line(file, f"{name}:x", x)
    line(file, f"{name}:target", target)
    line(file, f"{name}:weight", weight)
    for count in steps:
        y = net(x[:, :count])
        record(file, f"{name}:{count}", net, y, target[:, :count], weight[:, :count])
    if name.endswith("_started"):
        record_pieces(file, name, net, x, target, weight)
    line(file, f"{name}:y", y if y.shape[1] == STEPS else net(x))
    state = {key: value.detach().clone().float() for key, value in net.state_dict().items()}
    save_file(state, MODELS / f"{name}.safetensors")


def main():
    MODELS.mkdir(exist_ok=True)
    with open(HERE / "sequences.txt", "w") as file:
        for kind, cell in CELLS.items():
            for bias in (True, False):
                for start in (True, False):
                    name = kind + ("" if bias else "_without_bias") + ("_started" if start else "")
                    net = nn.Sequential(cell(INPUTS, NODES, bias, start))
                    case(file, name, net, INPUTS, NODES, (1, 5, 12))
            behind = nn.Sequential(nn.Linear(INPUTS, 2), nn.Tanh(), cell(2, NODES, True, True))
            case(file, f"{kind}_behind", behind, INPUTS, NODES, (5,))
            # Sums of several tens: all gates are open or closed. A rectifier would only grow.
            if kind != "rnn_relu":
                case(file, f"{kind}_saturated", nn.Sequential(cell(INPUTS, NODES, True, False)), INPUTS, NODES, (5,), 16.0)
        two = nn.Sequential(CELLS["lstm"](INPUTS, 3, True, False), CELLS["gru"](3, 2, True, True))
        case(file, "two", two, INPUTS, 2, (1, 5, 12))


if __name__ == "__main__":
    main()
