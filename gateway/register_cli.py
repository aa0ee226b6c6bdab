"""``gateway register``: the protocol register. List it, show a line, annul one, verify it, print a day."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from getpass import getuser
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select
from sqlmodel import Session, col

from cases.annul import NotAnnulled, annul
from cases.emergency import BadSeries, merge_series, read_series
from cases.lost import NotLost, enter_lost
from cases.register import DayClosed, RegisterNumber
from cases.register_check import check_register
from cases.register_day import WAYS, Body, Registered, as_csv, day_of, shown
from cases.register_tables import AnnulmentRow, LineRow
from gateway import show
from gateway.exits import Exit
from gateway.options import AsJson, Home
from gateway.settings import load_settings
from gateway.wiring import opened
from jobs.daily_check import check_days
from letters.daily import as_pdf

app = typer.Typer(name="register", help="The protocol register: list, show, annul, verify, print a day.")

Number = Annotated[str, typer.Argument(help="A number of the register, like 2026/0000123.")]


@app.command(name="list")
def list_(
    home: Home = None,
    year: Annotated[int, typer.Option("--year", help="Only this year.")] = 0,
    limit: Annotated[int, typer.Option("--limit", min=1, help="So many of the newest lines.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List the newest lines, the last one first."""
    with opened(load_settings(home)) as wiring, wiring.database.transaction() as session:
        newest = select(LineRow).order_by(col(LineRow.year).desc(), col(LineRow.number).desc()).limit(limit)
        lines = session.scalars(newest.where(col(LineRow.year) == year) if year else newest).all()
        found = [(shown(line), _annulment(session, line)) for line in lines]
    if as_json:
        print(json.dumps([_as_json(line, ended) for line, ended in found], indent=2, ensure_ascii=False))
        return
    for line, ended in found:
        who = line.sender if line.direction == "in" else line.recipient
        gone = "  ANNULLATO" if ended else ""
        print(f"{line.number}  {line.at:%Y-%m-%d %H:%M:%S}  {WAYS[line.direction]:8} {line.channel:6} {who}{gone}")
    if not found:
        print("The register is empty.")


@app.command(name="show")
def show_(number: Number, home: Home = None, as_json: AsJson = False) -> None:
    """Show one line, with its annulment if there is one."""
    wanted = _number(number)
    with opened(load_settings(home)) as wiring, wiring.database.transaction() as session:
        line = session.get(LineRow, (wanted.year, wanted.number))
        if line is None:
            show.complain([f"The register has no number {wanted}. 'gateway register list' shows what it has."])
            raise typer.Exit(Exit.NOT_FOUND)
        told = _as_json(shown(line), _annulment(session, line))
    if as_json:
        print(json.dumps(told, indent=2, ensure_ascii=False))
        return
    for name, value in told.items():
        if value:
            print(f"{name:<14}{value}")


@app.command(name="annul")
def annul_(
    number: Number,
    reason: Annotated[str, typer.Option("--reason", help="Kept for good: name no person.")],
    home: Home = None,
    operator: Annotated[str, typer.Option("--operator", help="Who annuls; else the name of this account.")] = "",
) -> None:
    """Annul a line. It stays readable with operator, date and reason; its number is never given again."""
    wanted = _number(number)
    with opened(load_settings(home)) as wiring, _refusals(), wiring.database.transaction() as session:
        annul(session, wanted, operator or getuser(), reason, wiring.now())
    print(f"Number {wanted} is annulled.")


@app.command()
def verify(home: Home = None, as_json: AsJson = False) -> None:
    """Follow every line: no gap, no repeat, the chain and the seals whole, each written day there and unchanged.

    Exit code 7 when something is wrong.
    """
    settings = load_settings(home)
    with opened(settings) as wiring:
        checked = check_register(wiring.database)
        days = check_days(wiring.database, settings.body, settings.register_folder)
    wrong = (*checked.wrong, *days.wrong)
    if as_json:
        print(json.dumps(asdict(checked) | {"days": days.days, "wrong": wrong}, indent=2))
    else:
        print(f"{checked.lines} lines in {', '.join(map(str, checked.years)) or 'no year'}; {days.days} days written.")
        show.complain(wrong)
        if not wrong:
            print("No gap, no repeat; chain and seals are whole, the files of the days unchanged.")
    if wrong:
        raise typer.Exit(Exit.UNACCOUNTED)


