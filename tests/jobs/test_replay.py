"""Replay against the embedded database: what would change is told field by field, and nothing stored is touched."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from bench.stubs import delivery
from cases.database import Database
from cases.erase import Erasure, erase
from cases.intakes import Intake, Intakes, Span
from cases.recorded import RECORD_VERSION, NoRecord, Recorded, unpressed
from cases.register import RegisterNumber
from cases.store import Store, admit
from cases.submission import Looked, Submission
from cases.transcript import Sheet, Transcript, inks_of, note
from checks.context import CheckSettings, Context
from checks.validate import validate
from gateway.replaying import Notebook, OtherRun, add_up, run
from gateway.show_replay import differences, totals
from intake.originals import Originals
from intake.receipt import Channel
from jobs.child import Limits
from jobs.compare import Change, compare
from jobs.replay import Again, replay
from ocr.ink import Ink, Presence, Source
from parsers.extract import extract
from parsers.reading import PageUse, Reading, Role
from templates.form import Kind
from templates.load import load_forms

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
CMOR = load_forms().get("CMOR", "2026-01")


def typed(texts: dict[str, str]) -> Submission:
    """Read a CMOR form whose lines say these texts, and nothing in its other zones."""
    inks = []
    for name, field in CMOR.fields.items():
        if field.options:
            zones = [(f"{name}.{o.value}", o.box, o.page) for o in field.options]
        else:
            zones = [(name, field.box, field.page)]
        for zone, box, page in zones:
            ink = Ink(zone, "a.pdf", page, box, Source.ACROFORM, Presence.EMPTY)
            ticks = field.kind in {Kind.ENUM, Kind.TICKS, Kind.TICK, Kind.INK}
            ink = replace(ink, mark=False) if ticks else ink
            inks.append(replace(ink, presence=Presence.INK, text=texts[zone]) if zone in texts else ink)
    sheets = tuple(Sheet("d" * 64, n, CMOR.key, n, 1.0, 0.0, "text") for n in (1, 2, 3))
    return submission(inks, sheets)


def submission(inks: list[Ink], sheets: tuple[Sheet, ...]) -> Submission:
    values = extract(CMOR, inks, TODAY)
    uses = tuple(PageUse("a.pdf", s.number, s.form_page, 1.0, 0.0, "CMOR", Role.FORM) for s in sheets)
    reading = Reading("CMOR", "2026-01", values, pages=uses)
    context = Context(channel=Channel.FAX, received_at=delivery().received_at, processed_on=TODAY)
    return Submission(reading, validate(reading, CMOR, context), Transcript(sheets, note(inks)))


def looked(**texts: str) -> Looked:
    return Looked((typed(texts),), looked_on=TODAY, versions={"reader": "1"})


@pytest.fixture
def past(database: Database, tmp_path: Path) -> Callable[..., int]:
    """Settle a receipt with what a look gave; give its id."""
    originals = Originals(tmp_path / "originals")
    count = 0

    def settle(look: Looked) -> int:
        nonlocal count
        count += 1
        arrived = delivery(f"fax:{count}", raw=str(count).encode())
        originals.keep(arrived.raw)
        with database.transaction() as session:
            receipt = admit(session, arrived, sha256(arrived.raw).hexdigest(), NOW)
        assert receipt is not None
        Store(database).settle(receipt, look, NOW)
        return receipt

    return settle


def again(tmp_path: Path, *, only_stored: bool) -> Again:
    return Again(Originals(tmp_path / "originals"), CheckSettings(), Limits(), only_stored=only_stored)


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Give every row of every table, the system columns of its last change included."""
    with psycopg.connect(database.url) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
        every = sql.SQL("SELECT xmin::text, ctid::text, t::text FROM {} t ORDER BY ctid")
        return {name: connection.execute(every.format(sql.Identifier(name))).fetchall() for (name,) in names}


