#!/usr/bin/env python3
"""Makes the files of `wrong/`, whose mistakes the compiler must explain.

    pip install numpy safetensors && python3 make.py

The other models were trained by PyTorch 2.5.1 and written by safetensors 0.8.0; see README.md.
"""

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
