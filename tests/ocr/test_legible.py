"""A line is told how the other lines of its sheet were read, never how it was read itself."""

from dataclasses import replace

import pytest

from ocr.ink import Ink, Presence, Source
from ocr.legible import USUAL, with_legibility
from pages.page import Box


def line(zone: str, text: str, *others: str, source: Source = Source.OCR) -> Ink:
    return Ink(zone, "sheet.tif", 1, Box(20, 20, 80, 7), source, Presence.INK, text, 0.9, others=others)


ZONES = [f"line_{i}" for i in range(20)]


def test_a_line_that_was_read_two_ways_makes_the_others_doubtful_not_itself() -> None:
    inks = [line(zone, "Rossi", "Rossi") for zone in ZONES[:19]] + [line(ZONES[19], "Bianchi", "Bíanchi")]
    told = {ink.zone: ink.legible for ink in with_legibility(inks, ZONES)}
    assert told[ZONES[19]] > 0.99
    assert all(told[zone] < told[ZONES[19]] for zone in ZONES[:19])


def test_spaces_and_readers_that_were_not_asked_count_as_alike() -> None:
    inks = [line("a", "Via Roma", "ViaRoma"), line("b", "RSSMRA80A01H501U"), line("c", "Monza", "Monza")]
    assert min(ink.legible for ink in with_legibility(inks, "abc")) > 0.95


def test_one_line_alone_is_on_a_sheet_as_sheets_usually_are() -> None:
    (only,) = with_legibility([line("a", "Rossi", "Bossi")], "a")
    assert only.legible == pytest.approx(USUAL)


def test_what_is_no_typed_line_neither_counts_nor_is_told() -> None:
    story, hand = line("story", "Due righe", "altro"), line("hand", "ROSSI", "R0SSI", source=Source.HANDPRINT)
    empty = replace(line("empty", ""), presence=Presence.EMPTY)
    inks = (line("a", "Rossi", "Rossi"), story, hand, empty)
    told = with_legibility(inks, {"a", "hand", "empty"})
    assert told[1:] == inks[1:]
    assert told[0].legible == pytest.approx(USUAL)
