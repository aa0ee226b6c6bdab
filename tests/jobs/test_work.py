import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from procrastinate import App
from procrastinate.testing import InMemoryConnector
from sqlalchemy import text
from sqlalchemy.exc import InterfaceError

from bench.stubs import delivery
from bench.yard import HASTE
from cases.case import CaseState
from cases.database import Database
from cases.queue import Queue
from cases.store import admit
from intake.originals import Originals
from intake.receipt import Delivery
from intake.source import Problem, Source, SourceDown, StoreDown
from jobs.app import Wiring, configure, migrate
from jobs.clock import Clock, tick
from jobs.defer import defer_receipt
from jobs.pickup import pick_up
from jobs.register import register
from jobs.rescue import rescue_stalled, sweep
from jobs.retries import Again, Next, WhenAsked, decide
from jobs.steps import carry
from jobs.upkeep import clean_daily
from jobs.worker import Progress, collect_once, work_until_idle


def take(wiring: Wiring, raw: bytes, origin: str = "") -> int:
    arrived = delivery(origin or f"fax:{raw.decode()}", raw)
    receipt_id = register(arrived, wiring.originals.keep(raw))
    assert receipt_id is not None
    return receipt_id


def count(wiring: Wiring, query: str) -> int:
    with wiring.database.transaction() as session:
        return int(session.execute(text("SELECT count(*) FROM " + query)).scalar_one())  # noqa: S608  our own words


def do(wiring: Wiring, statement: str) -> None:
    with wiring.database.transaction() as session:
        session.execute(text(statement))


def start_job(wiring: Wiring, beat_s: int = 3600) -> None:
    """Take the next job as a worker would whose last heartbeat was so long ago."""
    with wiring.database.transaction() as session:
        session.execute(
            text(
                "WITH w AS (INSERT INTO procrastinate_workers (last_heartbeat) "
                "VALUES (now() - make_interval(secs => :age)) RETURNING id) "
                "SELECT procrastinate_fetch_job_v2(NULL, w.id) FROM w"
            ),
            {"age": beat_s},
        )


class Tray:
    """A source in memory; ``down`` makes it fail."""

    def __init__(self, name: str, *raws: bytes, down: bool = False) -> None:
        self.name, self.down = name, down
        self.lying = {f"{name}:{number}": raw for number, raw in enumerate(raws)}

    def waiting(self) -> Iterator[Delivery]:
        if self.down:
            raise SourceDown("the folder is missing. Create it.", transient=True)
        for origin, raw in list(self.lying.items()):
            yield delivery(origin, raw)

    def settle(self, settled: Delivery) -> None:
        self.lying.pop(settled.origin, None)

    def problems(self) -> tuple[Problem, ...]:
        return ()


def with_sources(wiring: Wiring, *trays: Tray) -> Wiring:
    sources: Mapping[str, Source] = {tray.name: tray for tray in trays}
    wiring.database.close()
    return configure(wiring.database.url, wiring.look, wiring.originals, sources, HASTE)


# What comes in


def test_row_and_job_come_together_and_once(wiring: Wiring) -> None:
    take(wiring, b"one", "fax:1")
    assert register(delivery("fax:1", b"one"), "d" * 64) is None
    assert count(wiring, "receipt") == 1
    assert count(wiring, "procrastinate_jobs WHERE status = 'todo' AND lock = queueing_lock") == 1


def test_a_rollback_leaves_neither_row_nor_job(wiring: Wiring) -> None:
    def tear() -> None:
        with wiring.database.transaction() as session:
            receipt_id = admit(session, delivery(), "d" * 64, datetime.now(UTC))
            assert receipt_id is not None
            assert defer_receipt(session, receipt_id)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        tear()
    assert count(wiring, "receipt") + count(wiring, "procrastinate_jobs") == 0


def test_a_second_waiting_job_of_a_receipt_is_refused_and_undoes_nothing(wiring: Wiring) -> None:
    receipt_id = take(wiring, b"one")
    with wiring.database.transaction() as session:
        session.execute(text("UPDATE receipt SET sweeps = 7"))
        assert not defer_receipt(session, receipt_id)
    assert count(wiring, "receipt WHERE sweeps = 7") == 1


def test_a_database_that_is_away_stops_the_intake(tmp_path: Path, wiring: Wiring) -> None:
    away = configure(f"postgresql://nobody@/none?host={tmp_path}", wiring.look, Originals(tmp_path / "o"))
    with pytest.raises(StoreDown, match="the database is away"):
        register(delivery(), "d" * 64)
    away.database.close()


# The way through


