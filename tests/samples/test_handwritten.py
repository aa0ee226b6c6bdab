"""Forms filled by hand: our own alphabet and penmen."""

from random import Random

import pytest

from samples.alphabet import GLYPHS, glyph
from samples.degrade import draw_pages
from samples.handwritten import Habit, hand_fill
from samples.make import paperwork
from samples.penman import Drawn, draw_style, span, spelled
from samples.respelled import in_capitals


def test_the_alphabet_has_every_capital_and_digit_within_its_box() -> None:
    assert set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") <= set(GLYPHS)
    for variants in GLYPHS.values():
        for variant in variants:
            points = [p for stroke in glyph(variant) for p in stroke]
            assert all(-0.2 <= x <= 1.2 and -0.2 <= y <= 1.25 for x, y in points), variant


def test_a_penman_keeps_a_way_of_writing() -> None:
    penman = Drawn.of(draw_style(Random(4)))
    one, same = (penman.write("R", Random(1)) for _ in range(2))
    assert one == same
    assert penman.write("R", Random(2)) != one
    assert penman.write("ß", Random(1)) == ()
    left, top, right, bottom = span(one)
    assert 1.5 < right - left < 6
    assert 2.5 < bottom - top < 6


def test_accents_become_apostrophes() -> None:
    assert in_capitals("Cantù") == "CANTU'"
    assert [c for c, _ in spelled(Drawn.of(draw_style(Random(1))), "è a", Random(1))] == ["E", "'", " ", "A"]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_filled_form_shows_more_ink_than_its_blank(seed: int) -> None:
    form = paperwork().forms["DELEGA"]
    habit = Habit(Drawn.of(draw_style(Random(seed))))
    filled = hand_fill(form, {"holder_surname": "Rossi", "holder_tax_code": "RSSMRA80A01H501U"}, habit, Random(seed))
    blank = hand_fill(form, {}, habit, Random(seed))
    (one,), (other,) = draw_pages(filled, 75), draw_pages(blank, 75)
    assert (one < 128).sum() > (other < 128).sum() + 100
    assert filled == hand_fill(
        form, {"holder_surname": "Rossi", "holder_tax_code": "RSSMRA80A01H501U"}, habit, Random(seed)
    )
