"""One orbit: a four-sided pyramid with rounded edges, walls of varying thickness, holes and fractures."""

from __future__ import annotations

import numpy as np

from .family import Head
from .shapes import waves

APEX_Y, ENTRANCE_Y = 41.0, -4.0


class Orbit:
    """Head mm; `side` is 1 on the left of the patient, -1 on the right."""

    def __init__(self, rng: np.random.Generator, side: int, head: Head) -> None:
        u = rng.uniform
        self.side = side
        self.power = u(2.3, 3.2)
        self.width, self.height = u(19.2, 21.8), u(16.5, 19.0)
        self.entrance = (34 + u(-1.2, 1.2), u(-1.2, 1.2))
        self.apex_xz = (13.5 + u(-1, 1), 3 + u(-1, 1))
        self.apex = (side * self.apex_xz[0], APEX_Y, self.apex_xz[1])
        self.medial_mm = head.medial_mm * u(0.85, 1.15)
        self.floor_mm = head.floor_mm * u(0.85, 1.15)
        self.roof_mm, self.lateral_mm = head.roof_mm * u(0.85, 1.15), head.lateral_mm * u(0.85, 1.15)
        self.spread = head.wall_spread
        self.wavy, self.hole = waves(rng, 14), waves(rng, 7)
        self.hole_at = u(0.9, 1.3)
        self.curve = u(-1.2, 1.6)
        fractured = head.fractured[0 if side == 1 else 1]
        self.bumps = []
        self.missing = []
        if fractured:
            for wall in [("medial",), ("floor",), ("medial", "floor")][rng.integers(3)]:
                at = (u(6, 26), u(-4, 5) if wall == "medial" else u(20, 32))
                size = (u(4, 9), u(3, 6))
                self.bumps.append((wall, at, size, u(1.0, 4.5)))
                if rng.random() < 0.6:
                    self.missing.append((wall, (at[0] + u(-3, 3), at[1] + u(-2, 2)), (u(1, 4), u(1, 3.5))))
                if rng.random() < 0.6:
                    self.missing.append((wall, (at[0] + size[0], at[1]), (u(0.2, 0.5), u(4, 9))))

    def section(self, y):
        s = np.maximum(0, (APEX_Y - y) / (APEX_Y - ENTRANCE_Y))
        inner = np.minimum(s, 1.05)
        grown = 0.16 + 0.84 * inner**0.78
        bulge = np.sin(np.pi * np.minimum(1, inner))
        ahead = np.minimum(s, 1.2)
        return (
            self.apex_xz[0] + (self.entrance[0] - self.apex_xz[0]) * ahead,
            self.apex_xz[1] + (self.entrance[1] - self.apex_xz[1]) * ahead,
            self.width * (grown + 0.04 * bulge),
            self.height * (grown + 0.05 * bulge),
        )

    def _place(self, x, y, z):
        cx, cz, w, h = self.section(y)
        return (self.side * x - cx) / w, (z - cz) / h, w, h

    def _shift(self, wall, x, y, z, u, v):
        """How near a point is to one wall, 0..1."""
        return np.clip(-2 * u, 0, 1) * (np.abs(u) > np.abs(v) * 0.8) if wall == "medial" else np.clip(-2 * v, 0, 1)

    def distance(self, x, y, z):
        u, v, w, h = self._place(x, y, z)
        au, av = np.abs(u), np.abs(v)
        up, vp = au ** (self.power - 1), av ** (self.power - 1)
        total = up * au + vp * av + 1e-9
        r = total ** (1 / self.power)
        d = np.where(r < 0.2, (r - 1) * h, (r - 1) * total / (r * np.sqrt((up / w) ** 2 + (vp / h) ** 2) + 1e-9))
        # The lamina papyracea bends gently towards or away from the cells.
        d = d - self.curve * np.maximum(0, -u) ** 4 * np.exp(-(((y - 18) / 12) ** 2) - (z / 9) ** 2)
        for wall, (ay, ab), (sy, sb), depth in self.bumps:
            b = z - ab if wall == "medial" else self.side * x - ab
            d = d - depth * np.exp(-(((y - ay) / sy) ** 2) - (b / sb) ** 2) * self._shift(wall, x, y, z, u, v)
        return np.maximum(d, y - APEX_Y).astype(np.float32)

    def wall_mm(self, x, y, z):
        """Thickness of the bony wall at a point of it; 0 where nature or a fracture left it out."""
        u, v, _, _ = self._place(x, y, z)
        medial, lateral = np.maximum(0, -u) ** 4, np.maximum(0, u) ** 4
        roof, floor = np.maximum(0, v) ** 4, 1.3 * np.maximum(0, -v) ** 4
        wavy = self.wavy(x, y, z)
        log = medial * np.log(self.medial_mm) + floor * np.log(self.floor_mm)
        log = log + roof * np.log(self.roof_mm) + lateral * np.log(self.lateral_mm)
        t = np.exp(log / (medial + lateral + roof + floor + 1e-9) + self.spread * wavy)
        t = np.clip(t, 0.1, None)
        thin_walls = medial + floor > roof + lateral
        t = np.where(thin_walls & (self.hole(x, y, z) > self.hole_at), 0, t)
        for wall, (ay, ab), (sy, sb) in self.missing:
            b = z - ab if wall == "medial" else self.side * x - ab
            gone = (((y - ay) / sy) ** 2 + (b / sb) ** 2 < 1) & (self._shift(wall, x, y, z, u, v) > 0.3)
            t = np.where(gone, 0, t)
        return t.astype(np.float32)

    def behind_rim(self, x, y, z):
        return y - (ENTRANCE_Y + 0.32 * (self.side * x - self.entrance[0]) - 0.08 * z)

    def rim(self, angle: float, out_mm: float):
        c, s = np.cos(angle), np.sin(angle)
        reach = (abs(c) ** self.power + abs(s) ** self.power) ** (-1 / self.power)
        x = y = z = 0.0
        for _ in range(6):
            cx, cz, w, h = self.section(y)
            x, z = cx + c * (w * reach + out_mm), cz + s * (h * reach + out_mm)
            y -= float(self.behind_rim(self.side * x, y, z))
        return self.side * x, y, z
