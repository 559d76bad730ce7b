"""Signed distances in mm (negative inside) over arrays of head coordinates, and the boxes that hold the shapes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Field = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
ROOM_MM = 6.0


@dataclass(frozen=True)
class Shape:
    """A field and the box (x0, x1, y0, y1, z0, z1) in head mm outside of which it need not be looked at."""

    box: tuple[float, float, float, float, float, float]
    distance: Field


def box_of(centre, half, room: float = ROOM_MM):
    return tuple(v for c, h in zip(centre, half, strict=True) for v in (c - h - room, c + h + room))


def superellipsoid(centre, half, power: float = 2.0) -> Shape:
    """|x/a|^p + |y/b|^p + |z/c|^p <= 1; first-order distance (value over slope), right near the surface."""
    cx, cy, cz = centre
    a, b, c = half
    least = min(half)

    def distance(x, y, z):
        u, v, w = np.abs(x - cx) / a, np.abs(y - cy) / b, np.abs(z - cz) / c
        if power == 2:
            up, vp, wp = u, v, w
        elif power == 4:
            up, vp, wp = u * u * u, v * v * v, w * w * w
        else:
            up, vp, wp = u * np.sqrt(u), v * np.sqrt(v), w * np.sqrt(w)
        total = up * u + vp * v + wp * w + 1e-9
        r = total ** (1 / (power if power in (2, 4) else 2.5))
        slope = np.sqrt((up / a) ** 2 + (vp / b) ** 2 + (wp / c) ** 2) * r / total
        return np.where(r < 0.2, (r - 1) * least, (r - 1) / np.maximum(slope, 1e-6)).astype(np.float32)

    return Shape(box_of(centre, half), distance)


def rod(a, b, ra: float, rb: float | None = None) -> Shape:
    """A rod with round ends whose radius runs from `ra` at `a` to `rb` at `b`."""
    rb = ra if rb is None else rb
    d = np.subtract(b, a).astype(float)
    square = float(d @ d) or 1.0

    def distance(x, y, z):
        px, py, pz = x - a[0], y - a[1], z - a[2]
        t = np.clip((px * d[0] + py * d[1] + pz * d[2]) / square, 0, 1)
        return (np.sqrt((px - t * d[0]) ** 2 + (py - t * d[1]) ** 2 + (pz - t * d[2]) ** 2) - ra - t * (rb - ra)).astype(np.float32)

    r = max(ra, rb) + ROOM_MM
    box = tuple(v for p, q in zip(a, b, strict=True) for v in (min(p, q) - r, max(p, q) + r))
    return Shape(box, distance)


def chain(points, radius: float) -> list[Shape]:
    return [rod(p, q, radius) for p, q in zip(points[:-1], points[1:], strict=True)]


def plate(a, b, c, d, radius: float, rods: int = 5) -> list[Shape]:
    """A plate spanned by the lines a-b and c-d, as a fan of rods."""
    a, b, c, d = (np.asarray(p, float) for p in (a, b, c, d))
    return [rod(tuple(a + t * (c - a)), tuple(b + t * (d - b)), radius) for t in np.linspace(0, 1, rods)]


def block(centre, half, rounding: float) -> Shape:
    def distance(x, y, z):
        u, v, w = (np.abs(p - c) - h + rounding for p, c, h in zip((x, y, z), centre, half, strict=True))
        outside = np.sqrt(np.maximum(u, 0) ** 2 + np.maximum(v, 0) ** 2 + np.maximum(w, 0) ** 2)
        return (outside + np.minimum(0, np.maximum(np.maximum(u, v), w)) - rounding).astype(np.float32)

    return Shape(box_of(centre, half), distance)


def mirrored(shape: Shape) -> Shape:
    x0, x1, *rest = shape.box
    return Shape((-x1, -x0, *rest), lambda x, y, z: shape.distance(-x, y, z))


def smooth_min(a, b, k: float):
    """Union with a fillet of about k mm."""
    h = np.maximum(k - np.abs(a - b), 0) / k
    return np.minimum(a, b) - h * h * (k * 0.25)


def waves(rng: np.random.Generator, wavelength_mm: float) -> Field:
    """A smooth random field of about -1..1: three waves in seeded directions."""
    k = rng.normal(size=(3, 3))
    k *= (2 * np.pi / (wavelength_mm * rng.uniform(0.75, 1.3, size=3)) / np.linalg.norm(k, axis=1))[:, None]
    phase = rng.uniform(0, 2 * np.pi, size=3)
    k, phase = k.astype(np.float32), phase.astype(np.float32)

    def field(x, y, z):
        return sum(np.sin(k[n, 0] * x + k[n, 1] * y + k[n, 2] * z + phase[n]) for n in range(3)) / np.float32(2.2)

    return field
