"""The queue's application, and what its tasks work with. Wired once in a process by ``configure``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from procrastinate import App, PsycopgConnector
from procrastinate.schema import SchemaManager, migrations_path

from cases.database import Database
from cases.due import Retention
from cases.late import enter_late
from cases.matching import Matcher
from cases.paper import Slot
from cases.register_day import Body
from cases.sources import Sources
from cases.store import Store
from cases.submission import Looked
from intake.originals import Originals
from intake.receipt import Receipt
from intake.source import Source
from jobs.hook_door import HookOptions
from letters.office import Office

RECEIPTS: Final = "receipts"
"""The queue of receipts to look at. Pickups have a queue for each source, so that a host takes only its own."""

LETTERS: Final = "letters"
"""The queue of letters to be sent: a slow mail server keeps no receipt waiting."""

LookAgain = Callable[[Receipt, bytes, tuple[Slot, ...]], Looked]
"""How a receipt is looked at again, with sheets that a person put into their place."""
Look = Callable[[Receipt, bytes], Looked]
"""How a receipt is looked at: its original bytes in, what is found out. May raise."""

app = App(connector=PsycopgConnector(), import_paths=["jobs.tasks"])
"""Its connector is replaced when a worker runs: only then is the URL known."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds, and how often to try, before something counts as lost."""

    heartbeat_s: float = 10.0
    stalled_s: float = 30.0
    """A worker without a heartbeat for so long is dead: at least three heartbeats."""
    upkeep_s: float = 15.0
    sweep_s: float = 120.0
    doing_s: float = 1800.0
    """A job under way for longer is tried again, whatever its worker's heart says."""
    poll_s: float = 5.0
    announce_s: float = 1.0
    """How long webhooks may wait for a look at what is new."""
    stop_s: float = 30.0
    deaths: int = 3
    """So many workers may die with a receipt in hand; then a clerk gets it."""
    sweeps: int = 5
    """So often a receipt without a job gets a new one; then a clerk gets it."""
    retry_s: float = 2.0
    """The first wait before a retry; each later one is twice as long."""


@dataclass(frozen=True, slots=True)
class Daily:
    """Where the register of each finished day is written, and whose it is."""

    folder: Path
    body: Body = field(default_factory=Body)


@dataclass(frozen=True, slots=True)
class Keeping:
    """What the daily upkeep keeps apart from the database, and what it erases."""

    home: Path
    """The data folder, with the list of erasures."""
    tips: Path
    """Where the ledger's tip is noted."""
    retention: Retention = field(default_factory=Retention)
    daily: Daily | None = None
    """None where the daily register is not written by itself."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Wiring:
    """All that the tasks of this process work with."""

    database: Database
    look: Look
    originals: Originals
    sources: Mapping[str, Source] = field(default_factory=dict)
    patience: Patience = field(default_factory=Patience)
    now: Callable[[], datetime] = _now
    keeping: Keeping | None = None
    hooks: HookOptions = field(default_factory=HookOptions)
    letters: Office | None = None
    """How the customer is written to; None where letters are switched off."""
    matcher: Matcher = field(default_factory=Matcher)
    again: LookAgain | None = None

    @property
    def store(self) -> Store:
        """The receipts and cases."""
        return Store(self.database, self.matcher)

    @property
    def ledger(self) -> Sources:
        """How the sources fare."""
        return Sources(self.database)


class NotWired(Exception):
    """A task ran in a process in which ``configure`` was not called."""


_wired: dict[str, Wiring] = {}


def configure(
    url: str,
    look: Look,
    originals: Originals,
    sources: Mapping[str, Source] | None = None,
    patience: Patience | None = None,
    keeping: Keeping | None = None,
    letters: Office | None = None,
    matcher: Matcher | None = None,
    hooks: HookOptions | None = None,
    again: LookAgain | None = None,
    now: Callable[[], datetime] | None = None,
) -> Wiring:
    """Wire this process to a database; called once before any task runs. Opens no connection yet.

    ``now`` is this machine's clock, where it is another than the system's.
    """
    wiring = Wiring(
        Database(url),
        look,
        originals,
        sources or {},
        patience or Patience(),
        keeping=keeping,
        letters=letters,
        matcher=matcher or Matcher(),
        hooks=hooks or HookOptions(),
        again=again,
        now=now or _now,
    )
    _wired["here"] = wiring
    return wiring


def wired() -> Wiring:
    """Give what ``configure`` wired."""
    try:
        return _wired["here"]
    except KeyError as error:
        raise NotWired("jobs.app.configure was not called in this process") from error


def migrate(database: Database) -> None:
    """Bring the domain tables and the job queue of a database to this version. Safe to call from many processes."""
    steps = tuple((file.name, file.read_text(encoding="utf-8")) for file in sorted(migrations_path.glob("*.sql")))
    database.migrate(SchemaManager.get_schema(), steps)
    enter_late(database, datetime.now(UTC))


def pickup_queue(source: str) -> str:
    """Name the queue of a source's pickups."""
    return f"pickup-{source}"
