"""Slip: the code of a return sheet, which says of which case and form it is and what it asks for, and cannot be forged.

A return sheet holds a few fields of a form. Its code alone says which, so that whoever reads it can make its template
anew without a database. The seal is checked where the sheet is put to its case, by whoever has the key.
"""

import hmac
import re
from base64 import b32decode, b32encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Final

from templates.form import Attachment, Field, Form
from templates.load import digest

SLIP_FORM: Final = "INTEGRA"
"""The code of the form that a return sheet is; its edition is the sheet's own code."""
MARK: Final = "SR1"
_SEAL_CHARS: Final = 10
"""50 bits: whoever wants to hit a right one sends 10^15 sheets."""
_TAG_CHARS: Final = 5
_SHAPE: Final = re.compile(r"SR1/([A-Z2-7]{5})/([0-9]{2})\.([0-9]{1,9})/([A-Z2-7]{1,64})/([A-Z2-7]{10})")
"""Only characters of a QR code's alphanumeric mode: two take 11 bits, and the modules stay large enough for a fax."""
_CENTURY: Final = 2000


@dataclass(frozen=True, slots=True)
class Slip:
    """What a return sheet's code says. ``tag`` names the form's definition, ``bits`` its fields and papers."""

    tag: str
    year: int
    number: int
    bits: str
    seal: str

    @property
    def text(self) -> str:
        """Give the code as it stands on the sheet."""
        return f"{self.said}/{self.seal}"

    @property
    def said(self) -> str:
        """Give all of it that the seal is about."""
        return f"{MARK}/{self.tag}/{self.year - _CENTURY:02}.{self.number}/{self.bits}"

    @property
    def case(self) -> str:
        """Give the register number of the case."""
        return f"{self.year}/{self.number:07}"


@dataclass(frozen=True, slots=True)
class Asked:
    """The form of which a sheet holds a part, and the fields and papers that it asks for, in the form's order."""

    form: Form
    fields: tuple[Field, ...]
    papers: tuple[Attachment, ...]


def write_slip(form: Form, case: tuple[int, int], wanted: Iterable[str], key: bytes) -> Slip:
    """Make the code of a sheet for a case (year, number) that asks for some fields and papers of a form.

    Raises ``KeyError`` for a name that the form does not have, ``ValueError`` without a key or without a name.
    """
    names, asked = _names(form), set(wanted)
    if missing := asked - set(names):
        raise KeyError(f"{form.key} has no {', '.join(sorted(missing))}")
    if not key or not asked:
        raise ValueError("a return sheet needs a key, and something to ask for")
    bare = Slip(form_tag(form), *case, _bits([name in asked for name in names]), "")
    return Slip(bare.tag, bare.year, bare.number, bare.bits, _seal(bare, key))


def read_slip(text: str) -> Slip | None:
    """Read a code; None when it is no code of a return sheet. Total: any text gives an answer."""
    found = _SHAPE.fullmatch(text)
    if found is None:
        return None
    tag, year, number, bits, seal = found.groups()
    slip = Slip(tag, _CENTURY + int(year), int(number), bits, seal)
    return slip if slip.text == text else None


def is_genuine(slip: Slip, key: bytes) -> bool:
    """Tell whether we made this code: nobody can write one for another case without the key."""
    return bool(key) and hmac.compare_digest(slip.seal, _seal(slip, key))


def asked_of(slip: Slip, forms: Iterable[Form]) -> Asked | None:
    """Find the form and what is asked for; None when that very definition is not known here, or nothing is asked."""
    form = next((form for form in forms if form_tag(form) == slip.tag), None)
    chosen = _chosen(slip.bits, _names(form)) if form else None
    if form is None or not chosen:
        return None
    fields = tuple(field for name, field in form.fields.items() if name in chosen)
    return Asked(form, fields, tuple(paper for paper in form.attachments if paper.code in chosen))


@lru_cache(maxsize=256)
def form_tag(form: Form) -> str:
    """Name a definition by its contents: another edition, or an edited one, has another name."""
    whole = digest(form) + "".join(f"\n{a.code}\t{a.label}" for a in form.attachments)
    return b32encode(sha256(whole.encode()).digest()).decode()[:_TAG_CHARS]


def _names(form: Form) -> tuple[str, ...]:
    return (*form.fields, *(attachment.code for attachment in form.attachments))


def _bits(chosen: Sequence[bool]) -> str:
    number = int("".join("1" if one else "0" for one in chosen).ljust(-(-len(chosen) // 40) * 40, "0"), 2)
    packed = number.to_bytes(-(-len(chosen) // 40) * 5, "big")
    return b32encode(packed).decode()[: -(-len(chosen) // 5)]


def _chosen(bits: str, names: Sequence[str]) -> frozenset[str] | None:
    """Unpack the bits; None when they are not those of so many names."""
    if len(bits) != -(-len(names) // 5):
        return None
    packed = b32decode(bits.ljust(-(-len(bits) // 8) * 8, "A"))
    marks = "".join(f"{byte:08b}" for byte in packed)
    return frozenset(name for name, mark in zip(names, marks, strict=False) if mark == "1")


def _seal(slip: Slip, key: bytes) -> str:
    whole = hmac.new(key, slip.said.encode(), sha256).digest()
    return b32encode(whole).decode()[:_SEAL_CHARS]
