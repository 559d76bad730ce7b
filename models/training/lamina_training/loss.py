"""Cross-entropy plus Dice (D.3), and for ours the bone fraction."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from .crops import Batch
from .unet import Recipe

LABEL_WEIGHTS = (1.0, 1.0, 1.0, 2.0)
"""Ours only: a thin voxel weighs twice, for there are few."""


def dice_loss(probability: Tensor, truth: Tensor, counts: Tensor) -> Tensor:
    """1 - soft Dice over the batch."""
    overlap = (probability * truth * counts).sum()
    return 1 - (2 * overlap + 1) / (((probability + truth) * counts).sum() + 1)


def loss_of(recipe: Recipe, out: Tensor, batch: Batch) -> Tensor:
    classes = len(recipe.classes)
    logits = out[:, :classes]
    weights = torch.tensor(LABEL_WEIGHTS, device=out.device) if recipe.target == "labels" else None
    each = F.cross_entropy(logits, batch.target, weight=weights, reduction="none")
    total = (each * batch.counts).sum() / batch.counts.sum().clamp(min=1)
    probability = torch.softmax(logits, 1)
    if recipe.target != "labels":
        return total + dice_loss(probability[:, 1], (batch.target == 1).float(), batch.counts)
    parts = [dice_loss(probability[:, c], (batch.target == c).float(), batch.counts) for c in range(1, classes)]
    whole = dice_loss(1 - probability[:, 0], (batch.target > 0).float(), batch.counts)
    total = total + (sum(parts) / len(parts) + whole) / 2
    if recipe.fraction:
        wrong = F.binary_cross_entropy_with_logits(out[:, classes], batch.fraction, reduction="none")
        total = total + 0.5 * (wrong * batch.counts).sum() / batch.counts.sum().clamp(min=1)
    return total
