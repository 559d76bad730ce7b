"""Writes a trained network as a package: ONNX, card, and arrays with which anybody can check that it still answers the same."""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import torch

from .card import make_card, make_page
from .phantom.head import make_head
from .train import Run
from .unet import Deployed

OPSET = 17
LARGEST = 16 * 2**20
PARITY_SEED = 40_001
"""A head of no split: the known answer is computed on it."""
TOLERANCE = 1e-4


def parity_input() -> np.ndarray:
    """HU [1, 1, 5, 66, 82]: one medial wall, with the cells and part of the orbit beside it. Odd at every second pooling on purpose."""
    head = make_head(PARITY_SEED, (5, 66, 82), centre=(14, 18, 0))
    return head.hu.astype("<f4")[None, None]


def to_onnx(shell: Deployed, path: Path) -> None:
    """One float32 input `hu` [1, 1, D, H, W] with D, H, W free; weights inside the file."""
    shell.eval()
    names = ["probability", "fraction"] if shell.recipe.fraction else ["probability"]
    free = {2: "D", 3: "H", 4: "W"}
    torch.onnx.export(
        shell, (torch.zeros(1, 1, 6, 64, 96),), str(path), input_names=["hu"], output_names=names,
        dynamic_axes={name: free for name in ["hu", *names]}, opset_version=OPSET, dynamo=False,
    )
    # The exporter may leave the module in train mode.
    shell.eval()


def answers(shell: Deployed, hu: np.ndarray) -> list[np.ndarray]:
    with torch.no_grad():
        out = shell.eval()(torch.from_numpy(np.array(hu, np.float32)))
    return [o.numpy() for o in (out if isinstance(out, tuple) else (out,))]


def check(path: Path, shell: Deployed, hu: np.ndarray) -> float:
    """Largest difference between ONNX Runtime and PyTorch on an input. Raises ValueError above the tolerance or where a voxel changes class."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    worst = 0.0
    for mine, theirs in zip(answers(shell, hu), session.run(None, {"hu": hu}), strict=True):
        worst = max(worst, float(np.abs(mine - theirs).max()))
        flipped = int((mine.argmax(1) != theirs.argmax(1)).sum()) if mine.shape[1] > 1 else int(((mine > 0.5) != (theirs > 0.5)).sum())
        if worst > TOLERANCE or flipped:
            raise ValueError(f"{path.name} differs from PyTorch by {worst}, {flipped} voxels change class")
    return worst


def write_arrays(folder: Path, model: str, hu: np.ndarray, outputs: dict[str, np.ndarray]) -> None:
    """Little-endian float32, C order, one file an array, and what they are."""
    folder.mkdir(parents=True, exist_ok=True)
    described = {}
    for name, array in {"hu": hu, **outputs}.items():
        raw = np.ascontiguousarray(array, "<f4").tobytes()
        (folder / f"{name}.bin").write_bytes(raw)
        described[name] = {"file": f"{name}.bin", "dtype": "float32-le", "shape": list(array.shape), "sha256": hashlib.sha256(raw).hexdigest()}
    parity = {"model": model, "tolerance": TOLERANCE, "input": described.pop("hu"), "outputs": described}
    (folder / "parity.json").write_text(json.dumps(parity, indent=2) + "\n")


def package(checkpoint: Path, models: Path, evaluation: dict | None) -> Path:
    """Writes models/<id>/{model.onnx, card.json, card.md} and models/parity/<id>/. Raises ValueError when the file is too large or answers differ."""
    run = Run.resume(checkpoint)
    shell = Deployed(run.network, run.recipe)
    folder = models / run.recipe.id
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "model.onnx"
    to_onnx(shell, path)
    if path.stat().st_size > LARGEST:
        raise ValueError(f"{path} has {path.stat().st_size} bytes, more than {LARGEST}")
    hu = parity_input()
    worst = check(path, shell, hu)
    names = ["probability", "fraction"]
    write_arrays(models / "parity" / run.recipe.id, run.recipe.id, hu, dict(zip(names, answers(shell, hu), strict=False)))
    raw = path.read_bytes()
    card = make_card(run, OPSET, hashlib.sha256(raw).hexdigest(), len(raw), worst, evaluation)
    (folder / "card.json").write_text(json.dumps(card, indent=2) + "\n")
    (folder / "card.md").write_text(make_page(card))
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument("--models", type=Path, required=True, help="the folder that holds the packages")
    parser.add_argument("--evaluation", type=Path, help="what lamina_training.evaluate wrote")
    args = parser.parse_args()
    evaluation = json.loads(args.evaluation.read_text()) if args.evaluation else None
    for checkpoint in args.checkpoints:
        print(package(checkpoint, args.models, evaluation))


if __name__ == "__main__":
    main()
