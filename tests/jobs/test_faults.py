"""Faults of the machine that no other test does: clocks that jump, a read-only tray, a locked row, a renamed file."""

import random
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bench.stubs import submission
from bench.yard import Yard
from cases.queue import Queue
from cases.register import register_year
from cases.submission import Looked
from intake.fax import FaxTray
from intake.tray import TrayOptions
from jobs.app import Wiring, configure
from jobs.clock import tick
from jobs.pickup import pick_up
from jobs.reconcile import reconcile
from jobs.register import register
from jobs.rescue import rescue_stalled
from jobs.steps import carry
from tests.jobs.test_work import count, start_job, take


def test_the_night_on_which_the_clock_goes_back_has_no_slot_twice_and_misses_none(wiring: Wiring) -> None:
    """In Rome 2026-10-25 has 25 hours, and 02:00 to 03:00 comes twice."""
    first = datetime(2026, 10, 24, 22, 0, tzinfo=UTC).timestamp()
    won = [tick(wiring.database, "mail", 1800, first + 1800 * at) for at in range(50)]
    assert won == [True] * 50
    assert count(wiring, "pickup_slot") == 50


def test_a_clock_that_jumps_back_runs_no_slot_a_second_time(wiring: Wiring) -> None:
    at = datetime(2026, 11, 25, 12, 0, tzinfo=UTC).timestamp()
    jumps = [at, at + 60, at + 120, at + 5, at + 65, at + 180, at - 86_400, at + 240]
    assert [tick(wiring.database, "mail", 60, when) for when in jumps] == [
        *(True, True, True),
        *(False, False),  # an hour lived a second time
        *(True, True, True),
    ]


def test_the_hour_of_new_year_belongs_to_the_year_of_rome_in_both_halves_of_the_year() -> None:
    assert register_year(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == 2027
    assert register_year(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)) == 2026


def test_a_heartbeat_from_the_future_is_no_death(wiring: Wiring) -> None:
    """The database's own clock judges: a worker's host may be hours ahead."""
    take(wiring, b"one")
    start_job(wiring, -7200)
    assert rescue_stalled(wiring).again == 0


def test_a_locked_register_is_waited_for_and_leaves_no_gap(wiring: Wiring) -> None:
    receipts = [take(wiring, raw) for raw in (b"one", b"two")]
    wiring.store.settle(receipts[0], Looked((submission(),)), wiring.now())
    done: list[object] = []
    with wiring.database.transaction() as session:
        session.execute(text("UPDATE register_counter SET last = last"))  # somebody holds the row
        waiter = threading.Thread(
            target=lambda: done.extend(wiring.store.settle(receipts[1], Looked((submission(),)), wiring.now()))
        )
        waiter.start()
        waiter.join(0.5)
        assert waiter.is_alive()
    waiter.join(60)
    assert [str(number)[-7:] for number in done] == ["0000002"]


def test_a_fax_renamed_between_reading_and_moving_is_never_lost_and_its_second_case_says_so(
    wiring: Wiring, tmp_path: Path
) -> None:
    yard = Yard(tmp_path)
    yard.sources()
    raw = yard.feed(1, random.Random(4))
    lying = next(p for p in tmp_path.glob("inbox/*/*") if p.is_file())
    source = yard.sources()[lying.parent.name]
    (delivery,) = source.waiting()
    lying.rename(lying.with_name(f"renamed{lying.suffix}"))
    assert register(delivery, wiring.originals.keep(raw)) is not None
    wired = configure(wiring.database.url, wiring.look, wiring.originals, {"tray": source}, wiring.patience)
    assert pick_up(wired, "tray") is not None
    with wired.database.transaction() as session:
        waiting = list(session.scalars(text("SELECT id FROM receipt ORDER BY id")))
    for receipt_id in waiting:
        carry(wired, receipt_id, 0)
    rules = [[f.rule for f in c.published().submission.findings] for c in Queue(wired.database).cases()]
    assert len(rules) == 2
    assert ["repeated_bytes" in found for found in rules] == [False, True]
    assert reconcile(wired).unaccounted == 0
    wired.database.close()


_READ_ONLY = """
import sys
from pathlib import Path
from intake.fax import FaxTray
from intake.originals import Originals
from intake.receive import take
from intake.tray import TrayOptions
place, kept = Path(sys.argv[1]), Path(sys.argv[2])
rows = {}
def register(kept):
    (delivery, digest), = kept
    known = delivery.origin in rows
    rows[delivery.origin] = digest
    return [None if known else len(rows)]
tray = FaxTray(TrayOptions(place, quiet_seconds=0.0))
first, second = (take(tray, Originals(kept), register) for _ in range(2))
assert (len(first.taken), len(second.taken), second.known) == (1, 0, 1), (first, second)
assert all("cannot be moved to done" in f.reason for f in (*first.failures, *second.failures)), first
assert len(list(Originals(kept).digests())) == 1
print("safe")
"""


def test_what_lies_in_a_read_only_tray_is_taken_once_and_said_each_time(tmp_path: Path) -> None:
    yard = Yard(tmp_path)
    yard.sources()
    chance = random.Random(1)
    while not any(yard.tray("fax").iterdir()):
        fax = yard.feed(7, chance)
    tray = tmp_path / "tray"
    tray.mkdir()
    (tray / "1.tif").write_bytes(fax)
    mount = f'mount --bind {tray} {tray} && mount -o remount,ro,bind {tray} && exec "$0" -c "$1" {tray} {tmp_path}/kept'
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", mount, sys.executable, _READ_ONLY], capture_output=True, text=True, check=False
    )
    if "permission denied" in done.stderr.lower() and "mount" in done.stderr.lower():
        pytest.skip("this machine lets nobody mount: run the tests as root, or in a container with CAP_SYS_ADMIN")
    assert (done.stdout, done.returncode) == ("safe\n", 0), done.stderr


def test_a_tray_whose_folder_comes_and_goes_is_taken_when_it_is_there(tmp_path: Path, wiring: Wiring) -> None:
    folder = tmp_path / "share"
    wired = configure(
        wiring.database.url,
        wiring.look,
        wiring.originals,
        {"fax": FaxTray(TrayOptions(folder, quiet_seconds=0.0))},
        wiring.patience,
    )
    gone = pick_up(wired, "fax")
    assert gone is not None
    assert "cannot be read" in gone.failures[0].reason
    folder.mkdir()
    back = pick_up(wired, "fax")
    assert back is not None
    assert back.ok
    wired.database.close()
