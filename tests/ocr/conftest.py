"""A form that is typed, filled or printed in code, and the reader with its real engines."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import pytest

from intake.receipt import Document
from ocr.ink import Ink
from ocr.read import Reader, standard_reader
from ocr.sheet import zones
from pages.open import open_pages
from samples.acroform import fill_acroform
from samples.scenarios import SCENARIOS
from samples.typed import Hand, print_form
from samples.writing import marks, write
from templates.form import Form, Kind
from templates.identify import Identifier
from templates.load import load_forms

Truth = str | bool
LIBRARY = load_forms()
IDENTIFIER = Identifier(LIBRARY)


@dataclass(frozen=True)
class Filled:
    """A filled form: what was written into each zone, and how it looks flat and fillable."""

    form: Form
    truth: dict[str, str | bool]
    flat: bytes
    fillable: Callable[[str], bytes]


@pytest.fixture(scope="session")
def reader() -> Reader:
    return standard_reader()


@pytest.fixture(scope="session")
def filled() -> Filled:
    rng = Random("cmor")
    form = LIBRARY.get("CMOR", "2026-01")
    values = SCENARIOS["complete-delegate"].draft(rng, "CMOR").stated
    raw = {name: write(field, values.get(name), rng) for name, field in form.fields.items()}
    truth: dict[str, str | bool] = {}
    for number in range(1, form.page_count + 1):
        for field, option, _ in zones(form, number):
            if option:
                truth[f"{field.name}.{option.value}"] = option.value in marks(field, values.get(field.name))
            elif field.kind in {Kind.TICK, Kind.INK}:
                truth[field.name] = values.get(field.name) is True
            else:
                truth[field.name] = raw[field.name]
    flat = print_form(form, values, Hand("DejaVu", 10.0), rng, raw=raw)
    return Filled(form, truth, flat, lambda style: fill_acroform(form, values, Random(1), style=style, raw=raw))


@pytest.fixture(scope="session")
def read(reader: Reader) -> Callable[[bytes], dict[str, Ink]]:
    def read_file(content: bytes) -> dict[str, Ink]:
        inks: dict[str, Ink] = {}
        for page in open_pages(Document("modulo", "", content)):
            match = IDENTIFIER.lay(page)
            assert match is not None
            inks |= {ink.zone: ink for ink in reader.read(page, match)}
        return inks

    return read_file


@pytest.fixture(scope="session")
def wrong() -> Callable[[dict[str, str | bool], dict[str, Ink]], list[str]]:
    """List the zones that were read otherwise than written; spaces count only between words."""

    def differing(truth: dict[str, str | bool], inks: dict[str, Ink]) -> list[str]:
        assert set(truth) == set(inks)
        return [zone for zone, true in truth.items() if not _right(inks[zone], true)]

    return differing


def _right(ink: Ink, true: Truth, /) -> bool:
    if isinstance(true, bool):
        return ink.mark is true
    gap = "" if LIBRARY.get("CMOR", "2026-01").fields[ink.zone].cells else " "
    return gap.join(ink.text.split()) == gap.join(true.split())