def test_everything_comes_to_its_cases(wiring: Wiring) -> None:
    for raw in (b"one", b"two", b"advert"):
        take(wiring, raw)
    told: list[Progress] = []
    assert work_until_idle(on_progress=told.append) == 0
    assert len(Queue(wiring.database).cases()) == 3
    assert Queue(wiring.database).counts().refused == {"list": 1}
    assert told[-1] == Progress(settled=3, known=3, jobs=0)


def test_a_receipt_that_cannot_be_looked_at_goes_to_a_clerk_and_stops_no_other(wiring: Wiring) -> None:
    for raw in (b"broken", b"one"):
        take(wiring, raw)
    assert work_until_idle() == 0
    states = [case.state for case in Queue(wiring.database).cases()]
    assert sorted(states) == [CaseState.QUEUED, CaseState.WAITING_CLERK]


def test_a_lost_original_goes_to_a_clerk_with_the_remedy(wiring: Wiring) -> None:
    receipt_id = register(delivery(raw=b"one"), "0" * 64)
    assert receipt_id is not None
    with pytest.raises(Again):
        carry(wiring, receipt_id, attempts=0)
    carry(wiring, receipt_id, attempts=2)
    (case,) = Queue(wiring.database).for_clerk()
    assert "copia di sicurezza" in case.published().submission.findings[0].message


@pytest.mark.parametrize(
    "error", [InterfaceError("", {}, OSError()), KeyError(), OSError(), MemoryError(), ValueError()]
)
def test_no_error_is_retried_for_ever_and_a_clerk_is_told_what_to_do(error: Exception) -> None:
    last = decide(error, 100)
    assert last.next is Next.GIVE_UP or (last.next is Next.CLERK and last.sentence)


def test_only_what_asks_for_it_is_retried() -> None:
    app = App(connector=InMemoryConnector())
    tried: list[int] = []

    @app.task(name="t", retry=WhenAsked(), pass_context=False)
    def task(kind: int) -> None:
        tried.append(kind)
        if kind == 1 and tried.count(1) < 3:
            raise Again(0)
        if kind == 2:
            raise ValueError

    with app.open():
        task.defer(kind=1)
        task.defer(kind=2)
        for _ in range(4):
            app.run_worker(wait=False, install_signal_handlers=False)
    assert (tried.count(1), tried.count(2)) == (3, 1)


# What a death leaves


def test_the_job_of_a_dead_worker_goes_on(wiring: Wiring) -> None:
    take(wiring, b"one")
    start_job(wiring)
    assert rescue_stalled(wiring).again == 1
    assert count(wiring, "procrastinate_jobs WHERE status = 'todo' AND attempts = 1") == 1
    assert count(wiring, "receipt WHERE deaths = 1") == 1


def test_the_job_of_a_living_worker_is_left_alone(wiring: Wiring) -> None:
    take(wiring, b"one")
    start_job(wiring, beat_s=0)
    assert rescue_stalled(wiring).again == 0


def test_a_job_under_way_for_too_long_is_tried_again_whatever_the_heartbeat_says(wiring: Wiring) -> None:
    take(wiring, b"one")
    start_job(wiring, beat_s=0)
    do(wiring, "UPDATE procrastinate_events SET at = now() - interval '1 day'")
    assert rescue_stalled(wiring).again == 1


def test_a_receipt_whose_workers_die_goes_to_a_clerk_at_the_cap(wiring: Wiring) -> None:
    receipt_id = take(wiring, b"one")
    strict = replace(wiring, patience=replace(HASTE, deaths=3))
    for death in (1, 2, 3):
        start_job(wiring)
        rescued = rescue_stalled(strict)
        assert rescued.to_clerk == ((receipt_id,) if death == 3 else ())
    (case,) = Queue(wiring.database).for_clerk()
    assert "più volte" in case.published().submission.findings[0].message
    assert count(wiring, "procrastinate_jobs WHERE status = 'failed'") == 1
    assert [t.kind for t in Queue(wiring.database).troubles()] == ["poison"]


def test_a_stalled_job_with_a_waiting_sibling_ends_and_the_sibling_does_the_work(wiring: Wiring) -> None:
    receipt_id = take(wiring, b"one")
    start_job(wiring)
    with wiring.database.transaction() as session:
        assert defer_receipt(session, receipt_id)
    rescue_stalled(wiring)
    assert count(wiring, "procrastinate_jobs WHERE status = 'failed'") == 1
    assert work_until_idle() == 0
    assert len(Queue(wiring.database).cases()) == 1


def test_the_sweeper_heals_a_lost_queue(wiring: Wiring) -> None:
    for raw in (b"one", b"two"):
        take(wiring, raw)
    do(wiring, "TRUNCATE procrastinate_jobs CASCADE")
    assert work_until_idle() == 0
    assert len(Queue(wiring.database).cases()) == 3


