"""From the step of a case to a letter in the tray or on the server: once, whatever breaks in between."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from cases.case import Event
from cases.database import Database
from cases.ledger import verify
from cases.moves import move
from cases.register import RegisterNumber
from cases.register_tables import LineRow
from cases.tables import CaseRow, StepRow
from intake import instants
from intake.receipt import Channel
from letters.dispatch import Dispatcher, give_up
from letters.door import NotTaken
from letters.office import Cap, Office
from letters.outbox import pass_over, write_due
from letters.post import Letters
from letters.recipient import Way
from letters.restored import note_restore
from letters.sending import LetterState, NotNow
from letters.smtp import MailServer, Smtp
from letters.tables import LetterRow
from tests.letters.cases_of import MAIL_ID, draft_of, settled, submission_of
from tests.letters.smtp_host import Host, running

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CLERK = "clerk:anna"


def born(
    database: Database,
    scenario: str = "complete",
    channel: Channel = Channel.EMAIL,
    sender: str = "cliente@example.com",
    late: timedelta = timedelta(0),
) -> RegisterNumber:
    draft = draft_of(scenario)
    at = draft.case.received_at
    return settled(database, submission_of(draft, channel, sender), at, channel, sender, at + late)


def written(database: Database, office: Office) -> tuple[int, ...]:
    with database.transaction() as session:
        return write_due(session, office, NOW).ready


def row(database: Database, letter_id: int) -> LetterRow:
    with database.transaction() as session:
        found = session.get_one(LetterRow, letter_id)
        session.expunge_all()
        return found


def only(database: Database) -> LetterRow:
    with database.transaction() as session:
        found = session.execute(select(LetterRow)).scalar_one()
        session.expunge_all()
        return found


@pytest.fixture
def host() -> Iterator[Host]:
    with running(Host()) as found:
        yield found


@pytest.fixture
def mailing(office: Office, host: Host) -> Office:
    server = MailServer("127.0.0.1", host.port, "sportello@example.org", "none", timeout_s=5.0, answer_s=5.0)
    return replace(office, doors={**office.doors, Way.EMAIL: Smtp(server)})


def test_a_letter_leaves_once_with_number_thread_and_papers(database: Database, mailing: Office, host: Host) -> None:
    number = born(database, "no-signature")
    (letter_id,) = written(database, mailing)
    assert written(database, mailing) == ()
    sender = Dispatcher(database, mailing)
    assert sender.dispatch(letter_id, NOW) is LetterState.SENT
    assert sender.dispatch(letter_id, NOW) is LetterState.SENT
    (got,) = host.got
    letter = row(database, letter_id)
    assert got.original_content == mailing.kept.read(letter.sent)
    message = message_from_bytes(got.original_content or b"", policy=default)
    assert message["To"] == "cliente@example.com"
    assert message["In-Reply-To"] == MAIL_ID
    assert message["Message-ID"] == letter.message_id
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["Reply-To"] == "integrazioni@example.org"
    assert str(number) in message["Subject"]
    names = [part.get_filename() for part in message.iter_attachments()]
    assert names == [f"lettera-{letter.year}-{letter.number:07}.pdf", "foglio-da-rimandare.pdf"]
    with database.transaction() as session:
        line = session.execute(select(LineRow).where(col(LineRow.direction) == "out")).scalar_one()
        assert (line.year, line.number, line.digest) == (letter.year, letter.number, letter.document)
        assert (line.recipient, line.reference, line.channel) == ("cliente@example.com", str(number), "email")
    assert not verify(database, [])


def test_a_step_is_seen_to_once_also_by_two_writers(database: Database, office: Office) -> None:
    born(database)
    with database.transaction() as one:
        assert write_due(one, office, NOW).steps == 1
        with database.transaction() as other:
            assert write_due(other, office, NOW).steps == 0
    assert written(database, office) == ()


def test_a_written_letter_that_is_rolled_back_is_written_again(database: Database, office: Office) -> None:
    born(database, channel=Channel.POST, sender="")
    with database.transaction() as session:
        assert len(write_due(session, office, NOW).ready) == 1
        session.rollback()
    assert len(written(database, office)) == 1


def test_letters_that_are_switched_off_tell_nobody_later(database: Database, office: Office) -> None:
    born(database)
    with database.transaction() as session:
        assert pass_over(session) == 1
    assert written(database, office) == ()


def test_after_a_restore_what_may_have_left_waits_for_a_clerk(database: Database, office: Office) -> None:
    born(database)  # its step is in the backup, its letter was written and sent after it
    with database.transaction() as session:
        came = session.execute(select(CaseRow)).scalar_one().received_at
        note_restore(session, came, came + timedelta(hours=2))
        steps = session.scalars(select(StepRow.id)).all()
    assert written(database, office) == ()
    assert (only(database).state, only(database).reason) == (LetterState.HELD, "restored")

    born(database, sender="altro@example.com", late=timedelta(hours=3))  # it came before, and is taken in again
    assert written(database, office) == ()
    with database.transaction() as session:
        assert [letter.reason for letter in session.scalars(select(LetterRow))] == ["restored", "restored"]
        assert max(session.scalars(select(StepRow.id)).all()) > max(steps) + 999_999, "webhooks know ids again"
        note_restore(session, came, came - timedelta(days=1))

    born(database, sender="nuovo@example.com")  # came after the last restore
    (letter_id,) = written(database, office)
    assert row(database, letter_id).reason == ""
    with database.transaction() as session:
        held = session.scalars(select(LetterRow.id).where(col(LetterRow.state) == "held")).all()
    assert Letters(database, office).release(held[0], NOW, CLERK).state is LetterState.READY


def test_a_fax_goes_into_the_tray_with_its_sidecar_last(database: Database, office: Office, tmp_path: Path) -> None:
    born(database, "no-signature", Channel.FAX, "06 5555 5555")
    (letter_id,) = written(database, office)
    assert Dispatcher(database, office).dispatch(letter_id, NOW) is LetterState.SENT
    letter = row(database, letter_id)
    tray = tmp_path / "fax"
    assert sorted(p.name for p in tray.iterdir()) == [f"2026-{letter.number:07}.json", f"2026-{letter.number:07}.tif"]
    sidecar = json.loads((tray / f"2026-{letter.number:07}.json").read_text())
    assert sidecar["to"] == "+390655555555"
    assert sidecar["pages"] >= 2
    assert (tray / sidecar["file"]).is_file()


def test_a_letter_by_post_goes_into_the_print_tray(database: Database, office: Office, tmp_path: Path) -> None:
    born(database, "day-39", Channel.POST, "")
    (letter_id,) = written(database, office)
    assert Dispatcher(database, office).dispatch(letter_id, NOW) is LetterState.SENT
    (pdf,) = (tmp_path / "print").iterdir()
    assert pdf.read_bytes() == office.kept.read(row(database, letter_id).sent)


INSTANTS = ("letter registered", "letter offered", "letter being given", "letter given", "before letter commit")


class Killed(BaseException):
    """The process died here."""


def kill_at(monkeypatch: pytest.MonkeyPatch, name: str) -> Callable[[], None]:
    """Die at one instant, once, in every module that tells its instants."""

    def die(now: str) -> None:
        if now == name:
            raise Killed(now)

    for module in ("letters.dispatch",):
        monkeypatch.setattr(f"{module}.instant", die)
    return lambda: monkeypatch.setattr("letters.dispatch.instant", instants.instant)


@pytest.mark.parametrize("name", INSTANTS)
@pytest.mark.parametrize("channel", [Channel.FAX, Channel.POST])
def test_a_crash_anywhere_leaves_one_letter_in_the_tray(
    database: Database, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, channel: Channel
) -> None:
    born(database, "complete", channel, "06 5555 5555" if channel is Channel.FAX else "")
    (letter_id,) = written(database, office)
    alive = kill_at(monkeypatch, name)
    with pytest.raises(Killed):
        Dispatcher(database, office).dispatch(letter_id, NOW)
    alive()
    for _ in range(2):
        assert Dispatcher(database, office).dispatch(letter_id, NOW) is LetterState.SENT
    tray = tmp_path / ("fax" if channel is Channel.FAX else "print")
    kinds = sorted(p.suffix for p in tray.iterdir())
    assert kinds == ([".json", ".tif"] if channel is Channel.FAX else [".pdf"])
    assert not verify(database, [])


@pytest.mark.parametrize(
    ("name", "state", "arrived"),
    [
        ("letter registered", LetterState.SENT, 1),
        ("letter offered", LetterState.SENT, 1),
        ("letter being given", LetterState.UNCERTAIN, 0),
        ("letter given", LetterState.UNCERTAIN, 1),
        ("before letter commit", LetterState.UNCERTAIN, 1),
    ],
)
def test_a_crash_anywhere_never_sends_a_mail_twice(
    database: Database,
    mailing: Office,
    host: Host,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    state: LetterState,
    arrived: int,
) -> None:
    born(database)
    (letter_id,) = written(database, mailing)
    alive = kill_at(monkeypatch, name)
    with pytest.raises(Killed):
        Dispatcher(database, mailing).dispatch(letter_id, NOW)
    alive()
    for _ in range(2):
        assert Dispatcher(database, mailing).dispatch(letter_id, NOW) is state
    assert len(host.got) == arrived
    if state is LetterState.UNCERTAIN:
        letters = Letters(database, mailing)
        first = row(database, letter_id).message_id
        letters.resend(letter_id, NOW, CLERK)
        assert Dispatcher(database, mailing).dispatch(letter_id, NOW) is LetterState.SENT
        assert row(database, letter_id).message_id == first  # whoever got both sees that they are one
    assert not verify(database, [])


def test_a_server_that_asks_for_patience_gets_the_same_mail_later(
    database: Database, mailing: Office, host: Host
) -> None:
    born(database)
    (letter_id,) = written(database, mailing)
    host.on_rcpt = lambda _: "450 4.2.0 later"
    with pytest.raises(NotTaken):
        Dispatcher(database, mailing).dispatch(letter_id, NOW)
    host.on_rcpt, host.on_data = (lambda _: "250 OK"), (lambda _: "451 4.3.0 later")
    with pytest.raises(NotTaken):
        Dispatcher(database, mailing).dispatch(letter_id, NOW)
    assert row(database, letter_id).state == LetterState.READY
    host.on_data = lambda _: "250 OK"
    assert Dispatcher(database, mailing).dispatch(letter_id, NOW) is LetterState.SENT
    assert len(host.got) == 1
    with database.transaction() as session:
        out = session.execute(text("SELECT count(*) FROM register_line WHERE direction = 'out'")).scalar()
    assert out == 1


def test_a_server_that_refuses_for_good_ends_the_letter_and_tells_an_operator(
    database: Database, mailing: Office, host: Host
) -> None:
    born(database)
    (letter_id,) = written(database, mailing)
    host.on_rcpt = lambda _: "550 5.1.1 nobody of that name"
    assert Dispatcher(database, mailing).dispatch(letter_id, NOW) is LetterState.FAILED
    assert "5.1.1" in row(database, letter_id).reason
    with database.transaction() as session:
        assert session.execute(text("SELECT kind FROM problem")).scalars().all() == ["letter_failed"]


def test_a_connection_lost_after_the_mail_is_never_tried_again_by_itself(
    database: Database, mailing: Office, host: Host
) -> None:
    born(database)
    (letter_id,) = written(database, mailing)
    host.on_data = lambda _: None
    for _ in range(3):
        assert Dispatcher(database, mailing).dispatch(letter_id, NOW) is LetterState.UNCERTAIN
    assert len(host.got) == 1


def test_a_letter_given_up_waits_for_a_person(database: Database, mailing: Office) -> None:
    born(database)
    (letter_id,) = written(database, mailing)
    give_up(database, letter_id, "nobody there", NOW)
    assert row(database, letter_id).state == LetterState.FAILED


def test_one_address_gets_so_many_letters_and_the_next_waits_for_a_clerk(
    database: Database, mailing: Office, host: Host
) -> None:
    capped = replace(mailing, cap=Cap(2, timedelta(hours=24)))
    for _ in range(3):
        born(database)
    states = [Dispatcher(database, capped).dispatch(letter_id, NOW) for letter_id in written(database, capped)]
    assert states == [LetterState.SENT, LetterState.SENT, LetterState.WITHHELD]
    letters = Letters(database, capped)
    (waiting,) = letters.waiting([LetterState.WITHHELD])
    assert waiting.reason == "too_many"
    letters.release(waiting.id, NOW, CLERK)
    assert Dispatcher(database, capped).dispatch(waiting.id, NOW) is LetterState.SENT
    assert len(host.got) == 3


def test_a_letter_that_was_overtaken_is_dropped(database: Database, office: Office) -> None:
    number = born(database, "no-signature", Channel.POST, "")
    (letter_id,) = written(database, office)
    with database.transaction() as session:
        case = session.execute(select(CaseRow).where(col(CaseRow.number) == number.number)).scalar_one()
        move(session, case, Event.CLEARED, NOW, CLERK)
    assert Dispatcher(database, office).dispatch(letter_id, NOW) is LetterState.DROPPED
    assert row(database, letter_id).number is None


def test_a_refusal_is_told_when_a_clerk_has_confirmed_it(database: Database, office: Office) -> None:
    number = born(database, "non-domestic", Channel.POST, "")
    written(database, office)
    assert only(database).code == "ACK"
    with database.transaction() as session:
        case = session.execute(select(CaseRow).where(col(CaseRow.number) == number.number)).scalar_one()
        move(session, case, Event.REFUSAL_CONFIRMED, NOW, CLERK)
    (letter_id,) = written(database, office)
    assert row(database, letter_id).code == "NOT_ADMISSIBLE"


def test_a_failed_reading_is_answered_by_nobody_but_a_person(database: Database, office: Office) -> None:
    draft = draft_of("complete")
    submission = submission_of(draft)
    unread = replace(submission, validation=replace(submission.validation, reasons=("look_failed",)))
    settled(database, unread, draft.case.received_at, Channel.EMAIL, "cliente@example.com")
    assert written(database, office) == ()
    assert (only(database).state, only(database).reason) == (LetterState.WITHHELD, "unread")


def test_a_clerk_looks_holds_changes_and_lets_go(database: Database, office: Office) -> None:
    held = replace(office, holds=frozenset(["ACK"]))  # type: ignore[list-item]
    number = born(database, "complete", Channel.POST, "")
    assert written(database, held) == ()
    letters = Letters(database, held)
    (letter,) = letters.of_case(number)
    assert letter.state is LetterState.HELD
    assert letters.as_pdf(letter.id, NOW).startswith(b"%PDF")
    assert "Gentile" in letters.as_html(letter.id, NOW)
    changed = letters.edit(letter.id, letter.text + "\nGrazie.\n", letter.version, NOW, CLERK)
    with pytest.raises(NotNow, match="cambiata"):
        letters.edit(letter.id, "altro", letter.version, NOW, CLERK)
    with pytest.raises(NotNow, match="vuoto"):
        letters.edit(letter.id, "  ", changed.version, NOW, CLERK)
    letters.release(letter.id, NOW, CLERK)
    letters.hold(letter.id, NOW, CLERK)
    letters.release(letter.id, NOW, CLERK)
    assert Dispatcher(database, held).dispatch(letter.id, NOW) is LetterState.SENT
    with pytest.raises(NotNow):
        letters.edit(letter.id, "altro", letters.letter(letter.id).version, NOW, CLERK)
    told = [one.what for one in letters.history(letter.id)]
    assert told == ["written", "edited", "release", "hold", "release", "give", "accepted"]


def test_a_whole_code_typed_by_a_clerk_stops_the_letter(database: Database, office: Office) -> None:
    number = born(database, "complete", Channel.POST, "")
    (letter_id,) = written(database, office)
    letters = Letters(database, office)
    letter = letters.letter(letter_id)
    letters.edit(letter_id, "Il Suo codice è RSSMRA80A01H501U.", letter.version, NOW, CLERK)
    assert Dispatcher(database, office).dispatch(letter_id, NOW) is LetterState.WITHHELD
    with pytest.raises(NotNow, match="codice personale"):
        letters.release(letter_id, NOW, CLERK)
    assert letters.of_case(number)[0].reason == "whole_code"


def test_a_letter_that_came_back_goes_another_way_as_another_document(
    database: Database, mailing: Office, host: Host, tmp_path: Path
) -> None:
    born(database)
    (letter_id,) = written(database, mailing)
    host.on_rcpt = lambda _: "550 5.1.1 nobody"
    Dispatcher(database, mailing).dispatch(letter_id, NOW)
    first = row(database, letter_id)
    letters = Letters(database, mailing)
    letters.readdress(letter_id, Way.PRINT, ["Via di Prova 1", "00100 Roma RM"], NOW, CLERK)
    letters.release(letter_id, NOW, CLERK)
    assert Dispatcher(database, mailing).dispatch(letter_id, NOW) is LetterState.SENT
    again = row(database, letter_id)
    assert (again.year, again.number) == (first.year, (first.number or 0) + 1)
    assert [p.suffix for p in (tmp_path / "print").iterdir()] == [".pdf"]


def test_the_steps_that_nobody_is_told_of_make_no_letter(database: Database, office: Office) -> None:
    number = born(database, "complete", Channel.POST, "")
    written(database, office)
    with database.transaction() as session:
        case = session.execute(select(CaseRow).where(col(CaseRow.number) == number.number)).scalar_one()
        move(session, case, Event.TAKEN, NOW, "client:portal")
    assert written(database, office) == ()
    with database.transaction() as session:
        assert session.execute(select(StepRow).where(~col(StepRow.written))).all() == []
