"""Augmentation (ISO/IEC 3532-2, 9.4): geometric, intensity, erasing, mixing, style. Labels stay true; what is erased is not learned from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import affine_transform, gaussian_filter

AIR_HU = -1000.0


@dataclass
class Sample:
    """One crop: HU [slices, H, W], labels and bone fraction of the middle slice [H, W], and where it counts."""

    hu: np.ndarray
    labels: np.ndarray
    fraction: np.ndarray
    counts: np.ndarray


def geometric(sample: Sample, rng: np.random.Generator) -> Sample:
    """Mirrors left and right; turns and scales. Never shrinks a one-voxel wall by more than a tenth: nearest labels would tear."""
    if rng.random() < 0.5:
        sample = Sample(*(a[..., ::-1] for a in (sample.hu, sample.labels, sample.fraction, sample.counts)))
    if rng.random() < 0.5:
        angle, scale = rng.uniform(-0.2, 0.2), rng.uniform(0.85, 1.1)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * scale
        middle = (np.array(sample.labels.shape) - 1) / 2
        offset = middle - turn @ middle

        def moved(a, order, fill):
            return affine_transform(a, turn, offset, order=order, mode="constant", cval=fill)

        sample = Sample(
            np.stack([moved(s, 1, AIR_HU) for s in sample.hu]),
            moved(sample.labels, 0, 0),
            moved(sample.fraction, 1, 0),
            moved(sample.counts, 0, 0),
        )
    return sample


def intensity(sample: Sample, rng: np.random.Generator) -> Sample:
    """Shift, gain and noise in HU."""
    hu = sample.hu * np.float32(rng.uniform(0.96, 1.04)) + np.float32(rng.uniform(-25, 25))
    if rng.random() < 0.3:
        hu = hu + rng.standard_normal(hu.shape, dtype=np.float32) * np.float32(rng.uniform(2, 40))
    return Sample(hu, sample.labels, sample.fraction, sample.counts)


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
    return Sample(hu, sample.labels, sample.fraction, sample.counts)


def erasing(sample: Sample, rng: np.random.Generator) -> Sample:
    """Blanks a rectangle with one HU; there the truth cannot be seen and does not count."""
    if rng.random() < 0.15:
        hu, counts = sample.hu.copy(), sample.counts.copy()
        rows, columns = _rectangle(rng, sample.labels.shape, 0.1, 0.3)
        hu[:, rows, columns] = rng.uniform(-1000, 300)
        counts[rows, columns] = 0
        sample = Sample(hu, sample.labels, sample.fraction, counts)
    return sample


def mixing(sample: Sample, other: Sample, rng: np.random.Generator) -> Sample:
    """Puts a rectangle of another crop, with its truth, into this one."""
    if rng.random() < 0.1:
        rows, columns = _rectangle(rng, sample.labels.shape, 0.25, 0.6)
        parts = []
        for mine, theirs in ((sample.hu, other.hu), (sample.labels, other.labels), (sample.fraction, other.fraction), (sample.counts, other.counts)):
            mine = mine.copy()
            mine[..., rows, columns] = theirs[..., rows, columns]
            parts.append(mine)
        sample = Sample(*parts)
    return sample


def _rectangle(rng: np.random.Generator, shape, least: float, most: float):
    size = [int(n * rng.uniform(least, most)) for n in shape]
    start = [int(rng.integers(0, n - s + 1)) for n, s in zip(shape, size, strict=True)]
    return slice(start[0], start[0] + size[0]), slice(start[1], start[1] + size[1])


def augmented(sample: Sample, other: Sample, rng: np.random.Generator) -> Sample:
    sample = mixing(geometric(sample, rng), other, rng)
    return erasing(style(intensity(sample, rng), rng), rng)


def adversarial(network, hu, loss, step: float):
    """One step along the sign of the loss's slope in the input (fast gradient sign); optional, off in the recipes."""
    hu = hu.detach().requires_grad_(True)
    loss(network(hu)).backward()
    network.zero_grad(set_to_none=True)
    return (hu + step * hu.grad.sign()).detach()
