"""Train the net: AdamW, one cycle, label smoothing, an average of the weights over the second half."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from training.handprint.net import handprint_net
from training.handprint.pictures import Pictures

ROLL_PX = 1


@dataclass(frozen=True, slots=True)
class Recipe:
    """``steps`` of ``batch`` pictures; the average takes every fourth step of the second half."""

    steps: int = 1700
    batch: int = 256
    rate: float = 3.5e-3
    warm_up: float = 0.15
    decay: float = 0.02
    smoothing: float = 0.03
    average: float = 0.98


def train(pictures: Pictures, recipe: Recipe, seed: int, start: Path | None = None) -> nn.Sequential:
    """Answer the averaged net, ready to judge; ``start`` is a net to train on. Prints the loss as it goes."""
    torch.manual_seed(seed)
    net = handprint_net().to(memory_format=torch.channels_last)
    if start is not None:
        net.load_state_dict(torch.load(start, weights_only=True))
    mean = copy.deepcopy(net)
    optimiser = torch.optim.AdamW(net.parameters(), lr=recipe.rate, weight_decay=recipe.decay)
    cycle = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, recipe.rate, total_steps=recipe.steps, pct_start=recipe.warm_up
    )
    judge = nn.CrossEntropyLoss(label_smoothing=recipe.smoothing)
    for step, (ink, label) in enumerate(batches(pictures, recipe, seed)):
        loss = judge(net(ink), label)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        cycle.step()
        if step == recipe.steps // 2:
            mean.load_state_dict(net.state_dict())
        elif step > recipe.steps // 2 and step % 4 == 0:
            _average(mean, net, recipe.average)
        if step % 50 == 0:
            print(f"step {step} loss {loss.item():.4f}", flush=True)
    return mean.eval()


def batches(pictures: Pictures, recipe: Recipe, seed: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Draw batches, every picture once before any comes again, each batch rolled by a pixel either way."""
    rng = np.random.default_rng([seed, 7])
    order = rng.permutation(len(pictures.label))
    for step in range(recipe.steps):
        at = (step * recipe.batch) % max(1, len(order) - recipe.batch)
        chosen = np.sort(order[at : at + recipe.batch])
        ink = torch.from_numpy(pictures.ink[chosen]).unsqueeze(1).float().div_(255)
        roll = tuple(int(r) for r in rng.integers(-ROLL_PX, ROLL_PX + 1, 2))
        yield (
            torch.roll(ink, roll, (2, 3)).contiguous(memory_format=torch.channels_last),
            torch.from_numpy(pictures.label[chosen]),
        )


def _average(mean: nn.Module, net: nn.Module, decay: float) -> None:
    new = net.state_dict()
    with torch.no_grad():
        for name, value in mean.state_dict().items():
            if value.dtype.is_floating_point:
                value.mul_(decay).add_(new[name], alpha=1 - decay)
            else:
                value.copy_(new[name])


def logits(net: nn.Module, pictures: Pictures) -> Tensor:
    """Answer the logits [n, 37]."""
    net.eval()
    with torch.no_grad():
        parts = torch.from_numpy(pictures.ink).unsqueeze(1).float().div_(255).split(512)
        return torch.cat([net(part) for part in parts])
