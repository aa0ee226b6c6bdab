"""Whether a stated probability is true: ``python -m bench.reliability [--count N] [--seed S] [--channel C ...]``.

Fills, sends and reads forms that the calibration never saw, and holds what each reading was said to be worth against
what it was. Prints a table by channel and by manner, and draws reliability diagrams to ``bench/out/reliability.svg``.
"""

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from cases.wilson import wilson
from ocr.read import standard_reader
from parsers.acceptance import Acceptance
from parsers.sound import is_sound
from templates.identify import Identifier
from templates.load import load_forms
from training.calibration.collect import CHANNELS, Bench, trials
from training.calibration.rows import Trial, read

OUT = Path(__file__).parent / "out"
EDGES = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1.0)
SIDE_PX = 220
GAP_PX = 60


@dataclass(frozen=True, slots=True)
class Bin:
    """Readings of about the same stated probability."""

    count: int
    stated: float
    right: float


@dataclass(frozen=True, slots=True)
class Row:
    """A group of readings: what was said of them and what came true. Shares in 0..1."""

    name: str
    count: int
    right: float
    gap: float
    taken: int
    wrong: int
    bins: tuple[Bin, ...]


def rows(found: Sequence[Trial], by: Callable[[Trial], str], bounds: Acceptance) -> list[Row]:
    """Group trials and sum each group up."""
    groups: dict[str, list[Trial]] = {}
    for trial in found:
        groups.setdefault(by(trial), []).append(trial)
    return [_row(name, group, bounds) for name, group in sorted(groups.items())]


def _row(name: str, group: Sequence[Trial], bounds: Acceptance) -> Row:
    stated = [(bounds.probability(t.evidence), t) for t in group]
    taken = [t for sure, t in stated if bounds.takes(t.evidence, sure)]
    bins = tuple(_bins(stated))
    gap = sum(b.count * abs(b.stated - b.right) for b in bins) / len(group)
    right = sum(t.right for t in group) / len(group)
    return Row(name, len(group), right, gap, len(taken), sum(not t.right for t in taken), bins)


def _bins(stated: Sequence[tuple[float, Trial]]) -> Iterable[Bin]:
    for low, high in pairwise(EDGES):
        here = [(s, t) for s, t in stated if low <= s < high or (high == 1.0 and s == 1.0)]
        if here:
            yield Bin(len(here), sum(s for s, _ in here) / len(here), sum(t.right for _, t in here) / len(here))


def table(found: Sequence[Row]) -> str:
    """Write rows as a Markdown table."""
    lines = [
        "| group | readings | right | taken unseen | wrong among those | 95 % interval | calibration error |",
        "|---|--:|--:|--:|--:|---|--:|",
    ]
    for row in found:
        low, high = wilson(row.wrong, row.taken)
        share = row.wrong / row.taken if row.taken else 0.0
        lines.append(
            f"| {row.name} | {row.count} | {row.right:.2%} | {row.taken / row.count:.1%} "
            f"| {row.wrong} ({share:.2%}) | {low:.2%}-{high:.2%} | {row.gap:.3f} |"
        )
    return "\n".join(lines)


def diagrams(found: Sequence[Row]) -> str:
    """Draw one reliability diagram a row, side by side: what was stated against what came true (SVG)."""
    width = GAP_PX + len(found) * (SIDE_PX + GAP_PX)
    parts = "".join(_diagram(row, GAP_PX + i * (SIDE_PX + GAP_PX)) for i, row in enumerate(found))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{SIDE_PX + 2 * GAP_PX}" '
        f'font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="white"/>{parts}</svg>\n'
    )


def _diagram(row: Row, left: int) -> str:
    top, bottom = GAP_PX, GAP_PX + SIDE_PX
    frame = f'<rect x="{left}" y="{top}" width="{SIDE_PX}" height="{SIDE_PX}" fill="none" stroke="#777"/>'
    ideal = f'<line x1="{left}" y1="{bottom}" x2="{left + SIDE_PX}" y2="{top}" stroke="#bbb" stroke-dasharray="4"/>'
    dots = "".join(
        f'<circle cx="{left + b.stated * SIDE_PX:.1f}" cy="{bottom - b.right * SIDE_PX:.1f}" '
        f'r="{2 + min(8.0, b.count**0.5 / 5):.1f}" fill="#0066cc" fill-opacity="0.6"/>'
        for b in row.bins
    )
    title = f'<text x="{left}" y="{top - 10}">{row.name}, {row.count} readings</text>'
    foot = f'<text x="{left}" y="{bottom + 18}">stated probability (right: what came true)</text>'
    return frame + ideal + dots + title + foot


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.reliability", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=4, help="forms of each channel")
    parser.add_argument("--seed", default="reliability", help="the calibration was fitted on other seeds")
    parser.add_argument("--channel", action="append", choices=CHANNELS)
    parser.add_argument("--trials", type=Path, nargs="*", default=(), help="readings collected before, instead")
    asked = parser.parse_args()
    if asked.trials:
        found = list(read(asked.trials))
    else:
        bench = Bench(Identifier(load_forms()), standard_reader(check=is_sound))
        found = [t for c in asked.channel or CHANNELS for t in trials(bench, c, asked.seed, asked.count)]
    bounds = Acceptance()
    by: Mapping[str, Callable[[Trial], str]] = {
        "channel": lambda t: t.channel,
        "manner": lambda t: t.evidence.manner.value,
        "kind": lambda t: t.evidence.kind.value,
    }
    OUT.mkdir(exist_ok=True)
    text = "\n\n".join(f"## By {name}\n\n{table(rows(found, key, bounds))}" for name, key in by.items())
    (OUT / "reliability.md").write_text(f"# Reliability\n\n{text}\n", encoding="utf-8")
    (OUT / "reliability.svg").write_text(diagrams(rows(found, by["channel"], bounds)), encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
