"""Solid bones: brain case and skull base, face, jaws, teeth."""

from __future__ import annotations

import numpy as np

from .family import Head
from .orbit import Orbit
from .shapes import Shape, block, chain, mirrored, plate, rod, smooth_min, superellipsoid, waves


class Cranium:
    def __init__(self, rng: np.random.Generator, head: Head) -> None:
        u = rng.uniform
        wide, lean = u(0.95, 1.05), u(-2, 2)
        self.vault = superellipsoid((0, 70, 16), (68 * wide, 76, 57), 2.5)
        self.middle = [
            superellipsoid((35 + lean * 0.4, 50, 1), (25, 28, 21), 2.5),
            mirrored(superellipsoid((35 - lean * 0.4, 51, 1), (25, 28, 20.5), 2.5)),
        ]
        self.posterior = superellipsoid((lean, 107, -6), (55 * wide, 38, 37), 2.5)
        self.base_z = 13 + u(-1.5, 1.5)
        side = [rod((14, 70, -11), (52, 89, -10), 6.5, 8.5), rod((14, 44, 8), (32, 34, 15), 2.8, 2)]
        self.ridges = [*side, *map(mirrored, side), block((0, 67, 8), (9, 1.9, 5), 1.5), superellipsoid((0, 54, -5), (15, 15, 13), 2.5)]
        self.ridges += chain([(0, 62, -6), (0, 74, -24), (0, 86, -43)], 7.5)
        self.uneven = waves(rng, 45)
        child = head.family == "child"
        self.vault_mm = u(3.0, 4.2) if child else u(5.2, 7.2)
        one = [
            superellipsoid((55, 91, -27), (10.5, 13, 18)),
            superellipsoid((18, 97, -45), (6.5, 11, 6.5)),
            superellipsoid((50, 61, -18), (11, 8, 4)),
            block((13, 47, -36), (1.1, 6, 13), 1),
            rod((16, 44, -26), (20, 52, -46), 1.5, 1.2),
        ]
        self.solids = [*self.ridges, superellipsoid((0, 54, -4), (18, 16, 13), 2.5), *one, *map(mirrored, one)]
        channel = [
            rod((13.5, 38, 3.5), (8, 56, 6), 2.5),
            rod((16, 37, -3), (24, 31, 6), 1.6, 1.2),
            rod((8, 62, -8), (26, 70, -18), 2.6),
            rod((27, -12, -26), (26.5, 6, -22), 1.6),
        ]
        self.channels = [rod((0, 105, -34), (0, 107, -64), 15.5), *channel, *map(mirrored, channel)]

    def cavity(self, x, y, z):
        """Distance to the inner surface of the brain case."""
        floor = self.base_z - 0.75 * np.maximum(0, y - 44) - z
        d = -smooth_min(-self.vault.distance(x, y, z), -floor, 10)
        if float(z.min()) < 34:
            fossa = np.where(x > 0, self.middle[0].distance(x, y, z), self.middle[1].distance(x, y, z))
            d = smooth_min(d, smooth_min(self.posterior.distance(x, y, z), fossa, 22), 16)
        return d

    def shell_mm(self, x, y, z):
        high = np.clip((z - 8) / 20, 0, 1)
        temporal = np.clip((np.abs(x) - 50) / 14, 0, 1) * np.clip((40 - z) / 25, 0, 1)
        front = np.clip((18 - y) / 20, 0, 1) * high
        thick = 3.2 * self.vault_mm / 6
        return (thick + (self.vault_mm - thick) * high) * (1 - 0.35 * temporal) + 1.4 * front + 0.5 * self.uneven(x, y, z)


def rim(rng: np.random.Generator, orbit: Orbit) -> list[Shape]:
    """The ring of thick bone around the entrance of an orbit: strongest above, weakest at the nose."""
    steps, stout = 22, rng.uniform(0.8, 1.2)

    def at(n: int):
        angle = 2 * np.pi * n / steps
        up, lateral = np.sin(angle), np.cos(angle)
        radius = stout * (2.4 + 1.1 * max(0, up) + 0.6 * max(0, lateral) - 0.6 * max(0, -lateral) + 0.2 * max(0, -up))
        x, y, z = orbit.rim(angle, 0.75 * radius)
        return (x, y + 0.8 * radius, z), radius

    points = [at(n) for n in range(steps + 1)]
    return [rod(p, q, rp, rq) for (p, rp), (q, rq) in zip(points[:-1], points[1:], strict=True)]


