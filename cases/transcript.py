"""Transcript: what was seen of one submission before any grammar, in a form that is stored and read again for ever."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache, partial
from typing import Any, get_type_hints

from pydantic import TypeAdapter

from ocr.ink import Ink
from ocr.packed import pack, pack_cells, unpack, unpack_cells

Noted = dict[str, Any]
"""An ink as plain JSON values; what holds its default is left out, so that a later field makes no old row wrong."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as it was laid: the file's SHA-256, its number there, and the form page that it is, or None."""

    digest: str
    number: int
    form: str
    form_page: int | None
    quality: float
    residual_mm: float | None
    how: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """All sheets of a submission, and the inks of its form and of its delegation form."""

    sheets: tuple[Sheet, ...] = ()
    inks: tuple[Noted, ...] = ()
    delega: tuple[Noted, ...] = ()


def note(inks: Iterable[Ink]) -> tuple[Noted, ...]:
    """Bring inks to plain values, their lattices packed."""
    return tuple(_noted(ink) for ink in inks)


def inks_of(noted: Iterable[Mapping[str, Any]]) -> tuple[Ink, ...]:
    """Give noted inks back. Raises ``ValueError`` for values that are no ink's; unknown names are left out."""
    return tuple(_ink(one) for one in noted)


def _noted(ink: Ink) -> Noted:
    plain: Noted = {}
    for field in fields(Ink):
        value = getattr(ink, field.name)
        if field.default is MISSING or value != field.default:
            plain[field.name] = _ways()[field.name][0](value)
    return plain


def _ink(noted: Mapping[str, Any]) -> Ink:
    given: dict[str, Any] = {}
    for name, (_, back) in _ways().items():
        if name in noted:
            given[name] = back(noted[name])
    try:
        return Ink(**given)
    except TypeError as error:
        raise ValueError(f"no ink: {error}") from error


@cache
def _ways() -> dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]]:
    """Give for each field of an ink the way to plain values and back."""
    plain = {name: TypeAdapter(hint) for name, hint in get_type_hints(Ink).items() if name not in _PACKED}
    return {name: (partial(a.dump_python, mode="json"), a.validate_python) for name, a in plain.items()} | _PACKED


_PACKED: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "lattice": (pack, unpack),
    "cells": (pack_cells, unpack_cells),
}