@app.command(name="day")
def day_(
    day: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="A day of Rome, like 2026-11-26.")],
    out: Annotated[list[Path], typer.Option("-o", "--output", help="A .pdf (PDF/A) or .csv file; may be given twice.")],
    home: Home = None,
) -> None:
    """Write the daily register. The same day gives the same bytes, whenever it is written."""
    strange = [file.name for file in out if file.suffix.lower() not in {".pdf", ".csv"}]
    if strange:
        show.complain([f"{name}: the daily register is written as .pdf or .csv." for name in strange])
        raise typer.Exit(Exit.USAGE)
    settings = load_settings(home)
    with opened(settings) as wiring:
        if day.date() >= wiring.now().astimezone(UTC).date():
            print("The day is not over: what is written now will lack what is registered later.")
        with wiring.database.transaction() as session:
            _write(session, settings.body, day.date(), out)


@app.command()
def emergency(
    file: Annotated[Path, typer.Argument(help="The list that was kept on paper: see docs/operating.md.")],
    home: Home = None,
) -> None:
    """Enter what was numbered by hand while the gateway stood still. Entering a list twice changes nothing."""
    try:
        series = read_series(file.read_bytes())
    except (BadSeries, OSError) as error:
        show.complain([f"{file.name}: {error}. Nothing was entered."])
        raise typer.Exit(Exit.USAGE) from None
    with opened(load_settings(home)) as wiring, wiring.database.transaction() as session:
        made = merge_series(session, series, wiring.now())
    for old, new in made:
        print(f"{old} -> {new}")
    print(f"{len(made)} entered, {len(series) - len(made)} known before.")


@app.command()
def lost(
    up_to: Annotated[str, typer.Argument(help="The last number that the lost system gave, like 2026/0000150.")],
    reason: Annotated[str, typer.Option("--reason", help="Kept for good: name no person.")],
    home: Home = None,
    operator: Annotated[str, typer.Option("--operator", help="Who says so; else the name of this account.")] = "",
) -> None:
    """After a restore: enter the numbers that were given after the backup as annulled, so that none is given twice."""
    wanted = _number(up_to)
    with opened(load_settings(home)) as wiring, _refusals(), wiring.database.transaction() as session:
        numbers = enter_lost(session, wanted, operator or getuser(), reason, wiring.now())
    print(f"{len(numbers)} numbers entered as lost and annulled: {numbers[0]} to {numbers[-1]}.")


@contextmanager
def _refusals() -> Iterator[None]:
    """Tell why nothing was entered, and end with the exit code for it."""
    try:
        yield
    except (NotAnnulled, NotLost) as error:
        show.complain([f"{str(error)[0].upper()}{str(error)[1:]}."])
        raise typer.Exit(Exit.NOT_FOUND) from None
    except DayClosed as error:
        show.complain([str(error)])
        raise typer.Exit(Exit.UNAVAILABLE) from None


def _write(session: Session, whose: Body, day: date, out: Sequence[Path]) -> None:

    told = day_of(session, whose, day)
    for file in out:
        file.write_bytes(as_pdf(told) if file.suffix.lower() == ".pdf" else as_csv(told))
        print(f"{file}: {len(told.lines)} lines, {len(told.annulled)} annulments")


def _number(text: str) -> RegisterNumber:
    try:
        return RegisterNumber.parse(text)
    except ValueError as error:
        show.complain([f"{error}."])
        raise typer.Exit(Exit.USAGE) from None


def _annulment(session: Session, line: LineRow) -> AnnulmentRow | None:
    return session.get(AnnulmentRow, (line.year, line.number))


def _as_json(line: Registered, ended: AnnulmentRow | None) -> dict[str, str]:
    told = {name: str(value) for name, value in asdict(line).items()}
    told["direction"] = WAYS[line.direction]
    if ended is not None:
        told |= {"annulled_at": str(ended.at), "annulled_by": ended.operator, "annulled_because": ended.reason}
    return told
