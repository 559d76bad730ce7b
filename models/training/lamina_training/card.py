"""The card of a model: for a program to hold an input against, and for a person to weigh the risks (12.1)."""

from __future__ import annotations

from .cohort import HARD, SPLITS, VERSION, Cohort
from .evaluate import WORDING, sha256
from .train import Run

SCHEMA = 1
OF_METHOD = {"unet-b": "B unet-b", "unet-c-cortical": "C unet-c", "unet-c-thin": "C unet-c", "orbit": "ours orbit"}
RISKS = [
    "Trained on drawings of heads, never on a patient: anatomy, disease and artefacts that were not drawn are unknown to it.",
    "With a standard kernel a wall of 0.13 mm between fat and air has no peak of its own in HU: there the wall is inferred from the two sides of it, and may be drawn where a fracture or a natural hole has left none.",
    "In the ethmoid it draws septa thicker than they are, fills the smallest cells, and leaves out septa that the image does not show; where a slice grazes the roof of a sinus it draws loops that are not there. Seen by eye on one real head of 0.96 x 0.96 x 1.5 mm voxels.",
    "Thin walls of the orbit weighed three voxels in training: where the image hardly tells, a wall is drawn rather than left out, also across a small fracture or a natural hole (network orbit).",
    "A head holder and the cushion on it are taken for bone, seen on a real head: run inside a region of interest, or take away what lies outside of the head.",
    "A slice that runs along a wall instead of across it (roof and floor in axial slices) leaves gaps.",
    "GroupNorm looks at the whole tile: another tile size or another cut of the head changes probabilities a little. Whole slices, or tiles of at least 128 x 128, are what it was trained and tested on.",
    "Metal, motion, contrast medium and a tilted gantry are only roughly modelled or not at all.",
]


def make_card(run: Run, opset: int, sha256: str, size: int, parity_error: float, evaluation: dict | None, cohort_size: str = "reduced") -> dict:
    recipe, s = run.recipe, run.settings
    cohort = Cohort(cohort_size)
    classes = len(recipe.classes)
    outputs = [{"name": "probability", "dtype": "float32", "shape": [1, classes, "D", "H", "W"], "classes": list(recipe.classes), "sum": 1}]
    if recipe.fraction:
        outputs.append({"name": "fraction", "dtype": "float32", "shape": [1, 1, "D", "H", "W"], "meaning": "part of the voxel that is bone"})
    return {
        "schema": SCHEMA,
        "id": recipe.id,
        "title": recipe.method,
        "wording": WORDING,
        "licence": "Apache-2.0",
        "intendedUse": "Bone of the orbit in CT of the head, for a person to review. Not a medical device.",
        "file": {"name": "model.onnx", "sha256": sha256, "bytes": size, "opset": opset, "externalWeights": False},
        "input": {
            "name": "hu",
            "dtype": "float32",
            "shape": [1, 1, "D", "H", "W"],
            "axes": "D from foot to head, H from front to back, W from the patient's right to left (LPS)",
            "modality": "CT",
            "unit": "HU",
            "rangeHu": [-1024, 3071],
            "windowsHu": [list(w) for w in recipe.windows_hu],
            "windowsAppliedInside": True,
            "pixelMm": {"trained": [0.41, 0.59], "resampleTo": 0.5},
            "sliceMm": {"trained": [0.63, 1.0]},
            "haloSlices": recipe.slices // 2,
            "haloPixels": 64,
            "leastTilePixels": 128,
            "anySize": True,
        },
        "outputs": outputs,
        "whole": "1 - probability of background" if recipe.id != "unet-c-thin" and recipe.id != "unet-c-cortical" else "joined with the other network of Method C",
        "memory": {"widestFloatsPerVoxel": 2 * s.base, "layers": s.depth, "base": s.base},
        "training": {
            "recipe": recipe.id,
            "steps": run.step,
            "stepsPlanned": s.steps,
            "complete": run.step == s.steps,
            "minutesByTheClock": round(run.seconds / 60, 1),
            "seed": s.seed,
            "batch": s.batch,
            "crop": s.crop,
            "optimiser": "Adam",
            "learningRate": recipe.learning_rate,
            "schedule": "warm-up, then half cosines to 0 (see the curve)" if recipe.decay else "constant",
            "curve": f"training/checkpoints/{recipe.id}.csv",
            "loss": "cross-entropy + Dice" + (" + half the cross-entropy of the bone fraction; a thin voxel weighs twice, one of an orbit's wall three times more" if recipe.fraction else "")
            + "; septa that the crop does not show are left out",
            "augmentation": ["geometric", "intensity", "erasing", "mixing", "style", "head holder", "poorer resolution"],
        },
        "calibration": {"boneLogit": recipe.bone_logit, "meaning": "added to the bone classes inside the file: the threshold 0.5 finds what a lower one would find without it"},
        "cohort": {
            "kind": "procedural phantoms",
            "generatorVersion": VERSION,
            "heads": {split: len(cohort.seeds(split)) for split in (*SPLITS, HARD)},
            "seeds": {split: [cohort.seeds(split)[0], cohort.seeds(split)[-1]] for split in (*SPLITS, HARD)},
            "splitBy": "head, by seed",
        },
        "metrics": metrics_of(run, evaluation),
        "parity": {"folder": f"parity/{recipe.id}", "largestDifference": parity_error},
        "risks": RISKS,
    }