def one_change(database: Database, was: Looked, now: Looked, settle: Callable[..., int]) -> dict[str, Change]:
    intake = Intakes(database).intake(settle(was))
    (case,) = compare(intake, now).cases
    return {diff.field: diff.change for diff in case.fields}


def test_each_kind_of_change_is_told(database: Database, past: Callable[..., int]) -> None:
    was = looked(
        holder_surname="Bianchi", holder_postal_code="2012", supply_pod="IT001E12345678", holder_given_name="Anna"
    )
    now = looked(holder_surname="Bianchi", holder_postal_code="20121", supply_pod="", holder_given_name="Anita")
    assert one_change(database, was, now, past) == {
        "holder_postal_code": Change.BETTER,
        "supply_pod": Change.LOST,
        "holder_given_name": Change.CHANGED,
    }


def test_what_a_clerk_typed_serves_as_truth(database: Database, past: Callable[..., int]) -> None:
    receipt = past(looked(holder_surname="Bianhi", holder_given_name="Anna"))
    with psycopg.connect(database.url) as connection:
        for name, value in (("holder_surname", "Bianchi"), ("holder_given_name", "Ada")):
            path = f"{{fields,{name}}}"
            typed_in = json.dumps({"value": value, "raw": value, "state": "filled", "confidence": 1, "source": "clerk"})
            connection.execute(
                "UPDATE case_ SET payload = jsonb_set(payload, %s, %s) WHERE receipt_id = %s", (path, typed_in, receipt)
            )
    now = compare(Intakes(database).intake(receipt), looked(holder_surname="Bianchi", holder_given_name="Anna"))
    surname, given = now.cases[0].fields
    assert (surname.was.value, surname.clerk, surname.agrees, surname.change) == (
        "Bianhi", "Bianchi", True, Change.CHANGED,
    )  # fmt: skip
    assert (given.was.value, given.agrees, given.change) == ("Anna", False, Change.SAME)
    sums = add_up([now])
    assert (sums.clerk_agrees, sums.clerk_differs) == (1, 1)


def test_a_case_more_and_a_case_less_are_told(database: Database, past: Callable[..., int]) -> None:
    one, two = looked(), replace(looked(), submissions=(typed({}), typed({})))
    more = compare(Intakes(database).intake(past(one)), two).cases
    less = compare(Intakes(database).intake(past(two)), one).cases
    assert [case.number for case in more] == ["2026/0000001", ""]
    assert (less[1].number, less[1].outcome_now) == ("2026/0000003", "")
    assert not less[1].same


def test_replay_from_stored_readings_gives_the_same_and_touches_nothing(
    database: Database, past: Callable[..., int], tmp_path: Path
) -> None:
    past(looked(holder_surname="Bianchi", supply_pod="IT001E12345678"))
    past(Looked((), failure="La lettura si è interrotta."))
    intakes, before = Intakes(database), everything(database)
    found = list(replay(intakes, intakes.numbers(Span()), again(tmp_path, only_stored=True).look))
    assert everything(database) == before
    assert [case.same for case in found[0].cases] == [True]
    assert found[1].failure.startswith("the stored look had failed")
    assert found[0].versions.keys() == {f"form {form.key}" for form in load_forms()}, "the stub named none"


def test_the_database_itself_refuses_a_change_during_replay(database: Database) -> None:
    intakes = Intakes(database)
    with pytest.raises(Exception, match="read-only transaction"), intakes._reading() as session:
        session.connection().exec_driver_sql("DELETE FROM reading")


def test_a_broken_intake_stops_no_other(database: Database, past: Callable[..., int], tmp_path: Path) -> None:
    first, second, third = past(looked()), past(looked()), past(looked())
    with psycopg.connect(database.url) as connection:
        connection.execute("UPDATE reading SET body = 'x' WHERE receipt_id = %s", (first,))
        connection.execute("UPDATE reading SET record_version = 99 WHERE receipt_id = %s", (second,))
    intakes = Intakes(database)
    found = list(replay(intakes, intakes.numbers(Span()), again(tmp_path, only_stored=True).look))
    assert [one.receipt for one in found] == [first, second, third]
    assert "damaged" in found[0].failure
    assert "newer program" in found[1].failure
    assert found[2].failure == ""


