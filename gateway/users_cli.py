"""``gateway users``: who may sign in at the desk."""

import getpass
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlmodel import Session

from backoffice import people
from backoffice.person import Person, Role
from backoffice.tables import PersonRow
from cases.audit import audit
from gateway import show, show_desk
from gateway.exits import Exit
from gateway.options import Home
from gateway.settings import load_settings
from gateway.wiring import opened
from jobs.app import Wiring

app = typer.Typer()
users = typer.Typer(no_args_is_help=True, help="Who may sign in at the desk.")
app.add_typer(users, name="users")
_ACTOR = "operator"

Name = Annotated[str, typer.Argument(help="The name to sign in with: small letters, digits, '.', '_', '@', '-'.")]
Stdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


@users.command("add")
def add(
    name: Name,
    role: Annotated[list[Role], typer.Option("--role", help="May be given several times.")],
    shown: Annotated[str, typer.Option("--shown", help="The name that others read; else the sign-in name.")] = "",
    sso: Annotated[bool, typer.Option("--sso", help="No password: single sign-on only.")] = False,
    password_stdin: Stdin = False,
    home: Home = None,
) -> None:
    """Add a person. Without --password-stdin the password is asked for, or made up when nobody is there to ask."""
    password, made = ("", False) if sso else _password(password_stdin)
    with _at(home) as (session, wiring):
        try:
            person = Person(0, name, shown or name, frozenset(role))
        except ValueError as error:
            _refuse(str(error))
        if people.named(session, name) is not None:
            _refuse(f"There is a person {name!r} already. 'gateway users passwd {name}' gives them another password.")
        try:
            people.add(session, person, password, wiring.now())
        except people.BadPassword as error:
            _refuse(str(error))
        audit(session, _ACTOR, "person_added", name, wiring.now(), after={"roles": sorted(role)})
    print(f"Added {name}" + (f" with the password {password}" if made else "."))


@users.command("disable")
def disable(name: Name, home: Home = None) -> None:
    """Take a person's entry away at once; what they did stays on record."""
    with _at(home) as (session, wiring):
        people.disable(session, _found(session, name), wiring.now())
        audit(session, _ACTOR, "person_disabled", name, wiring.now())
    print(f"{name} can no longer sign in.")


@users.command("passwd")
def passwd(name: Name, password_stdin: Stdin = False, home: Home = None) -> None:
    """Give a person another password, and an entry again if it was taken away."""
    password, made = _password(password_stdin)
    with _at(home) as (session, wiring):
        row = _found(session, name)
        try:
            people.set_password(session, row, password)
        except people.BadPassword as error:
            _refuse(str(error))
        row.disabled_at = None
        audit(session, _ACTOR, "password_set", name, wiring.now())
    print(f"{name} has a new password" + (f": {password}" if made else "."))


@users.command("list")
def listed(home: Home = None) -> None:
    """List who may sign in, and who may no longer."""
    with _at(home) as (session, _):
        show_desk.people(people.everyone(session))


@contextmanager
def _at(home: Home) -> Iterator[tuple[Session, Wiring]]:
    with opened(load_settings(home)) as wiring, wiring.database.transaction() as session:
        yield session, wiring


def _found(session: Session, name: str) -> PersonRow:
    row = people.named(session, name)
    if row is None:
        show.complain([f"There is no person {name!r}. 'gateway users list' shows all."])
        raise typer.Exit(Exit.NOT_FOUND)
    return row


def _password(from_stdin: bool) -> tuple[str, bool]:  # noqa: FBT001
    """Give a password, and whether it was made up here."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\n"), False
    if not sys.stdin.isatty():
        return secrets.token_urlsafe(12), True
    told = getpass.getpass("Password: ")
    if told != getpass.getpass("Again: "):
        _refuse("The two passwords differ.")
    return told, False


def _refuse(reason: str) -> None:
    show.complain([reason])
    raise typer.Exit(Exit.USAGE)
