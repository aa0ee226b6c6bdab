"""Return sheets: which fields and papers a letter's sheet asks for, and the sheet with what is known of the case."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import pikepdf
from reportlab.pdfgen.canvas import Canvas

from letters.items import Item
from letters.matter import Matter
from letters.recipient import Recipient, Way
from templates.form import Form, Kind
from templates.rows import LEFT
from templates.slip import Slip, read_slip, write_slip
from templates.slip_form import TooMuch, slip_form
from templates.typeface import MM, load_faces

_WHOLE_PAGES: Final = frozenset({"page_missing", "form_blank", "form_missing"})
_KNOWN_TOP_MM: Final = 30.2
_KNOWN_SIZE: Final = 8.5


@dataclass(frozen=True, slots=True)
class ReturnSheet:
    """A sheet that goes along with a letter. ``signed`` tells that it has a place for a signature."""

    code: str
    form: Form
    signed: bool


def return_sheet(matter: Matter, form: Form | None, wanted: Sequence[Item], key: bytes) -> ReturnSheet | None:
    """Make the sheet for what is asked; None where whole pages are asked for, or what is asked is no part of a form."""
    if form is None or not key or not wanted or any(item.rule in _WHOLE_PAGES for item in wanted):
        return None
    names = [name for item in wanted for name in _slots(item, form, matter)]
    year, number = matter.number.split("/")
    try:
        slip = write_slip(form, (int(year), int(number)), names, key)
        made = slip_form(slip, [form])
    except (KeyError, ValueError, TooMuch):  # a rule about something that no field or paper of the form stands for
        return None
    return of_slip(slip, made) if made else None


def of_slip(slip: Slip, made: Form) -> ReturnSheet:
    """Give the sheet of a code."""
    return ReturnSheet(slip.text, made, any(field.kind is Kind.INK for field in made.fields.values()))


def _slots(item: Item, form: Form, matter: Matter) -> Iterator[str]:
    """Give the fields and papers that would cure a finding: of a group, all that it lacks."""
    need = next((n for s in form.sections for n in s.needs if item.field in n.fields), None)
    if item.rule == "group_missing" and need is not None:
        yield from need.fields
    elif item.rule == "group_partial" and need is not None:
        yield from (name for name in need.fields if matter.content(name) in (None, "", False))
    elif item.rule == "delegation_unsigned":
        yield "delegation_signed"
    else:
        yield item.field


def filled_in(sheet: ReturnSheet, matter: Matter, to: Recipient) -> bytes:
    """Give the sheet as a fillable PDF with what is known: about what, and of whom. By fax no person is named."""
    known = [f"Oggetto: {matter.subject}"] if matter.subject else []
    holder = matter.person("holder")
    if holder and to.way is not Way.FAX:
        known = [f"Cliente: {holder}", *known]
    return _written(sheet.form.blank, " · ".join(known)) if known else sheet.form.blank


def _written(blank: bytes, text: str) -> bytes:
    """Print a line under the title: outside of every place to write, and no part of the template."""
    load_faces()
    with pikepdf.open(BytesIO(blank)) as sheet:
        page = sheet.pages[0]
        size = tuple(float(side) for side in page.mediabox)[2:]
        layer = BytesIO()
        canvas = Canvas(layer, pagesize=size, invariant=1)
        canvas.setFont("SourceSansProSemibold", _KNOWN_SIZE)
        canvas.drawString(LEFT * MM, size[1] - _KNOWN_TOP_MM * MM, text)
        canvas.save()
        with pikepdf.open(BytesIO(layer.getvalue())) as drawn:
            form = sheet.copy_foreign(drawn.pages[0].as_form_xobject())
        name = page.add_resource(form, pikepdf.Name.XObject, pikepdf.Name("/Known"))
        page.contents_add(sheet.make_stream(f"/Artifact BMC q {name} Do Q EMC".encode()))
        out = BytesIO()
        sheet.save(out, deterministic_id=True)
        return out.getvalue()


def made_again(code: str, forms: Iterable[Form]) -> ReturnSheet | None:
    """Make the sheet of a code that was kept with its letter."""
    slip = read_slip(code)
    made = slip_form(slip, forms) if slip else None
    return of_slip(slip, made) if slip and made else None