def test_the_sweeper_leaves_alone_what_has_a_job_or_is_settled(wiring: Wiring) -> None:
    take(wiring, b"one")
    assert sweep(wiring).again == 0
    start_job(wiring, beat_s=0)
    assert sweep(wiring).again == 0
    do(wiring, "UPDATE receipt SET state = 'settled'")
    do(wiring, "DELETE FROM procrastinate_jobs")
    assert sweep(wiring).again == 0


def test_the_sweeper_gives_up_to_a_clerk_at_the_cap(wiring: Wiring) -> None:
    receipt_id = take(wiring, b"one")
    strict = replace(wiring, patience=replace(HASTE, sweeps=2))
    for sweeps in (1, 2, 3):
        do(wiring, "UPDATE procrastinate_jobs SET status = 'doing' WHERE status = 'todo'")
        do(wiring, "UPDATE procrastinate_jobs SET status = 'failed' WHERE status = 'doing'")
        assert sweep(strict).to_clerk == ((receipt_id,) if sweeps == 3 else ())
    assert len(Queue(wiring.database).for_clerk()) == 1


def test_many_rescuers_count_one_death(wiring: Wiring) -> None:
    take(wiring, b"one")
    start_job(wiring)
    threads = [threading.Thread(target=rescue_stalled, args=(wiring,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(wiring, "receipt WHERE deaths = 1") == 1


def test_old_jobs_are_removed_once_a_day(wiring: Wiring) -> None:
    take(wiring, b"one")
    assert work_until_idle() == 0
    take(wiring, b"two")
    do(wiring, "UPDATE procrastinate_events SET at = now() - interval '90 days'")
    do(wiring, "DELETE FROM pickup_slot")
    assert clean_daily(wiring)
    assert not clean_daily(wiring)
    assert count(wiring, "procrastinate_jobs") == 1  # what still waits stays, however old


# Sources and clock


def test_a_failing_source_stops_no_other_and_is_seen(wiring: Wiring) -> None:
    wired = with_sources(wiring, Tray("a", down=True), Tray("b", b"one"), Tray("c", b"two"))
    reports = dict(collect_once())
    assert [report is not None and report.ok for report in reports.values()] == [False, True, True]
    failing, *others = wired.ledger.all()
    assert (failing.source, failing.failures) == ("a", 1)
    assert "Create it" in failing.failure
    assert [state.failure for state in others] == ["", ""]
    assert count(wired, "receipt") == 2
    wired.database.close()


def test_two_rounds_over_one_source_never_overlap(wiring: Wiring) -> None:
    tray = Tray("a", b"one")
    wired = with_sources(wiring, tray)
    with wired.ledger.turn("a") as mine:
        assert mine
        assert pick_up(wired, "a") is None
    assert tray.lying
    assert pick_up(wired, "a") is not None
    assert not tray.lying
    wired.database.close()


def test_a_pickup_runs_as_a_job(wiring: Wiring) -> None:
    tray = Tray("a", b"one", b"two")
    wired = with_sources(wiring, tray)
    assert tick(wired.database, "a", 60)
    assert work_until_idle() == 0
    assert not tray.lying
    assert len(Queue(wired.database).cases()) == 3
    wired.database.close()


def test_a_slot_has_one_winner_and_late_ticks_come_together(wiring: Wiring) -> None:
    at = datetime(2026, 11, 24, tzinfo=UTC).timestamp()
    assert [tick(wiring.database, "a", 60, at) for _ in range(3)] == [True, False, False]
    assert tick(wiring.database, "a", 60, at + 60)
    assert tick(wiring.database, "b", 60, at)
    assert count(wiring, "pickup_slot") == 3
    assert count(wiring, "procrastinate_jobs WHERE status = 'todo'") == 2


def test_two_clocks_run_no_slot_twice(own_database_url: str) -> None:
    databases = [Database(own_database_url) for _ in range(2)]
    migrate(databases[0])
    clocks = [Clock(database, {"a": 1, "b": 1}) for database in databases]
    for clock in clocks:
        clock.start()
    threading.Event().wait(2.2)
    for clock in clocks:
        clock.stop()
    with databases[0].transaction() as session:
        slots, distinct = session.execute(
            text("SELECT count(*), count(DISTINCT (source, slot)) FROM pickup_slot")
        ).one()
        jobs = session.execute(text("SELECT queue_name, count(*) FROM procrastinate_jobs GROUP BY 1")).all()
    assert slots == distinct >= 4
    assert sorted(tuple(job) for job in jobs) == [("pickup-a", 1), ("pickup-b", 1)]
    for database in databases:
        database.close()
