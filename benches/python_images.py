"""ONNX Runtime and PyTorch, on the networks of images that the Rust program wrote down; as `python_peers.py`."""

import numpy as np

from python_peers import main, onnx_session


def integers(words):
    return [int(word) for word in words.split(",")]


class Case:
    """A row of the table. A node is the number of the value that it takes, a word, its settings and its parameters."""

    def __init__(self, line, numbers):
        self.name, self.task, rows, rate, shape, nodes = line.split("|")
        self.rows, self.rate = int(rows), float(rate)
        self.nodes = []
        at = 0

        def take(*shape):
            nonlocal at
            count = int(np.prod(shape))
            at += count
            return numbers[at - count : at].reshape(shape).copy()

        for node in nodes.split(";"):
            source, word, *settings = node.split()
            parameters = []
            if word in ("conv", "dense"):
                shape_of_weights = integers(settings[0])
                parameters = [take(*shape_of_weights), take(shape_of_weights[0])]
            self.nodes.append((int(source), word, settings, parameters))
        self.x = take(self.rows, *integers(shape))
        self.targets = take(self.rows).astype(np.int64) if self.task == "sgd" else None
        self.expected = numbers[at:]

    def check(self, peer, values):
        """As `images.rs` does it."""
        difference = np.abs(np.asarray(values).reshape(-1) - self.expected).max()
        is_close = difference / self.rate < 2e-3 if self.task == "sgd" else difference < 1e-4
        assert is_close, (peer, self.name, difference)


def onnx_runtime(case):
    from onnx import helper, numpy_helper

    if case.task != "forward":
        return None
    nodes, constants, values = [], [], ["x"]
    for at, (source, word, settings, parameters) in enumerate(case.nodes):
        inputs, value = [values[source]], f"v{at}"
        for kind, parameter in zip("wb", parameters):
            constants.append(numpy_helper.from_array(parameter, f"{kind}{at}"))
            inputs.append(f"{kind}{at}")
        if word == "conv":
            shape, stride, pads, groups = (integers(setting) for setting in settings)
            more = {"kernel_shape": shape[2:], "strides": 2 * stride, "pads": pads, "group": groups[0]}
            nodes.append(helper.make_node("Conv", inputs, [value], **more))
        elif word == "max_pool":
            nodes.append(helper.make_node("MaxPool", inputs, [value], kernel_shape=[2, 2], strides=[2, 2]))
        elif word == "mean":
            nodes.append(helper.make_node("GlobalAveragePool", inputs, [f"m{at}"]))
            nodes.append(helper.make_node("Flatten", [f"m{at}"], [value]))
        elif word == "dense":
            nodes.append(helper.make_node("Gemm", inputs, [value], transB=1))
        elif word == "add":
            nodes.append(helper.make_node("Add", inputs + [values[int(settings[0])]], [value]))
        else:
            nodes.append(helper.make_node({"relu": "Relu", "flatten": "Flatten"}[word], inputs, [value]))
        values.append(value)
    return onnx_session(nodes, constants, values[-1], case.x, case.expected.reshape(1, -1).shape)


def torch_model(case):
    import torch
    from torch.nn import functional

    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            tensors = [torch.nn.Parameter(torch.from_numpy(p)) for _, _, _, both in case.nodes for p in both]
            self.tensors = torch.nn.ParameterList(tensors)

        def forward(self, x):
            values, tensors = [x], iter(self.tensors)
            for source, word, settings, _ in case.nodes:
                x = values[source]
                if word == "conv":
                    _, stride, (top, left, bottom, right), groups = (integers(setting) for setting in settings)
                    padding = (top, left)
                    if padding != (bottom, right):
                        x, padding = functional.pad(x, (left, right, top, bottom)), 0
                    x = functional.conv2d(x, next(tensors), next(tensors), stride[0], padding, 1, groups[0])
                elif word == "max_pool":
                    x = functional.max_pool2d(x, 2)
                elif word == "mean":
                    x = x.mean((2, 3))
                elif word == "flatten":
                    x = x.flatten(1)
                elif word == "dense":
                    x = functional.linear(x, next(tensors), next(tensors))
                elif word == "add":
                    x = x + values[int(settings[0])]
                else:
                    x = functional.relu(x)
                values.append(x)
            return x

    return Model()


def pytorch(case):
    """Eager training; forward by a frozen graph, which is faster than eager."""
    import torch

    torch.set_num_threads(1)
    model, x, result = torch_model(case), torch.from_numpy(case.x), None
    if case.task == "forward":
        model = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(model.eval(), x)))

        def forward():
            nonlocal result
            with torch.inference_mode():
                result = model(x)

        return forward, lambda: result.numpy()

    loss, targets = torch.nn.CrossEntropyLoss(), torch.from_numpy(case.targets)
    optimizer = torch.optim.SGD(model.parameters(), lr=case.rate, fused=True)

    def step():
        optimizer.zero_grad()
        value = loss(model(x), targets)
        value.backward()
        optimizer.step()
        return value

    return step, lambda: np.concatenate([p.detach().numpy().reshape(-1) for p in model.parameters()])


main(Case, (("ONNX Runtime", onnx_runtime), ("PyTorch", pytorch)))
