"""``gateway clients``: machines that may call the API."""

import json
from typing import Annotated

import typer

from api.clients import BadClient, Clients, Scope
from gateway import show
from gateway.exits import Exit
from gateway.options import AsJson, Home
from gateway.settings import load_settings
from gateway.wiring import opened

app = typer.Typer(name="clients", help="Machines that may call the API: add, list, revoke.", no_args_is_help=True)
_SCOPES = ", ".join(Scope)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="A short name; it stands as client:NAME beside what the machine does.")],
    scope: Annotated[list[str], typer.Option("--scope", help=f"What it may do, once or more: {_SCOPES}.")],
    home: Home = None,
) -> None:
    """Let a machine in, and print its key: it is shown this once."""
    with opened(load_settings(home)) as wiring:
        try:
            key = Clients(wiring.database).add(name, scope, wiring.now())
        except BadClient as error:
            show.complain([str(error)])
            raise typer.Exit(Exit.USAGE) from None
    print(key)
    show.complain(["Keep it now: only its digest is stored. Send it as 'Authorization: Bearer KEY'."])


@app.command(name="list")
def list_(home: Home = None, as_json: AsJson = False) -> None:
    """List the machines, the revoked ones too."""
    with opened(load_settings(home)) as wiring:
        found = Clients(wiring.database).all()
    if as_json:
        rows = [
            {
                "name": c.name,
                "scopes": sorted(c.scopes),
                "made_at": c.made_at.isoformat(),
                "revoked_at": c.revoked_at.isoformat() if c.revoked_at else None,
            }
            for c in found
        ]
        print(json.dumps(rows, indent=2))
        return
    for c in found:
        print(
            f"{c.name}  {', '.join(sorted(c.scopes))}" + (f"  revoked {c.revoked_at:%Y-%m-%d}" if c.revoked_at else "")
        )
    if not found:
        print("No machine may call the API. 'gateway clients add NAME --scope cases:read' lets one in.")


@app.command()
def revoke(
    name: Annotated[str, typer.Argument(help="Its name, as 'gateway clients list' shows it.")], home: Home = None
) -> None:
    """Shut a machine out, from its next request on. What it holds comes back when its leases expire."""
    with opened(load_settings(home)) as wiring:
        try:
            Clients(wiring.database).revoke(name, wiring.now())
        except BadClient as error:
            show.complain([str(error)])
            raise typer.Exit(Exit.NOT_FOUND) from None
    print(f"The key of {name} counts no more.")
