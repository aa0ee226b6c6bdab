"""Evidence: all that speaks for or against a reading being exactly right, in one record without the reading itself."""

from dataclasses import dataclass
from enum import StrEnum

from ocr.medium import Medium
from templates.form import Kind


class Manner(StrEnum):
    """How a value was come by; trust is measured apart for each."""

    PATTERN = "pattern"
    WORDS = "words"
    BLOCK = "block"
    CELLS = "cells"
    """Hand-printed characters, each in a cell of its own."""


class Vote(StrEnum):
    """What a further reader says of the value: the same, the same but for spaces and accents, or something else."""

    SAME = "same"
    ALIKE = "alike"
    DIFFERS = "differs"


class Backing(StrEnum):
    """What other fields of the same form say of a reading: nothing, the same, or the contrary."""

    NONE = "none"
    BORNE_OUT = "borne_out"
    CONTRARY = "contrary"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a reading.

    ``confidence`` in 0..1 is the least certain character's. ``penalty`` in nats is what the kind's pattern had to
    force, ``margin`` in nats how far the next best character of any place lies behind (both 0 without a pattern).
    ``checked`` says that a check digit or a calendar passes, ``listed`` that an official list holds the value.
    ``votes`` are those of further readers, ``length`` is in characters, ``fragile`` counts those that printers and
    readers confuse or lose most (points, commas, apostrophes, spaces, I, l, 1, accents). ``sheet`` in 0..1
    is how well the sheet lies on its template, ``legible`` in 0..1 how many of its other lines two readers read alike,
    ``faithful`` in 0..1 how like the blank's its own print came,
    ``reader`` the engine that ``confidence`` is of, ``backing`` what other fields say, ``keys`` how many of them say
    the same, each for itself (a codice fiscale written by hand; None for all else).

    For hand-printed cells ``confidence`` is the share that the text has of all that the cells can be, ``margin`` is
    that of the whole text, and ``penalty`` what the check had to force upon the cells.
    """

    kind: Kind
    manner: Manner
    medium: Medium
    confidence: float
    penalty: float = 0.0
    margin: float = 0.0
    checked: bool = False
    listed: bool = False
    votes: tuple[Vote, ...] = ()
    length: int = 0
    fragile: int = 0
    sheet: float = 1.0
    legible: float = 1.0
    faithful: float = 1.0
    reader: str = ""
    backing: Backing = Backing.NONE
    keys: int | None = None
