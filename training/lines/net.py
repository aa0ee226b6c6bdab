"""The net: strided convolutions down to one row, then convolutions along the line, and a softmax over the alphabet."""

import torch
from torch import Tensor, nn

HEIGHT = 32
STEP_PX = 4
"""One step of the output for each four columns."""


class Mixer(nn.Module):  # type: ignore[misc]  # torch is no package of the product
    """Look along the line with a wide depthwise convolution, then mix the channels; added to what was there."""

    def __init__(self, width: int, reach: int, inner: int) -> None:
        super().__init__()
        self.look = nn.Conv1d(width, width, reach, padding=reach // 2, groups=width, bias=False)
        self.norm = nn.BatchNorm1d(width)
        self.widen = nn.Conv1d(width, inner, 1)
        self.narrow = nn.Conv1d(inner, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        """[batch, width, steps] to the same."""
        inner = torch.relu(self.widen(self.norm(self.look(x))))
        return x + self.narrow(inner)


def _conv(
    inside: int, outside: int, kernel: tuple[int, int], stride: tuple[int, int], padding: tuple[int, int]
) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inside, outside, kernel, stride, padding, bias=False), nn.BatchNorm2d(outside), nn.ReLU(inplace=True)
    )


class LineNet(nn.Module):  # type: ignore[misc]
    """From [batch, 1, 32, width] (0 = paper, 1 = ink) to logits [batch, width / 4, classes]; class 0 is the blank."""

    def __init__(self, classes: int, channels: tuple[int, int, int, int] = (16, 32, 48, 88), width: int = 176) -> None:
        super().__init__()
        one, two, three, four = channels
        self.eye = nn.Sequential(
            _conv(1, one, (3, 3), (2, 2), (1, 1)),  # 16 rows, half the columns
            _conv(one, two, (3, 3), (2, 1), (1, 1)),  # 8 rows
            _conv(two, three, (3, 3), (1, 2), (1, 1)),  # a quarter of the columns
            _conv(three, four, (3, 3), (2, 1), (1, 1)),  # 4 rows
            _conv(four, width, (4, 3), (1, 1), (0, 1)),  # 1 row
        )
        self.along = nn.Sequential(*(Mixer(width, reach, width * 3 // 2) for reach in (7, 9, 11)))
        self.head = nn.Sequential(nn.BatchNorm1d(width), nn.Dropout(0.1), nn.Conv1d(width, classes, 1))

    def forward(self, lines: Tensor) -> Tensor:
        """Answer the logits of every step."""
        seen = self.eye(lines).squeeze(2)
        logits: Tensor = self.head(self.along(seen))
        return logits.transpose(1, 2)
