"""``gateway webhooks``: who is told when a case changes, and what nobody took."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from cases import hooks
from cases.hook_address import BadAddress
from cases.hooks import NoEndpoint
from gateway import show
from gateway.exits import Exit
from gateway.options import AsJson, Home
from gateway.settings import load_settings
from gateway.show_cases import when
from gateway.wiring import opened

app = typer.Typer(name="webhooks", help="Who is told when a case changes.", no_args_is_help=True)

Number = Annotated[int, typer.Argument(help="Number of the webhook, as 'gateway webhooks list' shows it.")]


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="An https address.")],
    event: Annotated[list[str] | None, typer.Option("--event", help="Only these events; else all.")] = None,
    home: Home = None,
) -> None:
    """Register an address, and print its secret: it is shown this once."""
    settings = load_settings(home)
    with opened(settings) as wiring, wiring.database.transaction() as session:
        try:
            inside = settings.webhooks.allow_inside
            made, secret = hooks.add_endpoint(
                session, url, event or (), wiring.now(), wiring.originals.ring, inside=inside
            )
        except BadAddress as error:
            show.complain([f"{url}: {error}."])
            raise typer.Exit(Exit.USAGE) from None
    print(secret)
    show.complain([f"Webhook {made.id}. Its receiver checks signatures by this secret (Standard Webhooks)."])


@app.command(name="list")
def list_(home: Home = None, as_json: AsJson = False) -> None:
    """List the addresses, those that ended too."""
    with opened(load_settings(home)) as wiring, wiring.database.transaction() as session:
        found = hooks.endpoints(session)
    if as_json:
        rows = [
            {"id": e.id, "url": e.url, "events": list(e.events), "owner": e.owner, "made_at": e.made_at.isoformat(),
             "ending": e.ending}
            for e in found
        ]  # fmt: skip
        print(json.dumps(rows, indent=2))
        return
    for e in found:
        ended = f"  ended {when(e.ended_at)}: {e.ending}" if e.ended_at else ""
        print(f"{e.id}  {e.url}  {', '.join(e.events) or 'all events'}  of {e.owner}{ended}")
    if not found:
        print("Nobody is told. 'gateway webhooks add URL' registers an address.")


@app.command()
def dead(home: Home = None) -> None:
    """List what nobody took, newest first."""
    with opened(load_settings(home)) as wiring, wiring.database.transaction() as session:
        found = hooks.dead(session)
    for d in found:
        at = when(d.ended_at) if d.ended_at else ""
        print(f"webhook {d.endpoint}  case {d.number}  {d.event}  {d.attempts} times, last {at}: {d.failure}")
    if not found:
        print("Everything was taken, or is still being told.")


@app.command()
def replay(webhook: Number, home: Home = None) -> None:
    """Tell an address again all that it did not take, under the same ids; one that had ended begins again."""
    with _known(), opened(load_settings(home)) as wiring, wiring.database.transaction() as session:
        count = hooks.replay(session, webhook, wiring.now())
    print(f"{count} messages are told again by the next worker.")


@app.command()
def rotate(webhook: Number, home: Home = None) -> None:
    """Print a new secret; for a day everything is signed by the former one, too."""
    with _known(), opened(load_settings(home)) as wiring, wiring.database.transaction() as session:
        print(hooks.rotate(session, webhook, wiring.now(), wiring.originals.ring))


@app.command()
def remove(webhook: Number, home: Home = None) -> None:
    """Tell an address nothing more."""
    with _known(), opened(load_settings(home)) as wiring, wiring.database.transaction() as session:
        hooks.end_endpoint(session, webhook, wiring.now(), "removed by an operator")
    print(f"Nothing more is told to webhook {webhook}.")


@contextmanager
def _known() -> Iterator[None]:
    try:
        yield
    except NoEndpoint as error:
        show.complain([f"{error}: 'gateway webhooks list' shows them all."])
        raise typer.Exit(Exit.NOT_FOUND) from None
