"""The way of a form, with small stand-ins for the rooms: what comes in always leaves as a submission or a refusal."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random

import numpy as np
import pytest

from cases.submission import Looked
from checks.context import CheckSettings, Context
from checks.validation import Outcome, Validation
from intake.receipt import Channel, Document, MailKind, Parcel, Refused
from jobs.flow import Flow
from jobs.post import Post
from ocr.ink import Ink, Presence, Source
from pages.page import Box, Page, Unreadable
from parsers.reading import Paper, Reading, Role, State, Value
from templates.form import Field, Form, Kind, Match, Section, Unlaid
from templates.likeness import Compared, Likeness, Sheet
from templates.sort import sort

FIELD = Field("holder_surname", "Cognome", Kind.NAME, "A", 1, Box(10, 10, 50, 8), required_when="always")
FORM = Form(
    code="CMOR",
    edition="2026-01",
    title="Prova",
    valid_from=date(2026, 1, 1),
    valid_to=None,
    synthetic=True,
    page_count=2,
    page_width_mm=210,
    page_height_mm=297,
    sections=(Section("A", "Dati", (FIELD,)),),
)
POST = Post("x.eml", b"raw", Channel.EMAIL, datetime(2026, 11, 1, 9, tzinfo=UTC), date(2026, 11, 2))


def page(file: str, number: int = 1) -> Page:
    """A page whose picture is its own, so that no two files show the same."""
    picture = np.frombuffer(Random(file).randbytes(400), np.uint8).reshape(20, 20)
    return Page(file, Document(file, "image/png", file.encode()).digest, number, picture, 100, 100)


def unpacked(*names: str, **more: object) -> Parcel:
    return replace(Parcel(tuple(Document(n, "image/png", n.encode()) for n in names)), **more)


def open_(document: Document) -> Sequence[Page]:
    if document.name.startswith("broken"):
        raise Unreadable("truncated", f"{document.name}: il file è incompleto.")
    return [page(document.name)]


def lay(sheet: Page) -> Match | None:
    if not sheet.file.startswith("form"):
        return None
    return Match(FORM, int(sheet.file[4]), np.diag([0.05, 0.05, 1.0]), 0.1, 0.9, "picture")


def read(sheet: Page, match: Match) -> Sequence[Ink]:
    if match.page != 1:
        return []
    return [Ink("holder_surname", sheet.file, 1, FIELD.box, Source.OCR, Presence.INK, text="ROSSI")]


def extract(form: Form, inks: Sequence[Ink], _: date) -> dict[str, Value]:
    return {i.zone: Value(i.zone, i.text, i.text, State.FILLED, 1.0, i.source) for i in inks if i.zone in form.fields}


def validate(reading: Reading, form: Form | None, context: Context) -> Validation:
    assert context.channel is Channel.EMAIL
    return Validation(Outcome.READY if form else Outcome.WRONG_FORM, (reading.stranger,), (), reading.values)


def name(sheet: Page) -> Paper:
    """Name a loose sheet by its file: blank, cover and separator are what they are called."""
    code = sheet.file.split(".")[0].rstrip("0123456789")
    known = code if code in {"blank", "cover", "separator"} else "unsure"
    return Paper(known, sheet.file, sheet.number, 0.5, text=f"text of {sheet.file}. N. pagine: 4")


def compare(one: Sheet, other: Sheet) -> Compared:
    """Files that end in the same letter are by the same hand."""
    same = one[0].file[5:6] == other[0].file[5:6]
    return Compared(Likeness.SAME if same else Likeness.OTHER)


def flow(parcel: Parcel) -> Flow:
    return Flow(
        unpack=lambda *_: parcel,
        open=open_,
        lay=lay,
        sort=lambda leaves: sort(leaves, compare),
        read=read,
        extract=extract,
        name_paper=name,
        name_stranger=lambda text: f"stranger: {text.strip()}",
        validate=validate,
        context=lambda p, sender: Context(p.channel, p.received_at, p.processed_on, CheckSettings(), sender),
    )


def test_form_with_a_paper_is_one_submission() -> None:
    looked = flow(unpacked("form1.png", "card.png", "form2.png")).look(POST)
    (submission,) = looked.submissions
    reading = submission.reading
    assert (reading.form, reading.edition, reading.missing_pages) == ("CMOR", "2026-01", ())
    assert reading.values["holder_surname"].value == "ROSSI"
    assert [(p.file, p.form_page) for p in reading.pages] == [("form1.png", 1), ("form2.png", 2), ("card.png", None)]
    assert [p.file for p in reading.papers] == ["card.png"]
    assert {f.name for f in reading.files} == {"form1.png", "card.png", "form2.png"}


def test_missing_page_is_named() -> None:
    (submission,) = flow(unpacked("form1.png")).look(POST).submissions
    assert submission.reading.missing_pages == (2,)


def roles(looked: Looked) -> list[list[tuple[str, str]]]:
    return [[(p.file.split(".")[0], p.role.value) for p in s.reading.pages] for s in looked.submissions]


def test_every_page_has_one_role() -> None:
    looked = flow(unpacked("cover.tif", "form1a.png", "blank.png", "card.png", "form2a.png", "form1a.tif")).look(POST)
    assert roles(looked) == [
        [("form1a", "form"), ("form2a", "form"), ("form1a", "duplicate"),
         ("cover", "cover"), ("blank", "blank"), ("card", "unsure")]
    ]  # fmt: skip
    (submission,) = looked.submissions
    assert submission.reading.pages[2].same_as == ("form1a.png", 1)
    assert [p.file for p in submission.reading.papers] == ["card.png"]


def test_a_cover_that_announces_more_pages_than_came_is_a_question() -> None:
    (submission,) = flow(unpacked("cover.tif", "form1.png", "form2.png")).look(POST).submissions
    assert submission.reading.doubts == (
        "La copertina annuncia 4 pagine, ne sono arrivate 1: controllare se qualcosa si è perso.",
    )


def test_a_separator_parts_letters_and_makes_none_of_its_own() -> None:
    names = ("separator1.png", "form1a.png", "card.png", "separator2.png", "form1b.png", "blank.png", "separator3.png")
    looked = flow(unpacked(*names)).look(POST)
    assert roles(looked) == [
        [("form1a", "form"), ("separator1", "separator"), ("card", "unsure")],
        [("form1b", "form"), ("separator2", "separator"), ("blank", "blank"), ("separator3", "separator")],
    ]


def test_the_same_paper_twice_counts_once() -> None:
    twice = [Document("card.png", "image/png", b"card.png")] * 2
    (submission,) = flow(Parcel((*twice, *unpacked("form1.png").documents))).look(POST).submissions
    assert [p.role for p in submission.reading.pages] == [Role.FORM, Role.UNSURE, Role.DUPLICATE]
    assert len(submission.reading.papers) == 1


def test_only_blank_sheets_still_end_in_a_submission() -> None:
    (submission,) = flow(unpacked("blank1.png", "blank2.png")).look(POST).submissions
    assert [p.role for p in submission.reading.pages] == [Role.BLANK, Role.BLANK]
    assert submission.reading.stranger == "stranger: "


def test_the_pages_of_two_people_are_two_submissions() -> None:
    looked = flow(unpacked("form1a.png", "form2a.png", "form1b.png", "form2b.png")).look(POST)
    assert [len(s.reading.pages) for s in looked.submissions] == [2, 2]


def test_broken_file_stops_no_other_and_is_told() -> None:
    looked = flow(unpacked("broken.pdf", "form1.png")).look(POST)
    assert [r.reason for r in looked.refused] == ["truncated"]
    (submission,) = looked.submissions
    assert submission.reading.form == "CMOR"
    assert submission.reading.doubts == ("broken.pdf: il file è incompleto.",)


def test_only_broken_files_still_end_in_a_submission() -> None:
    (submission,) = flow(unpacked("broken.pdf")).look(POST).submissions
    assert submission.reading.stranger == "unreadable"
    assert [f.name for f in submission.reading.files] == ["broken.pdf"]


def test_mail_without_papers_is_judged_by_its_words() -> None:
    (submission,) = flow(unpacked(subject="Aiuto", body="non ho avuto il bonus")).look(POST).submissions
    assert submission.reading.stranger == "stranger: Aiuto\nnon ho avuto il bonus"


@pytest.mark.parametrize("kind", [k for k in MailKind if k is not MailKind.REQUEST])
def test_what_is_no_request_makes_no_submission(kind: MailKind) -> None:
    looked = flow(unpacked("form1.png", kind=kind)).look(POST)
    assert looked.submissions == ()
    assert looked.kind is kind


def test_certified_time_rules() -> None:
    seen: list[datetime] = []
    certified = datetime(2026, 10, 30, 8, tzinfo=UTC)
    walking = flow(unpacked("form1.png", certified_at=certified))

    def context(post: Post, sender: str) -> Context:
        seen.append(post.received_at)
        return Context(post.channel, post.received_at, post.processed_on, CheckSettings(), sender)

    looked = replace(walking, context=context).look(POST)
    assert seen == [certified]
    assert looked.certified_at == certified


def test_refused_parts_of_a_mail_reach_the_clerk() -> None:
    refused = (Refused("x.docx", "type", "x.docx: formato non leggibile."),)
    (submission,) = flow(unpacked("form1.png", refused=refused)).look(POST).submissions
    assert submission.reading.doubts == ("x.docx: formato non leggibile.",)


def test_a_sheet_that_cannot_be_laid_is_no_form_page_and_leaves_a_sentence() -> None:
    def unsure(sheet: Page) -> Match | Unlaid | None:
        return Unlaid("loose", ("CMOR/2026-01",), 2, 0.8, 0.4) if sheet.file == "torn.png" else lay(sheet)

    looked = replace(flow(unpacked("form1.png", "torn.png")), lay=unsure).look(POST)
    (submission,) = looked.submissions
    assert [p.form_page for p in submission.reading.pages] == [1, None]
    (told,) = submission.reading.doubts
    assert told.startswith("torn.png, pagina 1: sembra il modulo CMOR (edizione 2026-01), pagina 2 del modulo")


def test_a_sheet_without_its_edge_names_the_fields_that_are_cut() -> None:
    def shifted(_: Page) -> Match:
        return Match(FORM, 1, np.array([[0.05, 0, -5.0], [0, 0.05, 0], [0, 0, 1]]), 0.1, 0.9, "picture")

    (submission,) = replace(flow(unpacked("form1.png")), lay=shifted).look(POST).submissions
    (told,) = submission.reading.doubts
    assert "manca un bordo" in told
    assert "«Cognome»" in told


def test_the_numbers_of_registered_letters_on_a_delivery_s_sheets_are_kept_with_it() -> None:
    def posted(sheet: Page) -> Paper:
        return replace(name(sheet), posted=("RR473124829IT",))

    looked = replace(flow(unpacked("form1.png", "cover.png")), name_paper=posted).look(POST)
    assert looked.facts["registered_letter"] == "RR473124829IT"
    assert "raccomandata RR473124829IT" in looked.notes[-1]
    assert "registered_letter" not in flow(unpacked("form1.png", "cover.png")).look(POST).facts
