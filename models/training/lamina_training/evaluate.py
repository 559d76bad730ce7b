"""Methods A, hysteresis, B, C and ours on the test heads. The figures are of synthetic heads and compare with nothing else."""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from scipy.ndimage import label

from .cohort import HARD, SIZES, Cohort, load
from .metrics import compare, summary
from .phantom.head import Phantom
from .resolution import Poorer, poorer_scan
from .train import Run
from .unet import Deployed

SHOWN_POORER = "poorer"
WORDING = "trained on procedural phantoms only; not validated on patients; validate locally"


def hysteresis(hu: np.ndarray, low: float = 130, high: float = 300) -> np.ndarray:
    """Voxels above `low` that hang together (26) with one above `high`."""
    pieces, count = label(hu > low, np.ones((3, 3, 3)))
    seeded = np.zeros(count + 1, bool)
    seeded[np.unique(pieces[hu > high])] = True
    seeded[0] = False
    return seeded[pieces]


@torch.no_grad()
def background(shell: Deployed, hu: np.ndarray, device: str, slab: int = 8) -> np.ndarray:
    """Probability of no bone, slab by slab with the neighbouring slices around it: [z, y, x]."""
    halo = shell.recipe.slices // 2
    out = np.empty(hu.shape, np.float32)
    for k in range(0, len(hu), slab):
        a, b = max(0, k - halo), min(len(hu), k + slab + halo)
        result = shell(torch.from_numpy(hu[a:b].astype(np.float32))[None, None].to(device))
        probability = result[0] if shell.recipe.fraction else result
        out[k : k + slab] = probability[0, 0, k - a : k - a + min(slab, len(hu) - k)].cpu().numpy()
    return out


def masks(head: Phantom, shells: dict[str, Deployed], device: str, thresholds: bool = True) -> dict[str, np.ndarray]:
    """The mask of each method whose networks are at hand."""
    found = {"A 300 HU": head.hu >= 300, "hysteresis 130/300": hysteresis(head.hu)} if thresholds else {}
    none = {name: background(shell, head.hu, device) for name, shell in shells.items()}
    if "unet-b" in none:
        found["B unet-b"] = none["unet-b"] < 0.5
    if "unet-c-cortical" in none and "unet-c-thin" in none:
        found["C unet-c"] = (none["unet-c-cortical"] < 0.5) | (none["unet-c-thin"] < 0.5)
    if "orbit" in none:
        found["ours orbit"] = none["orbit"] < 0.5
    return found


POORER = Poorer(slice_mm=1.5, profile=1.1, phase=0.4, pixel_mm=0.95, blur_mm=1.0, sharpened=0.0, noise_hu=8, grain_px=0.5)
"""A scan that was not made for the orbit, as it comes to the network: interpolated."""


def shown_poorer(head: Phantom) -> Phantom:
    """The same truth as a scan of 0.95 x 0.95 x 1.5 mm voxels shows it."""
    hu = poorer_scan(head.hu, head.spacing_mm, POORER, np.random.default_rng([head.seed, 9]))
    return replace(head, hu=hu, card={**head.card, "scanner": {**head.card["scanner"], "kernel": SHOWN_POORER}})


def sha256(run: Run) -> str:
    """Of the weights, so that figures cannot be taken for those of another network."""
    digest = hashlib.sha256()
    for name, value in run.network.state_dict().items():
        digest.update(name.encode() + value.cpu().numpy().tobytes())
    return digest.hexdigest()


def table(rows: list[dict]) -> dict:
    """Means over heads, for all of them and apart by kernel and by how thin the walls are; heads that are shown poorer on purpose stand apart."""
    groups: dict[str, list[dict]] = {"all": [row for row in rows if row["kernel"] != SHOWN_POORER]}
    for row in rows:
        if row["kernel"] == SHOWN_POORER:
            groups.setdefault("as 0.95 x 0.95 x 1.5 mm voxels", []).append(row)
            continue
        groups.setdefault(f"kernel {row['kernel']}", []).append(row)
        groups.setdefault("hard" if row["hard"] else "ordinary", []).append(row)
        groups.setdefault("cut around the orbits" if row["region"] == "orbits" else "cut elsewhere", []).append(row)
    return {
        name: {
            method: {
                **{key: summary([r["methods"][method][key] for r in chosen]) for key in chosen[0]["methods"][method] if key != "thinWallRecall"},
                "thinWallRecall": {
                    part: summary([r["methods"][method]["thinWallRecall"][part] for r in chosen]) for part in chosen[0]["methods"][method]["thinWallRecall"]
                },
            }
            for method in chosen[0]["methods"]
        }
        for name, chosen in groups.items()
        if chosen
    }


