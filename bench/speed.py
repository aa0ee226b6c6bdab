"""Pages per minute against OCRmyPDF: ``python -m bench.speed [--pages N] [--repeats N]``.

Same PDF files of page images, same run, same cores: two processes on each side, each with its own file,
OMP_THREAD_LIMIT=1 for both, turns alternating, the median of the ratios. Start-up counts on both sides; each file
has pages enough for a start to weigh as little as in a day's work. The share of typed fields that came out right
stands beside the speed: a faster page that reads less is no win. Then ``bench.warm`` measures one process that runs.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.rival import DEFAULT, LEAN, command
from bench.sheets import CHANNELS, Pile, make_pile
from intake.receipt import Document
from ocr.carried import Carried
from pages.open import open_pages
from pages.pdf import words_of
from templates.form import Match
from templates.identify import Identifier
from templates.load import load_forms

PROCESSES = 2
OURS = "ours"
RIVALS = {"lean": LEAN, "default": DEFAULT}
OUT = Path(__file__).parent / "out"


@dataclass(frozen=True, slots=True)
class Turn:
    """How long one side took for all its files: wall and CPU seconds, children included."""

    wall_s: float
    cpu_s: float


@dataclass(frozen=True, slots=True)
class Row:
    """One channel against one way of running OCRmyPDF. Pages per minute; ratios are medians over the repeats."""

    channel: str
    rival: str
    ours_per_minute: float
    rival_per_minute: float
    times_as_fast: float
    cpu_ratio: float
    ours_right: float
    rival_right: float


def measure(pages: int, repeats: int, channels: Sequence[str] = CHANNELS) -> list[Row]:
    """Run both sides on ``pages`` pages a channel (shared by two processes), in turns, ``repeats`` times."""
    with tempfile.TemporaryDirectory(prefix="speed-") as folder:
        return [row for channel in channels for row in _channel(channel, pages, repeats, Path(folder))]


def _channel(channel: str, pages: int, repeats: int, folder: Path) -> Iterator[Row]:
    piles = [make_pile(channel, pages // PROCESSES, seed) for seed in range(PROCESSES)]
    files = [folder / f"{channel}-{number}.pdf" for number in range(PROCESSES)]
    for file, pile in zip(files, piles, strict=True):
        file.write_bytes(pile.content)
    sides = {OURS: [[sys.executable, "-m", "bench.reading", str(f), str(f.with_suffix(".json"))] for f in files]}
    sides |= {name: [command(f, f.with_suffix(f".{name}.out"), how) for f in files] for name, how in RIVALS.items()}
    turns = [_turns(sides, number) for number in range(repeats)]
    count = len(piles) * (pages // PROCESSES)
    for name in RIVALS:
        yield Row(
            channel,
            name,
            ours_per_minute=60 * count / median(turn[OURS].wall_s for turn in turns),
            rival_per_minute=60 * count / median(turn[name].wall_s for turn in turns),
            times_as_fast=median(turn[name].wall_s / turn[OURS].wall_s for turn in turns),
            cpu_ratio=median(turn[name].cpu_s / turn[OURS].cpu_s for turn in turns),
            ours_right=_right(piles, [_ours(file) for file in files]),
            rival_right=_right(piles, [_theirs(file, name) for file in files]),
        )


def _turns(sides: Mapping[str, Sequence[Sequence[str]]], number: int) -> dict[str, Turn]:
    """Let every side run once, each round beginning with another one."""
    names = list(sides)
    start = number % len(names)
    return {name: run(sides[name]) for name in (*names[start:], *names[:start])}


def run(commands: Sequence[Sequence[str]]) -> Turn:
    """Run commands side by side. Raises ``CalledProcessError`` when one fails: no rate without a result."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    environment = os.environ | {"OMP_THREAD_LIMIT": "1"}
    running = [subprocess.Popen(line, env=environment) for line in commands]  # noqa: S603 - our own command lines
    for line, process in zip(commands, running, strict=True):
        if process.wait() != 0:
            raise subprocess.CalledProcessError(process.returncode, line)
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Turn(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _ours(file: Path) -> list[dict[str, str]]:
    texts: list[dict[str, str]] = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    return texts


def _theirs(file: Path, name: str) -> list[dict[str, str]]:
    """Look OCRmyPDF's words up in the zones, by the ways that our registration found: it has none of its own."""
    identifier = Identifier(load_forms())
    content = file.with_suffix(f".{name}.out").read_bytes()
    texts: list[dict[str, str]] = []
    for page in open_pages(Document(file.name, "application/pdf", content)):
        match = identifier.lay(page)
        if not isinstance(match, Match):
            texts.append({})
            continue
        carried = Carried.of(page, match, words_of(content, page.number))
        fields = match.form.fields.values()
        texts.append({f.name: carried.in_box(f.box, cells=f.cells) for f in fields if f.page == match.page})
    return texts


def _right(piles: Sequence[Pile], read: Sequence[Sequence[dict[str, str]]]) -> float:
    """Answer the share of written zones that came out right, spaces and line feeds left aside."""
    hits = [
        _bare(texts.get(written.zone, "")) == _bare(written.text)
        for pile, pages in zip(piles, read, strict=True)
        for zones, texts in zip(pile.pages, pages, strict=True)
        for written in zones
    ]
    return sum(hits) / max(1, len(hits))


def _bare(text: str) -> str:
    return "".join(text.split()).replace("’", "'")


def table(rows: Sequence[Row]) -> str:
    """Write the rows as a Markdown table."""
    titles = (
        "| channel | OCRmyPDF | our pages/min | its pages/min | times as fast | CPU ratio | our fields | its fields |"
    )
    lines = [
        f"| {r.channel} | {r.rival} | {r.ours_per_minute:.0f} | {r.rival_per_minute:.0f} | {r.times_as_fast:.1f} "
        f"| {r.cpu_ratio:.1f} | {r.ours_right:.1%} | {r.rival_right:.1%} |"
        for r in rows
    ]
    return "\n".join([titles, "|---|---|--:|--:|--:|--:|--:|--:|", *lines])


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.speed", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=int, default=36, help="pages of each channel, shared by two processes")
    parser.add_argument("--repeats", type=int, default=2, help="turns of each side")
    parser.add_argument("--channel", choices=CHANNELS, action="append", help="only this channel; may be repeated")
    options = parser.parse_args()
    text = table(measure(max(options.pages, PROCESSES), max(options.repeats, 1), options.channel or CHANNELS))
    OUT.mkdir(exist_ok=True)
    print(text, flush=True)
    # A process of its own: what the race held in memory is not the reader's.
    warm = subprocess.run([sys.executable, "-m", "bench.warm"], check=True, capture_output=True, text=True).stdout
    print(f"\n{warm}")
    (OUT / "speed.md").write_text(f"# Speed\n\n{text}\n\n## One warm process\n\n{warm}", encoding="utf-8")


if __name__ == "__main__":
    main()
