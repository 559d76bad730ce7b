"""The cohort: which seeds are trained on, validated on and tested on, and a cache of their heads outside the repository."""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .phantom.head import Phantom, make_head, near_orbit_again

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


def _named(seed: int) -> dict:
    return {"hard": True, "centre": (0, 18, 0)} if seed >= FIRST_SEED[HARD] else {}


def _written(path: Path, **arrays) -> None:
    """To a side file first, so that none is half there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    side = path.with_name(f".{path.name}.{os.getpid()}")
    with side.open("wb") as file:
        np.savez_compressed(file, **arrays)
    side.replace(path)


def cached(seed: int, folder: Path) -> Path:
    """Makes a head unless the folder already holds it, and returns its file."""
    path = folder / f"head-{VERSION}-{seed}.npz"
    if not path.exists():
        head = make_head(seed, **_named(seed))
        _written(
            path, hu=head.hu, labels=head.labels, fraction=head.fraction, thickness=head.thickness, near_orbit=head.near_orbit,
            spacing_mm=np.array(head.spacing_mm), card=json.dumps(head.card),
        )
    return path


def _near_orbit(seed: int, folder: Path, held) -> np.ndarray:
    """Caches made before heads knew where their orbits are get that from a file beside them."""
    if "near_orbit" in held:
        return held["near_orbit"]
    path = folder / f"orbit-{VERSION}-{seed}.npz"
    if not path.exists():
        _written(path, near_orbit=near_orbit_again(seed, **_named(seed)))
    with np.load(path) as beside:
        return beside["near_orbit"]


def load(seed: int, folder: Path) -> Phantom:
    with np.load(cached(seed, folder)) as held:
        return Phantom(
            seed, tuple(map(float, held["spacing_mm"])), held["hu"], held["labels"], held["fraction"], held["thickness"],
            _near_orbit(seed, folder, held), json.loads(str(held["card"])),
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
