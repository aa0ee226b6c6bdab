"""The demo: put the sample post into every tray, take it in, read it, and show what became of it.

``python -m samples.demo FOLDER``; everything it makes lies in that folder.
"""

import argparse
import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from backoffice import people
from backoffice.person import Person
from backoffice.person import Role as PersonRole
from cases.audit import audit
from cases.case import Case
from cases.queue import FOR_CLERK, Queue, Wanted
from gateway import show, show_cases
from gateway.problems import ending
from gateway.settings import load_settings
from gateway.wiring import opened
from intake.receipt import Channel
from jobs.app import Wiring
from jobs.worker import Progress, collect_once, work_until_idle
from parsers.reading import State

POST = Path(__file__).parent / "post"
DEMO = "demo"
SETTINGS = """\
# The demo's settings: trays with nothing still being written, and two workers' worth of work at a time.
concurrency = 2

[[mail_drops]]
name = "mail"
folder = "inbox/mail"

[[mail_drops]]
name = "pec"
folder = "inbox/pec"
pec = true

[[fax_trays]]
name = "fax"
folder = "inbox/fax"
quiet_s = 0.0

[[scan_folders]]
name = "scan"
folder = "inbox/scan"
quiet_s = 0.0

# Letters are written and wait at the desk; an invented office sends none by itself.
[letters]
send = "hold"
name = "Sportello di prova"
lines = ["Via di esempio 1", "00100 Roma RM"]
place = "Roma"
email = "integrazioni@example.org"
post = "Sportello di prova, Via di esempio 1, 00100 Roma RM"
fax_tray = "outbox/fax"
"""


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m samples.demo", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="folder for all that the demo makes")
    home = parser.parse_args().folder.absolute()
    with ending():
        demo(home)


def demo(home: Path) -> None:
    """Take the sample post in and show what became of it. A second run finds that everything is known."""
    out = show.console()
    out.print(f"[bold]Putting the sample post into the trays of {home.name}[/bold]")
    lay_out(home)
    settings = load_settings(home)
    with opened(settings) as wiring:
        for name, report in collect_once():
            taken = len(report.taken) if report else 0
            out.print(f"  {name}: {taken} taken in")
        with show.counter("Reading") as tell:
            work_until_idle("demo", settings.concurrency, _told(tell))
        summary(out, wiring)
        password = demo_person(wiring)
    out.print(_next(home))
    out.print(_desk(home, password), markup=False)


def lay_out(home: Path) -> None:
    """Write the settings and copy the shipped post into the trays, without the truths that lie beside it."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "gateway.toml").write_text(SETTINGS, encoding="utf-8")
    for tray in sorted(p for p in POST.iterdir() if p.is_dir()):
        inbox = home / "inbox" / tray.name
        inbox.mkdir(parents=True, exist_ok=True)
        for file in sorted(tray.iterdir()):
            if not file.name.endswith(".truth.json") and not (inbox / "done" / file.name).exists():
                shutil.copy2(file, inbox / file.name)


def demo_person(wiring: Wiring) -> str:
    """Let somebody named demo in, with every role and a password made up now; give the password."""
    password, now = secrets.token_urlsafe(12), wiring.now()
    with wiring.database.transaction() as session:
        row = people.named(session, DEMO)
        if row is None:
            people.add(session, Person(0, DEMO, "Persona di prova", frozenset(PersonRole)), password, now)
        else:
            people.set_password(session, row, password)
        audit(session, "operator", "password_set", DEMO, now)
    return password


def summary(out: Console, wiring: Wiring) -> None:
    """Show what came in, what was read, what is missing, what is in the queue, and what waits for a clerk."""
    queue = Queue(wiring.database)
    listed = queue.cases()
    out.print()
    _by_channel(out, listed, queue.counts().receipts)
    _read(out, listed)
    _missing(out, listed)
    show_cases.cases("In the queue, ready", [c for c in listed if c.state.value == "queued"])
    show_cases.cases("Waiting for a clerk", queue.cases(Wanted(states=FOR_CLERK)))
    show_cases.refusals([r for r in queue.refusals() if r.whole])


def _told(tell: Callable[[int, int], None]) -> Callable[[Progress], None]:
    def on_progress(now: Progress) -> None:
        tell(now.settled, now.known)

    return on_progress


def _by_channel(out: Console, listed: Sequence[Case], receipts: Mapping[Channel, int]) -> None:
    out.print("[bold]What came in[/bold]")
    out.print(_crossed("form", listed, receipts, lambda case: case.form or "none"))
    out.print("\n[bold]What became of it[/bold]")
    out.print(_crossed("outcome", listed, receipts, lambda case: case.outcome.value))
    out.print()


def _crossed(what: str, listed: Sequence[Case], receipts: Mapping[Channel, int], name: Callable[[Case], str]) -> Table:
    """Count the cases of each channel by a name."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    names = sorted({name(case) for case in listed})
    for heading in ("by", "pieces", "cases", *names):
        table.add_column(heading, justify="left" if heading == "by" else "right", no_wrap=True)
    table.columns[2].header = f"cases, by {what}:"
    for channel in (c for c in Channel if c in receipts):
        counted = Counter(name(case) for case in listed if case.channel is channel)
        cells = [receipts[channel], counted.total(), *(counted[n] for n in names)]
        table.add_row(channel.value, *(str(n or "·") for n in cells))
    return table


def _read(out: Console, listed: tuple[Case, ...]) -> None:
    fields = [f for case in listed for f in case.published().submission.fields.values()]
    states = Counter(f.state for f in fields)
    sources = Counter(f.source.value for f in fields if f.state is State.FILLED)
    out.print("[bold]What was read[/bold]")
    out.print(f"  {states[State.FILLED]} fields filled: " + ", ".join(f"{n} by {s}" for s, n in sources.most_common()))
    out.print(f"  {states[State.UNREADABLE]} unreadable and {states[State.INVALID]} invalid: questions for a clerk")
    out.print()


def _missing(out: Console, listed: tuple[Case, ...]) -> None:
    asked = Counter(
        finding.message
        for case in listed
        for finding in case.published().submission.findings
        if finding.severity.value == "missing" and case.state.value == "waiting_customer"
    )
    waiting = sum(case.state.value == "waiting_customer" for case in listed)
    out.print(f"[bold]What is missing[/bold] ({waiting} cases wait for the customer); most often:")
    for message, n in asked.most_common(8):
        out.print(f"  {n:3d} x {message}", markup=False)
    out.print()


def _next(home: Path) -> str:
    return (
        f"\nEverything lies in {home.name}/ ('make clean-demo' removes it). Look further with:\n"
        f"  .venv/bin/gateway cases --home {home.name}\n"
        f"  .venv/bin/gateway case NUMBER --home {home.name}\n"
        f"  .venv/bin/gateway status --home {home.name}"
    )


def _desk(home: Path, password: str) -> str:
    return (
        f"\nThe clerk's desk (Ctrl-C ends it):\n"
        f"  .venv/bin/gateway serve --home {home.name}\n"
        f"  then open http://127.0.0.1:8080/ and sign in as {DEMO} with the password {password}"
    )


if __name__ == "__main__":
    main()
