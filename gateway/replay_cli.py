"""``gateway replay``: read past intakes again and show what would change; nothing stored is touched."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from cases.intakes import Intakes, Span
from cases.register import RegisterNumber
from gateway import show, show_replay
from gateway.exits import Exit
from gateway.options import AsJson, Home
from gateway.replaying import Notebook, OtherRun, add_up, run, run_as_json
from gateway.settings import Settings, load_settings
from gateway.wiring import opened, scanner_of, trust_store
from intake.originals import Originals
from intake.scanner import ScannerDown
from jobs.compare import Replayed
from jobs.replay import Again

app = typer.Typer()

Since = Annotated[datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="Received from this day on.")]
OnlyStored = Annotated[
    bool, typer.Option("--only-stored-readings", help="Decode and check what was read then; open no original.")
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the run that was stopped.")]
Notes = Annotated[Path | None, typer.Option("--notes", help="File of the run; else replay.jsonl in the data folder.")]


@app.command()
def replay(
    since: Since = None,
    form: Annotated[str, typer.Option("--form", help="Only intakes with a case of this form, such as CMOR.")] = "",
    case: Annotated[str, typer.Option("--case", help="Only the intake of this case, such as 2026/0000123.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=0, help="At most so many intakes; 0 for all.")] = 0,
    only_stored: OnlyStored = False,
    resume: Resume = False,
    notes: Notes = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Read past intakes again with the present engines, models and forms, and show field by field what would change."""
    settings = load_settings(home)
    span = Span(since.date() if since else None, form.upper(), _number(case), limit)
    asked = {"since": str(span.since or ""), "form": span.form, "case": case, "limit": limit, "stored": only_stored}
    notebook = Notebook(notes or settings.home / "replay.jsonl", asked)
    found: list[Replayed] = []
    with opened(settings) as wiring:
        again = _again(settings, wiring.originals, only_stored=only_stored)
        complete = _run(Intakes(wiring.database), span, again, notebook, found, resume=resume, quiet=as_json)
    if as_json:
        print(json.dumps(run_as_json(found, complete=complete), indent=2, ensure_ascii=False, default=str))
    else:
        show_replay.differences(found)
        show_replay.totals(add_up(found), complete=complete)
    if any(one.failure for one in found):
        raise typer.Exit(Exit.UNREADABLE)


def _again(settings: Settings, originals: Originals, *, only_stored: bool) -> Again:
    scanner = scanner_of(settings)
    return Again(originals, settings.checks, settings.limits, trust_store(settings), only_stored, scanner)


def _run(
    intakes: Intakes, span: Span, again: Again, notebook: Notebook, found: list[Replayed], *, resume: bool, quiet: bool
) -> bool:
    """Collect what is found; tell whether the run came to its end."""
    try:
        total, each = run(intakes, span, again.look, notebook, resume=resume)
        with show.counter("Replaying", quiet=quiet) as tell:
            for done, one in enumerate(each, 1):
                found.append(one)
                tell(done, total)
    except OtherRun as error:
        show.complain([str(error)])
        raise typer.Exit(Exit.USAGE) from None
    except ScannerDown as error:
        show.complain([f"{error} Then go on with --resume."])
        return False
    except KeyboardInterrupt:
        return False
    return True


def _number(text: str) -> RegisterNumber | None:
    try:
        return RegisterNumber.parse(text) if text else None
    except ValueError:
        show.complain([f"{text!r} is no register number. It looks like 2026/0000123."])
        raise typer.Exit(Exit.USAGE) from None
