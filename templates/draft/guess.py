"""Guess what a place holds from the Italian words beside it; a plain text where no word tells."""

import re
import unicodedata
from dataclasses import dataclass

from templates.draft.place import Place, Shape
from templates.form import Kind
from templates.plan import CELLS


@dataclass(frozen=True, slots=True)
class Guess:
    """A kind, and in plain words why."""

    kind: Kind
    why: str


PLACE_AND_DATE = r"\bluogo\b.*\bdata\b"
WORDS: tuple[tuple[Kind, str], ...] = (
    (Kind.INK, r"\bfirm[ae]\b|\bsottoscrizione\b|signature"),
    (Kind.TAX_CODE, r"codice fiscale|cod\.? ?fisc|\bc\.? ?f\.?(?: |$)"),
    (Kind.VAT, r"partita iva|p\.? ?iva\b"),
    (Kind.POD, r"\bpod\b"),
    (Kind.PDR, r"\bpdr\b"),
    (Kind.EMAIL, r"\be-? ?mail\b|posta elettronica|\bpec\b|posta certificata"),
    (Kind.PHONE, r"\btel(?:efono|\.|efonico|\b)|\bcell(?:ulare|\.|\b)|\bfax\b|recapito telefonico"),
    (Kind.POSTAL_CODE, r"\bc\.?a\.?p\b\.?"),
    (Kind.PROVINCE, r"\bprov(?:incia|\.|\b)|\(pr\.?\)"),
    (Kind.TEXT, rf"{PLACE_AND_DATE}|\bvia\b|\bpiazza\b|indirizzo"),
    (Kind.DATE, r"\bdata\b|\bnat[oa/()a ]* il\b|\b(?:il|dal|al)\b[ :.]*$|\bscadenza\b|\bgiorno\b|gg ?/? ?mm"),
    (Kind.YEAR, r"^(?:l')?anno\b|anno di riferimento"),
    (Kind.AMOUNT, r"\bimporto\b|€|\beuro\b|\bsomma\b|\btotale\b"),
    (Kind.STREET_NUMBER, r"\bcivico\b|\bn\.? ?civ|^n[.°]?$|^num\.?$"),
    (
        Kind.INTEGER,
        r"^(?:n\.|n°|numero) (?:di )?(?:componenti|persone|figli|fogli|allegati|pagine)|^quant[ie]\b|^componenti\b",
    ),
    (Kind.TEXT, r"ragione sociale|denominazione|codice cliente|\bnumero\b|\bn[.°]"),
    (Kind.MUNICIPALITY, r"\bcomune\b|\bcitta\b|\blocalita\b|\bluogo\b|residente a|\bnat[oa/()a ]* a\b|domiciliat"),
    (Kind.NAME, r"\bcognome\b|\bnome\b|\bsottoscritt|nominativo|\bintestatario\b|\bdelegato\b|\bdelegante\b"),
)
"""Asked in this order, after those with which a label begins: what follows there are remarks."""

BY_CELLS = {16: Kind.TAX_CODE}


def folded(text: str) -> str:
    """Fold a label: small letters, no accents, single spaces."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore" if "€" not in text else "replace")
    kept = plain.decode().replace("?", "€" if "€" in text else "?")
    return " ".join(kept.split())


def guess(place: Place, label: str) -> Guess:
    """Guess the kind of a place that is written into or signed."""
    words = folded(label)
    if place.dated:
        return Guess(Kind.DATE, "two strokes part it into day, month and year")
    begins = [(kind, pattern) for kind, pattern in WORDS if kind is not Kind.TEXT and re.match(pattern, words)]
    if re.match(PLACE_AND_DATE, words):
        begins = []
    for kind, pattern in (*begins, *WORDS):
        found = re.search(pattern, words)
        if found:
            return _fitting(place, kind, found[0].strip())
    if place.cells in BY_CELLS:
        return Guess(BY_CELLS[place.cells], f"{place.cells} cells, as it has")
    if place.shape is Shape.AREA:
        return Guess(Kind.LONG_TEXT, "room for several lines")
    return Guess(Kind.TEXT, "no word of the label tells more")


def _fitting(place: Place, kind: Kind, word: str) -> Guess:
    """Take a kind back that the place itself contradicts."""
    if place.shape is Shape.AREA and kind is not Kind.INK:
        return Guess(Kind.LONG_TEXT, "room for several lines")
    if kind is Kind.INK and place.cells:
        return Guess(Kind.TEXT, "cells, though the label says a signature")
    usual = CELLS.get(kind)
    if usual and place.cells and not _may_hold(kind, place.cells):
        return Guess(Kind.TEXT, f'the label says "{word}", but {place.cells} cells do not hold one')
    return Guess(kind, f'the label says "{word}"')


def _may_hold(kind: Kind, cells: int) -> bool:
    """Tell whether so many cells can hold a code: a POD has 14 or 15 signs, a date may keep cells for its strokes."""
    allowed = {Kind.POD: (14, 15), Kind.DATE: (8, 10, 6), Kind.TAX_CODE: (16,), Kind.PROVINCE: (2,)}
    return cells in allowed.get(kind, (CELLS[kind],))
