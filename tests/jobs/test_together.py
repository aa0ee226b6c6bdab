"""Real samples through the real readers: one request in several deliveries, and the same one by two channels."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
import pytest
from sqlalchemy import select
from sqlmodel import col

from bench.stubs import delivery
from cases.case import CaseState
from cases.database import Database
from cases.link_tables import LinkRow
from cases.store import Store, admit
from cases.tables import CaseRow
from checks.validation import Outcome
from intake.receipt import Channel
from jobs.look import look_here
from jobs.post import Post
from samples.degrade import FINE_DPI_Y, draw_pages, fax, fax_setting
from samples.draft import Draft, complete
from samples.files import tiff
from samples.mail import Attached, Letterhead, write_mail
from samples.sheets import Paperwork
from samples.situation import Wish, imagine
from samples.typed import draw_hand
from templates.load import load_forms

AT = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=3)
FILES = list[tuple[str, bytes]]


def request() -> Draft:
    draft = complete(imagine(Random(11), "CMOR", Wish(delegate=False, answered=False, variant="not_due")))
    return replace(draft, case=replace(draft.case, received_at=AT))


def paperwork() -> Paperwork:
    return Paperwork({form.code: form for form in load_forms()})


def mail(files: FILES, at: datetime, words: str, number: int) -> tuple[str, bytes, Channel]:
    head = Letterhead("cliente@example.com", "Cliente di prova", "richiesta", words, at, f"m{number}")
    return "mail.eml", write_mail(head, [Attached(name, raw) for name, raw in files], Random(1)), Channel.EMAIL


def came(database: Database, post: tuple[str, bytes, Channel], at: datetime) -> list[CaseRow]:
    """Take a delivery in, read it and settle it; give all cases there are now."""
    name, raw, channel = post
    with database.transaction() as session:
        arrived = delivery(f"{channel}/{at}", raw, channel, at, name)
        receipt = admit(session, arrived, arrived.digest, at)
    assert receipt is not None
    Store(database).settle(receipt, look_here(Post(name, raw, channel, at, at.date())), at)
    with database.transaction() as session:
        return list(session.scalars(select(CaseRow).order_by(col(CaseRow.id))))


def why(database: Database) -> Sequence[str]:
    with database.transaction() as session:
        return session.scalars(select(col(LinkRow.why)).order_by(col(LinkRow.id))).all()


@pytest.mark.slow
def test_papers_split_over_two_mails_are_one_case_that_keeps_its_place(database: Database) -> None:
    draft = request()
    form, *papers = paperwork().fillable(draft, Random(1), "drawn")
    (first,) = came(database, mail([form], AT, "In allegato il modulo, segue il resto.", 1), AT)
    assert (first.state, first.outcome) == (CaseState.WAITING_CUSTOMER, Outcome.INCOMPLETE), first.payload["findings"]
    words = f"Ecco gli allegati. Codice fiscale {draft.values['holder_tax_code']}"
    first, second = came(database, mail(papers, LATER, words, 2), LATER)
    assert (second.state, second.payload["linked_to"]) == (CaseState.LINKED, "2026/0000001")
    assert why(database) == ["person_and_procedure"]
    assert (first.state, first.received_at, first.completed_at) == (CaseState.QUEUED, AT, LATER), first.payload[
        "findings"
    ]


@pytest.mark.slow
def test_the_same_request_by_mail_and_by_fax_is_one_case_in_the_queue(database: Database) -> None:
    draft, rng = request(), Random(4)
    (first,) = came(database, mail(paperwork().fillable(draft, Random(1), "drawn"), AT, "In allegato.", 1), AT)
    assert first.state == CaseState.QUEUED, first.payload["findings"]
    pdfs = [raw for _, raw in paperwork().typed(draft, draw_hand(rng), rng)]
    sheets = [sheet for raw in pdfs for sheet in draw_pages(raw, 300)]
    setting = fax_setting(rng, fine=True)
    pictures = [np.asarray(fax(sheet, 300, setting, n)) for n, sheet in enumerate(sheets)]
    first, second = came(database, ("000009.tif", tiff(pictures, (204, FINE_DPI_Y)), Channel.FAX), LATER)
    assert (first.state, first.received_at) == (CaseState.QUEUED, AT)
    assert (second.year, second.number) == (2026, 2)
    assert second.state in {CaseState.LINKED, CaseState.WAITING_CLERK}
    assert why(database)[0] in {"same_request", "some_parts"}
