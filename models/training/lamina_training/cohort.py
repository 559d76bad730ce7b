"""The cohort: which seeds are trained on, validated on and tested on, and a cache of their heads outside the repository."""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .phantom.head import Phantom, make_head

SPLITS = ("train", "validation", "test")
HARD = "hard"
"""Beside the splits: test heads with the thinnest walls, all cut around the orbits."""
HARD_HEADS = 10
FIRST_SEED = {"train": 10_000, "validation": 20_000, "test": 30_000, HARD: 50_000}
SIZES = {"full": (400, 60, 60), "reduced": (90, 15, 15), "tiny": (2, 1, 1)}
VERSION = 1
"""Raised whenever the generator draws another head from the same seed: old caches are then made anew."""


@dataclass(frozen=True)
class Cohort:
    size: str

    def seeds(self, split: str) -> list[int]:
        """Seeds of a split; no head is in two splits. Raises KeyError for an unknown split."""
        count = HARD_HEADS if split == HARD else SIZES[self.size][SPLITS.index(split)]
        return [FIRST_SEED[split] + n for n in range(count)]


def cached(seed: int, folder: Path) -> Path:
    """Makes a head unless the folder already holds it, and returns its file. Written to a side file first, so that none is half there."""
    path = folder / f"head-{VERSION}-{seed}.npz"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        head = make_head(seed, hard=True, centre=(0, 18, 0)) if seed >= FIRST_SEED[HARD] else make_head(seed)
        side = folder / f".{path.name}.{os.getpid()}"
        with side.open("wb") as file:
            np.savez_compressed(
                file, hu=head.hu, labels=head.labels, fraction=head.fraction, thickness=head.thickness,
                spacing_mm=np.array(head.spacing_mm), card=json.dumps(head.card),
            )
        side.replace(path)
    return path


def load(seed: int, folder: Path) -> Phantom:
    with np.load(cached(seed, folder)) as held:
        return Phantom(
            seed, tuple(map(float, held["spacing_mm"])), held["hu"], held["labels"], held["fraction"], held["thickness"], json.loads(str(held["card"]))
        )


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the heads of a cohort; several processes may share the work.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", choices=SIZES, default="reduced")
    parser.add_argument("--part", type=int, default=0, help="which share of the heads this process makes")
    parser.add_argument("--parts", type=int, default=1)
    args = parser.parse_args()
    seeds = [seed for split in (*SPLITS, HARD) for seed in Cohort(args.size).seeds(split)]
    for seed in seeds[args.part :: args.parts]:
        print(cached(seed, args.folder), flush=True)


if __name__ == "__main__":
    main()
