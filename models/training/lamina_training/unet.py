"""The networks: 2D U-Nets with six layers a path, and the shell that is exported around one."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class Recipe:
    """Everything that tells one network from another."""

    id: str
    windows_hu: tuple[tuple[float, float], ...]
    slices: int
    classes: tuple[str, ...]
    fraction: bool
    target: str
    """whole: bone or not; cortical: bone above 200 HU; thin: bone below 300 HU (D.3); labels: the four classes."""
    learning_rate: float
    decay: bool
    method: str
    wall_weight: float = 1.0
    """What a voxel of an orbit's thin wall weighs: where the image hardly tells, drawing the wall is to cost less than leaving a gap."""
    bone_logit: float = 0.0
    """Added to the bone classes in the exported shell, not in training: at 0.619 the threshold 0.5 finds what 0.35 found without it."""


STANDARD_WINDOW = (-200.0, 300.0)
WIDE_WINDOW = (-1000.0, 1500.0)
RECIPES = {
    r.id: r
    for r in (
        Recipe("unet-b", (STANDARD_WINDOW,), 1, ("background", "bone"), False, "whole", 1e-4, False, "ISO/IEC 3532-2 D.4 Method B: one single-grey-level U-Net"),
        Recipe("unet-c-cortical", (STANDARD_WINDOW,), 1, ("background", "cortical"), False, "cortical", 1e-4, False, "ISO/IEC 3532-2 D.3 Method C: cortical network"),
        Recipe("unet-c-thin", (STANDARD_WINDOW,), 1, ("background", "thin"), False, "thin", 1e-4, False, "ISO/IEC 3532-2 D.3 Method C: thin-bone network"),
        Recipe("orbit", (STANDARD_WINDOW, WIDE_WINDOW), 5, ("background", "cortical", "trabecular", "thin"), True, "labels", 1e-3, True, "five slices, a second wide window, four classes, bone fraction", 3.0, 0.619),
    )
}


class Layer(nn.Module):
    """Convolution, GroupNorm, ReLU. GroupNorm and not BatchNorm: with few steps the running statistics of BatchNorm lag behind the
    weights and the network is worse in use than in training; GroupNorm has no such state, and a batch may be of any size."""

    def __init__(self, from_channels: int, to_channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(from_channels, to_channels, 3, padding=1, bias=False)
        self.norm = nn.GroupNorm(8 if to_channels % 8 == 0 else 1, to_channels)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.norm(self.conv(x)))


class UNet(nn.Module):
    """Six layers down (pooled between them), five up and one to the classes. Any height and width: odd sizes are pooled upwards and cut back."""

    def __init__(self, in_channels: int, out_channels: int, base: int = 16, depth: int = 6, widest: int = 128) -> None:
        super().__init__()
        widths = [min(base * 2**n, widest) for n in range(depth)]
        self.down = nn.ModuleList([Layer(a, b) for a, b in zip([in_channels, *widths[:-1]], widths, strict=True)])
        self.up = nn.ModuleList([nn.ConvTranspose2d(b, a, 2, stride=2) for a, b in zip(widths[:-1], widths[1:], strict=True)])
        self.join = nn.ModuleList([Layer(2 * a, a) for a in widths[:-1]])
        self.head = nn.Conv2d(widths[0], out_channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        kept = []
        for n, layer in enumerate(self.down):
            x = layer(F.max_pool2d(x, 2, ceil_mode=True) if n else x)
            kept.append(x)
        for n in reversed(range(len(self.up))):
            grown = self.up[n](x)[:, :, : kept[n].shape[2], : kept[n].shape[3]]
            x = self.join[n](torch.cat([kept[n], grown], 1))
        return self.head(x)


def make_network(recipe: Recipe, base: int = 16, depth: int = 6) -> UNet:
    return UNet(recipe.slices * len(recipe.windows_hu), len(recipe.classes) + int(recipe.fraction), base, depth)


def windowed(hu: Tensor, recipe: Recipe) -> Tensor:
    """HU of neighbouring slices [N, slices, H, W] to network input [N, windows * slices, H, W], each window to [0, 1] (8.2, formula 1)."""
    return torch.cat([(hu.clamp(low, high) - low) / (high - low) for low, high in recipe.windows_hu], 1)


class Deployed(nn.Module):
    """HU [1, 1, D, H, W] to probabilities [1, classes, D, H, W] (and the bone fraction [1, 1, D, H, W]); the ends repeat along D."""

    def __init__(self, network: UNet, recipe: Recipe) -> None:
        super().__init__()
        self.network, self.recipe = network, recipe

    def forward(self, hu: Tensor):
        x = hu[0].transpose(0, 1)
        half = self.recipe.slices // 2
        if half:
            padded = torch.cat([x[:1]] * half + [x] + [x[-1:]] * half, 0)
            x = torch.cat([padded[k : (k - 2 * half) or None] for k in range(2 * half + 1)], 1)
        out = self.network(windowed(x, self.recipe))
        classes = len(self.recipe.classes)
        logits = out[:, :classes]
        if self.recipe.bone_logit:
            logits = logits + torch.tensor([0.0] + [self.recipe.bone_logit] * (classes - 1), device=out.device)[None, :, None, None]
        probability = torch.softmax(logits, 1).transpose(0, 1)[None]
        if not self.recipe.fraction:
            return probability
        return probability, torch.sigmoid(out[:, classes:]).transpose(0, 1)[None]
