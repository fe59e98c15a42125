"""emlearn's C for the networks of tests/models, as a header `network.h` for the programs."""

import contextlib
import emlearn
import emlearn.cgen
import emlearn.net
import numpy as np
from safetensors.numpy import load_file

# The folder of its headers.
EMLEARN = emlearn.includedir

# The activations, by emlearn's names. The sigmoid is `logistic`.
NETWORKS = {
    "xor": ["relu", "logistic", "identity"],
    "sine": ["relu", "relu", "identity"],
    "digits": ["relu", "identity"],
}

# How emlearn computes a network: `loadable` walks over a table of layers, `inline` is a function made for the network. A
# user of `inline` calls `NAME_infer`, as `NAME_predict` gives classes only, and finds the outputs in a buffer.
CALL = {
    "loadable": "{name}_regress(x, INPUTS, y, OUTPUTS);\n    return y;",
    "inline": "{name}_infer(x, INPUTS, {name}_activations1, {name}_activations2, {name}_activations_length);\n"
    "    return {name}_activations2;",
}

# 0.23.2 can't write `inline` code as it stands: it takes the names of activations for numbers.
constant = emlearn.cgen.constant
emlearn.cgen.constant = lambda value, dtype="float": value if isinstance(value, str) else constant(value, dtype)


def generate(models, name, folder):
    """Writes `MODE/network.h` for each mode, and `recorded.h` with the recorded inputs; returns the recorded answers."""
    file = load_file(models / f"{name}_mlp.safetensors")
    layers = range(0, 2 * len(NETWORKS[name]), 2)
    weights = [file[f"{layer}.weight"].T for layer in layers]
    biases = [file[f"{layer}.bias"] for layer in layers]
    folder.mkdir(parents=True, exist_ok=True)
    # It compiles for the host at once, in the folder where it is.
    with contextlib.chdir(folder):
        # As `emlearn.convert` makes it of a Keras model. One of scikit-learn has the same activation in all hidden layers.
        network = emlearn.net.Wrapper(NETWORKS[name], weights, biases, "loadable", return_type="regressor")
    for mode, call in CALL.items():
        (folder / mode).mkdir(exist_ok=True)
        code = network.save(name=name, inference=[mode])
        code += f"\nenum {{ INPUTS = {len(weights[0])}, OUTPUTS = {len(biases[-1])} }};\n"
        # A function of its own, as where it is called from several places. In a caller gcc runs out of registers.
        code += "static __attribute__((noinline)) const float *infer(const float *x, float *y) {\n    "
        code += call.format(name=name) + "\n}\n"
        (folder / mode / "network.h").write_text(code)
    expected = load_file(models / f"{name}_mlp.expected.safetensors")
    rows = ",\n".join("{" + ", ".join(float(x).hex() + "f" for x in row) + "}" for row in expected["x"])
    header = f"static const float recorded[][INPUTS] = {{\n{rows}\n}};\n"
    (folder / "recorded.h").write_text(header)
    return expected["logits"]


def check(name, found, logits):
    """Fails if the outputs are not the recorded ones. Returns the largest difference."""
    found = np.array(found, dtype=np.uint32).view(np.float32).reshape(logits.shape)
    error = np.abs(found - logits).max()
    assert error < 1e-3, f"{name}: {error}"
    assert (found.argmax(axis=1) == logits.argmax(axis=1)).all(), f"{name}: other classes"
    return error
