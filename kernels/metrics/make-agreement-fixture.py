"""Expected figures of surface-distances.test.ts, by an independent implementation.

Makes agreement.fixture.ts. Needs numpy, scipy, SimpleITK and surface-distance (PyPI: surface-distance 0.1, the published definition of
Nikolov et al. 2018). Not needed to build or test the product:  python make-agreement-fixture.py, then format it
"""
import base64
import json
import os

import numpy as np
import scipy
from scipy import ndimage
import SimpleITK as sitk

np.Inf = np.inf  # the package predates numpy 2
ndimage.filters, ndimage.morphology = ndimage, ndimage  # and scipy's flat namespace
import surface_distance as sd  # noqa: E402


def ball(shape, centre, radius, spacing):
    z, y, x = np.indices(shape)
    c = [(a - b) * s for a, b, s in zip((x, y, z), centre, spacing, strict=True)]
    return c[0] ** 2 + c[1] ** 2 + c[2] ** 2 <= radius**2


def noise(shape, seed, smooth, level):
    r = np.random.default_rng(seed).standard_normal(shape)
    return ndimage.gaussian_filter(r, smooth) > level * np.std(ndimage.gaussian_filter(r, smooth))


def cases():
    s = (12, 18, 24)  # z, y, x
    sp = (0.4, 0.7, 1.5)  # x, y, z
    yield "two balls", sp, ball(s, (11, 8, 5), 5.0, sp), ball(s, (13, 9, 6), 4.2, sp)
    yield "far apart", sp, ball(s, (4, 3, 2), 1.4, sp), ball(s, (20, 14, 9), 1.6, sp)
    yield "blobs", (0.5, 0.5, 1.0), noise(s, 1, 1.5, 0.8), noise(s, 1, 1.5, 0.4)
    yield "other blobs", (1.0, 1.0, 1.0), noise(s, 2, 1.2, 1.0), noise(s, 3, 1.2, 1.0)
    yield "dust", (0.6, 0.6, 0.63), noise(s, 4, 0, 2.2), noise(s, 5, 0, 2.0)
    yield "at the border", (0.45, 0.45, 0.8), noise(s, 6, 2, -0.5), noise(s, 7, 2, -0.3)
    wall = np.zeros(s, bool)
    wall[2:10, 9, 3:21] = True
    shifted = np.roll(wall, 1, 1)
    shifted[5:7, :, 9:12] = False
    yield "thin wall", (0.488281, 0.488281, 0.625), wall, shifted
    yield "slices far apart", (0.3, 0.3, 5.0), noise(s, 8, (0.5, 2, 2), 0.8), noise(s, 8, (0.7, 2, 2.4), 0.6)
    long = (3, 5, 150)
    a, b = np.zeros(long, bool), np.zeros(long, bool)
    a[1, 2, 2:40], b[1, 1:4, 100:149] = True, True
    yield "far along a row", (0.7, 0.9, 1.1), a, b
    wide = (40, 60, 90)
    yield "across blocks", (0.5, 0.6, 0.9), ball(wide, (20, 14, 9), 5.0, (0.5, 0.6, 0.9)), noise(wide, 9, 3, 1.5)


def number(value):
    """LEB128."""
    out = []
    while value >= 128:
        out.append(value % 128 + 128)
        value //= 128
    return [*out, value]


def runs(mask):
    """The run code of kernels/labels/runs.ts as base64: pairs of gap and length, x fastest."""
    flat = np.concatenate(([0], mask.ravel().astype(np.int8), [0]))
    starts, ends = np.flatnonzero(np.diff(flat) == 1), np.flatnonzero(np.diff(flat) == -1)
    code, before = [], 0
    for start, end in zip(starts, ends, strict=True):
        code += number(int(start) - before) + number(int(end - start))
        before = int(end)
    return base64.b64encode(bytes(code)).decode("ascii")


def figures(spacing, truth, result):
    d = sd.compute_surface_distances(truth, result, spacing[::-1])
    there, back = d["distances_gt_to_pred"], d["distances_pred_to_gt"]
    a, b = d["surfel_areas_gt"], d["surfel_areas_pred"]
    tp, fp = int((truth & result).sum()), int((~truth & result).sum())
    fn, tn = int((truth & ~result).sum()), int((~truth & ~result).sum())
    images = [sitk.GetImageFromArray(m.astype(np.uint8)) for m in (truth, result)]
    overlap = sitk.LabelOverlapMeasuresImageFilter()
    overlap.Execute(*images)
    return {
        "voxels": {"tp": tp, "fp": fp, "tn": tn, "fn": fn},
        "dsc": overlap.GetDiceCoefficient(1),
        "iou": overlap.GetJaccardCoefficient(1),
        "hd95Mm": float(sd.compute_robust_hausdorff(d, 95)),
        "maxMm": float(sd.compute_robust_hausdorff(d, 100)),
        "assdMm": float(((there * a).sum() + (back * b).sum()) / (a.sum() + b.sum())),
        "directedMeanMm": [float(v) for v in sd.compute_average_surface_distance(d)],
        "surfaceDice": float(sd.compute_surface_dice_at_tolerance(d, 0.5)),
        "areasMm2": [float(a.sum()), float(b.sum())],
    }


made = [
    {"name": n, "dimensions": list(t.shape[::-1]), "spacingMm": list(sp), "truth": runs(t), "result": runs(r), "expected": figures(sp, t, r)}
    for n, sp, t, r in cases()
]
versions = f"numpy {np.__version__}, scipy {scipy.__version__}, SimpleITK {sitk.Version_VersionString()}, surface-distance 0.1"
out = os.path.join(os.path.dirname(os.path.abspath(__file__)), "agreement.fixture.ts")
with open(out, "w", encoding="utf-8") as file:
    file.write(f"/** Made by make-agreement-fixture.py with {versions}; surface Dice at 0.5 mm, masks as run codes. */\n")
    file.write("export const agreementFixture = " + json.dumps(made, indent=1) + ";\n")