def test_an_original_that_is_lost_is_told(database: Database, past: Callable[..., int], tmp_path: Path) -> None:
    receipt = past(looked())
    for path in (tmp_path / "originals").rglob("*"):
        if path.is_file():
            path.unlink()
    look = again(tmp_path, only_stored=False).look(Intakes(database).intake(receipt))
    assert "restore it from the backup" in look.failure


def test_the_span_chooses(database: Database, past: Callable[..., int]) -> None:
    first, second = past(looked()), past(looked())
    intakes = Intakes(database)
    assert intakes.numbers(Span(limit=1)) == [first]
    assert intakes.numbers(Span(case=RegisterNumber(2026, 2))) == [second]
    assert intakes.numbers(Span(form="BONUS")) == []
    assert intakes.numbers(Span(form="CMOR", since=date(2026, 11, 20))) == [first, second]
    assert intakes.numbers(Span(since=date(2026, 11, 21))) == []
    with pytest.raises(KeyError):
        intakes.intake(999)


def test_a_run_is_stopped_and_resumed(database: Database, past: Callable[..., int], tmp_path: Path) -> None:
    for _ in range(3):
        past(looked())
    intakes, seen = Intakes(database), list[int]()

    def look(intake: Intake) -> Looked:
        seen.append(intake.receipt)
        return looked(holder_surname="Bianchi")

    book = Notebook(tmp_path / "run" / "replay.jsonl", {"form": ""})
    total, each = run(intakes, Span(), look, book, resume=True)
    assert total == 3
    next(each)
    total, each = run(intakes, Span(), look, book, resume=True)
    found = list(each)
    assert (total, len(found), len(seen)) == (3, 3, 3), "nothing is read twice"
    assert add_up(found).fields["better_known"] == 3
    assert (tmp_path / "run" / "replay.jsonl").stat().st_mode & 0o777 == 0o600
    with pytest.raises(OtherRun, match="other options"):
        run(intakes, Span(), look, Notebook(book.path, {"form": "CMOR"}), resume=True)
    assert len(list(run(intakes, Span(), look, book, resume=False)[1])) == 3
    assert len(seen) == 6


def test_the_summary_is_for_people(
    database: Database, past: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    found = [compare(Intakes(database).intake(past(looked())), looked(holder_surname="Bianchi"))]
    differences(found)
    totals(add_up(found), complete=False)
    shown = capsys.readouterr().out
    assert "2026/0000001" in shown
    assert "+" in shown
    assert "1 better known" in shown
    assert "--resume" in shown


def test_a_record_is_small_and_comes_back(database: Database, past: Callable[..., int]) -> None:
    receipt = past(looked(holder_surname="Bianchi"))
    with psycopg.connect(database.url) as connection:
        (size,) = connection.execute("SELECT length(body) FROM reading WHERE receipt_id = %s", (receipt,)).fetchone()  # type: ignore[misc]
    assert size < 12_000
    record = Intakes(database).intake(receipt).record
    assert record is not None
    (told,) = record.submissions
    inks = {ink.zone: ink for ink in inks_of(told.transcript.inks)}
    assert (inks["holder_surname"].text, inks["holder_surname"].source) == ("Bianchi", Source.ACROFORM)
    with pytest.raises(NoRecord):
        unpressed(b"", RECORD_VERSION)
    assert Recorded(None).submissions == ()


def test_what_is_erased_is_not_replayed_and_its_reading_is_gone(database: Database, past: Callable[..., int]) -> None:
    receipt, other = past(looked(holder_surname="Bianchi")), past(looked())
    with database.transaction() as session:
        erase(session, Erasure(receipt, "prova", original=False), NOW)
    intakes = Intakes(database)
    assert intakes.numbers(Span()) == [other]
    assert intakes.intake(receipt).missing.startswith("no reading is stored")
