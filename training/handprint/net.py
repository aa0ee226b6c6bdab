"""The net: a small residual CNN, input [n, 1, 32, 32] in 0..1, output logits [n, 37]."""

from typing import cast

import torch
from torch import Tensor, nn

CLASS_COUNT = 37


class Residual(nn.Module):
    """Two 3 x 3 convolutions beside a straight way."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Add what the convolutions found."""
        return torch.relu(x + cast("Tensor", self.body(x)))


def halving(inputs: int, outputs: int, side: int) -> nn.Sequential:
    """Halve the picture."""
    convolution = nn.Conv2d(inputs, outputs, side, stride=2, padding=side // 2, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU())


def handprint_net() -> nn.Sequential:
    """Build the net of 0.50 million parameters."""
    return nn.Sequential(
        halving(1, 32, 5),
        Residual(32),
        halving(32, 64, 3),
        Residual(64),
        halving(64, 128, 3),
        Residual(128),
        nn.AvgPool2d(2),
        nn.Flatten(),
        nn.Dropout(0.3),
        nn.Linear(512, CLASS_COUNT),
    )
