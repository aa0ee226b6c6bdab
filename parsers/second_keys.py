"""Second keys: what one hand-written field of a form says about another, after all of them are read.

A codice fiscale is weighed by names, birth date, sex and birthplace; then it confirms the birthplace, and a province
its comune. Nothing is changed without a key: a field that no other one confirms stays as it was. What stands in cells
is weighed once more by ``parsers/backing.py``, as typed fields are.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ocr.ink import Ink, Source
from parsers.acceptance import Acceptance
from parsers.evidence import Backing
from parsers.fields import municipality, places
from parsers.fields.identity import given_name_letters, surname_letters
from parsers.fields.parsed import Context
from parsers.fields.tax_code_shape import MONTHS, plain, sex
from parsers.hand_cells import HandReading, decode_cells, with_scores
from parsers.handwritten import BY_HAND, evidence_of
from parsers.kinds import PARSERS
from parsers.reading import State, Value
from parsers.written import context_of
from templates.form import Form, Kind

PEOPLE = ("holder", "delegate")
ADDRESSES = ("holder", "mailing", "delegate", "supply")
NAME_SLIP = 2.5
"""Nats against a code for each letter that differs from the name as read; a name may be misread."""
MOST_AGAINST = 6.0
"""No field speaks louder against a code than this: it may itself be wrong."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The fields of a form with their inks and values, as the keys see them."""

    form: Form
    inks: Mapping[str, Ink]
    values: Mapping[str, Value]
    today: date

    def hand(self, name: str) -> HandReading | None:
        """Decode a field written by hand into cells, None for any other."""
        ink, field = self.inks.get(name), self.form.fields.get(name)
        if field is None or ink is None or ink.source is not Source.HANDPRINT or ink.cells is None:
            return None
        return decode_cells(ink.cells, field.kind, self.context(name))

    def context(self, name: str) -> Context:
        """Say what the parser may know."""
        return context_of(self.form.fields[name], self.today)

    def text(self, name: str) -> str:
        """Give what stands in a field, the best guess where nothing is sure; "" for nothing."""
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value.value, str):
            return value.value
        return next(iter(value.proposals), value.raw)


def confirm(
    form: Form, inks: Mapping[str, Ink], values: Mapping[str, Value], today: date, bounds: Acceptance
) -> dict[str, Value]:
    """Accept what a second field confirms, and reorder proposals elsewhere; only hand-written fields change."""
    out = dict(values)
    for step in (_people, _addresses):
        for value in step(Sheet(form, inks, out, today), bounds):
            out[value.field] = value
    return out


def _people(sheet: Sheet, bounds: Acceptance) -> Iterator[Value]:
    for who in PEOPLE:
        read = sheet.hand(f"{who}_tax_code")
        code = sheet.values.get(f"{who}_tax_code")
        if code is None:
            continue
        if read is not None and read.options:
            code = _code(sheet, who, code, read, bounds)
            yield code
        if code.state is State.FILLED and isinstance(code.value, str) and len(code.value) == 16:
            yield from _birthplace(sheet, who, code.value)


def _code(sheet: Sheet, who: str, value: Value, read: HandReading, bounds: Acceptance) -> Value:
    """Weigh the codes that the cells can be by the other fields, and accept the best where a key agrees."""
    keys = list(_keys(sheet, who))
    weighed = with_scores(read, lambda code: sum(key(code) for key in keys))
    said, best = [key(weighed.best) for key in keys], weighed.best
    evidence = replace(
        evidence_of(Kind.TAX_CODE, sheet.inks[value.field], weighed, sheet.context(value.field)),
        keys=said.count(0.0),
        backing=_backing(said),
    )
    sure, is_reading = bounds.probability(evidence), read.clear and not read.overrules(best)
    known = replace(value, confidence=sure, evidence=evidence if is_reading else None)
    if is_reading and bounds.takes(evidence, sure):
        return replace(known, value=best, state=State.FILLED, reason="", proposals=())
    reason = value.reason or BY_HAND
    return replace(known, value=None, state=State.UNREADABLE, reason=reason, proposals=weighed.texts)


def _backing(said: Sequence[float]) -> Backing:
    """Sum up what the keys say of a code: one that speaks as loud as any can is a contradiction."""
    if min(said, default=0.0) <= -MOST_AGAINST:
        return Backing.CONTRARY
    return Backing.BORNE_OUT if 0.0 in said else Backing.NONE