def join(networks: dict, rows: dict[tuple[int, str], dict], other: dict) -> None:
    """Adds another share to this one: its heads, and its methods on heads that both have. Raises ValueError where a network is another one."""
    for name, network in other["networks"].items():
        if networks.setdefault(name, network) != network:
            raise ValueError(f"the shares were made with two networks called {name}")
    for row in other["heads"]:
        mine = rows.setdefault((row["seed"], row["kernel"]), {**row, "methods": {}})
        mine["methods"] = dict(sorted({**mine["methods"], **row["methods"]}.items()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoints", type=Path, nargs="*")
    parser.add_argument("--cohort", type=Path, required=True)
    parser.add_argument("--size", choices=SIZES, default="reduced")
    parser.add_argument("--split", default="test")
    parser.add_argument("--heads", type=int, help="only the first so many")
    parser.add_argument("--skip", type=int, default=0, help="all but the first so many: what another share has")
    parser.add_argument("--part", type=int, default=0, help="which share of the heads this process takes")
    parser.add_argument("--parts", type=int, default=1)
    parser.add_argument("--join", type=Path, nargs="*", default=[], help="what other shares wrote, of other heads or of other networks")
    parser.add_argument("--poorer", action="store_true", help="show each head as a scan of 0.95 x 0.95 x 1.5 mm voxels shows it")
    parser.add_argument("--no-thresholds", action="store_true", help="leave out A and hysteresis")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cpu":
        torch.set_num_threads(1)
        torch.set_flush_denormal(True)
    runs = [Run.resume(path, device) for path in args.checkpoints]
    shells = {run.recipe.id: Deployed(run.network, run.recipe).eval() for run in runs}
    networks = {
        run.recipe.id: {"steps": run.step, "seed": run.settings.seed, "minutes": round(run.seconds / 60, 1), "sha256": sha256(run)} for run in runs
    }
    rows: dict[tuple[int, str], dict] = {}
    cohort = Cohort(args.size)
    chosen = slice(args.skip, args.heads)
    seeds = [*cohort.seeds(args.split)[chosen], *(cohort.seeds(HARD)[chosen] if args.split == "test" else [])]
    # Without a network there is nothing to run: only shares to join.
    for seed in seeds[args.part :: args.parts] if runs else []:
        head = load(seed, args.cohort)
        if args.poorer:
            head = shown_poorer(head)
        methods = {
            name: compare(mask, head.hu, head.labels, head.thickness, head.spacing_mm)
            for name, mask in masks(head, shells, device, not args.no_thresholds).items()
        }
        kernel = head.card["scanner"]["kernel"]
        rows[seed, kernel] = {"seed": seed, "kernel": kernel, "hard": head.card["head"]["hard"], "region": head.card["region"],
                              "family": head.card["head"]["family"], "methods": methods}
        print(seed, head.card["scanner"]["kernel"], head.card["region"], {m: round(100 * r["dsc"], 1) for m, r in methods.items()}, flush=True)
    for other in map(json.loads, (path.read_text() for path in args.join)):
        join(networks, rows, other)
    methods = {m for row in rows.values() for m in row["methods"]}
    short = [key for key, row in rows.items() if methods != set(row["methods"])]
    whole = [rows[key] for key in sorted(rows) if key not in short]
    if short:
        print(f"without a share: {len(short)} heads lack a method, no table is made of them: {short}")
    result = {
        "synthetic": True, "wording": WORDING, "region": "whole crop of each head", "split": args.split,
        "networks": networks, "summary": table(whole), "heads": [rows[key] for key in sorted(rows)],
    }
    args.out.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
