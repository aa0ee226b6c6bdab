"""What an identity document says about itself: its kind, number and expiry."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from parsers.fields.folding import fold, squeeze
from parsers.phrases import contains

CIE = re.compile(r"\bC[A-Z][0-9]{5}[A-Z]{2}\b")
PAPER = re.compile(r"\b[A-Z]{2}\s?[0-9]{7}\b")
PASSPORT = re.compile(r"\b[A-Z]{2}[0-9]{7}\b")
LICENCE = re.compile(r"\b(?:[A-Z]{2}[0-9]{7}[A-Z]|U1[A-Z0-9]{7}[A-Z])\b")
MRZ = re.compile(r"C<ITA(C[A-Z][0-9]{5}[A-Z]{2})")
MRZ_DATES = re.compile(r"\b[0-9]{6}[0-9<][MFX<]([0-9]{2})([0-9]{2})([0-9]{2})[0-9<]ITA")
_DAY = r"\b([0-3]?[0-9])\s?[./\- ]\s?([01]?[0-9])\s?[./\- ]\s?((?:19|20)[0-9]{2})\b"
DATE = re.compile(_DAY)
EXPIRY = re.compile(rf"(?:scaden[zt]a|scade\b|valid[ao] (?:fino|sino)|expiry|4b\b)[^0-9]{{0,15}}({_DAY})")
"""A word for the expiry with its date at once after it."""
FAX_LINE = re.compile(r"\bpag(?:ina)?\.?\s*[0-9]+\s*/\s*[0-9]+", re.IGNORECASE)
"""The line that a fax machine prints above the page; its date is not the document's."""


@dataclass(frozen=True, slots=True)
class IdentityDocument:
    """An identity document. ``kind`` is cie, paper, passport, licence or unknown; ``number`` "" where not read."""

    kind: str
    number: str = ""
    expiry: date | None = None


def identity_document(text: str) -> IdentityDocument | None:
    """Read an identity document's facts, or None where neither words nor a number pattern speak of one.

    The number tells an electronic card (CA00000AA) from a paper one (AA 0000000), whose validity ended on 3 August
    2026. A passport has the paper card's pattern, so there the word decides.

    >>> identity_document("CARTA DI IDENTITÀ CA00000AA Scadenza 01.02.2030")
    IdentityDocument(kind='cie', number='CA00000AA', expiry=datetime.date(2030, 2, 1))
    """
    folded = fold(text)
    plain = squeeze(text).upper()
    word = _word(folded)
    kind, number = _numbered(plain, word)
    if not word and kind != "cie":
        return None
    return IdentityDocument(kind or word_kind(word), number, _expiry(text))


def word_kind(word: str) -> str:
    """Give the kind that the word on the document says by itself: a card's kind needs the number."""
    return word if word in {"passport", "licence"} else "unknown"


def _word(folded: str) -> str:
    words = {
        "passport": ("passaporto",),
        "licence": ("patente di guida",),
        "card": ("carta di identita", "carta d'identita", "carta identita", "identity card"),
    }
    return next((kind for kind, phrases in words.items() if any(contains(folded, p) for p in phrases)), "")


def _numbered(plain: str, word: str) -> tuple[str, str]:
    """Find the number by the patterns that fit the word, the electronic card's first."""
    zone = MRZ.search(plain.replace(" ", ""))
    electronic = CIE.search(plain)
    if word in {"", "card"} and (zone or electronic):
        return "cie", zone[1] if zone else electronic[0] if electronic else ""
    pattern, kind = {"card": (PAPER, "paper"), "passport": (PASSPORT, "passport"), "licence": (LICENCE, "licence")}.get(
        word, (None, "")
    )
    found = pattern.search(plain) if pattern else None
    return (kind, found[0].replace(" ", "")) if found else ("", "")


def _expiry(text: str) -> date | None:
    """Find the expiry: the date right after its word, the machine-readable zone's, or the last of birth, issue, expiry.

    Engines read a card's labels and values as two columns, so that the date after the word may be the birth.
    """
    body = " ".join(fold(line) for line in text.splitlines() if not FAX_LINE.search(line))
    every = sorted(_dates(body))
    beside = [d for word in EXPIRY.finditer(body) for d in _dates(body[word.start(1) : word.end()])]
    later = [d for d in beside if len(every) == 1 or d > every[0]]
    if later:
        return max(later)
    zone = MRZ_DATES.search(squeeze(text).upper().replace(" ", ""))
    if zone:
        return _real(2000 + int(zone[1]), int(zone[2]), int(zone[3]))
    return every[-1] if len(set(every)) >= len(("birth", "issue", "expiry")) else None


def _dates(text: str) -> Iterator[date]:
    for found in DATE.finditer(text):
        real = _real(int(found[3]), int(found[2]), int(found[1]))
        if real:
            yield real


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
