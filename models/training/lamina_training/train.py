"""Trains one network; stops at a number of steps or minutes and goes on from its checkpoint. One process or torchrun, CPU or CUDA."""

from __future__ import annotations

import argparse
import csv
import math
import os
import signal
import threading
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import distributed

from . import crops
from .cohort import SIZES, Cohort, load
from .loss import loss_of
from .unet import RECIPES, Recipe, UNet, make_network, windowed

VALIDATION_SEED = 77


@dataclass(frozen=True)
class Settings:
    recipe: str
    steps: int
    seed: int = 1
    batch: int = 20
    crop: int = 128
    base: int = 16
    depth: int = 6
    validate_every: int = 50
    warm_up: int = 20
    descent_from: int = 0
    """A run that goes on along a cosine begins another descent here, from half the rate of the first."""


class Run:
    """Network, optimiser and the step they have come to."""

    def __init__(self, settings: Settings, device: str = "cpu") -> None:
        self.settings, self.device = settings, device
        self.recipe: Recipe = RECIPES[settings.recipe]
        torch.manual_seed(settings.seed)
        self.network: UNet = make_network(self.recipe, settings.base, settings.depth).to(device, memory_format=torch.channels_last)
        self.optimiser = torch.optim.Adam(self.network.parameters(), lr=self.recipe.learning_rate)
        self.step, self.seconds = 0, 0.0
        self.rank, self.world = (distributed.get_rank(), distributed.get_world_size()) if distributed.is_initialized() else (0, 1)
        wrapped = torch.nn.parallel.DistributedDataParallel
        self.parallel = wrapped(self.network) if self.world > 1 else self.network

    def rate(self) -> float:
        s = self.settings
        if not self.recipe.decay:
            return self.recipe.learning_rate
        into = self.step - s.descent_from
        way = min(1, max(0, into) / (s.steps - s.descent_from))
        return self.recipe.learning_rate * (0.5 if s.descent_from else 1) * min(1, (into + 1) / s.warm_up) * 0.5 * (1 + math.cos(math.pi * way))

    def batch(self, heads, rng: np.random.Generator, augment: bool) -> crops.Batch:
        count = max(1, self.settings.batch // self.world)
        drawn = crops.batch(heads, self.recipe, count, self.settings.crop, rng, augment)
        return crops.Batch(*(t.to(self.device) for t in (drawn.hu, drawn.target, drawn.fraction, drawn.counts)))

    def advance(self, heads) -> float:
        """One step. What is drawn depends on (seed, step, rank) only."""
        started = time.monotonic()
        self.network.train()
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate()
        batch = self.batch(heads, np.random.default_rng([self.settings.seed, self.step, self.rank]), True)
        loss = loss_of(self.recipe, self.parallel(windowed(batch.hu, self.recipe).contiguous(memory_format=torch.channels_last)), batch)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        self.step += 1
        self.seconds += time.monotonic() - started
        return float(loss.detach())

    @torch.no_grad()
    def validate(self, heads, batches: int = 4) -> dict[str, float]:
        """Loss and Dice of the foreground on the same crops every time."""
        self.network.eval()
        losses, overlap, sizes = [], 0.0, 0.0
        for n in range(batches):
            batch = self.batch(heads, np.random.default_rng([VALIDATION_SEED, n]), False)
            out = self.network(windowed(batch.hu, self.recipe))
            losses.append(float(loss_of(self.recipe, out, batch)))
            found, truth = out[:, : len(self.recipe.classes)].argmax(1) > 0, batch.target > 0
            overlap += float((found & truth).sum())
            sizes += float(found.sum() + truth.sum())
        return {"validation_loss": sum(losses) / batches, "validation_dice": 2 * overlap / max(sizes, 1)}

    def save(self, path: Path, optimiser: bool = True) -> None:
        """Written to a side file and moved, so that a stop leaves the old checkpoint or the new one, never half of one.

        Without the optimiser it is a third of the size; who resumes it starts with empty moments of Adam.
        """
        held = {
            "settings": asdict(self.settings), "network": self.network.state_dict(),
            "optimiser": self.optimiser.state_dict() if optimiser else None,
            "step": self.step, "seconds": self.seconds,
        }
        side = path.with_name(f".{path.name}.{os.getpid()}")
        with side.open("wb") as file:
            torch.save(held, file)
            file.flush()
            os.fsync(file.fileno())
        side.replace(path)

    @classmethod
    def resume(cls, path: Path, device: str = "cpu") -> Run:
        held = torch.load(path, map_location=device, weights_only=True)
        run = cls(Settings(**held["settings"]), device)
        run.network.load_state_dict(held["network"])
        if held["optimiser"] is not None:
            run.optimiser.load_state_dict(held["optimiser"])
        run.step, run.seconds = held["step"], held["seconds"]
        return run


def train(run: Run, training, validation, folder: Path, minutes: float = math.inf) -> None:
    """Runs to the last step, out of minutes, or until it is told to stop (SIGTERM: after the step it is in); leaves `<recipe>.pt` and appends to `<recipe>.csv`."""
    until = time.monotonic() + 60 * minutes
    first = run.rank == 0
    curve = folder / f"{run.settings.recipe}.csv"
    checkpoint = folder / f"{run.settings.recipe}.pt"
    folder.mkdir(parents=True, exist_ok=True)
    recent: list[float] = []
    asked = threading.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: asked.set())
    while run.step < run.settings.steps and time.monotonic() < until and not asked.is_set():
        recent.append(run.advance(training))
        if run.step % run.settings.validate_every == 0 or run.step == run.settings.steps:
            if first:
                row = {"step": run.step, "minutes": round(run.seconds / 60, 3), "rate": run.rate(), "loss": sum(recent) / len(recent), **run.validate(validation)}
                fresh = not curve.exists()
                with curve.open("a", newline="") as file:
                    writer = csv.DictWriter(file, row)
                    if fresh:
                        writer.writeheader()
                    writer.writerow(row)
                print(run.settings.recipe, *(f"{k}={v:.4g}" for k, v in row.items()), flush=True)
                run.save(checkpoint)
            recent.clear()
    if first:
        run.save(checkpoint)
    signal.signal(signal.SIGTERM, before)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recipe", choices=RECIPES)
    parser.add_argument("--cohort", type=Path, required=True, help="folder of the cached heads, outside the repository")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--size", choices=SIZES, default="reduced")
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=math.inf)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--base", type=int, default=16)
    parser.add_argument("--batch", type=int, default=20)
    parser.add_argument("--crop", type=int, default=128)
    parser.add_argument("--descent-from", type=int, default=0, help="ours: the step at which another descent of the rate begins")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    # Numbers too small to matter cost a processor a hundred times an ordinary one.
    torch.set_flush_denormal(True)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if int(os.environ.get("WORLD_SIZE", "1")) > 1:
        distributed.init_process_group("nccl" if device == "cuda" else "gloo")
        if device == "cuda":
            device = f"cuda:{int(os.environ['LOCAL_RANK'])}"
            torch.cuda.set_device(device)
    path = args.out / f"{args.recipe}.pt"
    settings = Settings(args.recipe, args.steps, args.seed, args.batch, args.crop, args.base, descent_from=args.descent_from)
    run = Run.resume(path, device) if path.exists() else Run(settings, device)
    if replace(run.settings, steps=args.steps, descent_from=args.descent_from) != settings:
        raise SystemExit(f"{path} was trained with {run.settings}, not {settings}: name the same settings or another folder")
    # Another number of steps is the same run at a constant rate; along a cosine it is a new descent from where the old one stands.
    run.settings = settings
    cohort = Cohort(args.size)
    training, validation = ([load(seed, args.cohort) for seed in cohort.seeds(split)] for split in ("train", "validation"))
    train(run, training, validation, args.out, args.minutes)


if __name__ == "__main__":
    main()
