"""What metal does to a reconstruction: a polychromatic beam, projected and put back by filtered back-projection."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import rotate, zoom

# Attenuation per mm at two energies of the beam: water, bone, titanium; and the share of each energy.
WATER, BONE, METAL = (0.0228, 0.0190), (0.068, 0.045), (0.31, 0.14)
SHARE = (0.55, 0.45)
METAL_FROM_HU = 4000
VIEWS = 90


def _radon(stack: np.ndarray, angles: np.ndarray) -> np.ndarray:
    return np.stack([rotate(stack, a, axes=(1, 2), reshape=False, order=1, mode="constant").sum(1) for a in angles], 1)


def _back(sinogram: np.ndarray, angles: np.ndarray, pixel_mm: float) -> np.ndarray:
    n = sinogram.shape[2]
    padded = 2 * n
    ramp = np.abs(np.fft.fftfreq(padded)) * np.hanning(padded + 1)[:padded].max()
    window = 0.5 + 0.5 * np.cos(2 * np.pi * np.fft.fftfreq(padded))
    filtered = np.fft.ifft(np.fft.fft(sinogram, padded, axis=2) * ramp * window, axis=2).real[..., :n].astype(np.float32)
    image = np.zeros((len(sinogram), n, n), np.float32)
    for view, angle in enumerate(angles):
        image += rotate(np.repeat(filtered[:, view][:, None, :], n, 1), -angle, axes=(1, 2), reshape=False, order=1, mode="nearest")
    return image * (np.pi / len(angles)) / pixel_mm


def metal_error(hu: np.ndarray, pixel_mm: float, rng: np.random.Generator) -> np.ndarray:
    """HU that metal adds or takes, on the slices that hold metal (others: 0). Worked on pixels of twice the size."""
    error = np.zeros(hu.shape, np.float32)
    slices = np.flatnonzero((hu > METAL_FROM_HU).any((1, 2)))
    if not len(slices):
        return error
    stack = hu[slices]
    _, ny, nx = stack.shape
    n = max(ny, nx) // 2
    small = zoom(np.clip(stack, -1000, None), (1, 0.5, 0.5), order=1)
    square = np.full((len(stack), n, n), -1000, np.float32)
    oy, ox = (n - small.shape[1]) // 2, (n - small.shape[2]) // 2
    square[:, oy : oy + small.shape[1], ox : ox + small.shape[2]] = small
    metal = np.clip((square - 2500) / 5500, 0, 1)
    bone = np.clip((square - 150) / 1500, 0, 1.5) * (metal == 0)
    water = np.clip((square + 1000) / 1000, 0, 1.05) * (metal == 0) * (bone == 0)
    angles = np.linspace(0, 180, VIEWS, endpoint=False)
    step = 2 * pixel_mm
    length = [_radon(part, angles) * step for part in (water, bone, metal)]
    through = sum(s * np.exp(-(length[0] * w + length[1] * b + length[2] * m)) for s, w, b, m in zip(SHARE, WATER, BONE, METAL, strict=True))
    photons = rng.uniform(2e5, 1e6)
    through = np.maximum(rng.poisson(through * photons), 1) / photons
    # What a one-energy beam would have measured, with the attenuation at low thickness.
    mean = [sum(s * c for s, c in zip(SHARE, cs, strict=True)) for cs in (WATER, BONE, METAL)]
    straight = sum(k * c for k, c in zip(length, mean, strict=True))
    wanted = -np.log(through) - straight
    # Bone and water alone are corrected by every scanner; what is left is what metal does.
    clean = sum(s * np.exp(-(length[0] * w + length[1] * b)) for s, w, b in zip(SHARE, WATER, BONE, strict=True))
    wanted -= -np.log(clean) - length[0] * mean[0] - length[1] * mean[1]
    back = _back(wanted.astype(np.float32), angles, step) * 1000 / mean[0]
    cut = back[:, oy : oy + small.shape[1], ox : ox + small.shape[2]]
    error[slices] = zoom(cut, (1, ny / cut.shape[1], nx / cut.shape[2]), order=1)
    return error
