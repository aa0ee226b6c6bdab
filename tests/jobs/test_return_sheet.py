"""The loop of what is missing: request, letter with its sheet, the sheet on any channel, and the case is complete."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from random import Random

import numpy as np
import pytest
from sqlalchemy import select
from sqlmodel import col

from bench.stubs import delivery
from cases.absorb import Judge
from cases.case import CaseState
from cases.database import Database
from cases.matching import Matcher
from cases.store import Store, admit
from cases.tables import CaseRow
from intake.originals import Originals
from intake.receipt import Channel
from jobs.look import look_here
from jobs.post import Post
from letters.dispatch import Dispatcher
from letters.faxed import as_fax
from letters.house import House
from letters.office import Office
from letters.outbox import write_due
from letters.recipient import Way
from letters.sending import LetterState
from letters.smtp import MailServer, Smtp
from letters.tables import LetterRow
from letters.threads import cases_answered
from letters.tray import FaxTray, PrintTray
from parsers.reading import Content
from samples.acroform import fill_acroform
from samples.degrade import FINE_DPI_Y, STANDARD_DPI_Y, draw_pages, fax, fax_setting
from samples.draft import Draft, complete
from samples.files import jpeg, tiff
from samples.mail import Attached, Letterhead, write_mail
from samples.sheets import Paperwork
from samples.situation import Wish, imagine
from samples.typed import draw_hand, print_form
from templates.form import Form
from templates.load import load_forms
from templates.slip import read_slip, write_slip
from templates.slip_form import slip_form
from tests.letters.smtp_host import Host, running

KEY = bytes(range(32))
LATER = timedelta(days=3)
SENDER = "cliente@example.com"
DROPPED = ("cmor_amount", "cmor_bill_date", "complaint_means", "privacy_acknowledged", "signature_present")


def request() -> Draft:
    draft = complete(imagine(Random(11), "CMOR", Wish(delegate=False, answered=False, variant="not_due")))
    draft.drop(*DROPPED)
    return draft


def missing(draft: Draft) -> dict[str, Content]:
    whole = complete(draft.case)
    return {name: whole.values[name] for name in DROPPED}


def mailed(files: list[tuple[str, bytes]], at: datetime) -> bytes:
    head = Letterhead(SENDER, "Cliente di prova", "richiesta", "In allegato.", at, f"r{at:%d}")
    return write_mail(head, [Attached(name, raw) for name, raw in files], Random(1))


def took(database: Database, raw: bytes, name: str, channel: Channel, at: datetime, sender: str = "") -> CaseRow:
    arrived = replace(delivery(f"{name}/{at}", raw, channel, at, name), sender=sender)
    with database.transaction() as session:
        receipt = admit(session, arrived, arrived.digest, at)
    assert receipt is not None
    looked = look_here(Post(name, raw, channel, at, at.date()))
    store = Store(database, Matcher(Judge(), cases_answered, KEY))
    (number,) = store.settle(receipt, looked, at)
    with database.transaction() as session:
        case = session.execute(select(CaseRow).where(col(CaseRow.number) == number.number)).scalar_one()
        session.expunge_all()
        return case


def again(database: Database, case: CaseRow) -> CaseRow:
    with database.transaction() as session:
        found = session.get_one(CaseRow, case.id)
        session.expunge_all()
        return found


def office(folder: Path, host: Host) -> Office:
    server = MailServer("127.0.0.1", host.port, "sportello@example.org", "none", timeout_s=5.0, answer_s=5.0)
    return Office(
        house=House("Sportello di prova", email="integrazioni@example.org", fax="06 5555 5555"),
        library=load_forms(),
        kept=Originals(folder / "letters"),
        doors={
            Way.EMAIL: Smtp(server),
            Way.FAX: FaxTray(folder / "fax", as_fax),
            Way.PRINT: PrintTray(folder / "print"),
        },
        senders={Way.EMAIL: "sportello@example.org"},
        own=frozenset({"sportello@example.org"}),
        holds=frozenset(),
        key=KEY,
    )


def sent_sheet(database: Database, made: Office, host: Host, at: datetime) -> Form:
    """Send the letter that is due, and give the sheet that came with it."""
    with database.transaction() as session:
        (letter_id,) = write_due(session, made, at).ready
    assert Dispatcher(database, made).dispatch(letter_id, at) is LetterState.SENT
    message = message_from_bytes(host.got[-1].original_content or b"", policy=default)
    (pdf,) = [p for p in message.iter_attachments() if p.get_filename() == "foglio-da-rimandare.pdf"]
    with database.transaction() as session:
        slip = read_slip(session.get_one(LetterRow, letter_id).sheet)
    assert slip is not None
    form = slip_form(slip, load_forms())
    assert form is not None
    return replace(form, blank=pdf.get_content())


def by_mail(form: Form, values: dict[str, Content], at: datetime) -> tuple[bytes, str, Channel]:
    filled = fill_acroform(form, values, Random(2), style="drawn")
    return mailed([("foglio.pdf", filled)], at), "risposta.eml", Channel.EMAIL


def by_fax(dpi_y: int) -> Callable[[Form, dict[str, Content], datetime], tuple[bytes, str, Channel]]:
    def send(form: Form, values: dict[str, Content], _at: datetime) -> tuple[bytes, str, Channel]:
        rng = Random(4)
        paper = print_form(form, values, draw_hand(rng), rng)
        setting = fax_setting(rng, fine=dpi_y == FINE_DPI_Y)
        picture = fax(draw_pages(paper, 300)[0], 300, setting, 5)
        return tiff([np.asarray(picture)], (204, dpi_y)), "000009.tif", Channel.FAX

    return send


def by_post(form: Form, values: dict[str, Content], _at: datetime) -> tuple[bytes, str, Channel]:
    rng = Random(6)
    paper = print_form(form, values, draw_hand(rng), rng)
    return jpeg(draw_pages(paper, 200)[0], 200, 60), "lettera.jpg", Channel.POST


WAYS = {"mail": by_mail, "fine fax": by_fax(FINE_DPI_Y), "standard fax": by_fax(STANDARD_DPI_Y), "post": by_post}


@pytest.mark.slow
@pytest.mark.parametrize("way", list(WAYS))
def test_what_is_missing_comes_back_by_any_way_and_the_case_keeps_its_place(
    database: Database, tmp_path: Path, way: str
) -> None:
    draft, at = request(), datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
    draft = replace(draft, case=replace(draft.case, received_at=at))
    forms = {form.code: form for form in load_forms()}
    files = Paperwork(forms).fillable(draft, Random(1), "drawn")
    case = took(database, mailed(files, at), "richiesta.eml", Channel.EMAIL, at, SENDER)
    assert case.state == CaseState.WAITING_CUSTOMER, (case.reasons, case.payload["findings"])
    with running(Host()) as host:
        made = office(tmp_path, host)
        form = sent_sheet(database, made, host, at)
        assert set(form.fields) == set(DROPPED)
        raw, name, channel = WAYS[way](form, missing(draft), at + LATER)
        sheet = took(database, raw, name, channel, at + LATER, SENDER if channel is Channel.EMAIL else "06 5555 5555")
        home = again(database, case)
        assert (sheet.state, home.state) == (CaseState.LINKED, CaseState.QUEUED), home.payload["findings"]
        assert sheet.number != home.number
        assert home.received_at == case.received_at == at
        assert home.completed_at == at + LATER
        values = {n: home.payload["fields"][n]["value"] for n in DROPPED}
        assert values == missing(draft)
        with database.transaction() as session:
            (told,) = write_due(session, made, at + LATER).ready
            letter = session.get_one(LetterRow, told)
            assert (letter.code, letter.sheet) == ("JOINED", "")
            assert f"Numero di pratica: {home.year}/{home.number:07}" in letter.body
            assert "Che cosa manca" not in letter.body


@pytest.mark.slow
def test_a_sheet_that_somebody_made_for_another_case_goes_to_a_clerk(database: Database) -> None:
    draft, at = request(), datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
    draft = replace(draft, case=replace(draft.case, received_at=at))
    forms = {form.code: form for form in load_forms()}
    files = Paperwork(forms).fillable(draft, Random(1), "drawn")
    case = took(database, mailed(files, at), "richiesta.eml", Channel.EMAIL, at, SENDER)
    forged = write_slip(forms["CMOR"], (case.year, case.number), DROPPED, b"a key of somebody else's")
    form = slip_form(forged, load_forms())
    assert form is not None
    filled = fill_acroform(form, missing(draft), Random(2), style="drawn")
    sheet = took(database, filled, "foglio.pdf", Channel.POST, at + LATER)
    assert (sheet.state, again(database, case).state) == (CaseState.WAITING_CLERK, CaseState.WAITING_CUSTOMER)
