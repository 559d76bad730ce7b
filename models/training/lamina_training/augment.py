"""Augmentation (ISO/IEC 3532-2, 9.4): geometric, intensity, erasing, mixing, style. Labels stay true; what is erased is not learned from."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import affine_transform, gaussian_filter, label

from . import resolution

AIR_HU = -1000.0
WHERE_SEEN = 2
"""In `counts`: a septum, which counts only where the image as it is shown tells of it."""
WALL = 3
"""In `counts`: a thin wall of an orbit. It always counts, and ours lets it weigh more than one voxel."""


@dataclass
class Sample:
    """One crop: HU [slices, H, W], labels and bone fraction of the middle slice [H, W], and where it counts."""

    hu: np.ndarray
    labels: np.ndarray
    fraction: np.ndarray
    counts: np.ndarray
    """0 no, 1 yes, WHERE_SEEN, WALL."""
    pixel_mm: float = 0.5
    poorer: resolution.Poorer | None = None
    """A poorer scan, whose thick slices `hu` already shows."""
    back: np.ndarray | None = None
    """How those were interpolated."""


PARTS = ("hu", "labels", "fraction", "counts")


def geometric(sample: Sample, rng: np.random.Generator) -> Sample:
    """Mirrors left and right; turns and scales. Never shrinks a one-voxel wall by more than a tenth: nearest labels would tear."""
    if rng.random() < 0.5:
        sample = replace(sample, **{name: getattr(sample, name)[..., ::-1] for name in PARTS})
    if rng.random() < 0.5:
        angle, scale = rng.uniform(-0.2, 0.2), rng.uniform(0.85, 1.1)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * scale
        middle = (np.array(sample.labels.shape) - 1) / 2
        offset = middle - turn @ middle

        def moved(a, order, fill):
            return affine_transform(a, turn, offset, order=order, mode="constant", cval=fill)

        sample = replace(
            sample,
            hu=np.stack([moved(s, 1, AIR_HU) for s in sample.hu]),
            labels=moved(sample.labels, 0, 0),
            fraction=moved(sample.fraction, 1, 0),
            counts=moved(sample.counts, 0, 0),
            pixel_mm=sample.pixel_mm * scale,
        )
    return sample


def intensity(sample: Sample, rng: np.random.Generator) -> Sample:
    """Shift, gain and noise in HU."""
    hu = sample.hu * np.float32(rng.uniform(0.96, 1.04)) + np.float32(rng.uniform(-25, 25))
    if rng.random() < 0.3:
        hu = hu + rng.standard_normal(hu.shape, dtype=np.float32) * np.float32(rng.uniform(2, 40))
    return replace(sample, hu=hu)


def style(sample: Sample, rng: np.random.Generator) -> Sample:
    """Another kernel (softer or sharper) or another histogram (a gentle bend of the HU scale)."""
    hu = sample.hu
    way = rng.random()
    if way < 0.25:
        hu = gaussian_filter(hu, (0, *(rng.uniform(0.3, 1.0),) * 2))
    elif way < 0.4:
        hu = hu + np.float32(rng.uniform(0.2, 0.8)) * (hu - gaussian_filter(hu, (0, 0.8, 0.8)))
    elif way < 0.6:
        bend = np.float32(rng.uniform(-60, 60))
        hu = hu + bend * np.sin(np.clip((hu + 1000) / 2500, 0, 1) * np.float32(np.pi))
    return replace(sample, hu=hu)


def erasing(sample: Sample, rng: np.random.Generator) -> Sample:
    """Blanks a rectangle with one HU; there the truth cannot be seen and does not count."""
    if rng.random() < 0.15:
        hu, counts = sample.hu.copy(), sample.counts.copy()
        rows, columns = _rectangle(rng, sample.labels.shape, 0.1, 0.3)
        hu[:, rows, columns] = rng.uniform(-1000, 300)
        counts[rows, columns] = 0
        sample = replace(sample, hu=hu, counts=counts)
    return sample


def mixing(sample: Sample, other: Sample, rng: np.random.Generator) -> Sample:
    """Puts a rectangle of another crop, with its truth, into this one."""
    if rng.random() < 0.1:
        rows, columns = _rectangle(rng, sample.labels.shape, 0.25, 0.6)
        parts = {}
        for name in PARTS:
            parts[name] = getattr(sample, name).copy()
            parts[name][..., rows, columns] = getattr(other, name)[..., rows, columns]
        sample = replace(sample, **parts)
    return sample


def _rectangle(rng: np.random.Generator, shape, least: float, most: float):
    size = [int(n * rng.uniform(least, most)) for n in shape]
    start = [int(rng.integers(0, n - s + 1)) for n, s in zip(shape, size, strict=True)]
    return slice(start[0], start[0] + size[0]), slice(start[1], start[1] + size[1])


def holder(sample: Sample, rng: np.random.Generator) -> Sample:
    """Puts a head holder, a tube or a cushion into the air outside of the head: curved bands of any HU that are no bone."""
    if rng.random() < 0.15:
        air = (sample.hu < -800).all(0)
        pieces, _ = label(air)
        border = np.concatenate([pieces[0], pieces[-1], pieces[:, 0], pieces[:, -1]])
        sizes = np.bincount(pieces.ravel())
        # Air in the sinuses is small, or does not reach the border.
        large = [p for p in np.unique(border) if p and sizes[p] > 0.12 * air.size]
        if large:
            height, width = air.shape
            yy, xx = np.mgrid[:height, :width]
            band = np.zeros(air.shape, np.float32)
            for _ in range(rng.integers(1, 4)):
                radius, angle = rng.uniform(0.3, 2.5) * width, rng.uniform(0, 2 * np.pi)
                through = rng.uniform(0, (height, width))
                away = np.hypot(yy - through[0] - radius * np.sin(angle), xx - through[1] - radius * np.cos(angle)) - radius
                thick, soft = rng.uniform(0.3, 5), rng.uniform(0.5, 1.5)
                hu = rng.uniform(-900, 0) if rng.random() < 0.4 else rng.uniform(0, 1400)
                band = np.maximum(band, (hu - AIR_HU) * np.clip((thick - np.abs(away)) / soft + 0.5, 0, 1))
            band *= np.isin(pieces, large)
            sample = replace(sample, hu=sample.hu + band.astype(np.float32))
    return sample


def poorer(sample: Sample, rng: np.random.Generator) -> Sample:
    """Shows a crop as the poorer scan shows it that was drawn for it, if any."""
    if sample.poorer is None:
        return sample
    return replace(sample, hu=resolution.coarser(sample.hu, sample.pixel_mm, sample.poorer, sample.back, rng))


def settled(sample: Sample, unseen_septa_out: bool = True) -> Sample:
    """Decides about the septa: those that the image does not show do not count, or all of them do."""
    maybe = sample.counts == WHERE_SEEN
    counts = np.where(maybe, resolution.seen(sample.hu) if unseen_septa_out and maybe.any() else 1, sample.counts)
    return replace(sample, counts=counts.astype(np.uint8))


def weighed(counts: np.ndarray, wall_weight: float) -> np.ndarray:
    """What was settled, as weights of voxels."""
    return np.where(counts == WALL, np.float32(wall_weight), counts).astype(np.float32)


def augmented(sample: Sample, other: Sample, rng: np.random.Generator) -> Sample:
    sample = poorer(holder(mixing(geometric(sample, rng), other, rng), rng), rng)
    # What was erased shows nothing: the septa are decided before.
    return erasing(settled(style(intensity(sample, rng), rng)), rng)


def adversarial(network, hu, loss, step: float):
    """One step along the sign of the loss's slope in the input (fast gradient sign); optional, off in the recipes."""
    hu = hu.detach().requires_grad_(True)
    loss(network(hu)).backward()
    network.zero_grad(set_to_none=True)
    return (hu + step * hu.grad.sign()).detach()
