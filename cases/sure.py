"""Sure: who and what a request is about, as far as nobody has to be asked. Two of them are compared here. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from parsers.reading import Content, State, Value
from templates.slip import SLIP_FORM

POD_COMPARED: Final = 14
"""A POD may have a 15th character, which is the distributor's own: the others tell it."""
_CODES: Final = ("holder_tax_code", "supply_pod", "supply_pdr")
NO_REQUEST: Final = frozenset({"DELEGA", SLIP_FORM})
"""Forms that ask for nothing by themselves: they go with another."""
_YEAR_INSTEAD: Final[Mapping[str, str]] = {"BONUS": "bonus_year"}
"""Procedures without a complaint: what tells one request from the next."""


class Likeness(StrEnum):
    """How two requests stand to each other."""

    SAME = "same"
    """All four parts are sure and the same: one request that came twice."""
    LATER = "later"
    """The same person and procedure, or supply and name, and nothing speaks against it: papers to an open case."""
    MAYBE = "maybe"
    """Two of the four are the same, or the procedure and a code that is only likely: a clerk decides."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Sure:
    """The four parts by which a request is known, empty where they are not sure; and the holder's name.

    ``day`` is the date of the complaint; the year of the bonus, where the procedure has no complaint.
    """

    tax_code: str = ""
    points: frozenset[str] = frozenset()
    procedure: str = ""
    day: str = ""
    name: str = ""
    likely: frozenset[str] = frozenset()
    """Codes of person and supply as they were read though not surely: reason enough to ask, never to link."""

    @property
    def codes(self) -> frozenset[str]:
        """Give every code of person and supply, sure or likely."""
        return frozenset({self.tax_code, *self.points, *self.likely} - {""})

    @property
    def known(self) -> bool:
        """Tell whether it says whose request it is."""
        return bool(self.tax_code or self.points)


def sure_of(form: str, values: Mapping[str, Value]) -> Sure:
    """Take what is sure from values after their checks: only those that are filled, and none that a clerk is asked."""
    contents = {name: v.value for name, v in values.items() if v.state is State.FILLED}
    unsure = {name: v.proposals[0] for name in _CODES if (v := values.get(name)) and _asked(v.state, v.proposals)}
    return _sure(form, contents, unsure)


def sure_payload(payload: Mapping[str, Any]) -> Sure:
    """Take what is sure from a published submission, where whatever is not filled is null."""
    fields: Mapping[str, Mapping[str, Any]] = payload.get("fields") or {}
    contents = {name: told.get("value") for name, told in fields.items()}
    told_of = {name: fields[name] for name in _CODES if name in fields}
    unsure = {n: str(t["proposals"][0]) for n, t in told_of.items() if _asked(t.get("state"), t.get("proposals"))}
    return _sure(str(payload.get("form") or ""), contents, unsure)


def compare(one: Sure, other: Sure) -> Likeness:
    """Compare two requests; it is the same whichever comes first."""
    parts = _parts(one, other)
    who, where, what, _ = parts
    same = sum(part is True for part in parts)
    if what is False:
        return Likeness.OTHER
    if same == len(parts):
        return Likeness.SAME
    if False not in parts and ((who and what) or (where and _same_name(one, other))):
        return Likeness.LATER
    if same > 1 and (who or where):
        return Likeness.MAYBE
    alike = what and who is not False and one.codes & other.codes
    return Likeness.MAYBE if alike else Likeness.OTHER


def contradict(one: Sure, other: Sure) -> bool:
    """Tell whether two are surely of different people, or of different procedures."""
    who, _, what, _ = _parts(one, other)
    return who is False or what is False


def plain_name(text: str) -> str:
    """Bring a name to bare capitals for comparing.

    >>> plain_name(" D'Esempio  Nicolò ")
    'D ESEMPIO NICOLO'
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare.upper()).split())


def plain_sender(sender: str) -> str:
    """Bring an address or a fax number to one spelling.

    >>> plain_sender("Anna@Example.com"), plain_sender("+39 06 555-5555")
    ('anna@example.com', '+39065555555')
    """
    sender = sender.strip().casefold()
    return sender if "@" in sender else re.sub(r"[^0-9+]", "", sender)


def _asked(state: object, proposals: object) -> bool:
    """Tell whether a clerk is asked about a value, and a reading is offered."""
    return state == State.UNREADABLE and bool(proposals)


def _sure(form: str, contents: Mapping[str, Content | list[str]], unsure: Mapping[str, str]) -> Sure:
    def text(name: str) -> str:
        content = contents.get(name)
        return content if isinstance(content, str) else ""

    pod = text("supply_pod")[:POD_COMPARED]
    points = frozenset(filter(None, (pod, text("supply_pdr"))))
    surname, given = plain_name(text("holder_surname")), plain_name(text("holder_given_name"))
    day = text(_YEAR_INSTEAD.get(form, "complaint_sent_date"))
    procedure = "" if form in NO_REQUEST else form
    name = f"{surname} {given}" if surname and given else ""
    likely = frozenset(code[:POD_COMPARED] if field == "supply_pod" else code for field, code in unsure.items())
    return Sure(text("holder_tax_code"), points, procedure, day, name, likely)


_Part = bool | None


def _parts(one: Sure, other: Sure) -> tuple[_Part, _Part, _Part, _Part]:
    """Compare who, where, what and when: True the same, False surely not, None not known of both."""
    where = bool(one.points & other.points) if one.points and other.points else None
    return (
        _same(one.tax_code, other.tax_code),
        where,
        _same(one.procedure, other.procedure),
        _same(one.day, other.day),
    )


def _same(one: str, other: str) -> _Part:
    return one == other if one and other else None


def _same_name(one: Sure, other: Sure) -> bool:
    return bool(one.name) and one.name == other.name
