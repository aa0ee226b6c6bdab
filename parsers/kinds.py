"""The table from the kind of a field to the parser of its text."""

from collections.abc import Mapping
from typing import Protocol

from parsers.fields import (
    amount,
    date,
    email,
    integer,
    long_text,
    municipality,
    name,
    pdr,
    phone,
    pod,
    postal_code,
    province,
    street_number,
    tax_code,
    text,
    vat,
    year,
)
from parsers.fields import (
    list as list_,
)
from parsers.fields.parsed import Context, Parsed, Parts
from templates.form import Kind


class FieldParser(Protocol):
    """The verbs of a kind. None of them raises on any text that a sheet can carry."""

    def compact(self, raw: str) -> str:
        """Reduce a raw text to its bare form."""
        ...

    def parse(self, raw: str, context: Context) -> Parsed:
        """Normalize a raw text, or say why not."""
        ...

    def format(self, value: Parts) -> str:
        """Show a normalized value so that parsing it again gives the same value."""
        ...


PARSERS: Mapping[Kind, FieldParser] = {
    Kind.NAME: name,
    Kind.TEXT: text,
    Kind.LONG_TEXT: long_text,
    Kind.LIST: list_,
    Kind.DATE: date,
    Kind.YEAR: year,
    Kind.INTEGER: integer,
    Kind.AMOUNT: amount,
    Kind.TAX_CODE: tax_code,
    Kind.VAT: vat,
    Kind.POD: pod,
    Kind.PDR: pdr,
    Kind.POSTAL_CODE: postal_code,
    Kind.MUNICIPALITY: municipality,
    Kind.PROVINCE: province,
    Kind.STREET_NUMBER: street_number,
    Kind.PHONE: phone,
    Kind.EMAIL: email,
}
"""Kinds that are written. Those that are ticked or inked (enum, ticks, tick, ink) have no text to parse."""
