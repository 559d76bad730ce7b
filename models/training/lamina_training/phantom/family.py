"""What differs between heads: drawn once a head, before anything is painted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import cells

FAMILIES = ("adult", "child", "edentulous", "plate")


@dataclass(frozen=True)
class Head:
    family: str
    cell_model: str
    hard: bool
    """Walls as thin as in life: medial 0.10 to 0.25 mm."""
    scale: float
    medial_mm: float
    floor_mm: float
    roof_mm: float
    lateral_mm: float
    septum_mm: float
    wall_spread: float
    fractured: tuple[bool, bool]
    """Left, right."""
    filled: float
    """Part of the air cells that are filled with swollen lining or fluid."""
    pneumatised: bool
    cortical_hu: float
    trabecular_hu: float
    thin_hu: float
    cortical_mm: float


def draw(rng: np.random.Generator, family: str | None = None, hard: bool | None = None, cell_model: str | None = None) -> Head:
    """Draws a head. Raises ValueError for an unknown family."""
    drawn_family = FAMILIES[rng.choice(4, p=[0.58, 0.14, 0.14, 0.14])]
    drawn_hard = bool(rng.random() < 0.4)
    drawn_model = cells.MODELS[rng.choice(5, p=[0.22, 0.24, 0.24, 0.16, 0.14])]
    family = drawn_family if family is None else family
    hard = drawn_hard if hard is None else hard
    if family not in FAMILIES:
        raise ValueError(f"no family is called {family}: {', '.join(FAMILIES)}")
    child = family == "child"
    return Head(
        family=family,
        cell_model=drawn_model if cell_model is None else cell_model,
        hard=hard,
        scale=float(rng.uniform(0.78, 0.9) if child else rng.uniform(0.92, 1.08)),
        medial_mm=float(rng.uniform(0.12, 0.22) if hard else rng.uniform(0.2, 0.5)),
        floor_mm=float(rng.uniform(0.18, 0.3) if hard else rng.uniform(0.25, 0.7)),
        roof_mm=float(rng.uniform(0.5, 1.6)),
        lateral_mm=float(rng.uniform(1.2, 3.0)),
        septum_mm=float(rng.uniform(0.15, 0.25) if hard else rng.uniform(0.2, 0.45)),
        wall_spread=float(rng.uniform(0.15, 0.4)),
        fractured=(bool(rng.random() < 0.3), bool(rng.random() < 0.3)),
        filled=float(rng.choice([0.04, 0.12, 0.35, 0.9], p=[0.5, 0.3, 0.13, 0.07])),
        pneumatised=bool(rng.random() < (0.3 if child else 0.85)),
        cortical_hu=float(rng.uniform(1000, 1350) if child else rng.uniform(1150, 1800)),
        trabecular_hu=float(rng.uniform(180, 480)),
        thin_hu=float(rng.uniform(750, 1400)),
        cortical_mm=float(rng.uniform(0.9, 1.8)),
    )
