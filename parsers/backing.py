"""Backing: what other fields of the same form say of a reading. A second witness on paper outweighs any reader.

A codice fiscale is told by surname, name, day, sex and place of birth, and tells of each of them; a CAP and a comune by
their province. Nothing is changed here but how much a reading is worth.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from parsers.acceptance import Acceptance
from parsers.evidence import Backing
from parsers.fields import municipality
from parsers.fields.identity import Disagreement, disagreements
from parsers.reading import State, Value, candidate
from parsers.verdict import NOT_CLEAR, filled, unreadable

PEOPLE = ("holder", "delegate", "declarant")
ADDRESSES = ("holder", "mailing", "delegate", "supply")
ENOUGH_PARTS = 2
"""So many parts of a person must be known before they bear a codice fiscale out."""
_FIELDS = {
    Disagreement.SURNAME: "surname",
    Disagreement.GIVEN_NAME: "given_name",
    Disagreement.BIRTH_DATE: "birth_date",
    Disagreement.SEX: "sex",
    Disagreement.BIRTH_PLACE: "birth_place",
}


def backed(values: Mapping[str, Value], bounds: Acceptance) -> dict[str, Value]:
    """Weigh every reading again with what the other fields say of it."""
    said: dict[str, Backing] = {}
    for name, backing in _witnesses(values):
        # One contradiction weighs more than any number of agreements.
        said[name] = backing if said.get(name) is not Backing.CONTRARY else Backing.CONTRARY
    return {name: _again(value, said.get(name), bounds) for name, value in values.items()}


def _again(value: Value, backing: Backing | None, bounds: Acceptance) -> Value:
    told = candidate(value)
    if backing is None or value.evidence is None or not isinstance(told, str) or value.evidence.keys is not None:
        return value
    evidence = replace(value.evidence, backing=backing)
    sure = bounds.probability(evidence)
    if bounds.takes(evidence, sure):
        verdict = filled(told, sure, value.proposals, evidence)
    else:
        verdict = unreadable(sure, [told, *value.proposals], value.reason or NOT_CLEAR, evidence)
    return replace(
        value,
        value=verdict.value,
        state=verdict.state,
        confidence=sure,
        reason=verdict.reason,
        proposals=verdict.proposals,
        evidence=evidence,
    )


def _witnesses(values: Mapping[str, Value]) -> Iterator[tuple[str, Backing]]:
    for who in PEOPLE:
        yield from _person(values, who)
    for where in ADDRESSES:
        yield from _address(values, where)


def _person(values: Mapping[str, Value], who: str) -> Iterator[tuple[str, Backing]]:
    code = _text(values, f"{who}_tax_code")
    told = {part: text for part, field in _FIELDS.items() if (text := _text(values, f"{who}_{field}"))}
    if len(code) != len("RSSMRA80A01H501U") or len(told) < ENOUGH_PARTS:
        return
    wrong = disagreements(
        code,
        surname=told.get(Disagreement.SURNAME, ""),
        given_name=told.get(Disagreement.GIVEN_NAME, ""),
        birth_date=_day(told.get(Disagreement.BIRTH_DATE, "")),
        sex_ticked=told.get(Disagreement.SEX, ""),
        birth_place=told.get(Disagreement.BIRTH_PLACE, ""),
        birth_province=_text(values, f"{who}_birth_province"),
    )
    yield f"{who}_tax_code", Backing.CONTRARY if wrong else Backing.BORNE_OUT
    for part in told:
        yield f"{who}_{_FIELDS[part]}", Backing.CONTRARY if part in wrong else Backing.BORNE_OUT


def _address(values: Mapping[str, Value], where: str) -> Iterator[tuple[str, Backing]]:
    comune, province = _text(values, f"{where}_municipality"), _text(values, f"{where}_province")
    cap = _text(values, f"{where}_postal_code")
    if comune and province and (fits := municipality.fits_province(comune, province)) is not None:
        yield from ((f"{where}_{part}", _backing(fits=fits)) for part in ("municipality", "province"))
    if cap and province and (fits := municipality.fits_postal_code(cap, [province])) is not None:
        yield from ((f"{where}_{part}", _backing(fits=fits)) for part in ("postal_code", "province"))


def _backing(*, fits: bool) -> Backing:
    return Backing.BORNE_OUT if fits else Backing.CONTRARY


def _text(values: Mapping[str, Value], name: str) -> str:
    """Answer what a field says: its value, or where a clerk would be asked, its first proposal."""
    value = values.get(name)
    told = candidate(value) if value and value.state is not State.INVALID else None
    return told if isinstance(told, str) else ""


def _day(text: str) -> date | None:
    """Take a day; what was offered to a clerk as it was read may be none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
