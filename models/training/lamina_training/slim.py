"""Checkpoints for the repository: weights, settings and step, without the optimiser's moments; and the curves."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from .train import Run


def slim(checkpoint: Path, folder: Path) -> Path:
    """Copies a checkpoint without its optimiser and the curve beside it. Resuming it is exact but for Adam's moments, which begin empty."""
    folder.mkdir(parents=True, exist_ok=True)
    Run.resume(checkpoint).save(folder / checkpoint.name, optimiser=False)
    curve = checkpoint.with_suffix(".csv")
    if curve.exists():
        shutil.copyfile(curve, folder / curve.name)
    return folder / checkpoint.name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument("--to", type=Path, required=True)
    args = parser.parse_args()
    for checkpoint in args.checkpoints:
        print(slim(checkpoint, args.to))


if __name__ == "__main__":
    main()
