"""Skin, fat, muscles, eyes, brain."""

from __future__ import annotations

import numpy as np

from .orbit import Orbit
from .shapes import Shape, mirrored, rod, smooth_min, superellipsoid, waves


def skin_surface(rng: np.random.Generator):
    """Outside of the head from the distance to the skull's outer surface."""
    u = rng.uniform
    padding = u(4, 8)
    face = superellipsoid((0, 34, -46), (63, 60, 62), 2.5)
    cheeks = superellipsoid((0, 46, -16), (72, 46, 42), 2.5)
    neck = superellipsoid((0, 82, -64), (62, 56, 62), 2.5)
    nose = [rod((0, -15, 8), (0, -33, -29), 6, 7.5), superellipsoid((0, -22, -36), (14, 14, 6))]
    front = [*nose, superellipsoid((0, -21, -59), (23, 9, 11)), superellipsoid((0, -14, -80), (22, 12, 12))]
    front += [superellipsoid((s * 32, -2.5, 0), (14.4,) * 3) for s in (1, -1)]
    temples = superellipsoid((47, 30, 3), (22, 32, 30), 2.5)

    def distance(x, y, z, skull):
        d = smooth_min(skull - padding, temples.distance(np.abs(x), y, z), 12)
        for shape, k in ((cheeks, 14), (face, 16), (neck, 14)):
            d = smooth_min(d, shape.distance(x, y, z), k)
        return d, front

    return distance


def muscles() -> list[Shape]:
    side = [
        superellipsoid((57, 32, 8), (10, 27, 33)),
        superellipsoid((57, 34, -12), (7, 16, 16)),
        superellipsoid((57, 42, -54), (8, 15, 30)),
        superellipsoid((37, 48, -52), (7, 13, 20)),
        superellipsoid((35, 48, -29), (12, 15, 7)),
        superellipsoid((28, 122, -62), (24, 20, 34), 2.5),
        superellipsoid((58, 100, -66), (9, 14, 30)),
        superellipsoid((20, 62, -50), (8, 8, 18)),
        superellipsoid((30, -16, -40), (6, 5, 14)),
    ]
    return [*side, *map(mirrored, side), superellipsoid((0, 22, -68), (23, 34, 16), 2.5)]


def eye_contents(rng: np.random.Generator, orbit: Orbit) -> list[tuple[Shape, float]]:
    """Eyeball with lens and coat, straight muscles that may touch the walls, optic nerve, strands in the fat."""
    u, s = rng.uniform, orbit.side
    eye = (s * (32 + u(-1.5, 1.5)), -2 + u(-3, 3), 0.5 + u(-1, 1))
    x, y, z = eye
    radius = u(11.4, 12.6)
    ax, ay, az = orbit.apex
    half = ((x + ax) / 2 + s * u(-1, 2), (y + radius + ay) / 2, (z + az) / 2 + u(-1.5, 1.5))
    muscle = u(45, 70)
    solids = [(rod((x - s * 2.5, y + radius - 1, z), half, 2.2), 38), (rod(half, (ax, ay, az), 2.1, 1.9), 38)]
    swollen = u(0.8, 1.5)
    for ox, oz in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        reach = u(8, 11.5)
        belly = (x * 0.52 + ax * 0.48 + ox * reach, y + 19, z * 0.52 + az * 0.48 + oz * reach)
        insertion = (x + ox * (radius + 0.6), y + 2, z + oz * (radius + 0.4))
        origin = (ax + ox * 2.6, ay - 3, az + oz * 2.6)
        solids += [(rod(origin, belly, 1.4, 2.3 * swollen), muscle), (rod(belly, insertion, 2.3 * swollen, 1.1), muscle)]
    for _ in range(rng.integers(4, 12)):
        a = (x + u(-12, 12), y + u(8, 30), z + u(-10, 10))
        solids.append((rod(a, tuple(c + u(-9, 9) for c in a), u(0.3, 0.8)), u(0, 50)))
    solids.append((superellipsoid((s * 44, 0, 9.5), (4, 6, 5)), 48))
    solids.append((superellipsoid(eye, (radius,) * 3), 62))
    solids.append((superellipsoid(eye, (radius - 1.1,) * 3), 12))
    solids.append((superellipsoid((x, y - 8, z), (4.6, 2, 4.6)), 88))
    return solids


def brain(rng: np.random.Generator):
    folds, deep = waves(rng, 17), waves(rng, 26)

    def hu(x, y, z, depth):
        fold = np.abs(folds(x + 4 * deep(x, y, z), y, z))
        value = np.where((depth < 5.5) | (fold < 0.3 * np.maximum(0, 1 - depth / 26)), 39, 30)
        value = np.where((depth < 13) & (fold < 0.09 * (1 - depth / 13) + 0.02), 14, value)
        value = np.where(depth < 1.8, 12, value)
        return np.where(depth < 0.7, 52, value).astype(np.float32)

    return hu
