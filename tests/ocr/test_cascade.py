"""The next reader is asked only where the ones before it leave a doubt."""

from collections.abc import Callable

import numpy as np
import pytest

from ocr.cascade import Cascade, no_check
from ocr.engine import Recognised
from pages.page import Picture
from templates.form import Kind

PICTURE = np.full((40, 200), 255, np.uint8)


class Says:
    """An engine that reads the same whatever it sees, and counts how often it was asked."""

    version = "1"

    def __init__(self, name: str, text: str, confidence: float) -> None:
        self.name = name
        self.asked = 0
        self._read = Recognised(text, confidence)

    def read_line(self, picture: Picture, allowed: str = "") -> Recognised:  # noqa: ARG002
        self.asked += 1
        return self._read

    def read_block(self, picture: Picture) -> Recognised:
        return self.read_line(picture)

    def read_sheet(self, picture: Picture) -> Recognised:
        return self.read_line(picture)


Ask = Callable[..., tuple[list[str], list[int]]]


@pytest.fixture
def ask() -> Ask:
    def run(
        *texts: tuple[str, float], check: Callable[[Kind, Recognised], bool | None] = no_check
    ) -> tuple[list[str], list[int]]:
        engines = [Says(str(place), *said) for place, said in enumerate(texts)]
        heard = Cascade(*engines, check).read(PICTURE, Kind.POD)
        return [one.read.text for one in heard], [engine.asked for engine in engines]

    return run


def test_a_reading_of_the_quick_one_that_passes_its_check_ends_the_matter(ask: Ask) -> None:
    texts, asked = ask(("A", 0.99), ("B", 0.99), ("C", 0.99), check=lambda _, read: read.confidence > 0.9)
    assert (texts, asked) == (["A"], [1, 0, 0])


def test_two_that_agree_but_for_spaces_need_no_third(ask: Ask) -> None:
    texts, asked = ask(("IT001 E12345678", 0.6), ("IT001E12345678", 0.5), ("IT001E12345679", 0.9))
    assert (texts, asked) == (["IT001 E12345678", "IT001E12345678"], [1, 1, 0])


def test_what_fails_its_check_is_read_by_all_even_if_two_agree(ask: Ask) -> None:
    texts, asked = ask(("Imoia", 0.9), ("Imoia", 0.9), ("Imola", 0.9), check=lambda *_: False)
    assert (texts, asked) == (["Imola", "Imoia", "Imoia"], [1, 1, 1])


def test_two_guesses_that_agree_are_no_evidence(ask: Ask) -> None:
    texts, asked = ask(("lT", 0.3), ("lT", 0.5), ("IT", 0.9))
    assert (texts, asked) == (["IT", "lT", "lT"], [1, 1, 1])


def test_what_two_read_otherwise_is_read_by_the_thorough_one_and_who_agrees_comes_next(ask: Ask) -> None:
    assert ask(("B", 0.99), ("A", 0.99), ("A", 0.9)) == (["A", "A", "B"], [1, 1, 1])
    assert ask(("A", 0.99), ("B", 0.99), ("A", 0.9)) == (["A", "A", "B"], [1, 1, 1])
    assert ask(("A", 0.99), ("B", 0.99), ("C", 0.9))[0] == ["C", "B", "A"]


def test_who_reads_nothing_has_no_say(ask: Ask) -> None:
    assert ask(("", 0.0), ("", 0.0), ("Rossi", 0.5)) == (["Rossi"], [1, 1, 1])
