"""The one place where doors meet the flow: settings in, a wired process out."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from cases.absorb import Judge
from cases.database import Database
from cases.due import Retention
from cases.matching import Matcher
from cases.sources import Sources
from gateway.briefing import brief_children
from gateway.postgres import EmbeddedPostgres
from gateway.settings import BadSettings, KeepingSettings, MailboxSettings, Settings, TraySettings
from gateway.supervise import Plan
from gateway.watch import Slow, Watch
from gateway.writing import office
from intake.fax import FaxTray
from intake.imap import Security, ServerOptions
from intake.mailbox import Mailbox, MailboxOptions
from intake.maildrop import MailDrop
from intake.originals import Originals
from intake.receipt import Channel
from intake.scanner import Scanner
from intake.scans import ScanFolder
from intake.sealed import KeyMissing, ids
from intake.source import Source
from intake.tray import TrayOptions
from intake.trust import NoTrust, load_trust
from jobs.app import Daily, Keeping, Look, LookAgain, Wiring, configure, migrate
from jobs.ask import looker
from jobs.child import stay_warm
from jobs.clock import Clock
from jobs.facts import Facts, gather
from jobs.reconcile import quick_number
from jobs.scanning import scanned
from letters.threads import cases_answered

_SAMPLE = 200


@contextmanager
def opened(settings: Settings) -> Iterator[Wiring]:
    """Wire this process to its database, which is started for as long as it is needed when it is the embedded one."""
    with database_url(settings) as url, closing(Database(url)) as own:
        migrate(own)
        wiring = wired_to(own, settings)
        with closing(wiring.database):
            yield wiring


def wired_to(database: Database, settings: Settings) -> Wiring:
    """Wire this process to a database that runs and has its tables."""
    brief_children(settings)
    stay_warm()
    budget = settings.reading.error_budget
    looking = looker(settings.checks, settings.limits, lambda: datetime.now(UTC), trust_store(settings), budget)
    look: Look = looking
    again: LookAgain = looking
    scanner = scanner_of(settings)
    if scanner is not None:
        look, again = scanned(look, scanner, settings.limits), scanned(again, scanner, settings.limits)
    originals = store(settings)
    daily = Daily(settings.register_folder, settings.body) if settings.register_folder else None
    keeping = Keeping(settings.home, settings.tips_file, retention(settings.keeping), daily)
    writers = office(settings)
    return configure(
        database.url,
        look,
        originals,
        sources(settings, Sources(database)),
        keeping=keeping,
        letters=writers,
        matcher=Matcher(Judge(settings.checks), cases_answered, writers.key if writers else b""),
        hooks=settings.webhooks.options(),
        again=again,
    )


def scanner_of(settings: Settings) -> Scanner | None:
    """Give the virus scanner, if there is one."""
    told = settings.scanner
    return Scanner(told.address, told.timeout_s) if told.address else None


def store(settings: Settings) -> Originals:
    """Open the originals, with the keys that are set. Raises ``KeyMissing`` when one that is in use is not."""
    ring = settings.keeping.keyring(os.environ)
    originals = Originals(settings.originals_folder, settings.keeping.spare_mb * 1_000_000, ring)
    missing = set(originals.sealed_with(most=_SAMPLE)) - {"", *ids(ring.keys)}
    if missing:
        raise KeyMissing(
            f"Originals are encrypted with the key {', '.join(sorted(missing))}, which is not among the keys given. "
            "Add it to the key file (keeping.key_file in gateway.toml) or to GATEWAY_KEY."
        )
    return originals


def trust_store(settings: Settings) -> str:
    """Give the folder of trusted authorities, which is read once here: a child could not tell an operator of it."""
    try:
        load_trust(settings.trusted_folder)
    except NoTrust as error:
        raise BadSettings(str(error)) from error
    return str(settings.trusted_folder or "")


def retention(keeping: KeepingSettings) -> Retention:
    """Say how long each class of contents is kept."""
    days = keeping.days
    return Retention(days.originals, days.values, days.no_case, keeping.legal_hold, keeping.hold)


@contextmanager
def database_url(settings: Settings) -> Iterator[str]:
    """Give the address of the database: ``GATEWAY_DB``, or the embedded server's."""
    if settings.db is not None:
        yield settings.db.get_secret_value()
        return
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o711)
    with EmbeddedPostgres(settings.home / "postgres") as server:
        yield server.url


