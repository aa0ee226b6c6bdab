"""Form, Section, Field, Zone: a form as data; Match: how one sheet lies on it; Unlaid: that it does not, and why."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from pages.page import Box
from templates.plane import Homography
from templates.warp import Warp


class Kind(StrEnum):
    """The kinds of value that a field can hold; each has a module in ``parsers/fields``."""

    NAME = "name"
    TEXT = "text"
    LONG_TEXT = "long_text"
    LIST = "list"
    DATE = "date"
    YEAR = "year"
    INTEGER = "integer"
    AMOUNT = "amount"
    TAX_CODE = "tax_code"
    VAT = "vat"
    POD = "pod"
    PDR = "pdr"
    POSTAL_CODE = "postal_code"
    MUNICIPALITY = "municipality"
    PROVINCE = "province"
    STREET_NUMBER = "street_number"
    PHONE = "phone"
    EMAIL = "email"
    ENUM = "enum"
    TICKS = "ticks"
    TICK = "tick"
    INK = "ink"


@dataclass(frozen=True, slots=True)
class Option:
    """One tick box of an enum or ticks field.

    ``widget`` is the name that the box has in a fillable PDF of another make, ``state`` what switches it on there.
    """

    value: str
    label: str
    page: int
    box: Box
    widget: str = field(default="", repr=False)
    state: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form.

    ``box`` is the writing area in mm from the top left of ``page`` (1-based). ``cells`` is the number of
    equal character boxes into which it is cut, 0 for a free line. ``lines`` > 1 is a paragraph.
    Enum and ticks fields have ``options`` (their boxes count, ``box`` spans them); a tick's box is the tick box.
    ``required_when`` is an expression of ``checks`` ("always", "never", or a condition over other fields).
    ``widget`` is its name in a fillable PDF of another make, "" where it is the field's own name.
    """

    name: str
    label: str
    kind: Kind
    section: str
    page: int
    box: Box
    cells: int = 0
    lines: int = 1
    max_length: int = 0
    required_when: str = "never"
    options: tuple[Option, ...] = ()
    hint: str = ""
    widget: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Need:
    """A demand on several fields together: at least one of them (``one``), or all of them or none (``all_or_none``).

    ``when`` is a condition; ``label`` names the group in Italian ("Recapiti: cellulare, telefono, e-mail o PEC").
    """

    fields: tuple[str, ...]
    mode: str
    label: str
    when: str = "always"


@dataclass(frozen=True, slots=True)
class Section:
    """A lettered section (A-N) with its fields in the order of the sheet."""

    letter: str
    title: str
    fields: tuple[Field, ...]
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A paper that the form asks for: when, and under which tick."""

    code: str
    label: str
    required_when: str
    any_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Printed:
    """Words that stand on the blank; lines are separated by newlines.

    ``style`` is a key of ``typeface.STYLES``. ``about`` is the zone whose label it is, "" for other words.
    """

    text: str
    style: str
    page: int
    box: Box
    about: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One edition of a form. ``code`` is the procedure (BONUS, ...) or DELEGA.

    ``anchors`` are phrases that stand on the blank, by which its text can be told from other forms.
    ``printed`` are the words of the sheets in reading order, and ``desk`` names who receives them; both are empty
    where the blank was not drawn from the definition. ``mark`` is what its 2-D code says, "" for the usual: the form,
    its edition and the page.
    """

    code: str
    edition: str
    title: str
    valid_from: date
    valid_to: date | None
    synthetic: bool
    page_count: int
    page_width_mm: float
    page_height_mm: float
    sections: tuple[Section, ...]
    attachments: tuple[Attachment, ...] = ()
    anchors: tuple[str, ...] = ()
    notice: str = ""
    blank: bytes = field(default=b"", repr=False)
    desk: str = ""
    printed: tuple[Printed, ...] = field(default=(), repr=False)
    mark: str = ""

    @property
    def fields(self) -> dict[str, Field]:
        """Every field by name, in the order of the sheets."""
        return {f.name: f for s in self.sections for f in s.fields}

    @property
    def key(self) -> str:
        """``CODE/edition``, unique among all forms."""
        return f"{self.code}/{self.edition}"


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """How one sheet lies on one page of a form.

    ``residual_mm`` bounds nine tenths of the distances between the sheet's printed patches and where the match puts
    them. ``quality`` in 0..1 is the share of the template's patches within the picture that agree. ``how`` names the
    evidence ("acroform", "code", "text", "picture"). A born-digital page has the exact scale matrix and residual 0.
    ``warp`` is the local displacement of curled, folded or stretched paper, None on a flat sheet; ``follow`` has it
    in account, ``to_picture`` alone does not.
    """

    form: Form
    page: int
    to_picture: Homography = field(repr=False)
    residual_mm: float
    quality: float
    how: str
    warp: Warp | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Unlaid:
    """A sheet that shows a form of ours and still must not be read: ``reason`` is "which", "edition" or "loose".

    ``residual_mm`` and ``quality`` are those of the best laying, as in ``Match``.
    """

    reason: str
    forms: tuple[str, ...]
    page: int | None = None
    residual_mm: float | None = None
    quality: float = 0.0
