"""Letters as work: each has a durable job, a server that is away is tried again, and nothing is left without a job."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from procrastinate import PsycopgConnector
from sqlalchemy import text

from bench.yard import HASTE
from cases.database import Database
from intake.originals import Originals
from intake.receipt import Channel
from jobs.app import LETTERS, Wiring, app, configure
from jobs.letters import send_all, send_letter, sweep_letters, write_letters
from jobs.retries import RULES, Again, Next, decide
from letters.door import NotTaken, Offer, Outgoing
from letters.house import House
from letters.office import Office
from letters.recipient import Way
from letters.sending import LetterState
from letters.tray import PrintTray
from templates.load import load_forms
from tests.jobs.conftest import look
from tests.letters.cases_of import draft_of, settled, submission_of


class Shut:
    """A door that takes nothing yet."""

    def offer(self, letter: Outgoing) -> Offer:
        raise NotTaken(f"450 not yet {letter.name}")

    def resume(self, name: str) -> bool | None:
        raise AssertionError(f"{name} was never given")


@pytest.fixture
def writing(database_url: str, tmp_path: Path) -> Iterator[Wiring]:
    office = Office(
        house=House("Sportello di prova", email="integrazioni@example.org"),
        library=load_forms(),
        kept=Originals(tmp_path / "letters"),
        doors={Way.PRINT: PrintTray(tmp_path / "print")},
        holds=frozenset(),
        key=bytes(range(32)),
    )
    wired = configure(database_url, look, Originals(tmp_path / "originals"), {}, HASTE, letters=office)
    draft = draft_of("complete")
    settled(wired.database, submission_of(draft, Channel.POST), draft.case.received_at, Channel.POST)
    yield wired
    wired.database.close()


def jobs(database: Database) -> list[tuple[str, str]]:
    with database.transaction() as session:
        rows = session.execute(text("SELECT queue_name, status::text FROM procrastinate_jobs ORDER BY id")).all()
        return [(row[0], row[1]) for row in rows]


def states(database: Database) -> list[str]:
    with database.transaction() as session:
        return list(session.execute(text("SELECT state FROM letter ORDER BY id")).scalars())


def test_a_letter_is_sent_by_a_job_of_its_own(writing: Wiring, tmp_path: Path) -> None:
    assert write_letters(writing) == 1
    assert write_letters(writing) == 0
    assert jobs(writing.database) == [(LETTERS, "todo")]
    assert sweep_letters(writing) == 0

    async def work() -> None:
        with app.replace_connector(PsycopgConnector(conninfo=writing.database.url)):
            async with app.open_async():
                await app.run_worker_async(queues=[LETTERS], wait=False, install_signal_handlers=False)

    asyncio.run(work())
    assert jobs(writing.database) == [(LETTERS, "succeeded")]
    assert states(writing.database) == [LetterState.SENT]
    assert len(list((tmp_path / "print").iterdir())) == 1


def test_a_lost_job_is_given_again(writing: Wiring) -> None:
    write_letters(writing)
    with writing.database.transaction() as session:
        session.execute(text("DELETE FROM procrastinate_jobs"))
    assert sweep_letters(writing) == 1
    assert jobs(writing.database) == [(LETTERS, "todo")]


def test_a_door_that_is_shut_is_tried_again_and_at_last_a_clerk_is_told(writing: Wiring) -> None:
    assert writing.letters is not None
    shut = replace(writing, letters=replace(writing.letters, doors={Way.PRINT: Shut()}))
    write_letters(shut)
    with pytest.raises(Again):
        send_letter(shut, _only(shut), 0)
    assert states(shut.database) == [LetterState.READY]
    assert send_letter(shut, _only(shut), 99) == LetterState.FAILED
    with shut.database.transaction() as session:
        assert session.execute(text("SELECT kind FROM problem")).scalars().all() == ["letter_failed"]


def _only(wiring: Wiring) -> int:
    with wiring.database.transaction() as session:
        return int(session.execute(text("SELECT id FROM letter")).scalar_one())


def test_all_that_is_due_is_sent_here_and_now(writing: Wiring) -> None:
    assert send_all(writing) == {"sent": 1}
    assert send_all(writing) == {}


def test_switched_off_nobody_is_told_later(writing: Wiring) -> None:
    off = replace(writing, letters=None)
    assert write_letters(off) == 1
    assert write_letters(writing) == 0
    assert send_letter(off, 1, 0) == "letters are switched off"


def test_the_table_of_retries_lasts_for_days() -> None:
    rule = next(rule for rule in RULES if NotTaken in rule.errors)
    waits = [min(2.0 * 2**n, 4 * 3600.0) for n in range(rule.times)]
    assert timedelta(days=2) < timedelta(seconds=sum(waits)) < timedelta(days=4)
    assert decide(NotTaken("x"), rule.times).next is Next.CLERK
