"""``gateway forget``, ``backup`` and ``restore``: keep what must be kept, forget what must be forgotten."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from cases.due import due
from cases.erase import Erasure, receipts_about, receipts_of
from cases.register import RegisterNumber, coming
from gateway import show, show_keeping
from gateway.backup import back_up, bring_settings, put_back
from gateway.exits import Exit
from gateway.options import Home
from gateway.settings import KeepingSettings, Settings, load_settings
from gateway.wiring import database_url, opened, retention
from jobs.app import Wiring
from jobs.forget import again, forget
from letters.restored import note_restore

app = typer.Typer()

Dry = Annotated[bool, typer.Option("--dry-run", help="Only show what would be erased.")]


@app.command(name="forget")
def forget_(
    number: Annotated[str, typer.Argument(help="Register number of a case whose contents are to be erased.")] = "",
    home: Home = None,
    tax_code: Annotated[str, typer.Option("--codice-fiscale", help="All cases in which it stands.")] = "",
    due_: Annotated[bool, typer.Option("--due", help="All that is older than [keeping.days] says.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="Kept for good in the ledger: name no person.")] = "",
    dry_run: Dry = False,
) -> None:
    """Erase contents: original, values, names. Register number, dates, digests and the ledger stay."""
    if sum(map(bool, (number, tax_code, due_))) != 1:
        show.complain(["Name one of: a register number, --codice-fiscale CODE, --due."])
        raise typer.Exit(Exit.USAGE)
    if not due_ and not reason.strip():
        show.complain(["An erasure on request needs its --reason, for example 'request of 2026-11-25, art. 17'."])
        raise typer.Exit(Exit.USAGE)
    settings = load_settings(home)
    with opened(settings) as wiring:
        with wiring.database.transaction() as session:
            asked = _asked(session, number, tax_code, reason) if not due_ else _due(session, settings)
            planned = show_keeping.plan(session, asked)
        _refuse_held(settings.keeping, [n for _, numbers in planned for n in numbers])
        show_keeping.planned(planned, dry_run=dry_run)
        if not dry_run:
            again(wiring, settings.home)
            show_keeping.forgotten(list(forget(wiring, settings.home, asked)))


def _asked(session: Session, number: str, tax_code: str, reason: str) -> tuple[Erasure, ...]:
    if number:
        try:
            found = list(receipts_of(session, RegisterNumber.parse(number)))
        except ValueError as error:
            show.complain([str(error)])
            raise typer.Exit(Exit.USAGE) from None
    else:
        found = list(receipts_about(session, "".join(tax_code.split()).upper()))
    if not found:
        show.complain(["There is no such case. 'gateway cases' lists them all."])
        raise typer.Exit(Exit.NOT_FOUND)
    return tuple(Erasure(receipt_id, reason.strip()) for receipt_id in found)


def _due(session: Session, settings: Settings) -> tuple[Erasure, ...]:
    return due(session, retention(settings.keeping), datetime.now(UTC))


def _refuse_held(keeping: KeepingSettings, numbers: list[str]) -> None:
    held = sorted(set(numbers) & set(keeping.hold)) if not keeping.legal_hold else ["everything"]
    if numbers and held:
        show.complain(
            [f"Legal hold on {', '.join(held)}: nothing was erased. Lift it in [keeping] of gateway.toml first."]
        )
        raise typer.Exit(Exit.SETTINGS)


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="A new folder, best on another disk.")], home: Home = None
) -> None:
    """Back up the running system: database, originals, settings. The keys of encryption are not in it."""
    settings = load_settings(home)
    with opened(settings) as wiring:
        made = back_up(wiring.database.url, settings, wiring.originals, folder.absolute(), datetime.now(UTC))
    show_keeping.backed_up(made, folder)


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="A folder that 'gateway backup' wrote.")], home: Home = None
) -> None:
    """Restore a backup into an empty data folder (--home), and forget again what was erased since."""
    empty = load_settings(home).home
    empty.mkdir(parents=True, exist_ok=True, mode=0o711)
    bring_settings(empty, folder.absolute())
    settings = load_settings(home)
    with database_url(settings) as url:
        made = put_back(url, settings, settings.originals_folder, folder.absolute())
    with opened(settings) as wiring:
        with wiring.database.transaction() as session:
            note_restore(session, datetime.fromisoformat(made.made_at), datetime.now(UTC))
            following = str(coming(session, datetime.now(UTC)))
        count = again(wiring, settings.home)
        show_keeping.restored(made, settings.home, count, _damaged(wiring), following)


def _damaged(wiring: Wiring) -> tuple[str, ...]:
    return wiring.originals.verify_all()
