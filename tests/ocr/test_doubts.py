"""What a fillable form says against what its sheet shows, on a real form: told as a doubt, never read in silence."""

from collections.abc import Callable
from datetime import date
from typing import Protocol

import pikepdf
import pytest
from pikepdf import Name, Stream, String

from ocr.ink import Ink, Presence, Source
from pages.doubt import SENTENCES, Doubt
from pages.page import Box
from parsers.extract import extract
from parsers.reading import State
from templates.form import Form
from templates.load import load_forms
from tests.pages import traps

Read = Callable[[bytes], dict[str, Ink]]
CMOR = load_forms().get("CMOR", "2026-01")
TODAY = date(2026, 11, 25)
BOX = Box(1, 1, 10, 10)


class Filled(Protocol):
    """What the fixture ``filled`` gives."""

    form: Form
    fillable: Callable[[str], bytes]


def test_what_the_sheet_does_not_show_is_asked(filled: Filled, read: Read) -> None:
    def edit(pdf: pikepdf.Pdf) -> None:
        top = traps.fields(pdf)
        top["holder_surname"].F = 2
        top["description"].V = String(str(top["description"].V) + " e altro ancora")
        tick = top["privacy_acknowledged"]
        tick.AP.N[str(tick.AS)] = pdf.make_indirect(Stream(pdf, b"", {"/Type": Name.XObject, "/Subtype": Name.Form}))
        for kid in top["customer_type"].Kids:
            kid.AS = Name(next(key for key in kid.AP.N.keys() if key != "/Off"))  # noqa: SIM118 - a pikepdf dictionary

    inks = read(traps.change(filled.fillable("drawn"), edit))
    assert inks["holder_surname"].doubt is Doubt.HIDDEN
    assert inks["description"].doubt is Doubt.CUT_OFF
    assert (inks["privacy_acknowledged"].mark, inks["privacy_acknowledged"].doubt) == (None, Doubt.STATE)
    assert [inks[f"customer_type.{o}"].mark for o in ("domestic", "non_domestic")] == [None, None]
    values = extract(CMOR, list(inks.values()), TODAY)
    assert (values["holder_surname"].state, values["holder_surname"].doubt) == (State.UNREADABLE, "hidden")
    assert values["holder_surname"].proposals, "the value in the file is offered"
    assert values["description"].state is State.FILLED, "a story that runs on beyond its box is read by people"
    assert values["privacy_acknowledged"].reason == SENTENCES[Doubt.STATE]
    assert values["customer_type"].state is State.UNREADABLE
    assert values["customer_type"].reason == SENTENCES[Doubt.SEVERAL_ON]


def test_a_digital_signature_in_place_of_a_pen_is_asked(filled: Filled, read: Read) -> None:
    assert read(traps.signed(filled.form.blank))["signature_present"].doubt is Doubt.DIGITAL_SIGNATURE
    signed = read(traps.signed(filled.fillable("drawn")))["signature_present"]
    assert (signed.mark, signed.doubt) == (True, None)


def test_a_form_typed_over_with_notes_is_read_as_text(filled: Filled, read: Read) -> None:
    def edit(pdf: pikepdf.Pdf) -> None:
        box = filled.form.fields["holder_surname"].box.inset(1.0)
        height = float(pdf.pages[0].mediabox[3])
        rect = tuple(v * traps.MM for v in (box.left, 0, box.right, 0))
        place = (rect[0], height - box.bottom * traps.MM, rect[2], height - box.top * traps.MM)
        traps.note(pdf, "FreeText", place, traps.typed("Bianchi"), Contents=String("Bianchi"))

    surname = read(traps.change(filled.form.blank, edit))["holder_surname"]
    assert (surname.text, surname.source, surname.presence) == ("Bianchi", Source.TEXT, Presence.INK)


@pytest.mark.parametrize("doubt", list(Doubt))
def test_a_doubt_is_a_question_with_both_views(doubt: Doubt) -> None:
    ink = Ink(
        "holder_postal_code", "a", 1, BOX, Source.ACROFORM, Presence.DOUBTFUL, "20121", others=("20122",), doubt=doubt
    )
    value = extract(CMOR, [ink], TODAY)["holder_postal_code"]
    assert (value.state, value.value, value.doubt) == (State.UNREADABLE, None, doubt.value)
    assert value.proposals == ("20121", "20122")
    assert value.reason == SENTENCES[doubt]
