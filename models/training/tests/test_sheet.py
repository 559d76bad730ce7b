"""Sheets: coverage, the closed layer of labels, what they may replace."""

import numpy as np
import pytest
from scipy.ndimage import label
from types import SimpleNamespace

from lamina_training.phantom import sheet

SPACING = (0.45, 0.5, 0.8)


def grid(shape=(30, 40, 44)):
    volume = SimpleNamespace(
        spacing_mm=SPACING,
        hu=np.full(shape, -100, np.float32),
        fraction=np.zeros(shape, np.float32),
        labels=np.zeros(shape, np.uint8),
        thickness_mm=np.zeros(shape, np.float32),
    )
    z, y, x = (np.arange(n) * s for n, s in zip(shape, SPACING[::-1], strict=True))
    return volume, np.meshgrid(z, y, x, indexing="ij")


def everywhere(value, shape):
    return np.full(shape, value, np.float32)


@pytest.mark.parametrize("thickness", [0.1, 0.13, 0.3, 0.6, 1.2])
@pytest.mark.parametrize("axis", [0, 1, 2])
def test_coverage_is_exact_on_planes_along_the_grid(thickness, axis):
    volume, (z, y, x) = grid()
    normal = [0.0, 0.0, 0.0]
    normal[axis] = 1.0
    d = (x, y, z)[axis] - 7.3
    sheet.paint(volume, ..., d, normal, everywhere(thickness, d.shape), 1200)
    across = volume.fraction.sum(axis=2 - axis) * SPACING[axis]
    np.testing.assert_allclose(across, thickness, rtol=1e-4)
    np.testing.assert_allclose(volume.hu, -100 + 1300 * volume.fraction, atol=0.01)


def test_coverage_of_a_slanted_plane_is_right_in_the_sum():
    volume, (z, y, x) = grid((24, 60, 60))
    normal = np.array([0.6, 0.7, 0.39])
    normal /= np.linalg.norm(normal)
    d = normal[0] * x + normal[1] * y + normal[2] * z - 20
    sheet.paint(volume, ..., d, normal, everywhere(0.2, d.shape), 1200)
    # Volume over area: lines along x cross the plane at 1 / nx of its thickness.
    lines = volume.fraction.sum(2)[8:16, 20:35] * SPACING[0]
    assert lines.mean() == pytest.approx(0.2 / normal[0], rel=0.02)


@pytest.mark.parametrize("seed", range(6))
def test_a_thin_wall_is_one_closed_layer(seed):
    rng = np.random.default_rng(seed)
    normal = rng.normal(size=3)
    normal /= np.linalg.norm(normal)
    volume, (z, y, x) = grid()
    middle = [c.mean() for c in (x, y, z)]
    d = sum(n * (c - m) for n, c, m in zip(normal, (x, y, z), middle, strict=True))
    sheet.paint(volume, ..., d, normal, everywhere(0.1, d.shape), 1200)
    wall = volume.labels == sheet.THIN
    sides, count = label(~wall)
    assert count == 2, "face to face neighbours do not leak through"
    # One layer: along the axis that it faces, at most two voxels where it passes from one to the next.
    facing = int(np.argmax(np.abs(normal) / np.array(SPACING)))
    runs = wall.sum(axis=2 - facing)
    assert runs.max() <= 1 + sum(abs(n) * s for n, s in zip(normal, SPACING, strict=True)) / (abs(normal[facing]) * SPACING[facing])
    assert sides[d < -1.2].max() == sides[d < -1.2].min() != sides[d > 1.2].max()


def test_label_rules():
    volume, (z, y, x) = grid()
    volume.labels[:, :, :10] = sheet.CORTICAL
    volume.labels[:, :, 10:20] = sheet.TRABECULAR
    d = (y - 10).astype(np.float32)
    for thickness, wanted in ((1.6, sheet.THIN), (1.61, sheet.CORTICAL)):
        work = SimpleNamespace(**{k: (v.copy() if isinstance(v, np.ndarray) else v) for k, v in vars(volume).items()})
        sheet.paint(work, ..., d, (0.0, 1.0, 0.0), everywhere(thickness, d.shape), 1200)
        row = work.labels[5, 20]
        assert (row[:10] == sheet.CORTICAL).all(), "a sheet never replaces cortical bone"
        assert (row[10:] == wanted).all(), "a sheet replaces trabecular bone and background"
        np.testing.assert_allclose(work.thickness_mm[5, 20, 25], thickness, rtol=1e-6)


def test_natural_holes_are_absent():
    volume, (z, y, x) = grid()
    d = (y - 10).astype(np.float32)
    sheet.paint(volume, ..., d, (0.0, 1.0, 0.0), np.where(x > 10, 0.04, 0.3).astype(np.float32), 1200)
    hole = x > 10
    assert not volume.labels[hole].any() and not volume.fraction[hole].any()
    assert (volume.labels[(~hole) & (np.abs(d) < 0.2)] == sheet.THIN).all()
