"""How well hand-print is read: ``python -m bench.handprint --strokes FILE [--pages N] [--seed S] [--channel C ...]``.

Fills whole blank forms with the characters of writers whom no training saw (contributors imp, pri, lou of the dev
split; ``--tuned`` takes tos instead), scans or faxes them, and reads the sheets as the product does. Without
``--strokes`` our own penmen write. Prints characters right under the mask of their place, codici fiscali exact,
accepted and silently wrong, and the same by kind of field, with 95 % Wilson intervals; writes the same to
``bench/out/handprint.md``.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random

from cases.wilson import wilson
from intake.receipt import Document
from ocr.ink import Ink, Source
from ocr.read import Reader, standard_reader
from pages.open import open_pages
from parsers.extract import extract
from parsers.fields.folding import key
from parsers.fields.parsed import Context
from parsers.hand_cells import decode_cells
from parsers.reading import State, Value
from samples.degrade import draw_pages, fax, fax_setting, scan, scan_setting
from samples.files import fax_tiff, scan_pdf
from samples.handwritten import Habit, hand_fill
from samples.make import paperwork
from samples.penman import Drawn, Penman, draw_style
from samples.scenarios import SCENARIOS
from samples.writing import write
from templates.form import Form, Kind, Match
from templates.identify import Identifier
from templates.load import load_forms
from training.handprint.strokes import held_out, read_strokes, tuned_on
from training.handprint.writers import writers

OUT = Path(__file__).parent / "out"
CHANNELS = ("scan-200", "fax-fine", "fax-standard")
CODES = ("CMOR", "BONUS", "DOPPIA", "INDENNIZZO")
TODAY = date(2026, 11, 25)
CHECKED = Kind.TAX_CODE


@dataclass(slots=True)
class Tally:
    """Counts of one channel: how many, how many right, by what was asked."""

    total: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, *, right: bool) -> None:
        """Count one."""
        self.total[name] += 1
        self.right[name] += right

    def row(self, name: str) -> str:
        """Write the share with its interval."""
        low, high = wilson(self.right[name], self.total[name])
        share = self.right[name] / max(1, self.total[name])
        return f"| {name} | {self.right[name]}/{self.total[name]} | {share:.2%} | {low:.2%} - {high:.2%} |"


def penmen(strokes: Path | None, rng: Random, *, tuned: bool) -> Iterator[Penman]:
    """Give writers without end: those of the stroke file, else our own."""
    if strokes is None:
        while True:
            yield Drawn.of(draw_style(rng))
    samples = read_strokes(strokes)
    chosen = writers(tuned_on(samples) if tuned else held_out(samples), rng, least=8)
    while True:
        yield from chosen


def sent(pdf: bytes, channel: str, rng: Random) -> bytes:
    """Scan or fax a form."""
    if channel == "scan-200":
        return scan_pdf([scan(p, scan_setting(rng, 200), rng.randrange(2**31)) for p in draw_pages(pdf, 200)], 200, 80)
    setting = fax_setting(rng, fine=channel == "fax-fine")
    sheets = [fax(p, 300, setting, rng.randrange(2**31)) for p in draw_pages(pdf, 300)]
    return fax_tiff(sheets, setting.dpi_y, "")


def read_form(reader: Reader, identifier: Identifier, content: bytes, form: Form) -> dict[str, Ink]:
    """Read every sheet of a form; a sheet that is not recognised gives no ink."""
    inks: dict[str, Ink] = {}
    for page in open_pages(Document("form", "", content)):
        match = identifier.lay(page)
        if isinstance(match, Match) and match.form.code == form.code:
            inks |= {ink.zone: ink for ink in reader.read(page, match)}
    return inks


def judge(
    tally: Tally, form: Form, truth: Mapping[str, str], inks: Mapping[str, Ink], known: Mapping[str, object]
) -> None:
    """Count one form: characters in cells, fields, and what would have been silently wrong."""
    values = extract(form, list(inks.values()), TODAY)
    for name, written in truth.items():
        item, ink = form.fields[name], inks.get(name)
        if not written or ink is None or item.kind in {Kind.ENUM, Kind.TICKS, Kind.TICK, Kind.INK}:
            continue
        tally.add("seen as written by hand", right=ink.source is Source.HANDPRINT)
        if item.cells and ink.cells is not None:
            _characters(tally, item.kind, written, ink)
        _field(tally, "cells" if item.cells else "line", item.kind, values[name], known[name])


def _characters(tally: Tally, kind: Kind, written: str, ink: Ink) -> None:
    assert ink.cells is not None  # noqa: S101 - the caller looked
    shown = decode_cells(ink.cells, kind, Context(TODAY)).shown
    tally.add("cells found", right=len(shown) == len(written))
    if len(shown) == len(written):
        for a, b in zip(shown, written, strict=True):
            tally.add("characters", right=a == b)
            tally.add("digits" if b.isdigit() else "capitals", right=a == b)


def _field(tally: Tally, place: str, kind: Kind, value: Value, true: object) -> None:
    best = value.value if value.state is State.FILLED else next(iter(value.proposals), None)
    accepted = value.state is State.FILLED
    if place == "line" and isinstance(best, str) and isinstance(true, str) and key(best) == key(true):
        best = true  # a hand writes capitals without accents
    for name in (f"{place}: {kind}", f"all {place}"):
        tally.add(f"{name}: best reading exact", right=best == true)
        tally.add(f"{name}: accepted", right=accepted)
        if accepted:
            tally.add(f"{name}: right among accepted", right=value.value == true)
    if accepted and value.value != true:
        print(f"  silently wrong: {kind} {value.field}: read {value.value!r}, shown {value.raw!r}, true {true!r}")


def measure(asked: argparse.Namespace, channel: str, reader: Reader, identifier: Identifier) -> Tally:
    """Fill, send and read the pages of one channel."""
    tally, rng = Tally(), Random(f"{asked.seed}/{channel}")
    people = penmen(asked.strokes, Random(asked.seed), tuned=asked.tuned)
    for i in range(asked.pages):
        form = paperwork().forms[CODES[i % len(CODES)]]
        values = SCENARIOS["complete"].draft(rng, form.code).stated
        raw = {name: write(item, values.get(name), rng) for name, item in form.fields.items()}
        pdf = hand_fill(form, values, Habit(next(people)), rng, raw=raw)
        judge(tally, form, raw, read_form(reader, identifier, sent(pdf, channel, rng), form), values)
    return tally


def report(tallies: Mapping[str, Tally]) -> str:
    """Write the tables as Markdown."""
    parts = ["# Hand-print on whole pages"]
    for channel, tally in tallies.items():
        rows = "\n".join(tally.row(name) for name in sorted(tally.total))
        parts.append(f"## {channel}\n\n| | right | share | 95 % |\n|---|---|---|---|\n{rows}")
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.handprint", description=__doc__.splitlines()[0])
    parser.add_argument("--strokes", type=Path, help="packed pen strokes; without them our own penmen write")
    parser.add_argument("--tuned", action="store_true", help="the writers that temperatures were fitted on (tos)")
    parser.add_argument("--pages", type=int, default=8, help="forms by channel")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--channel", action="append", choices=CHANNELS, help="only this channel (may be repeated)")
    asked = parser.parse_args()
    reader, identifier = standard_reader(), Identifier(load_forms())
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    for channel in asked.channel or CHANNELS:
        tallies[channel] = measure(asked, channel, reader, identifier)
    text = report(tallies)
    print(text)
    OUT.mkdir(exist_ok=True)
    (OUT / "handprint.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
