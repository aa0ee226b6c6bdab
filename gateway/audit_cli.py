"""``gateway audit``: the trail of who saw and who changed what."""

from typing import Annotated

import typer

from cases.audit import trail, trail_tip, verify_trail
from cases.chain import Tip
from gateway import show, show_desk
from gateway.exits import Exit
from gateway.options import Home
from gateway.settings import load_settings
from gateway.wiring import opened

app = typer.Typer()
audit = typer.Typer(no_args_is_help=True, help="The trail of who saw and who changed what at the desk.")
app.add_typer(audit, name="audit")


@audit.command("verify")
def verify(
    home: Home = None,
    tip: Annotated[list[str] | None, typer.Option("--tip", help="A tip that was noted elsewhere.")] = None,
) -> None:
    """Follow the whole chain of the trail and say what is wrong with it."""
    try:
        noted = [Tip.parse(text) for text in tip or ()]
    except ValueError as error:
        show.complain([str(error)])
        raise typer.Exit(Exit.USAGE) from None
    with opened(load_settings(home)) as wiring:
        wrong = verify_trail(wiring.database, noted)
        with wiring.database.transaction() as session:
            end = trail_tip(session)
    if wrong:
        show.complain([*wrong, "Keep a copy of the database as it is, and compare it with a backup."])
        raise typer.Exit(Exit.UNACCOUNTED)
    print(f"The trail is whole: {end.count} lines. Its tip, to be noted elsewhere: {end}")


@audit.command("list")
def listed(
    home: Home = None,
    subject: Annotated[str, typer.Option("--subject", help="Only about this, like 2026/0000123.")] = "",
    actor: Annotated[str, typer.Option("--actor", help="Only by this one, like clerk:anna.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many lines.")] = 50,
) -> None:
    """Show lines of the trail, newest first."""
    with opened(load_settings(home)) as wiring, wiring.database.transaction() as session:
        show_desk.trail(trail(session, subject, actor, limit=limit))
