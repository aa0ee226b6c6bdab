"""The commands that work on the stored post: collect, work, run, and those that look at the queue."""

import json
import logging
from typing import Annotated

import typer

from cases.queue import FOR_CLERK, Queue, Wanted
from cases.register import RegisterNumber
from gateway import show, show_cases
from gateway.exits import Exit
from gateway.log import start_logs
from gateway.options import AsJson, Home
from gateway.settings import load_settings
from gateway.supervise import supervise
from gateway.wiring import opened, plan
from jobs.confine import missing
from jobs.facts import gather
from jobs.reconcile import quick_number
from jobs.worker import Progress, collect_once, run_worker, work_until_idle
from templates.load import load_forms

app = typer.Typer()


@app.command()
def run(
    home: Home = None,
    watch_port: Annotated[int, typer.Option("--watch-port", help="Serve /metrics and /health here, on 127.0.0.1.")] = 0,
) -> None:
    """Run everything in one process tree: the embedded database, the clock and the workers. Ends with Ctrl-C."""
    settings = load_settings(home)
    start_logs(settings.log_file)
    if watch_port:
        settings = settings.model_copy(update={"watch_port": watch_port})
    show.complain([f"This machine does not have {lack}." for lack in missing()])
    supervise(plan(settings))


@app.command()
def collect(
    home: Home = None,
    again: Annotated[bool, typer.Option("--again", help="Ask every mailbox from its first message on.")] = False,
) -> None:
    """Take in what waits in every source, once. What fails is shown and stays where it is."""
    failed = False
    with opened(load_settings(home)) as wiring:
        if again:
            wiring.ledger.forget_cursors()
        for name, report in collect_once():
            if report is None:
                print(f"{name}: another round is under way")
                continue
            print(f"{name}: {len(report.taken)} taken in" + (f", {report.known} known already" if report.known else ""))
            show.complain([f"  {f.name}: {f.reason}" for f in report.failures])
            show.complain([f"  left where it is: {p.name}: {p.reason}" for p in report.problems])
            failed = failed or not report.ok
    if failed:
        raise typer.Exit(Exit.UNAVAILABLE)


@app.command()
def work(
    home: Home = None,
    name: Annotated[str, typer.Option("--name", help="Name of this worker, unique among all machines.")] = "worker",
    until_idle: Annotated[bool, typer.Option("--until-idle", help="End when nothing is left to do.")] = False,
) -> None:
    """Read and settle what was taken in."""
    settings = load_settings(home)
    # With the bar a person looks on: only what needs them is shown.
    start_logs(settings.log_file, logging.WARNING if until_idle and settings.log_file is None else logging.INFO)
    with opened(settings):
        if until_idle:
            raise typer.Exit(_work_with_bar(name, settings.concurrency))
        raise typer.Exit(run_worker(name, settings.concurrency))


def _work_with_bar(name: str, concurrency: int) -> int:
    with show.counter("Reading") as tell:

        def on_progress(now: Progress) -> None:
            tell(now.settled, now.known)

        return work_until_idle(name, concurrency, on_progress)


@app.command()
def cases(
    home: Home = None,
    as_json: AsJson = False,
    waiting: Annotated[bool, typer.Option("--waiting", help="Only what waits for a clerk.")] = False,
) -> None:
    """List the cases in the order of their arrival."""
    with opened(load_settings(home)) as wiring:
        listed = Queue(wiring.database).cases(Wanted(states=FOR_CLERK) if waiting else None)
    if as_json:
        print(json.dumps([c.published().model_dump(mode="json") for c in listed], indent=2, ensure_ascii=False))
    else:
        show_cases.cases("Waiting for a clerk" if waiting else "Cases by arrival", listed)


@app.command()
def case(
    number: Annotated[str, typer.Argument(help="Register number, for example 2026/0000123.")],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show one case: its values, findings and files."""
    with opened(load_settings(home)) as wiring:
        found = Queue(wiring.database).case(_register_number(number))
    if found is None:
        show.complain([f"There is no case {number}. 'gateway cases' lists them all."])
        raise typer.Exit(Exit.NOT_FOUND)
    published = found.published()
    if as_json:
        print(published.model_dump_json(indent=2))
        return
    submission = published.submission
    show_cases.case(published, load_forms().get(submission.form, submission.edition) if submission.form else None)


def _register_number(text: str) -> RegisterNumber:
    try:
        return RegisterNumber.parse(text)
    except ValueError:
        show.complain([f"{text!r} is no register number. It looks like 2026/0000123."])
        raise typer.Exit(Exit.USAGE) from None


@app.command()
def status(home: Home = None) -> None:
    """Show how the work stands: sources, what is read, what waits, what failed."""
    settings = load_settings(home)
    with opened(settings) as wiring:
        queue = Queue(wiring.database)
        number = quick_number(wiring.database, wiring.originals)
        on = settings.register_folder is not None
        facts = gather(wiring.database, wiring.originals.root, number, wiring.now(), daily=on)
        show_cases.status(queue.counts(), wiring.ledger.all(), queue.troubles(), facts)
