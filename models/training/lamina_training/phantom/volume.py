"""The grid on which a head is painted: patient mm along its axes, head coordinates in every voxel."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .shapes import Field, waves


@dataclass
class Volume:
    """Arrays are [z, y, x]; spacing is (x, y, z) in mm."""

    spacing_mm: tuple[float, float, float]
    x: np.ndarray
    y: np.ndarray
    z: np.ndarray
    axes: tuple[np.ndarray, np.ndarray, np.ndarray]
    turn: np.ndarray
    scale: float
    bend_mm: float
    hu: np.ndarray = field(init=False)
    fraction: np.ndarray = field(init=False)
    labels: np.ndarray = field(init=False)
    thickness_mm: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.hu = np.full(self.x.shape, -1000, np.float32)
        self.fraction = np.zeros(self.x.shape, np.float32)
        self.labels = np.zeros(self.x.shape, np.uint8)
        self.thickness_mm = np.zeros(self.x.shape, np.float32)

    @property
    def extent(self) -> float:
        """Extent of a voxel in head mm, taken the same along every direction: good enough for solids."""
        return sum(self.spacing_mm) / 3 / self.scale

    def block(self, box):
        """Slices of the voxels that may lie in a box given in head mm; None where there are none."""
        corners = np.array([[box[i], box[2 + j], box[4 + k]] for i in (0, 1) for j in (0, 1) for k in (0, 1)])
        patient = corners @ self.turn.T * self.scale
        low, high = patient.min(0) - self.bend_mm, patient.max(0) + self.bend_mm
        slices = []
        for axis in (2, 1, 0):
            at = self.axes[axis]
            a, b = np.searchsorted(at, low[axis]), np.searchsorted(at, high[axis], side="right")
            if b - a < 3:
                return None
            slices.append(slice(int(a), int(b)))
        return tuple(slices)

    def at(self, block):
        return self.x[block], self.y[block], self.z[block]

    def cover(self, distance):
        """Part of a voxel inside a solid whose surface is `distance` head mm away."""
        return np.clip(0.5 - distance / self.extent, 0, 1)

    def blend(self, box, distance: Field, hu) -> None:
        """Fills a solid with HU (a number or a field); bone stays untouched in truth."""
        block = self.block(box)
        if block is None:
            return
        x, y, z = self.at(block)
        c = self.cover(distance(x, y, z))
        value = hu(x, y, z) if callable(hu) else hu
        image = self.hu[block]
        image += c * (value - image)


def make_volume(rng: np.random.Generator, shape, spacing_mm, centre_head_mm, bend_mm: float, scale: float, turn_degrees: float) -> Volume:
    """A grid of `shape` (z, y, x) voxels whose middle lies at a head point; the head is turned, scaled and gently bent."""
    angles = rng.uniform(-turn_degrees, turn_degrees, size=3) * np.pi / 180
    turn = np.eye(3)
    for axis, angle in enumerate(angles):
        i, j = [(1, 2), (0, 2), (0, 1)][axis]
        r = np.eye(3)
        r[i, i] = r[j, j] = np.cos(angle)
        r[i, j], r[j, i] = -np.sin(angle), np.sin(angle)
        turn = turn @ r
    middle = turn @ np.asarray(centre_head_mm, float) * scale
    axes = tuple(middle[a] + (np.arange(n) - (n - 1) / 2) * s for a, (n, s) in enumerate(zip(shape[::-1], spacing_mm, strict=True)))
    grid = np.meshgrid(axes[2], axes[1], axes[0], indexing="ij")
    px, py, pz = (g.astype(np.float32) for g in grid[::-1])
    back = (turn.T / scale).astype(np.float32)
    head = [back[a, 0] * px + back[a, 1] * py + back[a, 2] * pz for a in range(3)]
    bends = [waves(rng, 95) for _ in range(3)]
    x, y, z = (h + np.float32(bend_mm) * b(*head) for h, b in zip(head, bends, strict=True))
    return Volume(tuple(spacing_mm), x, y, z, axes, turn, scale, 2.2 * bend_mm)
