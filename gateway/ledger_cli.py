"""``gateway ledger``: every message, file and page in one bin, and nothing unaccounted for."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from cases.chain import Tip
from cases.ledger import tip, verify
from gateway import show, show_ledger
from gateway.exits import Exit
from gateway.options import AsJson, Home
from gateway.settings import Settings, load_settings
from gateway.wiring import opened
from jobs.app import Wiring
from jobs.reconcile import Statement, reconcile
from jobs.tips import note_tip, noted_tips

app = typer.Typer(name="ledger", help="The conservation ledger: reconcile it, verify its chain.")

Quick = Annotated[bool, typer.Option("--quick", help="Do not read every original again.")]


@app.callback(invoke_without_command=True)
def ledger(context: typer.Context, home: Home = None, as_json: AsJson = False, quick: Quick = False) -> None:
    """Reconcile the ledger against mailboxes, trays, originals, cases and register. Exit code 7 unless it balances."""
    if context.invoked_subcommand:
        return
    settings = load_settings(home)
    with opened(settings) as wiring:
        statement = reconcile(wiring, deep=not quick)
        end = _tip(wiring)
        note_tip(settings.tips_file, end, datetime.now(UTC))
    if as_json:
        print(json.dumps(_as_json(statement, end), indent=2, ensure_ascii=False))
    else:
        show_ledger.statement(statement, end)
    if statement.unaccounted:
        raise typer.Exit(Exit.UNACCOUNTED)


@app.command(name="verify")
def verify_(
    home: Home = None,
    as_json: AsJson = False,
    against: Annotated[list[str] | None, typer.Option("--tip", help="A tip noted elsewhere, COUNT:HASH.")] = None,
) -> None:
    """Follow the hash chain line by line, and compare it with every tip that was noted."""
    settings = load_settings(home)
    noted = [*noted_tips(settings.tips_file), *_given(against or [])]
    with opened(settings) as wiring:
        wrong = verify(wiring.database, noted)
        end = _tip(wiring)
    if as_json:
        print(json.dumps({"lines": end.count, "tip": str(end), "noted": len(noted), "wrong": wrong}, indent=2))
    else:
        show_ledger.chain(end, len(noted), wrong, _where(settings))
    if wrong:
        raise typer.Exit(Exit.UNACCOUNTED)


def _given(tips: list[str]) -> list[Tip]:
    try:
        return [Tip.parse(text) for text in tips]
    except ValueError as error:
        show.complain([str(error)])
        raise typer.Exit(Exit.USAGE) from None


def _tip(wiring: Wiring) -> Tip:
    with wiring.database.transaction() as session:
        return tip(session)


def _where(settings: Settings) -> str:
    return str(settings.tips_file)


def _as_json(statement: Statement, end: Tip) -> dict[str, object]:
    books = statement.books
    return {
        "unaccounted": statement.unaccounted,
        "discrepancies": [asdict(d) for d in statement.discrepancies],
        "bins": [{"kind": kind.value, "bin": bin_.value, "items": n} for (kind, bin_), n in books.bins.items()],
        "in_work": books.in_work,
        "cases": books.cases,
        "sources": [{"source": c.source, "done": len(c.done), "waiting": c.waiting} for c in statement.censuses],
        "not_asked": list(statement.unknown),
        "tip": str(end),
    }
