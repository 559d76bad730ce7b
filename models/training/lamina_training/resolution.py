"""Poorer scans out of good ones: thicker slices, coarser pixels, softer kernels, brought back to the network's grid by interpolation.

A product that is given 1 mm pixels and 1.5 mm slices interpolates them to the grid of the network; a network that never saw such images draws
what is not there. Everything but the noise is linear, hence small matrices: along z before a crop is turned, in the plane after it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter

FWHM = 2.3548
REACH = 6
"""Slices that are read to each side of the outermost slice of a crop, so that thick slices have something to average."""
SLICE_MM, PIXEL_MM = (1.0, 2.0), (0.55, 1.05)
BLUR_MM = (0.3, 1.7)
"""FWHM of what is added in the plane; the scan it is added to has 0.55 to 1.25 mm itself (`soft`: 2.0)."""


@dataclass(frozen=True)
class Poorer:
    """One poorer scan: drawn once a crop."""

    slice_mm: float
    profile: float
    """FWHM of the slice profile in slices."""
    phase: float
    """Where the first slice and pixel lie, in parts of one."""
    pixel_mm: float
    blur_mm: float
    sharpened: float
    noise_hu: float
    grain_px: float


def draw(rng: np.random.Generator) -> Poorer:
    u = rng.uniform
    sharp = rng.random() < 0.35
    return Poorer(u(*SLICE_MM), u(0.9, 1.4), u(0, 1), u(*PIXEL_MM), u(*BLUR_MM), u(0.2, 0.7) if sharp else 0.0, u(8, 35) if sharp else u(2, 14), u(0.3, 0.8))


def _sampled(count: int, step: float, sigma: float, phase: float, first: float, last: float) -> tuple[np.ndarray, np.ndarray]:
    """Matrices of a coarser grid along one axis, everything in old samples: averages onto it [coarse, count], interpolation from it at first..last."""
    at = np.arange(first - (1 + phase) * step, last + 2 * step, step)
    # Beyond the ends the outermost samples stand for what was not read.
    weights = np.exp(-0.5 * ((np.arange(count)[None] - np.clip(at, 0, count - 1)[:, None]) / max(sigma, 0.3)) ** 2)
    weights /= weights.sum(1, keepdims=True)
    wanted = (np.arange(first, last + 1) - at[0]) / step
    low = np.floor(wanted).astype(int)
    back = np.zeros((len(wanted), len(at)))
    rows = np.arange(len(wanted))
    back[rows, low] = 1 - (wanted - low)
    back[rows, low + 1] = wanted - low
    return weights.astype(np.float32), back.astype(np.float32)


def thicker(slab: np.ndarray, slice_mm: float, poorer: Poorer, slices: int) -> tuple[np.ndarray, np.ndarray]:
    """The middle `slices` of a slab [slices + 2 REACH, H, W] as thick slices show them, and the matrix that interpolated them."""
    step = poorer.slice_mm / slice_mm
    # The scan has a profile of its own of about one slice.
    sigma = np.sqrt(max((poorer.profile * step) ** 2 - 1, 0.2)) / FWHM
    down, back = _sampled(len(slab), step, sigma, poorer.phase, REACH, REACH + slices - 1)
    return np.tensordot(back @ down, slab, 1), back


def coarser(hu: np.ndarray, pixel_mm: float, poorer: Poorer, back: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Slices [slices, H, W] with larger pixels, a softer (and perhaps sharpened) kernel and new noise, interpolated back to the old pixels."""
    step, sigma = poorer.pixel_mm / pixel_mm, poorer.blur_mm / FWHM / pixel_mm
    down_y, back_y = _sampled(hu.shape[1], step, sigma, poorer.phase, 0, hu.shape[1] - 1)
    down_x, back_x = _sampled(hu.shape[2], step, sigma, poorer.phase, 0, hu.shape[2] - 1)
    image = down_y @ hu @ down_x.T
    if poorer.sharpened:
        image = image + np.float32(poorer.sharpened) * (image - gaussian_filter(image, (0, 1, 1)))
    noise = gaussian_filter(rng.standard_normal((back.shape[1], *image.shape[1:]), dtype=np.float32), (0, poorer.grain_px, poorer.grain_px))
    noise *= np.float32(poorer.noise_hu / max(float(noise.std()), 1e-6))
    image = image + np.tensordot(back, noise, 1)
    return (back_y @ image @ back_x.T).astype(np.float32)


def poorer_scan(hu: np.ndarray, spacing_mm, poorer: Poorer, rng: np.random.Generator) -> np.ndarray:
    """A whole head [z, y, x] as a poorer scan shows it: int16, on the old grid."""
    padded = np.pad(hu, [(REACH, REACH), (0, 0), (0, 0)], mode="edge").astype(np.float32)
    thick, back = thicker(padded, spacing_mm[2], poorer, len(hu))
    return np.clip(np.rint(coarser(thick, spacing_mm[0], poorer, back, rng)), -1024, 3071).astype(np.int16)


def seen(hu: np.ndarray, ridge_hu: float = 70) -> np.ndarray:
    """Where the middle slice of [slices, H, W] stands out as a ridge: brighter than both sides at 3 or 5 pixels along a row, a column, a diagonal, or
    at the outermost slices. A septum that does not is not seen by anybody."""
    middle = len(hu) // 2
    image = gaussian_filter(hu[middle], 0.6)
    best = np.full(image.shape, -np.inf, np.float32)
    for far in (3, 5):
        padded = np.pad(image, far, mode="edge")
        height, width = image.shape
        for dy, dx in ((0, far), (far, 0), (far * 5 // 7, far * 5 // 7), (far * 5 // 7, -(far * 5 // 7))):
            one = padded[far + dy : far + dy + height, far + dx : far + dx + width]
            other = padded[far - dy : far - dy + height, far - dx : far - dx + width]
            best = np.maximum(best, image - np.maximum(one, other))
    if middle:
        best = np.maximum(best, image - np.maximum(gaussian_filter(hu[0], 0.6), gaussian_filter(hu[-1], 0.6)))
    return best > ridge_hu
