"""Paints a head into a volume, from the outside to the inside: soft tissue, hollows, solid bone, thin walls, teeth, metal."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter

from . import sheet, soft
from .bones import Cranium, face, teeth
from .family import Head
from .hollows import FLESH, Hollows
from .orbit import Orbit
from .shapes import rod, smooth_min, superellipsoid, waves
from .volume import Volume

FAR = 1e3
TITANIUM_HU = 9000.0


def draw_orbits(rng: np.random.Generator, head: Head) -> list[Orbit]:
    """Left and right; the first that is drawn from the stream of `paint`."""
    return [Orbit(rng, side, head) for side in (1, -1)]


def near_orbit(volume: Volume, orbits: list[Orbit]) -> np.ndarray:
    """True where a voxel may belong to the wall of an orbit, 1 mm to both sides of it included; septa of the cells begin beyond."""
    near = np.zeros(volume.x.shape, bool)
    for orbit in orbits:
        block = volume.block((4, 62, -14, 46, -27, 28) if orbit.side == 1 else (-62, -4, -14, 46, -27, 28))
        if block is not None:
            x, y, z = volume.at(block)
            d = orbit.distance(x, y, z)
            near[block] |= (d > -1) & (d < np.minimum(orbit.wall_mm(x, y, z), 3) + 1)
    return near


def paint(volume: Volume, head: Head, rng: np.random.Generator) -> list[Orbit]:
    """Fills `volume`; every random thing is drawn from `rng` in a fixed order. Returns the orbits."""
    orbits = draw_orbits(rng, head)
    hollows = Hollows(rng, orbits, head)
    cranium = Cranium(rng, head)
    bone, skin, cavity = _fields(volume, cranium, face(rng, orbits, head), soft.skin_surface(rng))
    _soft(volume, rng, skin, cavity)
    _carve(volume, rng, orbits, hollows, cranium, bone)
    _solid(volume, rng, head, bone, skin)
    _thin(volume, rng, head, orbits, hollows)
    _teeth(volume, rng, head)
    if head.family == "plate":
        _plates(volume, rng, orbits, head)
    _holder(volume, rng)
    return orbits


def _fields(volume: Volume, cranium: Cranium, shapes, skin_surface):
    x, y, z = volume.x, volume.y, volume.z
    bone = np.full(x.shape, FAR, np.float32)
    for shape in [*shapes, *cranium.solids]:
        block = volume.block(shape.box)
        if block is not None:
            bone[block] = smooth_min(bone[block], shape.distance(*volume.at(block)), 3.0)
    # The brain case is smooth: it is found on every second voxel.
    step = (slice(None, None, 2),) * 3
    cx, cy, cz = x[step], y[step], z[step]
    coarse = cranium.cavity(cx, cy, cz)
    outer = coarse - cranium.shell_mm(cx, cy, cz)
    skin_coarse, front = skin_surface(cx, cy, cz, outer)

    cavity, outer, skin = (_double(field, x.shape).astype(np.float32) for field in (coarse, outer, skin_coarse))
    for shape in cranium.ridges:
        block = volume.block(shape.box)
        if block is not None:
            cavity[block] = -smooth_min(-cavity[block], shape.distance(*volume.at(block)), 2.5)
    for shape in front:
        block = volume.block(shape.box)
        if block is not None:
            skin[block] = smooth_min(skin[block], shape.distance(*volume.at(block)), 6)
    skin = smooth_min(skin, bone - 5.0, 6)
    bone = np.maximum(smooth_min(bone, np.maximum(outer, -cavity), 2.5), -cavity)
    return bone, skin, cavity


def _double(field, shape):
    """Linear interpolation of every second sample back to all of them; the last one repeats."""
    for axis in range(3):
        n = shape[axis]
        at = np.arange(n) / 2
        low = np.minimum(at.astype(int), field.shape[axis] - 1)
        high = np.minimum(low + 1, field.shape[axis] - 1)
        part = (at - low).astype(np.float32).reshape([-1 if a == axis else 1 for a in range(3)])
        field = np.take(field, low, axis) * (1 - part) + np.take(field, high, axis) * part
    return field


def _soft(volume: Volume, rng: np.random.Generator, skin, cavity) -> None:
    muscle = np.full(skin.shape, FAR, np.float32)
    for shape in soft.muscles():
        block = volume.block(shape.box)
        if block is not None:
            muscle[block] = np.minimum(muscle[block], shape.distance(*volume.at(block)))
    fat, flesh, rind = rng.uniform(-110, -85), rng.uniform(45, 65), rng.uniform(1.2, 2.5)
    mottled = waves(rng, 9)(volume.x, volume.y, volume.z)
    inside = np.full(skin.shape, 45, np.float32)
    inside += volume.cover(skin + rind) * (fat + 12 * mottled - inside)
    inside += volume.cover(np.maximum(muscle, skin + rind + 1.5)) * (flesh + 8 * mottled - inside)
    brain = volume.cover(cavity)
    deep = brain > 0
    value = soft.brain(rng)(volume.x[deep], volume.y[deep], volume.z[deep], -cavity[deep])
    inside[deep] += brain[deep] * (value - inside[deep])
    volume.hu += volume.cover(skin) * (inside - volume.hu)


def _carve(volume: Volume, rng: np.random.Generator, orbits, hollows: Hollows, cranium: Cranium, bone) -> None:
    def cut(box, distance, hu) -> None:
        block = volume.block(box)
        if block is None:
            return
        d = distance(*volume.at(block))
        bone[block] = np.maximum(bone[block], -d)
        image = volume.hu[block]
        image += volume.cover(d) * (hu - image)

    for shape in cranium.channels:
        cut(shape.box, shape.distance, 20)
    fat = rng.uniform(-108, -85)
    for orbit in orbits:
        block = volume.block((4, 62, -22, 46, -28, 28) if orbit.side == 1 else (-62, -4, -22, 46, -28, 28))
        if block is None:
            continue
        x, y, z = volume.at(block)
        d = orbit.distance(x, y, z)
        bone[block] = np.maximum(bone[block], -d)
        image = volume.hu[block]
        image += volume.cover(np.maximum(d, -orbit.behind_rim(x, y, z) - 2)) * (fat - image)
    for space in hollows.spaces:
        block = volume.block(space.box)
        if block is None:
            continue
        x, y, z = volume.at(block)
        d = space.distance(x, y, z)
        bone[block] = np.maximum(bone[block], -d)
        image = volume.hu[block]
        image += volume.cover(d) * (38 - image)
        value = space.hu(x, y, z) if callable(space.hu) else space.hu
        image += volume.cover(d + space.lining_mm) * (value - image)
    for cx, cz, radius, y0, y1 in FLESH:
        grown = radius * rng.uniform(0.75, 1.1)
        for side in (1, -1):
            shape = superellipsoid((side * cx, (y0 + y1) / 2, cz), (grown, (y1 - y0) / 2, grown * 1.45), 2.5)
            volume.blend(shape.box, shape.distance, 42)
    for orbit in orbits:
        for shape, hu in soft.eye_contents(rng, orbit):
            volume.blend(shape.box, shape.distance, hu)


def _solid(volume: Volume, rng: np.random.Generator, head: Head, bone, skin) -> None:
    dense = waves(rng, 60)(volume.x, volume.y, volume.z)
    grain = gaussian_filter(rng.standard_normal(bone.shape, dtype=np.float32), [0.8 / s for s in volume.spacing_mm[::-1]])
    grain *= 90 / max(float(grain.std()), 1e-6)
    here = (bone < volume.extent) & (skin < -1)
    d, image = bone[here], volume.hu[here]
    cortical = head.cortical_mm * (1 + 0.2 * dense[here])
    c = volume.cover(d).astype(np.float32)
    image += c * (head.cortical_hu + 110 * dense[here] - image)
    image += volume.cover(d + cortical) * (np.maximum(head.trabecular_hu + 60 * dense[here] + grain[here], -60) - image)
    volume.hu[here] = image
    volume.fraction[here] = c
    volume.labels[here] = np.where(d <= 0, np.where(d + cortical <= 0, sheet.TRABECULAR, sheet.CORTICAL), 0)


def _thin(volume: Volume, rng: np.random.Generator, head: Head, orbits, hollows: Hollows) -> None:
    sheets = hollows.sheets(rng)
    septum = head.septum_mm * rng.uniform(0.8, 1.2, size=2)
    for n, orbit in enumerate(orbits):
        block = volume.block((4, 62, -14, 46, -27, 28) if orbit.side == 1 else (-62, -4, -14, 46, -27, 28))
        if block is not None:
            x, y, z = volume.at(block)
            t = orbit.wall_mm(x, y, z)
            # In front of the rim there is none; the canal and the fissures open it behind.
            shown = np.where((orbit.behind_rim(x, y, z) < 0.5) | (y > orbit.apex[1] - 2), 0, t)
            d, normal = sheet.true_distance(orbit.distance(x, y, z) - t / 2, volume.spacing_mm)
            sheet.paint(volume, block, d, normal, shown, head.thin_hu)
        labyrinth = hollows.labyrinth[n]
        block = volume.block(labyrinth.box)
        if block is not None:
            x, y, z = volume.at(block)
            _, wall, normal = hollows.find_cells(n, x, y, z)
            inside = (labyrinth.distance(x, y, z) < 0.2) & (orbit.distance(x, y, z) > orbit.wall_mm(x, y, z))
            shown = np.where(inside, septum[n], 0).astype(np.float32)
            sheet.paint(volume, block, wall * volume.scale, _turned(volume, normal), shown, head.thin_hu)
    for each in sheets:
        block = volume.block(each.box)
        if block is None:
            continue
        x, y, z = volume.at(block)
        d, normal = sheet.true_distance(each.distance(x, y, z).astype(np.float32), volume.spacing_mm)
        sheet.paint(volume, block, d, normal, each.thickness_mm(x, y, z).astype(np.float32), min(each.hu, head.thin_hu * 1.15))


def _turned(volume: Volume, normal):
    """A direction in head mm as a direction along the grid."""
    return tuple(sum(volume.turn[a, b] * normal[b] for b in range(3)) for a in range(3))


def _teeth(volume: Volume, rng: np.random.Generator, head: Head) -> None:
    for root, crown, pulp, crown_hu in teeth(rng, head):
        volume.blend(root.box, root.distance, 1750)
        volume.blend(crown.box, crown.distance, crown_hu)
        volume.blend(pulp.box, pulp.distance, 250)
        for part in (root, crown):
            block = volume.block(part.box)
            if block is not None:
                d = part.distance(*volume.at(block))
                volume.labels[block][d <= 0] = sheet.CORTICAL
                volume.thickness_mm[block][d <= 0] = 0
                volume.fraction[block] = np.maximum(volume.fraction[block], volume.cover(d))


def _plates(volume: Volume, rng: np.random.Generator, orbits, head: Head) -> None:
    """Titanium after an operation: a miniplate with screws on the rim, sometimes a mesh on the floor. Metal is no bone, except in teeth."""
    orbit = orbits[rng.integers(2)]
    start, step = rng.uniform(3.4, 5.6), rng.uniform(0.16, 0.22)
    last = None
    for n in range(5):
        x, y, z = orbit.rim(start + n * step, 3.2)
        ahead = (x, y - 1.6, z)
        pieces = [rod(ahead, (x, y + 3.2, z), 0.8)] + ([rod(last, ahead, 0.7)] if last else [])
        for piece in pieces:
            _metal(volume, piece)
        last = ahead
    if rng.random() < 0.6:
        for y in np.arange(rng.uniform(2, 6), rng.uniform(18, 26), 2.6):
            cx, cz, w, h = orbit.section(y)
            a, b = (orbit.side * (cx - 0.5 * w), y, cz - 0.86 * h), (orbit.side * (cx + 0.4 * w), y, cz - 0.9 * h)
            _metal(volume, rod(a, b, 0.3))


def _metal(volume: Volume, piece) -> None:
    volume.blend(piece.box, piece.distance, TITANIUM_HU)
    block = volume.block(piece.box)
    if block is not None:
        inside = piece.distance(*volume.at(block)) <= 0
        volume.labels[block][inside] = 0
        volume.fraction[block][inside] = 0
        volume.thickness_mm[block][inside] = 0


def _holder(volume: Volume, rng: np.random.Generator) -> None:
    """The head holder: a curved shell that is no bone, whatever its HU."""
    hu, radius, back = rng.uniform(-600, 350), rng.uniform(95, 115), rng.uniform(152, 165)
    block = volume.block((-90, 90, 60, 190, -200, 200))
    if block is None or rng.random() < 0.3:
        return
    x, y, _ = volume.at(block)
    d = np.abs(np.hypot(x, y - (back - radius)) - radius) - 1.5
    image = volume.hu[block]
    outside = image < -900
    image += np.where(outside & (y > 60), volume.cover(d) * (hu - image), 0)
