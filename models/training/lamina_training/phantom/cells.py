"""Air cells of the ethmoid and mastoid: several models, so that no network learns one model's habits by heart."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.spatial import cKDTree

CellHit = tuple[np.ndarray, np.ndarray, tuple[np.ndarray, np.ndarray, np.ndarray]]
"""Number of the cell, distance to the midplane of the nearest wall in head mm, unit normal of that wall."""
Cells = Callable[[np.ndarray, np.ndarray, np.ndarray], CellHit]
MODELS = ("voronoi", "power", "boxes", "lamellae", "sparse")


def from_points(points: np.ndarray, weights: np.ndarray) -> Cells:
    """Regions of the nearest point under a power distance; the walls are the planes of equal power.

    The distance is that to the plane between the two nearest points; where three cells meet it may be off by some tenths of a millimetre.
    """
    lift = np.sqrt(np.maximum(weights.max() - weights, 0))
    tree = cKDTree(np.column_stack([points, lift]))

    def find(x, y, z) -> CellHit:
        query = np.stack([x.ravel(), y.ravel(), z.ravel(), np.zeros(x.size)], axis=1)
        power, index = tree.query(query, k=2)
        first, second = points[index[:, 0]], points[index[:, 1]]
        across = second - first
        length = np.linalg.norm(across, axis=1)
        wall = (power[:, 1] ** 2 - power[:, 0] ** 2) / (2 * length)
        normal = tuple((across[:, n] / length).reshape(x.shape).astype(np.float32) for n in range(3))
        return index[:, 0].reshape(x.shape), wall.reshape(x.shape).astype(np.float32), normal

    return find


def from_cuts(rng: np.random.Generator, low, high, least_mm, tilt: float, along: tuple[float, float, float]) -> Cells:
    """A box cut again and again by tilted planes; each plane ends at those that were cut before it."""
    planes: list[tuple[list[tuple[int, int]], np.ndarray, float]] = []
    leaves: list[list[tuple[int, int]]] = []

    def cut(lo, hi, path) -> None:
        size = hi - lo
        if np.any(size / least_mm > 1.6):
            axis = int(np.argmax(size / least_mm * np.asarray(along)))
            normal = np.zeros(3)
            normal[axis] = 1
            normal += rng.normal(size=3) * tilt
            normal /= np.linalg.norm(normal)
            centre = (lo + hi) / 2
            centre[axis] = lo[axis] + size[axis] * rng.uniform(0.36, 0.64)
            mine = len(planes)
            planes.append((list(path), normal, float(normal @ centre)))
            for side, (a, b) in enumerate(((lo, hi), (lo, hi))):
                a, b = a.copy(), b.copy()
                (b if side == 0 else a)[axis] = centre[axis]
                cut(a, b, [*path, (mine, side)])
        else:
            leaves.append(list(path))

    cut(np.asarray(low, float), np.asarray(high, float), [])

    def find(x, y, z) -> CellHit:
        value = [n[0] * x + n[1] * y + n[2] * z - at for _, n, at in planes]
        best = np.full(x.shape, 1e3, np.float32)
        normal = [np.zeros(x.shape, np.float32) for _ in range(3)]
        cell = np.zeros(x.shape, np.int64)
        for number, (path, n, _) in enumerate(planes):
            near = np.abs(value[number])
            for plane, side in path:
                near = np.where((value[plane] > 0) == bool(side), near, 1e3)
            closer = near < best
            best = np.where(closer, near, best).astype(np.float32)
            for axis in range(3):
                normal[axis] = np.where(closer, n[axis], normal[axis]).astype(np.float32)
        for leaf, path in enumerate(leaves):
            inside = np.ones(x.shape, bool)
            for plane, side in path:
                inside &= (value[plane] > 0) == bool(side)
            cell[inside] = leaf
        return cell, best, tuple(normal)

    return find


def lattice(rng: np.random.Generator, low, high, size_mm, jitter: float = 0.3) -> np.ndarray:
    axes = [np.arange(a - s, b + s, s) for a, b, s in zip(low, high, size_mm, strict=True)]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, 3)
    return grid + rng.uniform(-jitter, jitter, size=grid.shape) * np.asarray(size_mm)


def make(model: str, rng: np.random.Generator, low, high, scale: float = 1.0) -> Cells:
    """One labyrinth between two corners in head mm. Raises ValueError for an unknown model."""
    if model == "voronoi":
        points = lattice(rng, low, high, np.array([5.5, 7.5, 6.5]) * scale * rng.uniform(0.8, 1.3))
        return from_points(points, np.zeros(len(points)))
    if model == "power":
        points = lattice(rng, low, high, np.array([6.0, 8.5, 7.5]) * scale * rng.uniform(0.9, 1.4), 0.45)
        return from_points(points, rng.uniform(0, 14, size=len(points)) * scale**2)
    if model == "boxes":
        return from_cuts(rng, low, high, np.array([4.5, 6.5, 5.5]) * scale * rng.uniform(0.9, 1.5), 0.18, (1, 1, 1))
    if model == "lamellae":
        return from_cuts(rng, low, high, np.array([40, 5.5, 18]) * scale * rng.uniform(0.9, 1.5), 0.25, (1, 1, 1))
    if model == "sparse":
        return from_cuts(rng, low, high, np.array([40, 16, 40]) * scale, 0.3, (1, 1, 1))
    raise ValueError(f"no cell model is called {model}: {', '.join(MODELS)}")
