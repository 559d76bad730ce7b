"""The cache gives back what the generator made, and never half of it."""

import json

import numpy as np
import pytest

from lamina_training import cohort
from lamina_training.phantom.head import make_head


def small(seed, **named):
    return make_head(seed, (6, 60, 80), **{"centre": (0, 18, 0), **named})


def test_the_cache_gives_back_the_head(tmp_path, monkeypatch):
    monkeypatch.setattr(cohort, "make_head", small)
    first, held = small(10_000), cohort.load(10_000, tmp_path)
    for part in ("hu", "labels", "fraction", "thickness"):
        np.testing.assert_array_equal(getattr(first, part), getattr(held, part))
        assert getattr(first, part).dtype == getattr(held, part).dtype
    assert held.card == json.loads(json.dumps(first.card)) and held.spacing_mm == first.spacing_mm
    monkeypatch.setattr(cohort, "make_head", lambda *_, **__: pytest.fail("made twice"))
    cohort.load(10_000, tmp_path)


def test_hard_heads_are_hard(tmp_path, monkeypatch):
    monkeypatch.setattr(cohort, "make_head", small)
    seeds = cohort.Cohort("reduced").seeds(cohort.HARD)
    assert len(seeds) == cohort.HARD_HEADS
    assert all(cohort.load(seed, tmp_path).card["head"]["hard"] for seed in seeds[:3])


def test_a_stop_while_writing_leaves_nothing_that_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(cohort, "make_head", small)

    def stopped(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as inner:
        inner.setattr(np, "savez_compressed", stopped)
        with pytest.raises(KeyboardInterrupt):
            cohort.cached(10_001, tmp_path)
    assert not list(tmp_path.glob("head-*.npz"))
    assert cohort.load(10_001, tmp_path).seed == 10_001
