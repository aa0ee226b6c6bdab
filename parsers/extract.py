"""From the ink of a form to its values: every field gets exactly one."""

from collections.abc import Iterable, Sequence
from datetime import date

from ocr.ink import Ink, Presence, Source
from parsers.acceptance import Acceptance
from parsers.backing import backed
from parsers.kinds import PARSERS
from parsers.reading import State, Value
from parsers.same_as import spread
from parsers.second_keys import confirm
from parsers.ticked import ticked
from parsers.written import written
from templates.form import Field, Form, Kind

_RANK = (Presence.EMPTY, Presence.DOUBTFUL, Presence.STRUCK, Presence.INK)


def extract(form: Form, inks: Sequence[Ink], today: date, bounds: Acceptance | None = None) -> dict[str, Value]:
    """Decode the inks of all sheets of a form, in the order of its fields; ``today`` is the day of receipt.

    A field without ink, because its sheet did not come, is empty with confidence 0 and no file.
    """
    best = _best(inks)
    gate = bounds or Acceptance()
    values = {field.name: _value(field, best, today, gate) for field in form.fields.values()}
    return spread(backed(confirm(form, best, values, today, gate), gate))


def _value(field: Field, inks: dict[str, Ink], today: date, bounds: Acceptance) -> Value:
    zones = [field.name, *(f"{field.name}.{option.value}" for option in field.options)]
    if not any(zone in inks for zone in zones):
        return _absent(field)
    return written(field, inks[field.name], today, bounds) if field.kind in PARSERS else ticked(field, inks)


def _absent(field: Field) -> Value:
    off = False if field.kind in {Kind.TICK, Kind.INK} else None
    return Value(field.name, off, "", State.EMPTY, 0.0, Source.OCR)


def _best(inks: Iterable[Ink]) -> dict[str, Ink]:
    """Keep one ink for each zone: of a sheet that came twice the better one."""
    best: dict[str, Ink] = {}
    for ink in inks:
        other = best.get(ink.zone)
        if other is None or _worth(ink) > _worth(other):
            best[ink.zone] = ink
    return best


def _worth(ink: Ink) -> tuple[int, float]:
    return _RANK.index(ink.presence), ink.confidence
