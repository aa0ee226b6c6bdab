"""How people write a value down: a date into eight cells, an amount with a comma, a telephone with spaces."""

from datetime import date
from random import Random

from parsers.reading import Content
from templates.form import Field, Kind

_CHOSEN = frozenset({Kind.ENUM, Kind.TICKS, Kind.TICK, Kind.INK})


def write(field: Field, value: Content, rng: Random) -> str:
    """Write a true value as a customer would, "" when there is nothing to write."""
    if value is None or field.kind in _CHOSEN or isinstance(value, bool):
        return ""
    if isinstance(value, tuple):
        return ", ".join(value)
    if field.kind is Kind.DATE:
        return f"{date.fromisoformat(value):%d%m%Y}" if field.cells else f"{date.fromisoformat(value):%d/%m/%Y}"
    if field.kind is Kind.AMOUNT:
        return _amount(value, rng)
    if field.kind is Kind.PHONE:
        return _phone(value, rng)
    return value


def marks(field: Field, value: Content) -> tuple[str, ...]:
    """Name the options of a field that are ticked."""
    if field.kind in {Kind.TICKS, Kind.ENUM} and isinstance(value, tuple):
        return value
    return (value,) if field.kind is Kind.ENUM and isinstance(value, str) else ()


def _amount(value: str, rng: Random) -> str:
    whole, cents = value.split(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    return f"{rng.choice((whole, grouped))},{cents}"


def _phone(value: str, rng: Random) -> str:
    national = value.removeprefix("+39")
    mobile = national.startswith("3")
    area = 3 if mobile or national.startswith("011") else 2
    head, tail = national[:area], national[area:]
    return rng.choice((f"{head} {tail}", national, f"{head}/{tail}" if not mobile else f"+39 {head} {tail}"))


def written_nothing(value: Content) -> bool:
    """Tell whether a value leaves no mark on the sheet: None, an open tick, an empty list."""
    return value in (None, False, "", ())
