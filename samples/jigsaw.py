"""Post whose sheets do not come as they should: shuffled, doubled, or mixed with other sheets."""

from collections.abc import Callable, Iterator
from random import Random

import numpy as np

from intake.receipt import Channel
from pages.page import Picture
from samples.degrade import bilevel, draw_pages, scan, scan_setting
from samples.draft import Draft
from samples.files import tiff
from samples.leaf import Leaf, draw_leaves
from samples.post import Envelope, truth
from samples.sample import Sample
from samples.scenarios import SCENARIOS
from samples.sheets import Paperwork

DPI = 200

Lay = Callable[["Desk"], list[Picture]]


class Desk:
    """Somebody's sheets on the table, about to be put into the scanner in some order."""

    def __init__(self, work: Paperwork, seed: str, people: int = 1) -> None:
        self.rng = Random(seed)
        self.drafts = [SCENARIOS["complete"].draft(self.rng, "CMOR") for _ in range(people)]
        self.envelopes = [Envelope(draft, work, self.rng.randrange(2**31)) for draft in self.drafts]
        self.sheets = [[draw_pages(pdf, DPI) for _, pdf in envelope.typed()] for envelope in self.envelopes]

    def form(self, who: int = 0) -> list[Picture]:
        """Give the pages of somebody's form."""
        return self.sheets[who][0]

    def papers(self, who: int = 0) -> list[Picture]:
        """Give the sheets of somebody's attachments."""
        return [page for pdf in self.sheets[who][1:] for page in pdf]

    def scanned(self, sheets: list[Picture]) -> bytes:
        """Scan sheets to black and white, as one file."""
        seen = [scan(sheet, scan_setting(self.rng, DPI, skew=1.5), self.rng.randrange(2**31)) for sheet in sheets]
        return tiff([bilevel(picture) for picture in seen], (DPI, DPI))


def _blank(like: Picture) -> Picture:
    return np.full_like(like, 255)


def _shuffled(desk: Desk) -> list[Picture]:
    one, two, three = desk.form()
    first, *rest = desk.papers()
    return [three, _blank(one), first, one, _blank(one), two, *rest]


def _doubled(desk: Desk) -> list[Picture]:
    return [*desk.form()[:2], *desk.form(), *desk.papers()]


def _covered(desk: Desk) -> list[Picture]:
    count = 1 + len(desk.form()) + len(desk.papers())
    told = (
        "Da: un cliente di prova", "A: Sportello di prova", "Fax n. 06 0000000", "Data: oggi",
        f"Numero di pagine, inclusa la presente: {count}", "Oggetto: invio modulo e documenti",
        "Se la ricezione risulta incompleta si prega di telefonare.",
    )  # fmt: skip
    return [*draw_pages(draw_leaves(Leaf("TELEFAX", lines=told)), DPI), *desk.form(), *desk.papers()]


def _two_people(desk: Desk) -> list[Picture]:
    return [*desk.form(0), *desk.papers(0), *desk.form(1), *desk.papers(1)]


def _parted(desk: Desk) -> list[Picture]:
    (sheet,) = draw_pages(draw_leaves(Leaf("FOGLIO SEPARATORE", lines=("Non rimuovere. Nuovo documento.",))), DPI)
    return [sheet, *desk.form(0), *desk.papers(0), sheet.copy(), *desk.form(1), *desk.papers(1)]


_PIECES: tuple[tuple[str, str, int, Lay], ...] = (
    ("shuffled", "sheets in any order with blank backs between them are one submission", 1, _shuffled),
    ("doubled", "pages that were scanned twice are duplicates, not a second case", 1, _doubled),
    ("fax-cover", "a cover is known, and the pages that it announces are counted", 1, _covered),
    ("two-people", "two people's forms in one file are two submissions", 2, _two_people),
    ("separators", "separator sheets part two letters in one file", 2, _parted),
)


def jigsaw_post(work: Paperwork, seed: int) -> Iterator[Sample]:
    """Yield every such delivery once."""
    for name, proves, people, lay in _PIECES:
        desk = Desk(work, f"{seed}/jigsaw/{name}", people)
        sheets = lay(desk)
        yield _sample(f"{name}.tif", desk.scanned(sheets), proves, desk.drafts, work, len(sheets))


def _sample(name: str, raw: bytes, proves: str, drafts: list[Draft], work: Paperwork, pages: int) -> Sample:
    return Sample(
        name=name,
        channel=Channel.POST,
        raw=raw,
        received_at=drafts[0].case.received_at,
        scenario="jigsaw",
        mode="jigsaw",
        proves=proves,
        submissions=tuple(truth(draft, work) for draft in drafts),
        pages=pages,
    )