def metrics_of(run: Run, evaluation: dict | None) -> dict | None:
    """The figures of the method that this network belongs to; None where it was not evaluated. Raises ValueError for figures of other weights."""
    model = run.recipe.id
    method = OF_METHOD[model]
    if evaluation is None or method not in evaluation["summary"]["all"]:
        return None
    if evaluation["networks"][model]["sha256"] != sha256(run):
        raise ValueError(f"the evaluation is of another {model}: evaluate this checkpoint first")
    return {
        "synthetic": True,
        "method": method,
        "split": evaluation["split"],
        "region": evaluation["region"],
        "threshold": 0.5,
        "groups": {name: group[method] for name, group in evaluation["summary"].items()},
    }


def make_page(card: dict) -> str:
    """The card for people."""
    t, c, f = card["training"], card["cohort"], card["file"]
    lines = [
        f"# {card['id']}: {card['title']}",
        "",
        f"**{card['wording'][0].upper()}{card['wording'][1:]}.**",
        "",
        f"{card['intendedUse']} Licence {card['licence']}.",
        "",
        "## Training",
        "",
        f"{c['heads']['train']} heads trained on, {c['heads']['validation']} to follow the training, {c['heads']['test']} tested on, and {c['heads'][HARD]} with the thinnest walls; split by head, seeds "
        + ", ".join(f"{split} {a} to {b}" for split, (a, b) in c["seeds"].items())
        + f", generator version {c['generatorVersion']}.",
        f"{t['steps']} of {t['stepsPlanned']} steps, batch {t['batch']}, crops of {t['crop']} x {t['crop']}, seed {t['seed']}, "
        f"{t['minutesByTheClock']} minutes by the clock on one CPU thread of a shared machine. {t['optimiser']}, {t['learningRate']:g}, {t['schedule']}; {t['loss']}; "
        f"augmentation: {', '.join(t['augmentation'])}.",
        "",
        "## Input and output",
        "",
        f"float32 HU [1, 1, D, H, W], {card['input']['axes']}; windows are applied inside. Pixels {card['input']['pixelMm']['trained'][0]} to "
        f"{card['input']['pixelMm']['trained'][1]} mm, slices {card['input']['sliceMm']['trained'][0]} to {card['input']['sliceMm']['trained'][1]} mm.",
        f"Classes: {', '.join(card['outputs'][0]['classes'])}. ONNX opset {f['opset']}, {f['bytes']} bytes, SHA-256 `{f['sha256']}`. "
        f"ONNX Runtime and PyTorch differ by at most {card['parity']['largestDifference']:.1e} on the known answer.",
        "",
        "## Figures (synthetic heads; they say nothing about patients)",
        "",
    ]
    metrics = card["metrics"]
    if metrics is None:
        lines.append("Not evaluated.")
    else:
        lines += [f"Method {metrics['method']}, {metrics['split']} heads, {metrics['region']}, threshold {metrics['threshold']}. Mean over heads.", ""]
        lines += ["| heads | n | DSC | thin DSC (HU < 300) | recall of true thin walls | specificity | HD95 mm | ASSD mm |", "| --- | --- | --- | --- | --- | --- | --- | --- |"]

        def shown(figure: dict | None, factor: float = 100) -> str:
            return "-" if figure is None else f"{factor * figure['mean']:.1f}" if factor == 100 else f"{figure['mean']:.2f}"

        for name, g in metrics["groups"].items():
            lines.append(
                f"| {name} | {g['dsc']['heads'] if g['dsc'] else 0} | {shown(g['dsc'])} | {shown(g['thinDsc'])} | {shown(g['thinWallRecall']['all'])} | "
                f"{shown(g['specificity'])} | {shown(g['hd95Mm'], 1)} | {shown(g['assdMm'], 1)} |"
            )
        bins = {k: v for k, v in metrics["groups"]["all"]["thinWallRecall"].items() if k != "all"}
        lines += ["", "Recall by true thickness: " + ", ".join(f"{k} {shown(v)}" for k, v in bins.items()) + "."]
    lines += ["", "## Known risks (ISO/IEC 3532-2, 12.1)", "", *[f"- {risk}" for risk in card["risks"]], ""]
    return "\n".join(lines)
