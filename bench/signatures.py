"""Whether a signature is told from none, and from what is none: ``python -m bench.signatures [--pages N] [--seed S]``.

Sheets of signature areas, signed by an invented pen, left empty, or with something that is no signature (a typed name,
a stamp, a line drawn through), are sent through the channels and laid over their template by their true way.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from random import Random

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from bench.marks import laid
from cases.wilson import wilson
from ocr.marks import signature
from ocr.typed_or_hand import is_typed
from ocr.zones import flat_sheet
from pages.page import Box
from samples.channels.named import CHANNELS
from samples.channels.trace import on_paper
from samples.degrade import draw_pages
from samples.pen import Sheet, sign
from templates.form import Field, Form, Kind, Section

DPI = 300
HEIGHT = 297.0
BENCHED = ("scan-300", "scan-200", "scan-bw", "copy-3", "fax-fine", "fax-standard", "fax-screened", "photo")
SIGNED = {"pen": True, "empty": False}
"""What is right by style; for all others a question for a clerk is, and over a stamp a signature may be either."""
FONTS = ("Helvetica", "Helvetica-Bold", "Times-Roman", "Times-Italic", "Courier", "Courier-Bold")
NAMES = ("Mario Rossi", "Anna Lo Turco", "GIUSEPPE D'ANGELO", "Dott. Piero Esempio", "Li Wei", "M. Fo", "prova")


@dataclass(frozen=True, slots=True)
class Seen:
    """One area: what stood in it, and what was read."""

    channel: str
    style: str
    read: bool | None

    @property
    def verdict(self) -> str:
        """Right, doubtful (a clerk looks) or wrong."""
        if self.read is None:
            return "doubtful" if self.style in SIGNED else "right"
        if self.style == "pen over stamp":
            return "right" if self.read else "wrong"
        return "right" if SIGNED.get(self.style) is self.read else "wrong"


def areas() -> list[Box]:
    """Place the areas, in two columns of the size that the forms have."""
    return [Box(18 + c * 90, 20 + r * 24, 80, 15) for c in range(2) for r in range(11)]


def typed(sheet: Sheet, box: Box, rng: Random) -> None:
    """Type a name where somebody should sign."""
    sheet.canvas.setFont(rng.choice(FONTS), rng.uniform(9, 15))
    sheet.canvas.drawString(*sheet.spot(box.left + rng.uniform(2, 20), box.top + rng.uniform(6, 12)), rng.choice(NAMES))


def stamp(sheet: Sheet, box: Box, rng: Random) -> None:
    """Stamp an office's name in a frame, a little askew."""
    canvas = sheet.canvas
    canvas.saveState()
    canvas.translate(*sheet.spot(box.left + rng.uniform(20, 45), box.top + 8))
    canvas.rotate(rng.uniform(-6, 6))
    canvas.setStrokeColorRGB(0.2, 0.2, 0.6)
    canvas.setFillColorRGB(0.2, 0.2, 0.6)
    canvas.setLineWidth(1.2)
    canvas.rect(-17 * mm, -5 * mm, 34 * mm, 10 * mm)
    canvas.setFont("Helvetica-Bold", 8)
    canvas.drawCentredString(0, 0.8 * mm, "STUDIO ESEMPIO S.r.l.")
    canvas.setFont("Helvetica", 7)
    canvas.drawCentredString(0, -3 * mm, "Via di Prova 1 - Roma")
    canvas.restoreState()


def line(sheet: Sheet, box: Box, rng: Random) -> None:
    """Draw a line through the area: not applicable."""
    sheet.canvas.setLineWidth(rng.uniform(0.8, 1.6))
    ends = (box.left + 5, box.top + rng.uniform(5, 10)), (box.right - rng.uniform(3, 15), box.top + rng.uniform(5, 10))
    sheet.canvas.line(*sheet.spot(*ends[0]), *sheet.spot(*ends[1]))


def over_stamp(sheet: Sheet, box: Box, rng: Random) -> None:
    """Stamp, and sign over it, as offices do."""
    stamp(sheet, box, rng)
    sign(sheet, box, rng)


STYLES: dict[str, Callable[[Sheet, Box, Random], None]] = {
    "pen": sign,
    "empty": lambda *_: None,
    "typed": typed,
    "stamp": stamp,
    "line": line,
    "pen over stamp": over_stamp,
}


def drawn(styles: Sequence[str], rng: Random) -> bytes:
    """Draw a sheet of areas, and in each what its style says."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(210 * mm, HEIGHT * mm), invariant=1)
    sheet = Sheet(canvas, HEIGHT)
    for box, style in zip(areas(), styles, strict=True):
        canvas.setStrokeColorRGB(0, 0, 0)
        canvas.setFillColorRGB(0, 0, 0)
        canvas.setLineWidth(0.7)
        canvas.rect(*sheet.spot(box.left, box.bottom), box.width * mm, box.height * mm)
        canvas.setFont("Helvetica", 7)
        canvas.drawString(*sheet.spot(box.left, box.top - 1), "Firma")
        STYLES[style](sheet, box, rng)
    canvas.save()
    return out.getvalue()


def form() -> Form:
    """Make a form of nothing but signature areas."""
    fields = tuple(Field(f"s{i}", "Firma", Kind.INK, "N", 1, box) for i, box in enumerate(areas()))
    blank = drawn(["empty"] * len(areas()), Random(0))
    day = date(2026, 1, 1)
    return Form("SIGNS", "0", "Prova", day, None, True, 1, 210.0, HEIGHT, (Section("N", "Firma", fields),), blank=blank)


def measure(channels: Sequence[str], pages: int, seed: int) -> Iterator[Seen]:
    """Sign, send, lay and look at every sheet."""
    blank = form()
    for channel in channels:
        for number in range(pages):
            rng = Random(f"{seed}/{channel}/{number}")
            styles = [rng.choice(list(STYLES)) for _ in areas()]
            sent = CHANNELS[channel](on_paper(draw_pages(drawn(styles, rng), DPI)[0]), rng)
            flat = flat_sheet(*laid(blank, sent, rng))
            for box, style in zip(areas(), styles, strict=True):
                zone = flat.zone(box)
                yield Seen(channel, style, None if is_typed(zone) else signature(zone))
        print(channel, file=sys.stderr, flush=True)


def table(seen: Sequence[Seen], by: str) -> str:
    """Write one table, by ``channel`` or ``style``."""
    rows = [f"| {by} | areas | right | doubtful | wrong | 95 % interval of wrong |", "|---|--:|--:|--:|--:|---|"]
    for name in dict.fromkeys(getattr(s, by) for s in seen):
        group = [s for s in seen if getattr(s, by) == name]
        count = Counter(s.verdict for s in group)
        low, high = wilson(count["wrong"], len(group))
        cells = (name, len(group), count["right"], count["doubtful"], count["wrong"], f"{low:.2%}-{high:.2%}")
        rows.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(rows) + "\n"


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.signatures", description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=8, help="sheets of 22 areas for each channel")
    parser.add_argument("--channel", action="append", choices=list(CHANNELS), help="only this one (may be repeated)")
    parser.add_argument("--seed", type=int, default=5)
    asked = parser.parse_args()
    seen = list(measure(asked.channel or BENCHED, asked.pages, asked.seed))
    print("# Signatures\n\n" + table(seen, "channel") + "\n" + table(seen, "style"))


if __name__ == "__main__":
    main()
