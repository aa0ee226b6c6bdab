"""How often a tick box is read wrong: ``python -m bench.marks [--pages N] [--channel C ...] [--seed S]``.

Sheets full of boxes, marked in many styles, are sent through the channels; each is laid over its template by its true
way, put wrong by up to half a millimetre. Prints by channel and by style: right, doubtful (a clerk looks), lost (the
channel let nothing of the mark through) and wrong.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from random import Random

import cv2
import numpy as np
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from cases.wilson import wilson
from ocr.ticks import tick
from ocr.zones import flat_sheet
from pages.page import Box, Page
from samples.channels.named import CHANNELS
from samples.channels.trace import Traced, on_paper
from samples.degrade import draw_pages
from samples.marks import MEANT, PITCH_MM, STYLES, Paper, mark
from templates.form import Field, Form, Kind, Match, Section
from templates.plane import Homography, as_points, shifted

DPI = 300
SIDE_MM = 4.5
ROWS, COLUMNS = 40, 6
MARKED = 0.42
"""The share of boxes with some mark; the rest is empty, as on real forms."""
MOST_OFF_MM = 0.5
LOST = 200
LOST_SHARE = 0.008
INSIDE = frozenset(style for style, meant in MEANT.items() if meant and style != "circled")
BENCHED = ("scan-300", "scan-200", "scan-bw", "copy-3", "fax-fine", "fax-standard", "fax-screened", "photo")


@dataclass(frozen=True, slots=True)
class Seen:
    """One box: how it was marked, and what was read."""

    channel: str
    style: str
    read: bool | None
    lost: bool = False

    @property
    def verdict(self) -> str:
        """Right, doubtful or wrong; ``lost`` is a mark of which the channel let nothing through."""
        if self.read is None:
            return "doubtful"
        right = self.read == MEANT[self.style]
        return "right" if right else "lost" if self.lost else "wrong"


def boxes() -> list[Box]:
    """Place the boxes, in rows as tight as those of the forms."""
    across = 178.0 / COLUMNS
    return [Box(16 + c * across, 22 + r * PITCH_MM, SIDE_MM, SIDE_MM) for c in range(COLUMNS) for r in range(ROWS)]


def box_form() -> Form:
    """Make a form of nothing but tick boxes with their labels."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(210 * mm, 297 * mm), invariant=1)
    canvas.setLineWidth(0.75)
    canvas.setFont("Helvetica", 8)
    for i, box in enumerate(boxes()):
        canvas.rect(box.left * mm, (297 - box.bottom) * mm, box.width * mm, box.height * mm)
        canvas.drawString((box.right + 1.6) * mm, (297 - box.bottom + 1.2) * mm, f"Voce {i + 1} prova")
    canvas.showPage()
    canvas.save()
    fields = tuple(Field(f"b{i}", f"Voce {i + 1}", Kind.TICK, "A", 1, box) for i, box in enumerate(boxes()))
    section = Section("A", "Prova", fields)
    return Form("MARKS", "0", "Prova", date(2026, 1, 1), None, True, 1, 210.0, 297.0, (section,), blank=out.getvalue())


def marked(form: Form, rng: Random) -> tuple[Traced, list[str]]:
    """Mark a fresh sheet at random; a tick that runs into the box above it leaves both boxes to it."""
    paper = Paper(draw_pages(form.blank, DPI)[0], DPI)
    places = boxes()
    drawn = [s for s in STYLES if s != "empty"]
    styles = [rng.choice(drawn) if rng.random() < MARKED else "empty" for _ in places]
    for i, style in enumerate(styles):
        if style == "from-below":
            if i % ROWS == ROWS - 1 or "from-below" in styles[i - 1 : i]:
                styles[i] = "empty"
            else:
                styles[i + 1] = "check-out"
    for i, (box, style) in enumerate(zip(places, styles, strict=True)):
        if not (style == "check-out" and i and styles[i - 1] == "from-below"):
            mark(paper, box, style, rng)
    return on_paper(paper.picture), styles


def laid(form: Form, sent: Traced, rng: Random) -> tuple[Page, Match]:
    """Lay a sent sheet over its form by its true way, put wrong by up to half a millimetre."""
    grid = as_points([(x, y) for x in range(10, 201, 19) for y in range(12, 291, 19)])
    way, _ = cv2.findHomography(grid, sent.way.at(grid))
    angle, far = rng.uniform(0, 2 * np.pi), rng.uniform(0, MOST_OFF_MM)
    off: Homography = np.asarray(way, np.float64) @ shifted(far * np.cos(angle), far * np.sin(angle))
    page = Page("marks", "d", 1, sent.picture, *sent.dpi)
    return page, Match(form, 1, off, far, 1.0, "true")


def is_lost(sent: Traced, box: Box) -> bool:
    """Tell whether no more of a mark is left within a box than a speck or two: a fax makes faint pencil white."""
    inner = box.inset(0.7)
    ends = sent.way.at(as_points([(inner.left, inner.top), (inner.right, inner.bottom)])).round().astype(int)
    (left, right), (top, bottom) = sorted(ends[:, 0].tolist()), sorted(ends[:, 1].tolist())
    within = sent.picture[top : bottom + 1, left : right + 1]
    return bool(np.count_nonzero(within < LOST) <= LOST_SHARE * within.size)


def measure(channels: Sequence[str], pages: int, seed: int) -> Iterator[Seen]:
    """Send, lay and read every sheet."""
    form = box_form()
    for channel in channels:
        for number in range(pages):
            rng = Random(f"{seed}/{channel}/{number}")
            sheet, styles = marked(form, rng)
            sent = CHANNELS[channel](sheet, rng)
            flat = flat_sheet(*laid(form, sent, rng))
            for box, style in zip(boxes(), styles, strict=True):
                yield Seen(channel, style, tick(flat.zone(box)).mark, style in INSIDE and is_lost(sent, box))
        print(channel, file=sys.stderr, flush=True)


def table(seen: Sequence[Seen], by: str) -> str:
    """Write one table, by ``channel`` or ``style``."""
    rows = [
        f"| {by} | boxes | right | doubtful | lost | wrong | wrong % | 95 % interval |",
        "|---|--:|--:|--:|--:|--:|--:|---|",
    ]
    for name in dict.fromkeys(getattr(s, by) for s in seen):
        group = [s for s in seen if getattr(s, by) == name]
        count = Counter(s.verdict for s in group)
        low, high = wilson(count["wrong"], len(group))
        share = f"{count['wrong'] / len(group):.3%} | {low:.3%}-{high:.3%}"
        cells = (name, len(group), *(count[verdict] for verdict in ("right", "doubtful", "lost", "wrong")), share)
        rows.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(rows) + "\n"


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.marks", description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=26, help=f"sheets of {ROWS * COLUMNS} boxes for each channel")
    parser.add_argument("--channel", action="append", choices=list(CHANNELS), help="only this one (may be repeated)")
    parser.add_argument("--seed", type=int, default=11)
    asked = parser.parse_args()
    seen = list(measure(asked.channel or BENCHED, asked.pages, asked.seed))
    print("# Marks\n\n" + table(seen, "channel") + "\n" + table(seen, "style"))


if __name__ == "__main__":
    main()
