"""``gateway letters``: what customers are told. List, look, hold, let go, change, send again."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from getpass import getuser
from json import dumps
from pathlib import Path
from typing import Annotated

import typer

from cases.register import RegisterNumber
from gateway import show
from gateway.exits import Exit
from gateway.options import AsJson, Home
from gateway.settings import BadSettings, load_settings
from gateway.wiring import opened
from jobs.app import Wiring
from jobs.letters import send_all, sweep_letters
from letters.mail import BadAddress
from letters.post import Letters, NoLetter, Shown
from letters.recipient import Way
from letters.sending import LetterState, NotNow

app = typer.Typer(name="letters", help="What customers are told: list, look, hold, let go, change, send again.")

Number = Annotated[int, typer.Argument(help="Number of the letter, from 'gateway letters list'.")]
_MOST_NAMED = 12
_OPEN = (LetterState.WITHHELD, LetterState.HELD, LetterState.UNCERTAIN, LetterState.FAILED, LetterState.READY)


@contextmanager
def desk(home: Path | None) -> Iterator[tuple[Letters, Wiring]]:
    """Give the letters of a data folder, and turn what cannot be done into a sentence and an exit code."""
    with opened(load_settings(home)) as wiring:
        if wiring.letters is None:
            raise BadSettings("Letters are switched off. Set send, name and an address in the table [letters].")
        try:
            yield Letters(wiring.database, wiring.letters), wiring
        except NoLetter as error:
            show.complain([f"There is no letter {error}. See: gateway letters list --all"])
            raise typer.Exit(Exit.NOT_FOUND) from error
        except (NotNow, BadAddress) as error:
            show.complain([str(error)])
            raise typer.Exit(Exit.USAGE) from error


@app.command(name="list")
def list_(
    home: Home = None,
    as_json: AsJson = False,
    case: Annotated[str, typer.Option("--case", help="Only those of a case, like 2026/0000123.")] = "",
    all_: Annotated[bool, typer.Option("--all", help="Also those that were sent or given up.")] = False,
) -> None:
    """List the letters that wait, with the reason; or all of them, or those of a case."""
    with desk(home) as (letters, _):
        found = (
            letters.of_case(RegisterNumber.parse(case))
            if case
            else letters.waiting(tuple(LetterState) if all_ else _OPEN)
        )
    if as_json:
        print(dumps([_plain(letter) for letter in found], indent=2, ensure_ascii=False, default=str))
        return
    print(*listed(found), sep="\n")


def listed(found: Sequence[Shown]) -> Iterator[str]:
    """Yield a line for each letter, and below them each reason once, with the letters that it holds back."""
    reasons: dict[str, list[str]] = {}
    for letter in found:
        yield f"{letter.id:>6}  {letter.state:<9}  {letter.case}  {letter.title}  {letter.way}"
        if letter.why:
            reasons.setdefault(letter.why, []).append(str(letter.id))
    for why, ids in reasons.items():
        more = f" (+{len(ids) - _MOST_NAMED})" if len(ids) > _MOST_NAMED else ""
        yield f"\n{', '.join(ids[:_MOST_NAMED])}{more}: {why}"


@app.command(name="show")
def show_(number: Number, home: Home = None, as_json: AsJson = False) -> None:
    """Show a letter: its words, and what happened to it."""
    with desk(home) as (letters, _):
        letter, history = letters.letter(number), letters.history(number)
    if as_json:
        told = {**_plain(letter), "history": [asdict(one) for one in history]}
        print(dumps(told, indent=2, ensure_ascii=False, default=str))
        return
    print(f"{letter.title} · {letter.case} · {letter.state} {letter.why}".rstrip())
    print(f"{letter.way}: {letter.to}")
    print(f"\n{letter.text}")
    for one in history:
        print(f"{one.at:%d/%m/%Y %H:%M}  {one.what}  {one.actor}  {one.detail.get('reason', '')}".rstrip())


@app.command()
def preview(
    number: Number,
    output: Annotated[Path, typer.Option("--output", "-o", help="Where the PDF goes.")],
    home: Home = None,
) -> None:
    """Write a letter as PDF, with the sheet that goes along: as it was sent, or as it would be sent now."""
    with desk(home) as (letters, _):
        output.write_bytes(letters.as_pdf(number, datetime.now(UTC)))
    print(f"Wrote {output}.")


@app.command()
def hold(number: Number, home: Home = None) -> None:
    """Keep a letter from going until it is released."""
    with desk(home) as (letters, _):
        _said(letters.hold(number, datetime.now(UTC), _actor()))


@app.command()
def release(number: Number, home: Home = None) -> None:
    """Let a letter go that was held or withheld."""
    with desk(home) as (letters, wiring):
        _said(letters.release(number, datetime.now(UTC), _actor()))
        sweep_letters(wiring)


@app.command()
def edit(
    number: Number,
    file: Annotated[Path, typer.Option("--text", help="The new words; - reads them from standard input.")],
    home: Home = None,
) -> None:
    """Change the words of a letter that has no register number yet."""
    text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    with desk(home) as (letters, _):
        _said(letters.edit(number, text, letters.letter(number).version, datetime.now(UTC), _actor()))


@app.command()
def readdress(
    number: Number,
    way: Annotated[Way, typer.Option("--way", help="email, pec, fax or print")],
    to: Annotated[list[str], typer.Option("--to", help="Address or number; for print once for each line.")],
    home: Home = None,
) -> None:
    """Send a letter another way, or to another address. It is held then."""
    with desk(home) as (letters, _):
        _said(letters.readdress(number, way, to, datetime.now(UTC), _actor()))


@app.command()
def resend(number: Number, home: Home = None) -> None:
    """Send a letter once more that was sent, failed, or of which it is not known."""
    with desk(home) as (letters, wiring):
        _said(letters.resend(number, datetime.now(UTC), _actor()))
        sweep_letters(wiring)


@app.command()
def arrived(number: Number, home: Home = None) -> None:
    """Note that a letter of which it was not known did arrive."""
    with desk(home) as (letters, _):
        _said(letters.came_through(number, datetime.now(UTC), _actor()))


@app.command()
def drop(number: Number, home: Home = None) -> None:
    """Give a letter up: it is not sent."""
    with desk(home) as (letters, _):
        _said(letters.drop(number, datetime.now(UTC), _actor()))


@app.command()
def send(home: Home = None) -> None:
    """Write and send all letters that are due, here and now."""
    with desk(home) as (_, wiring):
        ends = send_all(wiring)
    print(", ".join(f"{count} {end}" for end, count in sorted(ends.items())) or "Nothing to send.")


def _actor() -> str:
    return f"clerk:{getuser()}"


def _said(letter: Shown) -> None:
    print(f"letter {letter.id}: {letter.state}")


def _plain(letter: Shown) -> dict[str, object]:
    return {**asdict(letter), "why": letter.why}
