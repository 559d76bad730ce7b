"""Thin walls: a midplane and a thickness, drawn by exact coverage, labelled as one closed layer of voxels."""

from __future__ import annotations

import numpy as np

THINNEST_MM = 0.05
"""Thinner sheets are holes of nature: absent."""
THIN_UP_TO_MM = 1.6
"""Up to this a wall is labelled thin (3), beyond it cortical (1)."""
BACKGROUND, CORTICAL, TRABECULAR, THIN = 0, 1, 2, 3


def extent_along(normal, spacing_mm):
    """Extent of a voxel along a unit normal: |nx| dx + |ny| dy + |nz| dz."""
    return sum(np.abs(n) * s for n, s in zip(normal, spacing_mm, strict=True))


def coverage(distance_mm, thickness_mm, extent_mm):
    """Part of a voxel that a sheet fills: exact for a plane along the grid, right in the sum across any plane."""
    d = np.abs(distance_mm)
    half = thickness_mm / 2
    return np.maximum(0, np.minimum(half, d + extent_mm / 2) - np.maximum(-half, d - extent_mm / 2)) / extent_mm


def labelled(distance_mm, thickness_mm, extent_mm):
    """True where the truth counts a voxel to a sheet: half-width max(t/2, half the voxel's extent along the normal)."""
    return np.abs(distance_mm) <= np.maximum(thickness_mm, extent_mm) / 2


def paint(volume, block, distance_mm, normal, thickness_mm, hu) -> None:
    """Paints a sheet into a block of a volume: HU, bone fraction, label and thickness.

    `distance_mm` and the unit `normal` (x, y, z) are in patient mm; `thickness_mm` below THINNEST_MM leaves the voxel alone.
    """
    extent = extent_along(normal, volume.spacing_mm)
    present = thickness_mm >= THINNEST_MM
    c = np.where(present, coverage(distance_mm, thickness_mm, extent), 0).astype(np.float32)
    image, fraction = volume.hu[block], volume.fraction[block]
    image += np.where(image < hu, c * (hu - image), 0)
    fraction += c * (1 - fraction)
    labels, thickness = volume.labels[block], volume.thickness_mm[block]
    mine = present & labelled(distance_mm, thickness_mm, extent) & (labels != CORTICAL)
    # Where two sheets meet the thicker one names the voxel.
    mine &= thickness_mm >= thickness
    labels[mine] = np.where(thickness_mm <= THIN_UP_TO_MM, THIN, CORTICAL)[mine] if np.ndim(thickness_mm) else (
        THIN if thickness_mm <= THIN_UP_TO_MM else CORTICAL
    )
    thickness[mine] = np.broadcast_to(thickness_mm, mine.shape)[mine]


def true_distance(rough, spacing_mm):
    """Turns a rough signed field into a distance in patient mm and a unit normal (x, y, z), by its own slope."""
    dz, dy, dx = np.gradient(rough, spacing_mm[2], spacing_mm[1], spacing_mm[0])
    steep = np.sqrt(dx * dx + dy * dy + dz * dz)
    ok = steep > 0.2
    steep = np.where(ok, steep, 1)
    return np.where(ok, rough / steep, 1e3).astype(np.float32), (dx / steep, dy / steep, dz / steep)
