"""Correction: what a person decided about one part of a case. Pure; ``cases.corrected`` makes a reading of it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from ocr.ink import Source
from pages.page import Box
from parsers.kinds import PARSERS
from parsers.reading import Content, State, Value
from parsers.written import context_of
from templates.form import Field, Kind

MOST_CHARS: Final = 4000
"""No field of a form holds more; what is longer is refused whole, and never cut."""
ON: Final = "true"
_MARKS: Final = frozenset({Kind.TICK, Kind.INK})


class Target(StrEnum):
    """What a correction is about."""

    FIELD = "field"
    """A field of the form, by its name."""
    FINDING = "finding"
    """Something that the checks found, as ``rule:field``."""
    FORM = "form"
    """Which form it is, as ``CODE/edition``."""
    SHEET = "sheet"
    """What a sheet is, named ``file#number``."""
    DELEGATE = "delegate"
    """Whether the delegate acts by profession."""
    CASE = "case"
    """Where the whole case goes."""


class Act(StrEnum):
    """What was decided about it. The names are stored for ever."""

    VALUE = "value"
    """This stands in the field."""
    UNREADABLE = "unreadable"
    EMPTY = "empty"
    NOT_APPLICABLE = "not_applicable"
    OVERRIDE = "override"
    """This stands in the field and holds, whatever the checks say; with the reason."""
    LET_PASS = "let_pass"  # noqa: S105 - no password
    ASK = "ask"
    """The customer must put it right."""
    SET = "set"
    REFER = "refer"
    """A supervisor must look; with the reason."""
    REFUSE = "refuse"
    """The case is not admissible, or no request at all; with the reason."""
    FORCE = "force"
    """It goes into the queue as it is; with the reason."""


NEEDS_REASON: Final = frozenset({Act.OVERRIDE, Act.REFER, Act.REFUSE, Act.FORCE})
FIELD_ACTS: Final = frozenset({Act.VALUE, Act.UNREADABLE, Act.EMPTY, Act.NOT_APPLICABLE, Act.OVERRIDE})
_ACTS: Final = {
    Target.FIELD: FIELD_ACTS,
    Target.FINDING: frozenset({Act.LET_PASS, Act.ASK}),
    Target.FORM: frozenset({Act.SET}),
    Target.SHEET: frozenset({Act.SET}),
    Target.DELEGATE: frozenset({Act.SET}),
    Target.CASE: frozenset({Act.REFER, Act.REFUSE, Act.FORCE}),
}


class Refused(Exception):
    """A correction that cannot be taken. The message is Italian and says what to do."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One decision of one person. ``text`` is what was typed or chosen: ticks ``a,b``, a single box ``true`` or "".

    ``id`` is 0 until it is stored. Raises ``Refused`` for a text too long, a missing reason, an act that does not fit.
    """

    target: Target
    name: str
    act: Act
    text: str = ""
    reason: str = ""
    actor: str = ""
    at: datetime | None = None
    id: int = 0

    def __post_init__(self) -> None:
        if self.act not in _ACTS[self.target]:
            raise Refused("L'azione non si può fare qui: ricaricare la pagina.")
        longest = max(len(self.text), len(self.reason))
        if longest > MOST_CHARS:
            raise Refused(
                f"Il testo ha {longest} caratteri, al massimo possono essere {MOST_CHARS}. "
                "Non è stato salvato: accorciarlo e riprovare."
            )
        if self.act in NEEDS_REASON and not self.reason.strip():
            raise Refused("Manca il motivo: scriverlo e riprovare.")


def corrected_value(field: Field, read: Value | None, said: Correction, today: date) -> Value:
    """Give the value that a field has by a person's word; ``read`` is what the machine made of it.

    The text goes through the parser of the field's kind, as at the first reading; ``today`` is the day of that.
    """
    state, value, reason, proposals = _judged(field, said, today)
    if value is None and field.kind in _MARKS:
        value = False
    file, page, box = _place(field, read)
    raw = said.text if said.act in (Act.VALUE, Act.OVERRIDE) else read.raw if read else ""
    return Value(field.name, value, raw, state, 1.0, Source.CLERK, file, page, box, reason, proposals)


_Judged = tuple[State, Content, str, tuple[str, ...]]
_BY_WORD: Final = {
    Act.UNREADABLE: State.UNREADABLE,
    Act.EMPTY: State.EMPTY,
    Act.NOT_APPLICABLE: State.NOT_APPLICABLE,
}
_SAID_UNREADABLE: Final = "Un operatore ha guardato l'immagine: non si legge."


def _judged(field: Field, said: Correction, today: date) -> _Judged:
    if said.act in _BY_WORD:
        told = _SAID_UNREADABLE if said.act is Act.UNREADABLE else ""
        return _BY_WORD[said.act], None, told, ()
    text = said.text.strip()
    if not text:
        return State.EMPTY, None, "", ()
    judged = _parsed(field, text, today) if field.kind in PARSERS else _chosen(field, text)
    if judged[0] is State.INVALID and said.act is Act.OVERRIDE:
        return State.FILLED, _as_typed(field, text), "", ()
    return judged


def _parsed(field: Field, text: str, today: date) -> _Judged:
    parsed = PARSERS[field.kind].parse(text, context_of(field, today))
    if parsed.value is None:
        return State.INVALID, None, parsed.reason, parsed.proposals
    return State.FILLED, parsed.value, "", parsed.proposals


def _chosen(field: Field, text: str) -> _Judged:
    if field.kind in _MARKS:
        return (State.FILLED, True, "", ()) if text == ON else (State.EMPTY, None, "", ())
    wanted = tuple(dict.fromkeys(part for part in text.split(",") if part))
    known = {option.value for option in field.options}
    if not set(wanted) <= known or (field.kind is Kind.ENUM and len(wanted) > 1):
        return State.INVALID, None, "Scegliere una delle voci del modulo.", ()
    return State.FILLED, wanted[0] if field.kind is Kind.ENUM else wanted, "", ()


def _as_typed(field: Field, text: str) -> Content:
    return tuple(filter(None, map(str.strip, text.split("\n")))) if field.kind is Kind.LIST else text


def _place(field: Field, read: Value | None) -> tuple[str, int, Box | None]:
    return (read.file, read.page, read.box or field.box) if read else ("", 0, field.box)
