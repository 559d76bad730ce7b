"""Batches of crops from the heads of a split, drawn from (seed, step, rank) alone: a resumed run sees what an uninterrupted one sees."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch

from . import resolution
from .augment import AIR_HU, WALL, WHERE_SEEN, Sample, augmented, settled, weighed
from .phantom.head import Phantom
from .phantom.sheet import THIN
from .resolution import REACH
from .unet import Recipe

THIN_FIRST = 0.6
"""Part of the crops that are centred near a thin wall."""
POORER = 0.45
"""Part of the crops that are shown as a poorer scan shows them."""
SEPTUM_UP_TO_MM = 0.6
OVERLAP_HU = (200, 300)
"""D.3: bone above the lower counts as cortical, below the upper as thin; between them as both."""


@dataclass
class Batch:
    hu: torch.Tensor
    target: torch.Tensor
    fraction: torch.Tensor
    counts: torch.Tensor


def target_of(recipe: Recipe, labels: np.ndarray, middle_hu: np.ndarray) -> np.ndarray:
    """Class numbers that a recipe learns, from the truth and (D.3) the HU before augmentation."""
    if recipe.target == "labels":
        return labels
    bone = labels > 0
    if recipe.target == "cortical":
        bone = bone & (middle_hu > OVERLAP_HU[0])
    elif recipe.target == "thin":
        bone = bone & (middle_hu < OVERLAP_HU[1])
    return bone.astype(np.uint8)


def slab(head: Phantom, k: int, slices: int) -> np.ndarray:
    """Neighbouring slices around k; the ends repeat."""
    at = np.clip(np.arange(k - slices // 2, k + slices // 2 + 1), 0, len(head.hu) - 1)
    return head.hu[at]


def counted(labels: np.ndarray, thickness: np.ndarray, near_orbit: np.ndarray) -> np.ndarray:
    """WALL on thin walls of an orbit, WHERE_SEEN on septa (other thin walls, so thin that a scan may not show them), 1 elsewhere."""
    thin = labels == THIN
    septum = thin & (thickness <= round(100 * SEPTUM_UP_TO_MM)) & ~near_orbit
    return np.where(septum, WHERE_SEEN, np.where(thin & near_orbit, WALL, 1)).astype(np.uint8)


def draw(head: Phantom, recipe: Recipe, size: int, rng: np.random.Generator, poorer: bool = False) -> Sample:
    k = int(rng.integers(len(head.hu)))
    labels = head.labels[k]
    ny, nx = labels.shape
    centre = rng.integers((ny, nx))
    thin = np.flatnonzero(labels == THIN)
    if len(thin) and rng.random() < THIN_FIRST:
        centre = np.array(divmod(int(rng.choice(thin)), nx)) + rng.integers(-size // 4, size // 4, size=2)
    y, x = (int(np.clip(c - size // 2, 0, max(0, n - size))) for c, n in zip(centre, (ny, nx), strict=True))
    window = (slice(y, y + size), slice(x, x + size))
    hu = slab(head, k, recipe.slices)[(slice(None), *window)].astype(np.float32)
    target = target_of(recipe, labels[window], hu[recipe.slices // 2])
    scan = back = None
    if poorer and rng.random() < POORER:
        scan = resolution.draw(rng)
        thick = slab(head, k, recipe.slices + 2 * REACH)[(slice(None), *window)].astype(np.float32)
        hu, back = resolution.thicker(thick, head.spacing_mm[2], scan, recipe.slices)
    counts = counted(labels[window], head.thickness[k][window], head.near_orbit[k][window])
    sample = Sample(hu, target, head.fraction[k][window].astype(np.float32) / 255, counts, head.spacing_mm[0], scan, back)
    if target.shape != (size, size):
        pad = [(0, size - n) for n in target.shape]
        sample = replace(
            sample, hu=np.pad(hu, [(0, 0), *pad], constant_values=AIR_HU),
            **{name: np.pad(getattr(sample, name), pad) for name in ("labels", "fraction", "counts")},
        )
    return sample


def batch(heads: list[Phantom], recipe: Recipe, count: int, size: int, rng: np.random.Generator, augment: bool = True) -> Batch:
    samples = [draw(heads[int(rng.integers(len(heads)))], recipe, size, rng, augment) for _ in range(count)]
    if augment:
        samples = [augmented(s, samples[n - 1], rng) for n, s in enumerate(samples)]

    # Without augmentation (to follow the training) every voxel counts alike, whatever the recipe weighs.
    weight = recipe.wall_weight if augment else 1.0
    samples = [replace(s, counts=weighed(settled(s, augment).counts, weight)) for s in samples]

    def stacked(part, kind):
        return torch.from_numpy(np.stack([np.ascontiguousarray(getattr(s, part), kind) for s in samples]))

    return Batch(stacked("hu", np.float32), stacked("labels", np.int64), stacked("fraction", np.float32), stacked("counts", np.float32))
