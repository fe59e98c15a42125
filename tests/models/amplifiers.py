#!/usr/bin/env python3
"""Makes `amplifiers/` from a folder of models as people play them, `.nam` and `.json`, and of what they give, `.expected.safetensors`.

    pip install numpy safetensors && python3 amplifiers.py FOLDER

The weights of a `.nam` are one list, in the order of the tensors here. `head_scale`, its last number, is multiplied into the head. The names
are those of neural-amp-modeler's `state_dict`, without the underscores they begin with, behind the place of the layer.
"""

import json
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

HERE = Path(__file__).parent / "amplifiers"


def wavenet(model):
    values, tensors, at = np.array(model["weights"], np.float32), {}, 0

    def take(name, *shape):
        nonlocal at
        tensors[f"0.layers.{name}"] = values[at : at + np.prod(shape)].reshape(shape)
        at += int(np.prod(shape))

    inputs = 1
    for number, array in enumerate(model["config"]["layers"]):
        c, kernels = array["channels"], array.get("kernel_sizes")
        take(f"{number}.rechannel.weight", c, inputs, 1)
        for layer in range(len(array["dilations"])):
            take(f"{number}.layers.{layer}.conv.weight", c, c, kernels[layer] if kernels else array["kernel_size"])
            take(f"{number}.layers.{layer}.conv.bias", c)
            take(f"{number}.layers.{layer}.input_mixer.weight", c, 1, 1)
            take(f"{number}.layers.{layer}.1x1.weight", c, c, 1)
            take(f"{number}.layers.{layer}.1x1.bias", c)
        head = array.get("head") or {"out_channels": array["head_size"], "kernel_size": 1, "bias": array["head_bias"]}
        take(f"{number}.head_rechannel.weight", head["out_channels"], c, head["kernel_size"])
        if head["bias"]:
            take(f"{number}.head_rechannel.bias", head["out_channels"])
        inputs = c
    for kind in ("weight", "bias"):
        tensors[f"0.layers.{number}.head_rechannel.{kind}"] = tensors[f"0.layers.{number}.head_rechannel.{kind}"] * values[at]
    assert at + 1 == len(values)
    return tensors


def lstm(model):
    """`weight_ih` and `weight_hh` are the columns of one matrix, and there is one bias; the start is in the file."""
    hidden, values = model["config"]["hidden_size"], np.array(model["weights"], np.float32)
    sizes = [4 * hidden * (1 + hidden), 4 * hidden, hidden, hidden, hidden, 1]
    weight, bias, h0, c0, head, last = np.split(values, np.cumsum(sizes)[:-1])
    weight = weight.reshape(4 * hidden, 1 + hidden)
    return {
        "0.weight_ih_l0": weight[:, :1],
        "0.weight_hh_l0": weight[:, 1:],
        "0.bias_ih_l0": bias,
        "0.bias_hh_l0": np.zeros_like(bias),
        "0.h0": h0,
        "0.c0": c0,
        "1.weight": head.reshape(1, hidden),
        "1.bias": last,
    }


def neural_seed(model):
    """The names of GuitarML; the input is added to the output, so that it is a residual block."""
    places = {"rec": "0.0", "lin": "0.1"}
    tensors = {}
    for name, value in model["state_dict"].items():
        part, rest = name.split(".")
        tensors[f"{places[part]}.{rest}"] = np.array(value, np.float32)
    return tensors


def main(folder):
    read = lambda name: json.loads((folder / name).read_text())
    expected = lambda name: load_file(folder / f"{name}.expected.safetensors")
    save = lambda tensors, name: save_file({key: np.ascontiguousarray(value) for key, value in tensors.items()}, HERE / f"{name}.safetensors")
    HERE.mkdir(exist_ok=True)
    recordings = {"riff": expected("wavenet_a1_standard")["x"], "plucked": expected("a1_nano")["x"]}
    fields = {"tiny": 23, "a1_standard": 4_093, "a1_lite": 4_093, "a1_feather": 4_093, "a1_nano": 4_093, "a2_full": 6_347, "a2_lite": 6_347}
    files = {"tiny": "wavenet", "a1_standard": "wavenet_a1_standard", "a2_full": "A2", "a2_lite": "A2"}
    for name, field in fields.items():
        file, y = files.get(name, name), "y_lite" if name == "a2_lite" else "y"
        model, outputs = read(f"{file}.nam"), expected(file)
        if "submodels" in model["config"]:
            model = model["config"]["submodels"][name == "a2_full"]["model"]
        save(wavenet(model), name)
        recordings[name], cold = outputs[y], outputs[y + "_cold"]
        # From there on both are the same.
        recordings[f"{name}_cold"] = cold[: field - 1]
    save(lstm(read("lstm.nam")), "lstm")
    recordings["lstm"] = expected("lstm")["y"]
    for name in ("gru8_ts9", "lstm8_ts9"):
        save(neural_seed(read(f"{name}.json")), name)
        recordings[name] = expected(name)["y"]
    save(recordings, "recordings")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
