"""Whether a quick reading is beyond doubt as it stands, so that no other reader need be asked."""

from datetime import date

from ocr.engine import Recognised
from parsers.fields import municipality, tax_code, vat
from templates.form import Kind

LEAST = {Kind.TAX_CODE: 0.6, Kind.VAT: 0.95, Kind.MUNICIPALITY: 0.9}
"""Confidence by kind. Of misread codici fiscali one in a hundred has a right check character, date and birthplace; of
misread partite IVA one in ten has a right check digit."""


def is_sound(kind: Kind, read: Recognised) -> bool | None:
    """Tell whether a reading passes the check of its kind, or is a whole entry of its official list.

    None where the kind has no check, or the reading passes and is yet uncertain.

    >>> is_sound(Kind.TAX_CODE, Recognised("RSSMRA85T10A562S", 0.9)), is_sound(Kind.TAX_CODE, Recognised("RSSMRA", 0.9))
    (True, False)
    """
    if kind not in LEAST:
        return None
    if not _passes(kind, read.text):
        return False
    return True if read.confidence >= LEAST[kind] else None


def _passes(kind: Kind, text: str) -> bool:
    if kind is Kind.MUNICIPALITY:
        return bool(municipality.candidates(municipality.compact(text)))
    if kind is Kind.VAT:
        return vat.is_valid(vat.compact(text))
    number = tax_code.compact(text)
    return tax_code.is_person(number) and not tax_code.fault(number, date.max)
