"""CT model: point spread by kernel, slice profile, metal by true projections, cupping, correlated noise, clip to 12 bits."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from scipy.ndimage import gaussian_filter, gaussian_filter1d

from .metal import metal_error

LOWEST_HU, HIGHEST_HU = -1024, 3071
FWHM = 2.3548


@dataclass(frozen=True)
class Scanner:
    kernel: str
    """standard, bone, or soft: a scan of poor resolution brought to this grid."""
    fwhm_mm: float
    undershoot: float
    slice_fwhm_mm: float
    noise_hu: float
    grain_px: float
    cupping_hu: float
    projected: bool
    """Metal and bone are projected and reconstructed, with the errors of a real beam."""

    def as_card(self) -> dict:
        return asdict(self)


KERNELS = ("standard", "bone", "soft")


def draw(rng: np.random.Generator, slice_mm: float, metal: bool, kernel: str | None = None) -> Scanner:
    u = rng.uniform
    drawn = KERNELS[rng.choice(3, p=[0.46, 0.42, 0.12])]
    kernel = drawn if kernel is None else kernel
    if kernel not in KERNELS:
        raise ValueError(f"no kernel is called {kernel}: {', '.join(KERNELS)}")
    spread = {"standard": (0.85, 1.25), "bone": (0.55, 0.8), "soft": (1.3, 2.0)}[kernel]
    noise = {"standard": (7, 25), "bone": (35, 90), "soft": (4, 14)}[kernel]
    profile = slice_mm * (u(1.0, 1.4) if kernel != "soft" else u(1.4, 2.0))
    grain = {"standard": (0.7, 1.1), "bone": (0.35, 0.6), "soft": (1.2, 2.0)}[kernel]
    return Scanner(
        kernel, u(*spread), u(0.08, 0.3) if kernel == "bone" else 0.0, profile, u(*noise), u(*grain), u(-15, 25), metal and rng.random() < 0.75
    )


def scan(volume_hu: np.ndarray, spacing_mm, scanner: Scanner, rng: np.random.Generator) -> np.ndarray:
    """HU without blur ([z, y, x]) as the scanner would give it: int16 in [-1024, 3071]."""
    image = volume_hu
    if scanner.projected:
        image = image + metal_error(image, spacing_mm[0], rng)
    image = np.minimum(image, 8000)
    # A slice already averages its own thickness; the profile is what is wider than that.
    width = np.sqrt(max(scanner.slice_fwhm_mm**2 - (0.9 * spacing_mm[2]) ** 2, 0.01))
    image = gaussian_filter1d(image, width / FWHM / spacing_mm[2], axis=0, mode="nearest", truncate=3)
    pixel = spacing_mm[0]
    sigma = scanner.fwhm_mm / FWHM / pixel
    blurred = gaussian_filter(image, (0, sigma, sigma), mode="nearest", truncate=3)
    if scanner.undershoot:
        wide = gaussian_filter(blurred, (0, 1.6 * sigma, 1.6 * sigma), mode="nearest", truncate=3)
        blurred = blurred + scanner.undershoot * (blurred - wide)
    shape = image.shape
    noise = gaussian_filter(rng.standard_normal(shape, dtype=np.float32), (0, scanner.grain_px, scanner.grain_px), truncate=3)
    noise *= scanner.noise_hu / float(noise.std())
    yy, xx = np.meshgrid(np.linspace(-1, 1, shape[1]), np.linspace(-1, 1, shape[2]), indexing="ij")
    inside = np.exp(-(xx**2 + (yy - rng.uniform(-0.2, 0.4)) ** 2)).astype(np.float32)
    # Noise is highest, and HU lowest, deep in the head.
    blurred += noise * (0.6 + 0.55 * inside) - scanner.cupping_hu * inside
    streaks = np.zeros(shape[1:], np.float32)
    for _ in range(rng.integers(0, 4)):
        angle, at, width = rng.uniform(0, np.pi), rng.uniform(-0.8, 0.8), rng.uniform(0.01, 0.06)
        streaks += rng.uniform(-18, 18) * np.exp(-(((xx * np.cos(angle) + yy * np.sin(angle) - at) / width) ** 2))
    return np.clip(np.rint(blurred + streaks), LOWEST_HU, HIGHEST_HU).astype(np.int16)
