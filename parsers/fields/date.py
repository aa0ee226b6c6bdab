"""A date written the Italian way, as ISO 8601. Own parser: dateparser reads 12/25/2025 as 25 December."""

import re
from datetime import date

from parsers.fields.centuries import century_of_birth
from parsers.fields.confusions import digits
from parsers.fields.folding import DASHES, squeeze
from parsers.fields.parsed import Context, Parsed, Parts, refuse

MONTHS = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
    "novembre", "dicembre",
)  # fmt: skip
FIGURES = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4}|[0-9]{2})")
ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
CELLS = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4}|[0-9]{2})")
WORDS = re.compile(r"([0-9]{1,2})[°o^]?[ .\-/]*([a-z]{3,9})[ .\-/]*([0-9]{4}|[0-9]{2})")
OLDEST_YEARS = 120
EXAMPLE = "scrivere giorno, mese e anno, per esempio 03/04/2025."
UNREAL = "La data non esiste nel calendario: " + EXAMPLE
SHAPELESS = "La data non è scritta per intero o non si capisce: " + EXAMPLE
FUTURE = "La data di nascita è nel futuro: controllare l'anno."
TOO_OLD = "La data di nascita è di oltre 120 anni fa: controllare l'anno."
CENTURY = "L'anno di nascita ha due cifre e il secolo non è certo: scrivere l'anno con quattro cifre."
CELLS_LEFT = "La data riempie solo sei caselle: scrivere anche l'anno con quattro cifre."


def compact(raw: str) -> str:
    """Bring to lower case with plain separators and no spaces around them.

    >>> compact(" 03 / 04 / 2025 "), compact("0 3|0 4|1 9 8 0")
    ('03/04/2025', '03041980')
    """
    text = squeeze(squeeze(raw).translate(DASHES).replace("_", " ")).casefold()
    text = re.sub(r"^(?:il|li|lì|addì|data)\b[: ]*", "", text)
    text = re.sub(r" ?([/.\-]) ?", r"\1", text).strip(" |,;:.")
    bare = re.sub(r"[ |]", "", text)
    if bare.isdigit() or re.fullmatch(r"[0-9/.\-]+", bare):
        return bare
    return text.replace("|", "")


def parse(raw: str, context: Context) -> Parsed:
    """Take day, month, year; two-digit years are of this century, or of a plausible age for a birth.

    >>> from datetime import date
    >>> parse("3 apr. 2025", Context(date(2026, 1, 1))).value
    '2025-04-03'
    """
    text = compact(raw)
    parts = _parts(text)
    if parts is None:
        return refuse(SHAPELESS, *_repairs(text, context))
    day, month, year = parts
    if CELLS.fullmatch(text) and len(year) == len("25"):
        return refuse(CELLS_LEFT, *(d.isoformat() for d in _dates(day, month, year, context)))
    found = _dates(day, month, year, context)
    if not found:
        return refuse(UNREAL, *_repairs(text, context), *_swapped(day, month, year, context))
    if len(found) > 1:
        return refuse(CENTURY, *(d.isoformat() for d in found))
    return _plausible(found[0], context)


def format(value: Parts) -> str:  # noqa: A001 - each kind has the same verbs
    """Show as GG/MM/AAAA.

    >>> format("2025-04-03")
    '03/04/2025'
    """
    year, month, day = str(value).split("-")
    return f"{day}/{month}/{year}"


def _parts(text: str) -> tuple[int, int, str] | None:
    iso = ISO.fullmatch(text)
    if iso:
        return int(iso[3]), int(iso[2]), iso[1]
    figures = FIGURES.fullmatch(text) or CELLS.fullmatch(text)
    if figures:
        return int(figures[1]), int(figures[2]), figures[3]
    words = WORDS.fullmatch(text)
    month = _month(words[2]) if words else None
    return (int(words[1]), month, words[3]) if words and month else None


def _month(word: str) -> int | None:
    """Find a month by its whole name or its first letters, three or more."""
    return next((i for i, name in enumerate(MONTHS, start=1) if name.startswith(word)), None)


def _real(day: int, month: int, year: int) -> tuple[date, ...]:
    try:
        return (date(year, month, day),)
    except ValueError:
        return ()


def _dates(day: int, month: int, year: str, context: Context) -> tuple[date, ...]:
    """List the dates that these parts can mean: none for an unreal one, two for a birth of unclear century."""
    if len(year) == len("2025"):
        return _real(day, month, int(year))
    if not context.birth:
        return _real(day, month, 2000 + int(year))
    return century_of_birth(day, month, int(year), context.today)


def _plausible(found: date, context: Context) -> Parsed:
    if context.birth and found > context.today:
        return refuse(FUTURE)
    if context.birth and context.today.year - found.year > OLDEST_YEARS:
        return refuse(TOO_OLD)
    return Parsed(found.isoformat())


def _swapped(day: int, month: int, year: str, context: Context) -> tuple[str, ...]:
    return tuple(d.isoformat() for d in _dates(month, day, year, context))


def _repairs(text: str, context: Context) -> tuple[str, ...]:
    """Offer the date with letters read as digits (O3/O4/2025) and odd marks between the parts as strokes."""
    figures = re.sub(r"[,;:\\ |]", "/", digits(text))
    parts = _parts(figures) if figures != text else None
    return tuple(d.isoformat() for d in _dates(*parts, context)) if parts else ()
