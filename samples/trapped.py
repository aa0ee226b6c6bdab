"""Fillable forms in which the file and the sheet tell two stories: what is not what its sender saw goes to a clerk."""

from collections.abc import Callable, Iterator
from io import BytesIO
from random import Random
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from intake.receipt import Channel
from parsers.reading import State
from samples.appearance import draw_text
from samples.mail import Attached, write_mail
from samples.post import Envelope, truth
from samples.sample import Sample
from samples.scenarios import SCENARIOS
from samples.sheets import Paperwork

_Edit = Callable[[Pdf], None]
_OTHER_NAME = "Esempio"


def trapped_post(work: Paperwork, seed: int) -> Iterator[Sample]:
    """Yield every trap once."""
    for i, (name, field, proves, edit) in enumerate(_TRAPS):
        rng = Random(f"{seed}/trapped/{i}")
        draft = SCENARIOS["complete"].draft(rng, "CMOR")
        envelope = Envelope(draft, work, rng.randrange(2**31))
        (file, form), *papers = envelope.fillable()
        files = [Attached(file, _changed(form, edit)), *(Attached(*paper) for paper in papers)]
        yield Sample(
            name=name,
            channel=Channel.EMAIL,
            raw=write_mail(envelope.head(), files, rng),
            received_at=draft.case.received_at,
            scenario="trapped",
            mode="mail-acroform",
            proves=proves,
            submissions=(_asked(truth(draft, work), field),),
        )


def _asked(stated: dict[str, Any], field: str) -> dict[str, Any]:
    """Say that a clerk is asked about a field, or about the whole where only the copy of the complaint opens."""
    if not field:
        emptied = {
            "form": "",
            "edition": "",
            "stranger": "supplier_complaint",
            "fields": {},
            "delega": {},
            "missing_pages": [],
        }
        return stated | emptied | {"outcome": "MANUAL_REVIEW", "reasons": ["supplier_complaint"], "hold_until": None}
    fields = stated["fields"] | {field: {"value": None, "state": State.UNREADABLE.value}}
    asked = {"outcome": "MANUAL_REVIEW", "reasons": ["field_unreadable"], "hold_until": None}
    return stated | {"fields": fields} | asked


def _changed(pdf: bytes, edit: _Edit) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        edit(document)
        document.save(out, deterministic_id=True)
    return out.getvalue()


def _field(pdf: Pdf, name: str) -> pikepdf.Object:
    return next(node for node in pdf.Root.AcroForm.Fields if str(node.T) == name)


def _hide(pdf: Pdf) -> None:
    """Keep the name off the screen, as a script of a form that was filled before may do."""
    _field(pdf, "holder_surname").F = 2


def _type_over(pdf: Pdf) -> None:
    """Lay another name over the one in the field with a viewer's typewriter tool."""
    field = _field(pdf, "holder_surname")
    look = draw_text(pdf, field, _OTHER_NAME, 0, 0)
    look.write(b"1 g 0 0 600 40 re f\n" + look.read_bytes())
    note = Dictionary(Type=Name.Annot, Subtype=Name.FreeText, Rect=field.Rect, Contents=String(_OTHER_NAME), F=4)
    note.AP = Dictionary(N=pdf.make_indirect(look))
    pdf.pages[0].Annots.append(pdf.make_indirect(note))


def _untick(pdf: Pdf) -> None:
    """Let the box of the privacy notice look empty though the file says that it is ticked."""
    box = _field(pdf, "privacy_acknowledged")
    nothing = Stream(pdf, b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    box.AP.N[f"/{str(box.AS)[1:]}"] = pdf.make_indirect(nothing)


def _wait(pdf: Pdf) -> None:
    """Make the form a dynamic one, of which other viewers see only the request to wait."""
    data = b'<xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/"><xfa:data/></xfa:datasets>'
    pdf.Root.AcroForm.XFA = Array([String("datasets"), pdf.make_indirect(Stream(pdf, data))])
    pdf.Root.NeedsRendering = True


_TRAPS: tuple[tuple[str, str, str, _Edit], ...] = (
    ("trap-hidden-name.eml", "holder_surname", "a value that the sheet does not show is asked", _hide),
    ("trap-typed-over.eml", "holder_surname", "a value under another text is asked", _type_over),
    ("trap-unticked.eml", "privacy_acknowledged", "a tick that only the file knows is asked", _untick),
    ("trap-xfa.eml", "", "a dynamic XFA form asks for a printed copy", _wait),
)