def half_face(rng: np.random.Generator) -> list[Shape]:
    def j(*p, by: float = 0.9):
        return tuple(c + rng.uniform(-by, by) for c in p)

    tubercle = j(64, 56, -17)
    arch = [j(53, 6, -20), j(62, 20, -20.5), j(66.5, 36, -20), tubercle, (60, 68, -15)]
    return [
        rod(j(10, -10, 21), j(26, -8, 25), 5, 5.4),
        rod(j(26, -8, 25), j(46, 3, 23), 5.4, 5),
        rod(j(48, 5, 20), j(55.5, 8, 10), 4.6, 3.6),
        rod(j(54.5, 8, 11), j(53, 6, -16), rng.uniform(2.6, 4.4), rng.uniform(3, 5)),
        superellipsoid(j(50, 4.5, -21), (9, 8, 9.5)),
        rod(j(46, 3, -26), j(35, 6, -44), 4.6, 4.2),
        rod(j(52, 6, -20), j(36, -4, -23), 4.4, 3),
        *chain([(x, y, z + 1.6) for x, y, z in arch], 2.2),
        *chain([(x, y, z - 1.6) for x, y, z in arch], 2.2),
        *plate((10.5, -10, 7), (13.5, -11, -22), (14, -8.5, 4), (20, -8, -22), 1.7),
        *chain([(13, -11.5, -22), (14.5, -11, -32), (10, -13.5, -43)], 2.4),
        rod((20, -9, -24), (21, -9, -48), 2.6, 4),
        *plate((1.2, -13.5, 10), (1.5, -24, -12), (10, -10.5, 8), (10.5, -13.5, -12), 1.5, 6),
        superellipsoid((50, 66.5, -24), (9, 4.2, 4)),
        rod((50, 66, -26), (48, 60, -42), 3.4, 3.6),
        *plate((48, 61, -42), (44, 56, -86), (47.5, 40, -38), (43, 34, -86), 3.1, 6),
        rod((47.5, 41, -28), (47.5, 42, -44), 2, 3.2),
    ]


def arch_point(angle: float, z: float):
    t = angle * 1.5
    return 26.5 * np.sin(t), 27 - 41 * np.cos(t), z


def face(rng: np.random.Generator, orbits: list[Orbit], head: Head) -> list[Shape]:
    shapes = [*half_face(rng), *map(mirrored, half_face(rng))]
    shapes += [superellipsoid((0, -8, 20), (21, 8, 14), 2.5), superellipsoid((0, 19, -46.6), (25, 33, 2.3), 2.5)]
    shapes.append(rod((0, -17.5, -44), (0, -8, -45), 1.2, 3))
    low = -50 if head.family == "edentulous" else -56
    for angle in np.linspace(-1, 1, 17):
        m = abs(angle)
        shapes.append(rod(arch_point(angle, -44), arch_point(angle, low), 4.4 + 1.2 * m, 4 + 1.4 * m))
    for orbit in orbits:
        shapes += rim(rng, orbit)
    # Atlas and the tooth of the axis.
    shapes += [superellipsoid((s * 31, 98, -57), (11, 6, 4.5)) for s in (-1, 1)]
    shapes += [rod((0, 91, -50), (0, 92, -90), 5, 6.5)]
    return shapes


QUADRANT = ((0.075, 3.4, 4.1), (0.21, 3.1, 3.3), (0.335, 3.9, 3.8), (0.455, 4.4, 3.4), (0.56, 4.5, 3.3), (0.69, 5.4, 5), (0.835, 5.3, 4.8), (0.965, 4.9, 4.3))


def teeth(rng: np.random.Generator, head: Head) -> list[tuple[Shape, Shape, Shape, float]]:
    """Root, crown, pulp and HU of the crown; metal crowns are at the end of the scale."""
    if head.family == "edentulous":
        return []
    found = []
    for side in (-1, 1):
        for place, across, along in QUADRANT:
            if rng.random() < 0.08:
                continue
            angle = side * (place + rng.uniform(-0.004, 0.004))
            crown_z = -62.5 + rng.uniform(-0.6, 0.6)
            x, y, _ = arch_point(angle, 0)
            turn = abs(np.sin(angle * 1.5))
            a, b = along + (across - along) * turn, across + (along - across) * turn
            metal = rng.random() < 0.07
            found.append(
                (
                    superellipsoid((x, y, crown_z + 7.5), (a * 0.66, b * 0.66, 10), 2.5),
                    superellipsoid((x, y, crown_z), (a, b, 4.6), 2.5),
                    superellipsoid((x, y, crown_z + 6.5), (0.8, 0.8, 6.5)),
                    8000.0 if metal else float(rng.uniform(2000, 2700)),
                )
            )
    return found
