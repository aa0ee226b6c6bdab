"""How many pages one warm process reads in a second of its own time: ``python -m bench.warm [CHANNEL ...]``.

Every page is opened, laid over its template and read in all its fields. CPU time of one process, start-up apart, and
the most memory that it held.
"""

import resource
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context

import numpy as np

from bench.sheets import CHANNELS, DIGITAL, filled_forms
from intake.receipt import Document
from ocr.read import Reader, standard_reader
from pages.open import open_pages
from parsers.sound import is_sound
from templates.form import Match
from templates.identify import Identifier
from templates.load import load_forms

PAGES = 16
SEED = 90


@dataclass(frozen=True, slots=True)
class Pace:
    """Mean CPU milliseconds of the steps of one page."""

    channel: str
    pages: int
    open_ms: float
    lay_ms: float
    read_ms: float

    @property
    def per_second(self) -> float:
        """Pages in a second of one core."""
        return 1000 / (self.open_ms + self.lay_ms + self.read_ms)


def pace(channel: str, identifier: Identifier, reader: Reader, pages: int = PAGES) -> Pace:
    """Read forms of a channel until ``pages`` pages are measured; the first form only warms up."""
    # Drawing forms takes more memory than reading them: another process does it.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as aside:
        (first, _), *forms = aside.submit(draw, channel, pages).result()
    _read(first, identifier, reader)
    spent = np.sum([_read(content, identifier, reader) for content, _ in forms], axis=0)
    count = sum(number for _, number in forms)
    return Pace(channel, count, *(1000 * spent / count).tolist())


def draw(channel: str, pages: int) -> list[tuple[bytes, int]]:
    """Fill forms until there are ``pages`` pages after the first form: each PDF with its number of pages."""
    forms = [(content, len(written)) for content, written in islice(filled_forms(channel, SEED), pages + 1)]
    enough = next(n for n in range(2, len(forms) + 1) if sum(count for _, count in forms[1:n]) >= pages)
    return forms[:enough]


def _read(content: bytes, identifier: Identifier, reader: Reader) -> tuple[float, float, float]:
    started = time.process_time()
    pages = open_pages(Document("sheet.pdf", "application/pdf", content))
    opened = time.process_time()
    matches = [identifier.lay(page) for page in pages]
    laid = time.process_time()
    for page, match in zip(pages, matches, strict=True):
        if isinstance(match, Match):
            reader.read(page, match)
    return opened - started, laid - opened, time.process_time() - laid


def most_memory_mb() -> float:
    """Answer the most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def table(rows: Sequence[Pace], memory_mb: float) -> str:
    """Write the rows as a Markdown table."""
    lines = [f"| {r.channel} | {r.open_ms:.1f} | {r.lay_ms:.1f} | {r.read_ms:.1f} | {r.per_second:.1f} |" for r in rows]
    head = ("| channel | open ms | lay ms | read ms | pages a second and core |", "|---|--:|--:|--:|--:|")
    return "\n".join([*head, *lines, "", f"Most memory of the process: {memory_mb:.0f} MB."])


def main() -> None:
    """Run from the command line."""
    identifier, reader = Identifier(load_forms()), standard_reader(check=is_sound)
    rows = [pace(channel, identifier, reader) for channel in sys.argv[1:] or (*CHANNELS, *DIGITAL)]
    print(table(rows, most_memory_mb()))


if __name__ == "__main__":
    main()
