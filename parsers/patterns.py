"""The shapes of values, for reading them out of a lattice: one string of allowed characters for each position."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from parsers.fields import tax_code, vat
from parsers.fields.parsed import Context
from parsers.fields.provinces import ABROAD, NAMES, WITHDRAWN
from parsers.fields.tax_code_shape import MONTHS
from parsers.kinds import PARSERS
from templates.form import Kind

Shape = tuple[str, ...]

DIGIT = "0123456789"
LETTER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
OMOCODIC = DIGIT + "LMNPQRSTUV"
STROKE = "/.-"
BETWEEN_CELLS = " .-_|:·'"


@dataclass(frozen=True, slots=True)
class Grammar:
    """How values of a kind look.

    ``shapes`` are alternatives with a handicap in nats each: a rarer shape must fit that much better.
    ``charset`` stands in for shapes where the length is free. ``ignored`` characters count as blank.
    ``checked`` kinds carry a check digit, so that a reading that passes is sure.
    """

    shapes: tuple[tuple[Shape, float], ...] = ()
    charset: str = ""
    ignored: str = BETWEEN_CELLS
    upper: bool = True
    checked: bool = False


def _shape(*parts: tuple[str, int] | str) -> Shape:
    return tuple(s for part in parts for s in ((part,) if isinstance(part, str) else (part[0],) * part[1]))


def _tax_code(digit: str) -> Shape:
    return _shape((LETTER, 6), (digit, 2), MONTHS, (digit, 2), LETTER, (digit, 3), LETTER)


def _date_shapes(rare: Mapping[str, float]) -> tuple[tuple[Shape, float], ...]:
    """List the ways to write a date; ``rare`` are the centuries that a year may begin with, each with its handicap."""
    days = (_shape("0123", DIGIT), _shape("123456789"))
    months = (_shape("01", DIGIT), _shape("123456789"))
    years = [(_shape(*century, (DIGIT, 2)), more) for century, more in rare.items()]
    cells = [(days[0] + months[0] + year, more) for year, more in years]
    written = [((*d, STROKE, *m, STROKE, *year), 0.5 + more) for d in days for m in months for year, more in years]
    short = [((*d, STROKE, *m, STROKE, DIGIT, DIGIT), 3.0) for d in days for m in months]
    return (*cells, *written, *short)


def _amount_shapes() -> tuple[tuple[Shape, float], ...]:
    """List 1,00 to 999999,00 with and without the thousands' point, then whole euros, then one decimal."""
    plain = [_shape((DIGIT, n)) for n in range(1, 7)]
    grouped = [_shape((DIGIT, n), ".", (DIGIT, 3)) for n in range(1, 4)]
    tails = ((_shape(",", (DIGIT, 2)), 0.0), ((), 1.0), (_shape(",", DIGIT), 3.0))
    return tuple((whole + tail, handicap) for tail, handicap in tails for whole in (*plain, *grouped))


_BIRTHS = Grammar(_date_shapes({"19": 0.0, "20": 1.0}), ignored=" _|'")
_DAYS = Grammar(_date_shapes({"20": 0.0, "19": 3.0}), ignored=" _|'")
"""What a form asks for happened lately; a year of the last century is read where it stands there clearly."""
_POD_HEAD = _shape("I", "T", (DIGIT, 3), "E")
_GRAMMARS: Mapping[Kind, Grammar] = {
    Kind.TAX_CODE: Grammar(
        ((_tax_code(DIGIT), 0.0), (_tax_code(OMOCODIC), 3.0), (_shape((DIGIT, 11)), 2.0)), checked=True
    ),
    Kind.VAT: Grammar(((_shape((DIGIT, 11)), 0.0), (_shape("I", "T", (DIGIT, 11)), 1.0)), checked=True),
    Kind.POD: Grammar(
        (
            (_POD_HEAD + _shape((DIGIT, 8)), 0.0),
            (_POD_HEAD + _shape((DIGIT, 7), LETTER), 0.5),
            (_POD_HEAD + _shape((DIGIT, 9)), 1.0),
            (_POD_HEAD + _shape((DIGIT, 8), LETTER), 1.0),
            (_POD_HEAD + _shape((DIGIT + LETTER, 8)), 6.0),
            (_POD_HEAD + _shape((DIGIT + LETTER, 9)), 7.0),
        )
    ),
    Kind.PDR: Grammar(((_shape((DIGIT, 14)), 0.0), (_shape("I", "T", (DIGIT, 14)), 1.0))),
    Kind.POSTAL_CODE: Grammar(((_shape((DIGIT, 5)), 0.0),)),
    Kind.YEAR: Grammar(((_shape("12", "09", (DIGIT, 2)), 0.0),)),
    Kind.INTEGER: Grammar(charset=DIGIT),
    Kind.AMOUNT: Grammar(_amount_shapes(), ignored=" _|'€"),
    Kind.PHONE: Grammar(charset=DIGIT + "+/()", ignored=" _|'.-"),
    # A space is not ignored: it may be a lost underscore.
    Kind.EMAIL: Grammar(charset=(LETTER + LETTER.lower() + DIGIT + "@._-+"), ignored="|", upper=False),
}


def grammar(kind: Kind, context: Context) -> Grammar | None:
    """Give the grammar of a kind, or None where the text is free."""
    if kind is Kind.DATE:
        return _BIRTHS if context.birth else _DAYS
    return _provinces(context.birth) if kind is Kind.PROVINCE else _GRAMMARS.get(kind)


def judge(kind: Kind, context: Context) -> Callable[[str], bool]:
    """Give the test that a decoded text must pass: the check digit, the calendar, the list.

    It is called some hundred times for one field, so the kinds with a check digit are tested without looking for
    repairs as their parsers do.
    """
    if kind is Kind.TAX_CODE:
        return lambda text: not tax_code.fault(text, context.today)
    if kind is Kind.VAT:
        return lambda text: vat.is_valid(vat.compact(text))
    parser = PARSERS[kind]
    return lambda text: parser.parse(text, context).value is not None


@cache
def _provinces(birth: bool) -> Grammar:  # noqa: FBT001 - a cache key
    signs = (*NAMES, *WITHDRAWN, *((ABROAD,) if birth else ()))
    return Grammar(tuple(((sign[0], sign[1]), 0.0) for sign in signs))
