"""Train the line reader: ``python -m training.lines.train --fonts FOLDER --out FILE.onnx [--steps N]``.

One thread trains, one process draws. The seed, the steps and the versions of the packages decide the result.
"""

import argparse
import copy
import json
import time
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from ocr.line_crop import HEIGHT
from training.lines.alphabet import ALPHABET
from training.lines.batches import Batch, Line, batch, drawn_aside, lines
from training.lines.net import LineNet

SEED = 20261125
VALIDATION_SEED = 7
BATCH = 32
TOP_RATE = 2.5e-3
WARM_STEPS = 150
DECAY = 0.01
EMA = 0.995
CLIP = 5.0
LOG_EVERY = 50
KEEP_EVERY = 250
JUDGED = 300


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to train: ``steps``, over the last ``falling`` of which the rate falls; ``part`` counts the runs."""

    steps: int
    falling: int
    part: int = 0
    start: Path | None = None

    def rate(self, step: int) -> float:
        """Answer the share of the top rate at a step."""
        warm = 1.0 if self.start else min(1.0, (step + 1) / WARM_STEPS)
        return warm * min(1.0, (self.steps - step) / max(1, self.falling))


def train(fonts: Path, out: Path, plan: Plan) -> None:
    """Train for a number of steps and write the model; a checkpoint is kept beside it.

    The rate stays at its top and falls in a straight line over the last steps, so that a run can be taken up again.
    """
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    net = LineNet(1 + len(ALPHABET))
    smooth = copy.deepcopy(net)
    optimiser = torch.optim.AdamW(net.parameters(), lr=TOP_RATE, weight_decay=DECAY)
    if plan.start is not None:
        kept = torch.load(plan.start)
        net.load_state_dict(kept["net"])
        smooth.load_state_dict(kept["smooth"])
        optimiser.load_state_dict(kept["optimiser"])
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, plan.rate)
    judged = list(islice(lines(fonts, VALIDATION_SEED, held_out=True), JUDGED))
    began, total = time.monotonic(), 0.0
    for step, made in enumerate(islice(drawn_aside(fonts, SEED + plan.part, BATCH), plan.steps), start=1):
        total += _step(net, optimiser, made)
        schedule.step()
        _follow(smooth, net, EMA if plan.start else min(EMA, step / (step + 100)))
        if step % LOG_EVERY == 0:
            print(f"{step:6} loss {total / LOG_EVERY:.4f} {time.monotonic() - began:.0f} s", flush=True)
            total = 0.0
        if step % KEEP_EVERY == 0 or step == plan.steps:
            state = {"net": net.state_dict(), "smooth": smooth.state_dict(), "optimiser": optimiser.state_dict()}
            torch.save(state, out.with_suffix(".pt"))
            export(smooth, out)
            print(f"{step:6} right {right(smooth, judged):.2%}", flush=True)


def _step(net: LineNet, optimiser: torch.optim.Optimizer, made: Batch) -> float:
    net.train()
    logs = net(tensor(made)).log_softmax(2).transpose(0, 1)
    steps = torch.from_numpy(made.steps)
    loss = nn.functional.ctc_loss(
        logs, torch.from_numpy(made.labels), steps, torch.from_numpy(made.lengths), zero_infinity=True
    )
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), CLIP)
    optimiser.step()
    return float(loss)


def tensor(made: Batch) -> Tensor:
    """Bring pictures to [count, 1, 32, width] in 0..1."""
    return torch.from_numpy(made.pictures).unsqueeze(1).float() / 255


@torch.no_grad()  # type: ignore[untyped-decorator]
def _follow(smooth: nn.Module, net: nn.Module, share: float) -> None:
    for kept, new in zip(smooth.state_dict().values(), net.state_dict().values(), strict=True):
        if kept.dtype.is_floating_point:
            kept.lerp_(new, 1 - share)
        else:
            kept.copy_(new)


@torch.no_grad()  # type: ignore[untyped-decorator]
def right(net: LineNet, judged: list[Line]) -> float:
    """Answer the share of lines read exactly right, one at a time as in the product."""
    net.eval()
    return sum(_said(net, line) == line.text for line in judged) / len(judged)


def _said(net: LineNet, line: Line) -> str:
    alone = batch([line])
    best = net(tensor(alone))[0, : int(alone.steps[0])].argmax(1).tolist()
    return "".join(ALPHABET[code - 1] for code, _ in groupby(best) if code).strip()


class _WithSoftmax(nn.Module):  # type: ignore[misc]
    def __init__(self, net: LineNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, lines: Tensor) -> Tensor:
        logs: Tensor = self.net(lines).log_softmax(2)
        return logs


def export(net: LineNet, out: Path) -> None:
    """Write the net as ONNX: ``lines`` [1, 1, 32, width] to ``logs`` [1, width / 4, classes] with its alphabet."""
    net.eval()
    whole = _WithSoftmax(net).eval()
    torch.onnx.export(
        whole,
        (torch.zeros(1, 1, HEIGHT, 64),),
        str(out),
        dynamo=False,
        input_names=["lines"],
        output_names=["logs"],
        dynamic_axes={"lines": {3: "width"}, "logs": {1: "steps"}},
        opset_version=17,
    )
    model = onnx.load(str(out))
    entry = model.metadata_props.add()
    entry.key, entry.value = "alphabet", json.dumps(ALPHABET)
    onnx.save(model, str(out))


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.lines.train", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--fonts", type=Path, required=True, help="the folder of training.lines.fonts")
    parser.add_argument("--out", type=Path, required=True, help="the model to write")
    parser.add_argument("--steps", type=int, default=7000)
    parser.add_argument("--falling", type=int, default=1500, help="the last steps, over which the rate falls")
    parser.add_argument("--start", type=Path, help="a checkpoint (.pt) to go on from")
    parser.add_argument("--part", type=int, default=0, help="which run of a series this is: it draws other lines")
    asked = parser.parse_args()
    train(asked.fonts, asked.out, Plan(asked.steps, asked.falling, asked.part, asked.start))


if __name__ == "__main__":
    main()