def _keys(sheet: Sheet, who: str) -> Iterator[Callable[[str], float]]:
    """Give what each other field says of a code: 0 where it agrees, nats against it where not."""
    surname, given = sheet.text(f"{who}_surname"), sheet.text(f"{who}_given_name")
    if surname:
        yield lambda code: _slips(plain(code)[:3], surname_letters(surname))
    if given:
        yield lambda code: _slips(plain(code)[3:6], given_name_letters(given))
    day = _day_key(sheet, f"{who}_birth_date")
    if day is not None:
        yield day
    ticked = sheet.values.get(f"{who}_sex")
    if ticked is not None and ticked.value in {"M", "F"}:
        yield lambda code: 0.0 if sex(code) == ticked.value else -MOST_AGAINST
    codes = _birth_codes(sheet, who)
    if codes:
        yield lambda code: 0.0 if plain(code)[11:15] in codes else -MOST_AGAINST


def _slips(part: str, letters: str) -> float:
    return -min(MOST_AGAINST, NAME_SLIP * sum(a != b for a, b in zip(part, letters, strict=True)))


def _day_key(sheet: Sheet, name: str) -> Callable[[str], float] | None:
    """Compare a code with the birth date: by the cells' own probabilities where a hand wrote them."""
    read = sheet.hand(name)
    if read is not None:
        ranked = {_day_of(sheet, name, option.text): option.score for option in reversed(read.options)}
        best = max(ranked.values(), default=0.0)
        return lambda code: max(-MOST_AGAINST, ranked.get(_day_in(code), -99.0) - best) if ranked else 0.0
    value = sheet.values.get(name)
    if value is None or not isinstance(value.value, str):
        return None
    day = _short(value.value)
    return lambda code: 0.0 if _day_in(code) == day else -MOST_AGAINST


def _day_of(sheet: Sheet, name: str, text: str) -> str:
    value = PARSERS[Kind.DATE].parse(text, sheet.context(name)).value
    return _short(value) if isinstance(value, str) else ""


def _short(iso: str) -> str:
    """Bring a date to the form that a code can say: two digits of the year.

    >>> _short("1980-01-31")
    '80-01-31'
    """
    return iso[2:]


def _day_in(code: str) -> str:
    bare = plain(code)
    return f"{bare[6:8]}-{MONTHS.index(bare[8]) + 1:02d}-{int(bare[9:11]) % 40:02d}"


def _birth_codes(sheet: Sheet, who: str) -> frozenset[str]:
    text = sheet.text(f"{who}_birth_place")
    return municipality.birth_codes(text, sheet.text(f"{who}_birth_province")) if text else frozenset()


def _birthplace(sheet: Sheet, who: str, code: str) -> Iterator[Value]:
    """Accept a birthplace, which a hand wrote on a line, that an accepted code says as well."""
    code = plain(code)[11:15]
    value = sheet.values.get(f"{who}_birth_place")
    if value is None or value.source is not Source.HANDPRINT or value.state is not State.UNREADABLE:
        return
    named = [name for name in dict.fromkeys((value.raw, *value.proposals)) if code in municipality.birth_codes(name)]
    if named:
        yield _accepted(value, PARSERS[Kind.MUNICIPALITY].parse(named[0], sheet.context(value.field)).value, 0.99)


def _addresses(sheet: Sheet, bounds: Acceptance) -> Iterator[Value]:
    """Let a province, which stands in cells, confirm a comune on a line."""
    birth = [(f"{who}_birth_place", f"{who}_birth_province") for who in PEOPLE]
    for place, sign in (*((f"{at}_municipality", f"{at}_province") for at in ADDRESSES), *birth):
        if place in sheet.values and sign in sheet.values:
            yield from _placed(sheet, place, sign, bounds)


def _placed(sheet: Sheet, place: str, sign: str, bounds: Acceptance) -> Iterator[Value]:
    where, read = sheet.values[place], sheet.hand(sign)
    names = [where.value] if isinstance(where.value, str) else list(dict.fromkeys((where.raw, *where.proposals)))
    fitting = [n for n in names if isinstance(n, str) and places.find(n)]
    if read is None or not read.clear or not fitting:
        return
    provinces = municipality.provinces_of(fitting[0])
    if read.best not in provinces or read.best != read.shown or read.plain < bounds.hand_keyed:
        return
    if where.source is Source.HANDPRINT and where.state is State.UNREADABLE:
        parsed = PARSERS[Kind.MUNICIPALITY].parse(fitting[0], sheet.context(place))
        yield _accepted(where, parsed.value, read.plain)


def _accepted(value: Value, content: object, confidence: float) -> Value:
    if not isinstance(content, str):
        return value
    return replace(value, value=content, state=State.FILLED, confidence=confidence, reason="", proposals=())
