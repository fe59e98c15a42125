"""ONNX Runtime and PyTorch, on the cases that the Rust program wrote down.

Called by it as `python_peers.py FOLDER ROUNDS`. Prints a line `peer<TAB>row<TAB>nanoseconds` for each figure. A peer that is
not installed is left out. All outputs are compared with those of nn-core first.
"""

import os
import sys
import time
import warnings
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np

# TorchScript, which is deprecated, is still the fastest way to run PyTorch's small networks.
warnings.filterwarnings("ignore", category=FutureWarning)
warnings.filterwarnings("ignore", category=DeprecationWarning)

SAMPLE = 400_000  # nanoseconds


class Case:
    """A row of the table."""

    def __init__(self, line, numbers):
        self.name, self.task, rows, rate, layers = line.split("|")
        self.rows, self.rate = int(rows), float(rate)
        self.layers = []
        at = 0

        def take(*shape):
            nonlocal at
            count = int(np.prod(shape))
            at += count
            return numbers[at - count : at].reshape(shape).copy()

        for layer in layers.split(";"):
            inputs, outputs, activation = layer.split(",")
            inputs, outputs = int(inputs), int(outputs)
            self.layers.append((take(inputs, outputs), take(outputs), activation))
        self.x = take(self.rows, self.layers[0][0].shape[0])
        self.targets = take(self.rows) if self.task != "forward" else None
        self.expected = numbers[at:]

    def check(self, peer, values):
        """As `check.rs` does it."""
        difference = np.abs(np.asarray(values).reshape(-1) - self.expected)
        if self.task == "adam":
            assert difference.mean() / self.rate < 1e-2, (peer, self.name, difference.mean())
        elif self.task == "sgd":
            assert difference.max() / self.rate < 2e-3, (peer, self.name, difference.max())
        else:
            assert difference.max() < 1e-4, (peer, self.name, difference.max())


def best(call, rounds):
    """The nanoseconds of a call in the best sample."""

    def run(calls):
        repeat = range(calls)
        start = time.perf_counter_ns()
        for _ in repeat:
            call()
        return time.perf_counter_ns() - start

    calls = 1
    while run(calls) < SAMPLE / 4:
        calls *= 2
    calls = max(1, int(calls * SAMPLE / run(calls)))
    return min(run(calls) for _ in range(rounds)) / calls


def onnx_runtime(case):
    """The call, and what gives its output; None if the case is not for it."""
    from onnx import helper, numpy_helper

    if case.task != "forward":
        return None
    nodes, constants, value = [], [], "x"
    for at, (weights, bias, activation) in enumerate(case.layers):
        constants += [numpy_helper.from_array(weights, f"w{at}"), numpy_helper.from_array(bias, f"b{at}")]
        nodes.append(helper.make_node("Gemm", [value, f"w{at}", f"b{at}"], [f"z{at}"]))
        value = f"z{at}"
        if activation != "identity":
            nodes.append(helper.make_node({"relu": "Relu", "sigmoid": "Sigmoid"}[activation], [value], [f"a{at}"]))
            value = f"a{at}"
    outputs = case.layers[-1][0].shape[1]
    return onnx_session(nodes, constants, value, case.x, (case.rows, outputs))


def onnx_session(nodes, constants, value, x, shape):
    """A graph from `x` to a value of that shape."""
    import onnxruntime as ort
    from onnx import TensorProto, helper

    inputs = helper.make_tensor_value_info("x", TensorProto.FLOAT, list(x.shape))
    outputs = helper.make_tensor_value_info(value, TensorProto.FLOAT, list(shape))
    graph = helper.make_graph(nodes, "network", [inputs], [outputs], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    session = ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    result = np.zeros(shape, np.float32)
    binding = session.io_binding()
    binding.bind_ortvalue_input("x", ort.OrtValue.ortvalue_from_numpy(x))
    binding.bind_output(value, "cpu", 0, np.float32, result.shape, result.ctypes.data)
    return lambda: session.run_with_iobinding(binding), lambda: result


def torch_model(case):
    import torch

    modules = []
    for weights, bias, activation in case.layers:
        linear = torch.nn.Linear(*weights.shape)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(weights.T.copy()))
            linear.bias.copy_(torch.from_numpy(bias))
        modules.append(linear)
        modules += {"relu": [torch.nn.ReLU()], "sigmoid": [torch.nn.Sigmoid()], "identity": []}[activation]
    return torch.nn.Sequential(*modules)


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

    is_regression = case.layers[-1][0].shape[1] == 1
    loss = torch.nn.MSELoss() if is_regression else torch.nn.CrossEntropyLoss()
    targets = torch.from_numpy(case.targets.reshape(-1, 1) if is_regression else case.targets.astype(np.int64))
    kind = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[case.task]
    optimizer = kind(model.parameters(), lr=case.rate, fused=True)

    def step():
        optimizer.zero_grad()
        value = loss(model(x), targets)
        value.backward()
        optimizer.step()
        return value

    def parameters():
        return np.concatenate([p.detach().numpy().T.reshape(-1) for p in model.parameters()])

    return step, parameters


def main(read, peers):
    folder, rounds = Path(sys.argv[1]), int(sys.argv[2])
    for at, line in enumerate((folder / "cases").read_text().splitlines()):
        case = read(line, np.fromfile(folder / f"{at}.f32", np.float32))
        for name, peer in peers:
            try:
                contestant = peer(case)
            except ImportError:
                continue
            if contestant is None:
                continue
            call, values = contestant
            call()
            case.check(name, values())
            print(f"{name}\t{case.name}\t{best(call, rounds)}", flush=True)


if __name__ == "__main__":
    main(Case, (("ONNX Runtime", onnx_runtime), ("PyTorch", pytorch)))
