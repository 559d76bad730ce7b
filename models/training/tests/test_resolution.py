"""Poorer scans: plain things stay what they are, truth stays where it is, and only what can be seen is asked for."""

import numpy as np
import pytest
import torch

from lamina_training import augment, crops, resolution
from lamina_training.cohort import load
from lamina_training.evaluate import shown_poorer
from lamina_training.phantom.head import make_head, near_orbit_again
from lamina_training.unet import RECIPES

SMALL = {"shape": (12, 90, 200), "centre": (0, 18, 0)}
QUIET = {"sharpened": 0.0, "noise_hu": 1e-6, "grain_px": 0.5}


def scan(**named):
    return resolution.Poorer(**{"slice_mm": 1.5, "profile": 1.0, "phase": 0.3, "pixel_mm": 0.95, "blur_mm": 1.0, **QUIET, **named})


@pytest.fixture(scope="module")
def head():
    return make_head(7, **SMALL)


@pytest.mark.parametrize("seed", range(12))
def test_a_uniform_and_a_sloping_image_stay_what_they_are(seed):
    poorer = resolution.draw(np.random.default_rng(seed))
    poorer = scan(slice_mm=poorer.slice_mm, profile=poorer.profile, phase=poorer.phase, pixel_mm=poorer.pixel_mm, blur_mm=poorer.blur_mm)
    z, y, x = np.mgrid[: 5 + 2 * resolution.REACH, :60, :50].astype(np.float32)
    slope = 10 * z + 3 * y - 2 * x
    thick, back = resolution.thicker(slope, 0.8, poorer, 5)
    found = resolution.coarser(thick, 0.5, poorer, back, np.random.default_rng(0))
    # Away from the edges no sample moves: the truth stays where it is.
    middle = (slice(None), slice(12, -12), slice(12, -12))
    np.testing.assert_allclose(found[middle], slope[resolution.REACH : -resolution.REACH][middle], atol=0.7)


def test_a_thin_wall_fades_by_the_width_of_what_averages_it():
    slab = np.full((1 + 2 * resolution.REACH, 40, 60), -1000, np.float32)
    slab[:, :, 30] = 0
    peaks = []
    for blur in (0.6, 1.2, 1.8):
        poorer = scan(blur_mm=blur)
        thick, back = resolution.thicker(slab, 0.8, poorer, 1)
        peaks.append(resolution.coarser(thick, 0.5, poorer, back, np.random.default_rng(0)).max() + 1000)
    # A wall of one 0.5 mm pixel under a Gaussian of this FWHM: 0.939 * 0.5 / FWHM of it is left at most.
    assert peaks[0] > peaks[1] > peaks[2]
    assert peaks[2] < 1.1 * 1000 * 0.939 * 0.5 / 1.8
    lying = np.full((1 + 2 * resolution.REACH, 8, 8), -1000, np.float32)
    lying[resolution.REACH] = 0
    thick, _ = resolution.thicker(lying, 0.8, scan(), 1)
    assert -960 < thick.max() < -300


def test_noise_is_as_strong_as_it_is_said_to_be():
    poorer = scan(noise_hu=30)
    slab = np.zeros((5 + 2 * resolution.REACH, 80, 80), np.float32)
    thick, back = resolution.thicker(slab, 0.8, poorer, 5)
    found = resolution.coarser(thick, 0.5, poorer, back, np.random.default_rng(1))
    # Interpolation between samples takes some of it away, and never adds any.
    assert 10 < found.std() < 30
    assert np.corrcoef(found[2].ravel(), found[3].ravel())[0, 1] > 0.2


def test_a_ridge_is_seen_and_a_plain_an_edge_and_noise_are_not():
    rng = np.random.default_rng(0)
    hu = rng.normal(-900, 8, size=(5, 50, 50)).astype(np.float32)
    hu[:, :, 35:] += 900
    assert not resolution.seen(hu).any()
    hu[:, :, 15] += 500
    seen = resolution.seen(hu)
    assert seen[5:-5, 15].all() and not seen[:, 20:].any()
    flat = np.full((5, 50, 50), -900, np.float32)
    flat[2] += 500
    assert resolution.seen(flat).all()


