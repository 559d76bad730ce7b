"""Air spaces with their lining, and the thin walls that hang on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import cells
from .family import Head
from .orbit import Orbit
from .shapes import Field, Shape, mirrored, rod, superellipsoid, waves

NASAL_WALL_MM = 0.8


@dataclass
class Space:
    box: tuple
    distance: Field
    lining_mm: float
    hu: object
    """A number, or a field of HU inside the lining."""


@dataclass
class SheetShape:
    box: tuple
    distance: Field
    thickness_mm: Field
    hu: float


class Hollows:
    def __init__(self, rng: np.random.Generator, orbits: list[Orbit], head: Head) -> None:
        u = rng.uniform
        self.orbits, self.head = orbits, head

        def on_side(shape: Shape, n: int) -> Shape:
            return shape if n == 0 else mirrored(shape)

        self.nasal_box = (-22, 22, -30, 58, -52, 14)
        self.maxillary = [on_side(superellipsoid((29 + u(-1, 1), 15, -29), (16 + u(-2, 1), 17.5 + u(-2, 1), 19 + u(-2, 1)), 2.5), n) for n in (0, 1)]
        self.sphenoid = [on_side(superellipsoid((7.2 + u(-0.8, 0.8), 53, -5), (6.8 + u(-1.5, 1), 10, 8.5), 2.5), n) for n in (0, 1)]
        self.labyrinth = [on_side(superellipsoid((8.4 + u(-0.4, 0.4), 20, 1.5 + u(-1, 1)), (6.9, 22 + u(-2, 2), 8.8 + u(-0.8, 1.2)), 4), n) for n in (0, 1)]
        low, high = (0, -6, -12), (20, 46, 14)
        self.cells = [cells.make(head.cell_model, rng, low, high) for _ in (0, 1)]
        self.mastoid = cells.make("power", rng, (40, 75, -45), (68, 106, -5), 0.6)
        self.cell_fill = rng.random(4096)
        self.cell_hu = rng.uniform(10, 60, size=4096)
        self.spaces: list[Space] = []
        for n in (0, 1):
            self._side(rng, n, on_side)
        self.spaces.append(Space(self.nasal_box, self.nasal, u(0.6, 2.2), -1000))
        pharynx, throat = superellipsoid((0, 60, -38), (13, 9, 15), 2.5), rod((0, 64, -48), (0, 66, -96), 8, 7)
        self.spaces += [Space(s.box, s.distance, 1, -1000) for s in (pharynx, throat)]

    def nasal(self, x, y, z):
        """Narrow between the ethmoids, wide between the jaws; in front it follows the bridge of the nose."""
        low, ahead = np.clip((-4 - z) / 14, 0, 1), np.clip((-6 - y) / 8, 0, 1)
        half = (2.2 + 11 * low * low * (3 - 2 * low)) * (1 - 0.35 * ahead)
        roof = 8 - np.maximum(0, y - 26) * 0.75
        front = -8 - 0.6 * (8 - np.maximum(-14, z)) + 0.5 * np.maximum(0, -32 - z)
        floor = -44.4 + 0.04 * (y - 16) + 0.25 * np.maximum(0, -8 - y)
        sides = np.maximum(np.abs(x) - half, floor - z)
        return np.maximum(np.maximum(sides, 0.8 * (z - roof)), np.maximum(y - 52, 0.85 * (front - y))).astype(np.float32)

    def _side(self, rng: np.random.Generator, n: int, on_side) -> None:
        orbit, u, head = self.orbits[n], rng.uniform, self.head

        def beside(distance: Field) -> Field:
            """Leaves room for the orbit and its wall, so that the wall stands between fat and air."""
            return lambda x, y, z: np.maximum(distance(x, y, z), orbit.wall_mm(x, y, z) - orbit.distance(x, y, z))

        roomy = beside(self.maxillary[n].distance)
        state = rng.choice(3, p=[0.6, 0.25, 0.15]) if head.filled < 0.5 else 2
        level, fluid = u(8, 30), u(5, 60)
        inside = {0: -1000, 1: lambda x, y, z: np.where(y > level, fluid, -1000), 2: fluid}[int(state)]
        maxillary_mm = u(0.4, 3.5) if rng.random() < 0.3 else u(0.2, 0.8)
        self.spaces.append(
            Space(self.maxillary[n].box, lambda x, y, z: np.maximum(roomy(x, y, z), NASAL_WALL_MM - self.nasal(x, y, z)), maxillary_mm, inside)
        )

        def cell_hu(x, y, z):
            cell = self.find_cells(n, x, y, z)[0] % 4096
            return np.where(self.cell_fill[cell] < head.filled, self.cell_hu[cell], -1000).astype(np.float32)

        self.spaces.append(Space(self.labyrinth[n].box, beside(self.labyrinth[n].distance), u(0.05, 0.5), cell_hu))
        self.sphenoid_open = [*getattr(self, "sphenoid_open", []), head.pneumatised or n == 0]
        if self.sphenoid_open[n]:
            self.spaces.append(Space(self.sphenoid[n].box, self.sphenoid[n].distance, u(0.2, 0.8), -1000 if rng.random() < 0.85 else 30))
        if head.pneumatised:
            frontal = on_side(superellipsoid((10 + u(-1, 4), -7.4, 21.5 + u(-2, 2)), (8.5 + u(-3, 3), 3 + u(-0.6, 0.8), 9 + u(-2, 2)), 2.5), n)
            self.spaces.append(Space(frontal.box, frontal.distance, u(0.2, 0.5), -1000 if rng.random() < 0.9 else 35))
        mastoid = on_side(superellipsoid((55, 91, -24), (9, 11, 14.5)), n)
        half_wall = u(0.25, 0.6)
        s = orbit.side
        self.spaces.append(
            Space(mastoid.box, lambda x, y, z: np.maximum(mastoid.distance(x, y, z), half_wall - self.mastoid(s * x, y, z)[1]), 0, -1000)
        )
        for shape in (rod((84, 79, -19), (50, 80, -18), 3.2, 3), superellipsoid((46, 80, -16), (3.5, 5, 6)), rod((5.5, -33, -46), (5, -12, -39), 3.2, 4)):
            moved = on_side(shape, n)
            self.spaces.append(Space(moved.box, moved.distance, 0, -1000))

    def find_cells(self, n: int, x, y, z):
        s = self.orbits[n].side
        cell, wall, (a, b, c) = self.cells[n](s * x, y, z)
        return cell, wall, (s * a, b, c)

    def sheets(self, rng: np.random.Generator) -> list[SheetShape]:
        """Walls of the sinuses, turbinates and the nasal septum; the orbits' walls and the cells' septa are painted apart."""
        u, sheets = rng.uniform, []
        nasal = Shape(self.nasal_box, self.nasal)
        for n, orbit in enumerate(self.orbits):
            sinus = self.maxillary[n]
            sheets.append(
                around(
                    sinus,
                    u(0.6, 1.4),
                    lambda x, y, z, o=orbit: (o.distance(x, y, z) > 0) & (o.section(y)[1] > z) & (self.nasal(x, y, z) > NASAL_WALL_MM),
                )
            )
            sheets.append(around(self.sphenoid[n], u(0.4, 0.8), lambda x, y, z, is_open=self.sphenoid_open[n]: np.full(x.shape, is_open)))
            sheets.append(around(self.labyrinth[n], u(0.25, 0.5), lambda x, y, z, o=orbit: (np.sign(x) == o.side) & (o.distance(x, y, z) > 1)))
            wavy = waves(rng, 20)
            for cx, cz, radius, y0, y1, t in ((7.6, -34, u(2, 3.2), -3, 42, u(0.5, 1)), (5.6, -17, u(1.5, 2.3), 6, 42, u(0.4, 0.8))):
                sheets.append(scroll(orbit.side, cx, cz, radius, y0, y1, t, wavy))
        sheets.append(
            around(nasal, NASAL_WALL_MM * u(0.6, 1.1), lambda x, y, z: (np.abs(x) > 4) & (y > -9) & (y < 50) & (z < -6) & (z > -45))
        )
        bend, middle, t = u(0.5, 3.5) * rng.choice([-1, 1]), u(-28, -14), u(0.5, 1.0)

        def septum(x, y, z):
            return x - bend * np.exp(-(((z - middle) / 10) ** 2) - ((y - 14) / 18) ** 2)

        def bony(x, y, z):
            lower = np.where(z < -20, 0.35 * (z + 20), 0)
            return np.where((z > -46) & (z < 9 - np.maximum(0, y - 30) * 0.6) & (y < 48) & (y > -4 + lower), t, 0)

        sheets.append(SheetShape((-8, 8, -14, 52, -48, 14), septum, bony, u(850, 1050)))
        return sheets


def around(hollow: Shape, thickness: float, where) -> SheetShape:
    """A wall outside a hollow."""
    return SheetShape(
        hollow.box, lambda x, y, z: hollow.distance(x, y, z) - thickness / 2, lambda x, y, z: np.where(where(x, y, z), thickness, 0), 1150
    )


def scroll(side: int, cx, cz, radius, y0, y1, t, wavy) -> SheetShape:
    """A half tube hung up at its outer side: a turbinate."""
    box = (0, 16, y0, y1, cz - 8, cz + 10) if side == 1 else (-16, 0, y0, y1, cz - 8, cz + 10)

    def distance(x, y, z):
        return np.hypot(side * x - cx - 0.5 * wavy(0 * x, y, z), 0.7 * (z - cz)) - radius

    def thickness(x, y, z):
        ends = (y < y0 + 1) | (y > y1 - 1)
        return np.where(ends | ((z < cz - 0.5 * radius) & (side * x > cx)), 0, t)

    return SheetShape(box, distance, thickness, 900)


FLESH = ((7.6, -34, 4.6, -5, 44), (5.6, -17, 3.8, 4, 44))
