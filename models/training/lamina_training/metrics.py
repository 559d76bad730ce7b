"""Agreement of a found mask with the truth, in a stated region: 11.2 and surface distances."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import binary_erosion, distance_transform_edt

THICKNESS_BINS_MM = (0.05, 0.15, 0.25, 0.4, 0.6, 1.0, 1.6)


def overlap(found: np.ndarray, truth: np.ndarray) -> dict[str, float | None]:
    """Sensitivity, specificity, accuracy, DSC and IoU; None where a quotient has no denominator."""
    tp, fp = int((found & truth).sum()), int((found & ~truth).sum())
    fn = int((~found & truth).sum())
    tn = found.size - tp - fp - fn

    def part(a: int, b: int) -> float | None:
        return a / b if b else None

    return {
        "sensitivity": part(tp, tp + fn),
        "specificity": part(tn, tn + fp),
        "accuracy": part(tp + tn, found.size),
        "dsc": part(2 * tp, 2 * tp + fp + fn),
        "iou": part(tp, tp + fp + fn),
    }


def surface_distances(found: np.ndarray, truth: np.ndarray, spacing_mm) -> dict[str, float | None]:
    """HD95 (the larger directed one) and ASSD in mm over surface voxels, each counted once (not weighted by area). [z, y, x], spacing (x, y, z)."""
    if not found.any() or not truth.any():
        return {"hd95Mm": None, "assdMm": None}
    spacing = spacing_mm[::-1]
    edges = [m & ~binary_erosion(m, border_value=1) for m in (found, truth)]
    if not edges[0].any() or not edges[1].any():
        return {"hd95Mm": None, "assdMm": None}
    there = distance_transform_edt(~edges[1], spacing)[edges[0]]
    back = distance_transform_edt(~edges[0], spacing)[edges[1]]
    return {
        "hd95Mm": float(max(np.percentile(there, 95), np.percentile(back, 95))),
        "assdMm": float((there.sum() + back.sum()) / (len(there) + len(back))),
    }


def thin_recall(found: np.ndarray, labels: np.ndarray, thickness: np.ndarray) -> dict[str, float | None]:
    """Part of the voxels of true thin walls (label 3) that were found as bone: all, and by true thickness (in 0.01 mm)."""
    thin = labels == 3
    recalls = {"all": float(found[thin].mean()) if thin.any() else None}
    for low, high in zip(THICKNESS_BINS_MM[:-1], THICKNESS_BINS_MM[1:], strict=True):
        here = thin & (thickness > round(low * 100)) & (thickness <= round(high * 100))
        recalls[f"{low:.2f}-{high:.2f} mm"] = float(found[here].mean()) if here.sum() >= 50 else None
    return recalls


def compare(found: np.ndarray, hu: np.ndarray, labels: np.ndarray, thickness: np.ndarray, spacing_mm) -> dict:
    """One head: whole bone; cortical (HU above 200) and thin (HU below 300) parts of both masks as in D.3; true thin walls; surfaces."""
    truth = labels > 0
    return {
        **overlap(found, truth),
        "corticalDsc": overlap(found & (hu > 200), truth & (hu > 200))["dsc"],
        "thinDsc": overlap(found & (hu < 300), truth & (hu < 300))["dsc"],
        "thinWallRecall": thin_recall(found, labels, thickness),
        **surface_distances(found, truth, spacing_mm),
    }


def summary(values: list[float | None]) -> dict[str, float | int] | None:
    """Mean, SD and a 95 % interval of the mean (normal approximation) over the heads for which the figure exists."""
    there = np.array([v for v in values if v is not None], float)
    if not len(there):
        return None
    sd = float(there.std(ddof=1)) if len(there) > 1 else 0.0
    half = 1.96 * sd / np.sqrt(len(there))
    return {"mean": float(there.mean()), "sd": sd, "low95": float(there.mean() - half), "high95": float(there.mean() + half), "heads": len(there)}
