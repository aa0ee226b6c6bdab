"""``gateway quarantine``: what could not be read, and how to let it be read again."""

import json
from typing import Annotated

import typer

from cases.quarantine import NotReleased, Released, quarantined, release
from gateway import show
from gateway.exits import Exit
from gateway.options import AsJson, Home
from gateway.settings import load_settings
from gateway.show_cases import when
from gateway.wiring import opened
from jobs.defer import ask_again, defer_receipt

app = typer.Typer(name="quarantine", help="What could not be read: list it, release it.", no_args_is_help=True)


@app.command(name="list")
def list_(home: Home = None, as_json: AsJson = False) -> None:
    """List what could not be read, with its reason. Each has a case that waits for a clerk."""
    with opened(load_settings(home)) as wiring, wiring.database.transaction() as session:
        held = quarantined(session)
    if as_json:
        rows = [
            {
                "receipt": h.receipt_id,
                "case": str(h.number),
                "channel": h.channel,
                "received_at": h.received_at.isoformat(),
                "deaths": h.deaths,
                "reason": h.reason,
            }
            for h in held
        ]
        print(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for h in held:
        deaths = f"  ({h.deaths} workers died over it)" if h.deaths else ""
        print(f"receipt {h.receipt_id}  case {h.number}  {h.channel}  {when(h.received_at)}{deaths}\n    {h.reason}")
    if not held:
        print("Nothing is in quarantine.")


@app.command(name="release")
def release_(
    receipt: Annotated[int, typer.Argument(help="Number of the receipt, as 'gateway quarantine list' shows it.")],
    reason: Annotated[str, typer.Option("--reason", help="Kept in the ledger: name no person.")],
    home: Home = None,
) -> None:
    """Let a receipt be read again, for example after an update; its case keeps its register number."""
    with opened(load_settings(home)) as wiring, wiring.database.transaction() as session:
        try:
            released = release(session, receipt, reason, wiring.now())
        except NotReleased as error:
            show.complain([str(error)])
            raise typer.Exit(Exit.NOT_FOUND) from None
        if released.receipt:
            defer_receipt(session, receipt)
        for case in released.cases:
            ask_again(session, case)
    print(_what_next(receipt, released))


def _what_next(receipt: int, released: Released) -> str:
    if released.receipt:
        return f"Receipt {receipt} will be read again by the next worker."
    if released.cases:
        return f"The original of receipt {receipt} is open again; what its clerk asked for is read by the next worker."
    return f"The original of receipt {receipt} is open again; its cases are closed and stay as they are."
