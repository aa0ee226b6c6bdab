"""PEC receipts and bounces of our own letters come to the letter that they are about."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from bench.stubs import delivery
from cases.database import Database
from cases.store import Store, admit
from cases.submission import Looked
from intake.receipt import Channel, MailKind
from letters.dispatch import Dispatcher
from letters.office import Office
from letters.outbox import write_due
from letters.post import Letters
from letters.recipient import Way
from letters.returned import follow, meaning
from letters.sending import LetterState, What
from letters.smtp import MailServer, Smtp
from tests.letters.cases_of import draft_of, settled, submission_of
from tests.letters.smtp_host import Host, running

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def came(database: Database, about: str, kind: MailKind, facts: dict[str, str], at: int = 1) -> None:
    arrived = replace(delivery(f"imap:pec/INBOX/1/{at}", raw=f"{at}".encode(), channel=Channel.PEC), name=f"{at}.eml")
    with database.transaction() as session:
        receipt = admit(session, arrived, arrived.digest, NOW)
    assert receipt is not None
    assert Store(database).settle(receipt, Looked((), kind=kind, about=about, facts=facts), NOW) == ()


def sent(database: Database, office: Office, host: Host) -> int:
    server = MailServer("127.0.0.1", host.port, "sportello@example.org", "none", timeout_s=5.0, answer_s=5.0)
    mailing = replace(office, doors={**office.doors, Way.EMAIL: Smtp(server)})
    draft = draft_of("complete")
    sender = "cliente@example.com"
    settled(database, submission_of(draft, Channel.EMAIL, sender), draft.case.received_at, Channel.EMAIL, sender)
    with database.transaction() as session:
        (letter_id,) = write_due(session, mailing, NOW).ready
    Dispatcher(database, mailing).dispatch(letter_id, NOW)
    return letter_id


def followed(database: Database) -> int:
    with database.transaction() as session:
        return follow(session, NOW)


def message_id(database: Database) -> str:
    with database.transaction() as session:
        return str(session.execute(text("SELECT message_id FROM letter")).scalar_one())


def test_a_receipt_is_noted_at_its_letter_once_and_stays_in_its_bin(database: Database, office: Office) -> None:
    with running(Host()) as host:
        letter_id = sent(database, office, host)
    letters, about = Letters(database, office), message_id(database)
    came(database, about, MailKind.RECEIPT, {"pec": "accettazione"})
    came(database, about, MailKind.RECEIPT, {"pec": "avvenuta-consegna"}, 2)
    came(database, "<altra@example.com>", MailKind.RECEIPT, {"pec": "accettazione"}, 3)
    assert followed(database) == 2
    assert followed(database) == 0
    told = [one.what for one in letters.history(letter_id)]
    assert [what for what in told if what in {"accettazione", "avvenuta-consegna"}] == [
        "accettazione",
        "avvenuta-consegna",
    ]
    assert letters.letter(letter_id).state is LetterState.SENT
    with database.transaction() as session:
        bins = session.execute(text("SELECT DISTINCT bin FROM ledger_entry WHERE kind = 'message' AND target <> ''"))
        assert "receipt" in bins.scalars().all()


def test_a_bounce_fails_the_letter_and_tells_an_operator(database: Database, office: Office) -> None:
    with running(Host()) as host:
        letter_id = sent(database, office, host)
    came(database, message_id(database), MailKind.BOUNCE, {"report_action": "delayed"})
    assert followed(database) == 1
    assert Letters(database, office).letter(letter_id).state is LetterState.SENT
    came(database, message_id(database), MailKind.BOUNCE, {"report_action": "failed"}, 2)
    assert followed(database) == 1
    assert Letters(database, office).letter(letter_id).state is LetterState.FAILED
    with database.transaction() as session:
        assert session.execute(text("SELECT kind FROM problem")).scalars().all() == ["letter_returned"]


def test_a_receipt_settles_a_letter_of_which_it_was_not_known(database: Database, office: Office) -> None:
    with running(Host(on_data=lambda _: None)) as host:
        letter_id = sent(database, office, host)
    assert Letters(database, office).letter(letter_id).state is LetterState.UNCERTAIN
    came(database, message_id(database), MailKind.RECEIPT, {"pec": "avvenuta-consegna"})
    assert followed(database) == 1
    assert Letters(database, office).letter(letter_id).state is LetterState.SENT


@pytest.mark.parametrize(
    ("kind", "facts", "what"),
    [
        ("receipt", {"pec": "avvenuta-consegna"}, What.DELIVERED),
        ("receipt", {"pec": "errore-consegna"}, What.RETURNED),
        ("receipt", {"pec": "preavviso-errore-consegna"}, None),
        ("receipt", {"pec": "mai-vista"}, None),
        ("bounce", {"report_action": "failed"}, What.RETURNED),
        ("bounce", {"report_action": "delayed"}, None),
        ("bounce", {}, None),
        ("auto_reply", {}, None),
    ],
)
def test_what_each_kind_means(kind: str, facts: dict[str, str], what: What | None) -> None:
    assert meaning(kind, facts)[1] is what
