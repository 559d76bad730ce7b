"""Figures by hand."""

import numpy as np
import pytest

from lamina_training.evaluate import hysteresis, join, table
from lamina_training.metrics import compare, overlap, summary, surface_distances, thin_recall


def test_overlap_counts_by_hand():
    truth = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0, 0], bool)
    found = np.array([1, 1, 1, 0, 1, 1, 0, 0, 0, 0], bool)
    assert overlap(found, truth) == {"sensitivity": 3 / 4, "specificity": 4 / 6, "accuracy": 7 / 10, "dsc": 6 / 9, "iou": 3 / 6}


def test_nothing_to_find_has_no_sensitivity():
    nothing = np.zeros(4, bool)
    assert overlap(nothing, nothing) == {"sensitivity": None, "specificity": 1.0, "accuracy": 1.0, "dsc": None, "iou": None}


def test_surfaces_of_two_shifted_cubes():
    a = np.zeros((20, 20, 20), bool)
    a[5:15, 5:15, 5:15] = True
    b = np.roll(a, 2, axis=2)
    assert surface_distances(a, a, (0.5, 0.5, 1.0)) == {"hd95Mm": 0.0, "assdMm": 0.0}
    found = surface_distances(a, b, (0.5, 0.5, 1.0))
    assert found["hd95Mm"] == pytest.approx(1.0)
    assert 0 < found["assdMm"] < 1
    assert surface_distances(a, 0 * b > 1, (1, 1, 1)) == {"hd95Mm": None, "assdMm": None}


def test_recall_by_thickness():
    labels = np.full((4, 100), 3, np.uint8)
    thickness = np.repeat(np.array([[13], [30], [50], [160]], np.uint8), 100, 1)
    found = np.zeros((4, 100), bool)
    found[0, :25] = found[1, :50] = found[3, :] = True
    recall = thin_recall(found, labels, thickness)
    assert recall["all"] == pytest.approx((25 + 50 + 100) / 400)
    assert recall["0.05-0.15 mm"] == 0.25 and recall["0.25-0.40 mm"] == 0.5 and recall["0.40-0.60 mm"] == 0
    assert recall["1.00-1.60 mm"] == 1 and recall["0.15-0.25 mm"] is None


def test_summary_by_hand():
    assert summary([None, None]) is None
    s = summary([0.8, 0.9, 1.0, None])
    assert s["mean"] == pytest.approx(0.9) and s["sd"] == pytest.approx(0.1) and s["heads"] == 3
    assert s["high95"] - s["low95"] == pytest.approx(2 * 1.96 * 0.1 / np.sqrt(3))


def test_hysteresis_keeps_only_what_holds_a_seed():
    hu = np.zeros((3, 3, 12))
    hu[1, 1, 1:4] = (150, 400, 150)
    hu[1, 1, 7:10] = 200
    found = hysteresis(hu)
    assert found[1, 1].tolist() == [False, True, True, True] + [False] * 8


def test_table_groups_by_kernel_and_hardness():
    labels = np.zeros((6, 20, 20), np.uint8)
    labels[:, 10] = 3
    thickness = (labels * 10).astype(np.uint8)
    hu = np.where(labels, 250, 0)
    row = compare(labels > 0, hu, labels, thickness, (0.5, 0.5, 1.0))
    assert row["dsc"] == row["thinDsc"] == row["thinWallRecall"]["all"] == 1.0
    rows = [{"kernel": k, "hard": h, "region": "orbits", "methods": {"m": row}} for k, h in (("bone", True), ("standard", False), ("poorer", False))]
    result = table(rows)
    assert set(result) == {"all", "kernel bone", "kernel standard", "hard", "ordinary", "cut around the orbits", "as 0.95 x 0.95 x 1.5 mm voxels"}
    assert set(table(rows[2:])) == {"as 0.95 x 0.95 x 1.5 mm voxels"}
    assert result["all"]["m"]["dsc"]["heads"] == 2 and result["hard"]["m"]["dsc"]["heads"] == 1


def test_shares_join_by_head_and_by_method():
    one = {"networks": {"a": {"sha256": "1"}}, "heads": [{"seed": 1, "kernel": "k", "methods": {"b": 1}}, {"seed": 2, "kernel": "k", "methods": {"b": 2}}]}
    two = {"networks": {"c": {"sha256": "2"}}, "heads": [{"seed": 1, "kernel": "k", "methods": {"a": 3}}, {"seed": 1, "kernel": "poorer", "methods": {"a": 4}}]}
    networks, rows = {}, {}
    join(networks, rows, one)
    join(networks, rows, two)
    assert set(networks) == {"a", "c"} and rows[1, "k"]["methods"] == {"a": 3, "b": 1} and rows[2, "k"]["methods"] == {"b": 2}
    assert rows[1, "poorer"]["methods"] == {"a": 4}
    with pytest.raises(ValueError, match="two networks called a"):
        join(networks, rows, {"networks": {"a": {"sha256": "9"}}, "heads": []})