def test_walls_of_the_orbit_always_count_and_septa_where_they_are_seen(head):
    labels, thin = head.labels, head.labels == 3
    counts = crops.counted(labels, head.thickness, head.near_orbit)
    assert (counts[~thin] == 1).all() and (counts[thin & head.near_orbit] == augment.WALL).all()
    assert (counts[thin & ~head.near_orbit & (head.thickness <= 60)] == augment.WHERE_SEEN).all()
    assert (counts == augment.WHERE_SEEN).any()
    k = len(labels) // 2
    foggy = np.full((5, *labels.shape[1:]), -400, np.float32)
    held = augment.Sample(foggy, labels[k], head.fraction[k], counts[k])
    assert ((augment.settled(held).counts == 0) == (counts[k] == augment.WHERE_SEEN)).all()
    assert (augment.weighed(augment.settled(held, False).counts, 1) == 1).all()
    weights = augment.weighed(augment.settled(held).counts, 2.5)
    assert set(np.unique(weights)) == {0, 1, 2.5} and ((weights == 2.5) == (counts[k] == augment.WALL)).all()


def test_where_the_orbits_are_is_known_without_painting(head):
    np.testing.assert_array_equal(near_orbit_again(7, **SMALL), head.near_orbit)
    assert 0.005 < head.near_orbit.mean() < 0.3
    assert (head.labels[head.near_orbit] > 0).mean() > 0.3


def test_a_cache_from_before_gets_its_orbits(tmp_path, monkeypatch):
    from lamina_training import cohort

    monkeypatch.setattr(cohort, "make_head", lambda seed, **_: make_head(seed, **SMALL))
    monkeypatch.setattr(cohort, "near_orbit_again", lambda seed, **_: near_orbit_again(seed, **SMALL))
    path = cohort.cached(10_002, tmp_path)
    wanted = load(10_002, tmp_path)
    with np.load(path) as held:
        old = {name: held[name] for name in held.files if name != "near_orbit"}
    np.savez_compressed(path, **old)
    np.testing.assert_array_equal(load(10_002, tmp_path).near_orbit, wanted.near_orbit)
    assert (tmp_path / f"orbit-{cohort.VERSION}-10002.npz").exists()


def test_a_holder_lies_outside_of_the_head_and_is_no_bone():
    labels = np.zeros((80, 80), np.uint8)
    hu = np.full((5, 80, 80), -1000, np.float32)
    hu[:, :40] = 40
    hu[:, 10:20, 10:20] = -1000  # a sinus
    held = augment.Sample(hu, labels, labels.astype(np.float32), np.ones_like(labels))
    drawn = 0
    for seed in range(60):
        found = augment.holder(held, np.random.default_rng(seed))
        np.testing.assert_array_equal(found.hu[:, :40], hu[:, :40])
        assert not found.labels.any()
        drawn += bool((found.hu[:, 40:] > -950).any())
    assert 1 <= drawn <= 30


@pytest.mark.parametrize("recipe", ["orbit", "unet-b"])
def test_batches_of_poorer_crops(head, monkeypatch, recipe):
    monkeypatch.setattr(crops, "POORER", 1.0)
    batch = crops.batch([head], RECIPES[recipe], 6, 64, np.random.default_rng(2))
    assert batch.hu.shape == (6, RECIPES[recipe].slices, 64, 64) and torch.isfinite(batch.hu).all()
    assert set(batch.counts.unique().tolist()) <= {0.0, 1.0, RECIPES[recipe].wall_weight}
    again = crops.batch([head], RECIPES[recipe], 6, 64, np.random.default_rng(2))
    assert torch.equal(batch.hu, again.hu)


def test_a_head_that_is_shown_poorer_keeps_its_truth(head):
    shown = shown_poorer(head)
    assert shown.hu.dtype == np.int16 and shown.hu.shape == head.hu.shape and shown.labels is head.labels
    thin = (head.labels == 3) & (head.thickness < 40)
    assert shown.hu[thin].mean() < head.hu[thin].mean() - 20
    # Neither darker nor shifted as a whole.
    assert abs(float(shown.hu[:, 20:-20, 20:-20].mean()) - float(head.hu[:, 20:-20, 20:-20].mean())) < 12
    assert shown_poorer(head).hu.tobytes() == shown.hu.tobytes()