def sources(settings: Settings, ledger: Sources) -> dict[str, Source]:
    """Open every source that the settings name; none is asked yet."""
    found: dict[str, Source] = {}
    for tray in settings.mail_drops:
        found[tray.name] = MailDrop(_tray(settings, tray), Channel.PEC if tray.pec else Channel.EMAIL)
    for tray in settings.fax_trays:
        found[tray.name] = FaxTray(_tray(settings, tray))
    for tray in settings.scan_folders:
        found[tray.name] = ScanFolder(_tray(settings, tray))
    for box in settings.mailboxes:
        found[box.name] = Mailbox(_mailbox(box), Place(ledger, box.name))
    return found


def _mailbox(box: MailboxSettings) -> MailboxOptions:
    server = ServerOptions(
        host=box.host,
        user=box.user,
        password=box.password(os.environ).get_secret_value(),
        port=box.port,
        folder=box.folder,
        security=Security.PLAIN if box.tls == "none" else Security(box.tls),
        ca_file=box.ca_file,
    )
    size_limit = box.max_message_mb * 1_000_000
    return MailboxOptions(server=server, pec=box.pec, move_to=box.move_to, size_limit=size_limit)


@dataclass(frozen=True, slots=True)
class Place:
    """A mailbox's own place, kept in the database."""

    ledger: Sources
    source: str

    def get(self, name: str) -> str | None:
        """Give the place last noted."""
        return self.ledger.cursor(f"{self.source}/{name}") or None

    def put(self, name: str, value: str) -> None:
        """Note the place."""
        self.ledger.note_cursor(f"{self.source}/{name}", value)


def _tray(settings: Settings, tray: TraySettings) -> TrayOptions:
    folder = settings.home / tray.folder
    folder.mkdir(parents=True, exist_ok=True)
    return TrayOptions(folder=folder, name=tray.name, quiet_seconds=tray.quiet_s)


def plan(settings: Settings) -> Plan:
    """Say what ``gateway run`` keeps running."""
    brief_children(settings)
    base, home = (sys.executable, "-m", "gateway"), ("--home", str(settings.home))
    command = (*base, "work", *home, "--name")
    names = [tray.name for tray in (*settings.mail_drops, *settings.fax_trays, *settings.scan_folders)]
    names += [box.name for box in settings.mailboxes]
    return Plan(
        home=settings.home,
        work_argv=lambda name: (*command, name),
        prepare=lambda url: migrate(Database(url)),
        start_clock=lambda url: _ticking(Database(url), dict.fromkeys(names, settings.pickup_every_s)),
        server=None if settings.db else EmbeddedPostgres(settings.home / "postgres"),
        url=settings.db.get_secret_value() if settings.db else "",
        workers=settings.workers,
        desk_argv=(*base, "serve", *home) if settings.desk.port else (),
        watch=partial(_watch, settings) if settings.watch_port else None,
    )


def _watch(settings: Settings, url: str, live: Callable[[], bool]) -> Watch:
    """Let others watch a database and the disk of the originals."""
    database, originals = Database(url), store(settings)
    number = Slow(lambda: quick_number(database, originals))

    def facts() -> Facts:
        on = settings.register_folder is not None
        return gather(database, settings.originals_folder, number(), datetime.now(UTC), daily=on)

    watch = Watch(settings.watch_port, live, facts)
    watch.start()
    return watch


def _ticking(database: Database, periods_s: Mapping[str, int]) -> Clock:
    clock = Clock(database, periods_s)
    clock.start()
    return clock
