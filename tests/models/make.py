#!/usr/bin/env python3
"""Makes the files of `wrong/`, whose mistakes the compiler must explain, and of `odd/`, which must be read.

    pip install numpy safetensors && python3 make.py

The other models were trained by PyTorch 2.5.1 and written by safetensors 0.8.0; see README.md.
"""

import io
import pathlib
import zipfile
import numpy as np
from safetensors.numpy import save_file

HERE = pathlib.Path(__file__).parent / "wrong"


def net(**changes):
    """4 => 3 relu => 2, all zero."""
    tensors = {"0.weight": (3, 4), "0.bias": (3,), "2.weight": (2, 3), "2.bias": (2,)}
    tensors = {name: np.zeros(shape, np.float32) for name, shape in tensors.items()}
    tensors.update(changes)
    return {name: tensor for name, tensor in tensors.items() if tensor is not None}


def save(name, tensors):
    save_file(tensors, HERE / f"{name}.safetensors")


HERE.mkdir(exist_ok=True)
zeros = net()
save("renamed", {name.replace("0.", "fc1.").replace("2.", "head.out."): tensor for name, tensor in zeros.items()})
save("transposed", net(**{"0.weight": np.zeros((4, 3), np.float32), "2.bias": np.zeros((5,), np.float32)}))
save("integers", net(**{"0.weight": np.zeros((3, 4), np.int32)}))
save("doubles", net(**{"2.weight": np.zeros((2, 3))}))
nan = np.zeros((3,), np.float32)
nan[1] = np.nan
save("not_a_number", net(**{"0.bias": nan}))
save("extra", net(**{"4.weight": np.zeros((2, 2), np.float32), "note": np.zeros((1,), np.float32)}))
save("missing", net(**{"2.bias": None}))
(HERE / "text.safetensors").write_text("no file of weights")
np.savez_compressed(HERE / "compressed.npz", **zeros)
save("samples", {"x": np.zeros((5, 7), np.float32), "logits": np.zeros((5, 2), np.float32)})
save("uneven", {"x": np.zeros((5, 4), np.float32), "logits": np.zeros((4, 2), np.float32)})
(HERE / "pointer.safetensors").write_text(
    "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 344\n"
)
# As `torch.save` lays it out: an archive whose first file is a pickle.
with zipfile.ZipFile(HERE / "saved.pt", "w") as archive:
    archive.writestr(zipfile.ZipInfo("saved/data.pkl", (1980, 1, 1, 0, 0, 0)), b"\x80\x02}q\x00.")
# As it is when an activation is forgotten in the declaration `4 => 3 => 3 relu => 2`.
save("skipped", {"0.weight": np.zeros((3, 4), np.float32), "0.bias": np.zeros((3,), np.float32),
                 "2.weight": np.zeros((3, 3), np.float32), "2.bias": np.zeros((3,), np.float32),
                 "4.weight": np.zeros((2, 3), np.float32), "4.bias": np.zeros((2,), np.float32)})
# Of `4 => Inner => 2`, where `Inner` is `3 => 3 relu => 2`.
save("nested", {"0.weight": np.zeros((3, 4), np.float32), "0.bias": np.zeros((3,), np.float32),
                "1.0.weight": np.zeros((3, 3), np.float32), "1.0.bias": np.zeros((3,), np.float32),
                "1.2.weight": np.zeros((2, 3), np.float32), "1.2.bias": np.zeros((2,), np.float64),
                "2.weight": np.zeros((2, 2), np.float32), "2.bias": np.zeros((2,), np.float32)})


# The same network, `4 => 3 relu => 2`, as other programs write it: nothing is wrong with these.
ODD = pathlib.Path(__file__).parent / "odd"
ODD.mkdir(exist_ok=True)
random = np.random.default_rng(1)
numbers = net(**{name: random.standard_normal(tensor.shape).astype(np.float32) for name, tensor in zeros.items()})
save_file(numbers, ODD / "plain.safetensors")
save_file({f"module._orig_mod.{name}": tensor for name, tensor in numbers.items()}, ODD / "wrapped.safetensors")
kernels = {name.replace("weight", "kernel"): np.ascontiguousarray(tensor.T) for name, tensor in numbers.items()}
save_file(kernels, ODD / "kernels.safetensors")


def savez(name, tensors, suffix=".npy", more=()):
    """`np.savez` without its clock: the same bytes every time."""
    with zipfile.ZipFile(ODD / f"{name}.npz", "w") as archive:
        def write(member, content):
            archive.writestr(zipfile.ZipInfo(member, (1980, 1, 1, 0, 0, 0)), content)

        for member, content in more:
            write(member, content)
        for key, tensor in tensors.items():
            file = io.BytesIO()
            np.save(file, tensor)
            write(key + suffix, file.getvalue())


savez("columns", {name: np.asfortranarray(tensor) for name, tensor in numbers.items()})
savez("big_endian", {name: tensor.astype(">f4") for name, tensor in numbers.items()})
savez("bare", numbers, suffix="")
records = np.zeros(2, [("loss", "<f4"), ("step", "<i4")])
savez("company", {"history": records, **numbers}, more=[("config.json", '{"layers": 2}'), ("notes.npy", "no array")])
savez("doubles", {name: tensor.astype(np.float64) for name, tensor in numbers.items()})
