"""Heads: the same from the same seed, left unlike right, labels that agree with the fraction."""

import numpy as np
import pytest

from lamina_training.phantom import cells, family, scanner
from lamina_training.phantom.head import make_head

SMALL = (14, 150, 240)
CENTRE = (0, 18, 0)


@pytest.fixture(scope="module")
def head():
    return make_head(5, SMALL, centre=CENTRE)


def test_the_same_seed_gives_the_same_head(head):
    again, other = make_head(5, SMALL, centre=CENTRE), make_head(6, SMALL, centre=CENTRE)
    for part in ("hu", "labels", "fraction", "thickness"):
        np.testing.assert_array_equal(getattr(head, part), getattr(again, part))
    assert head.card == again.card
    assert (head.hu != other.hu).mean() > 0.5


def test_twelve_bits_and_every_label(head):
    assert head.hu.dtype == np.int16
    assert head.hu.min() >= -1024 and head.hu.max() <= 3071
    assert set(np.unique(head.labels)) == {0, 1, 2, 3}


def test_left_and_right_are_drawn_apart(head):
    mirrored = head.labels[:, :, ::-1]
    both = (head.labels > 0) & (mirrored > 0)
    either = (head.labels > 0) | (mirrored > 0)
    assert both.sum() / either.sum() < 0.75


def test_thickness_is_known_where_and_only_where_a_wall_is_thin(head):
    np.testing.assert_array_equal(head.thickness > 0, head.labels == 3)
    assert head.thickness[head.labels == 3].max() <= 160


def test_fraction_agrees_with_labels(head):
    assert head.fraction[head.labels == 2].min() > 120
    assert (head.fraction[head.labels == 0] > 160).mean() < 0.002
    # A wall of 0.1 to 0.6 mm fills a part of its voxels; the layer of labels is wider than the bone in it.
    thin = head.fraction[(head.labels == 3) & (head.thickness < 40)]
    assert 20 < thin.mean() < 160


def test_bone_is_brighter_than_what_is_around_it(head):
    assert head.hu[head.labels == 1].mean() > 500
    assert -300 < head.hu[head.labels == 0].mean() < 60


@pytest.mark.parametrize("name", family.FAMILIES)
def test_families(name):
    head = make_head(3, SMALL, family_name=name, centre=CENTRE)
    assert head.card["head"]["family"] == name
    assert (head.labels == 3).any()


def test_hard_heads_are_thinner():
    walls = [make_head(8, SMALL, hard=hard, centre=CENTRE) for hard in (False, True)]
    medians = [np.median(w.thickness[w.thickness > 0]) for w in walls]
    assert medians[1] < medians[0]


@pytest.mark.parametrize("model", cells.MODELS)
def test_cell_walls_part_the_cells(model):
    find = cells.make(model, np.random.default_rng(2), (0, 0, 0), (14, 40, 20))
    z, y, x = np.meshgrid(np.arange(2, 18, 0.5), np.arange(2, 38, 0.5), np.arange(2, 12, 0.5), indexing="ij")
    cell, wall, normal = find(x, y, z)
    assert len(np.unique(cell)) >= 2
    np.testing.assert_allclose(sum(n * n for n in normal), 1, atol=1e-4)
    # Between two voxels of different cells there is a wall within reach of both.
    crossed = cell[:, :, 1:] != cell[:, :, :-1]
    near = np.minimum(wall[:, :, 1:], wall[:, :, :-1])[crossed]
    # Only where three cells meet may the wall of the two nearest points be another than the one that is crossed.
    assert (near <= 0.26).mean() > 0.98 and near.max() < 0.6


def test_kernels_differ_in_resolution_and_noise():
    heads = {k: make_head(4, SMALL, kernel=k, centre=CENTRE) for k in scanner.KERNELS}
    noise = {k: h.hu[:, 120:, 110:130].std() for k, h in heads.items()}
    assert noise["bone"] > noise["standard"] > 0
    for k in ("standard", "soft"):
        np.testing.assert_array_equal(heads[k].labels, heads["bone"].labels)


def test_metal_throws_streaks():
    volume = np.full((3, 64, 64), 40, np.float32)
    volume[1, 20:28, 36:44] = 9000
    volume[1, 40:48, 36:44] = 9000
    from lamina_training.phantom.metal import metal_error

    error = metal_error(volume, 0.5, np.random.default_rng(0))
    assert not error[0].any() and not error[2].any()
    # Between the two pieces the beam is hardened most: a dark band.
    assert error[1, 32:36, 38:42].mean() < -30 < error[1, 2:10, 38:42].mean()


@pytest.mark.parametrize("bad", [{"seed": -1}, {"seed": 1, "family_name": "robot"}, {"seed": 1, "kernel": "magic"}, {"seed": 1, "cell_model": "foam"}])
def test_unknown_names_are_refused(bad):
    with pytest.raises(ValueError):
        make_head(**bad, shape=(4, 40, 40), centre=CENTRE)
