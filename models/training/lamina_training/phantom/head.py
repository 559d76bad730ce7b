"""One head from one seed: HU and truth."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from . import family, scanner
from .paint import draw_orbits, near_orbit, paint
from .volume import Volume, make_volume

SHAPE = (40, 224, 256)
"""Slices, rows, columns: both orbits."""


@dataclass
class Phantom:
    """Arrays are [z, y, x]; x to the patient's left, y to the back, z up (LPS)."""

    seed: int
    spacing_mm: tuple[float, float, float]
    hu: np.ndarray
    """int16 in [-1024, 3071]."""
    labels: np.ndarray
    """uint8: 0 other, 1 cortical (and teeth), 2 trabecular, 3 thin."""
    fraction: np.ndarray
    """uint8: part of the voxel that is bone, times 255."""
    thickness: np.ndarray
    """uint8: true thickness of the thin wall in 0.01 mm, 0 where there is none."""
    near_orbit: np.ndarray
    """bool: within 1 mm of the wall of an orbit."""
    card: dict


@dataclass
class Stage:
    """What is drawn of a head before anything is painted."""

    head: family.Head
    volume: Volume
    spacing_mm: tuple[float, float, float]
    region: str
    streams: list[np.random.Generator]


def near_orbit_again(seed: int, **named) -> np.ndarray:
    """`Phantom.near_orbit` of the head that make_head gives for the same arguments, without painting it."""
    stage = _stage(seed, **named)
    return near_orbit(stage.volume, draw_orbits(stage.streams[3], stage.head))


def _stage(seed: int, shape=SHAPE, hard: bool | None = None, family_name: str | None = None, cell_model: str | None = None, centre=None) -> Stage:
    if seed < 0:
        raise ValueError(f"a seed is a whole number from 0 on, not {seed}")
    streams = [np.random.default_rng([seed, stream]) for stream in range(5)]
    head = family.draw(streams[0], family_name, hard, cell_model)
    rng = streams[1]
    pixel, slice_mm = float(rng.uniform(0.41, 0.59)), float(rng.uniform(0.63, 1.0))
    spacing = (pixel, pixel, slice_mm)
    # Mostly the orbits; some heads are cut lower (jaws and teeth), higher (vault) or further back (ear, skull base).
    drawn = [rng.uniform(-6, 6), rng.uniform(12, 26), rng.uniform(-7, 7)]
    where = rng.choice(4, p=[0.7, 0.1, 0.1, 0.1])
    if where == 1:
        drawn[2] = rng.uniform(-52, -18)
    elif where == 2:
        drawn[2] = rng.uniform(18, 55)
    elif where == 3:
        drawn[0], drawn[1] = rng.choice([-1, 1]) * rng.uniform(15, 35), rng.uniform(60, 110)
    middle = drawn if centre is None else centre
    volume = make_volume(streams[2], shape, spacing, middle, rng.uniform(0.4, 1.6), head.scale, 4)
    return Stage(head, volume, spacing, ["orbits", "jaws", "vault", "back"][where if centre is None else 0], streams)


def make_head(seed: int, shape=SHAPE, kernel: str | None = None, hard: bool | None = None, family_name: str | None = None,
              cell_model: str | None = None, centre=None) -> Phantom:
    """A head CT around the orbits with exact truth. The same seed gives the same head; what is named is not drawn.

    Raises ValueError for a negative seed or an unknown name.
    """
    stage = _stage(seed, shape, hard, family_name, cell_model, centre)
    head, volume, spacing, rng = stage.head, stage.volume, stage.spacing_mm, stage.streams[1]
    orbits = paint(volume, head, stage.streams[3])
    machine = scanner.draw(rng, spacing[2], bool((volume.hu > 4000).any()), kernel)
    hu = scanner.scan(volume.hu, spacing, machine, stage.streams[4])
    card = {"seed": seed, "region": stage.region, "head": asdict(head), "scanner": machine.as_card()}
    return Phantom(
        seed,
        spacing,
        hu,
        volume.labels,
        np.rint(np.clip(volume.fraction, 0, 1) * 255).astype(np.uint8),
        np.rint(np.clip(volume.thickness_mm * (volume.labels == 3), 0, 2.55) * 100).astype(np.uint8),
        near_orbit(volume, orbits),
        card,
    )
