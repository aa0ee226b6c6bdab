"""The daily register: what was registered on one day of Rome, and what was annulled on it. A pure view of the lines."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import select
from sqlmodel import Session, col

from cases.csv_safe import csv_text
from cases.register import RegisterNumber, number_of
from cases.register_tables import AnnulmentRow, LineRow
from checks.context import ROME

_DAY: Final = timedelta(days=1)
ERASED: Final = "[cancellato]"


@dataclass(frozen=True, slots=True)
class Body:
    """Whose register it is, and its name there."""

    name: str = "Sportello per il consumatore Energia e Ambiente"
    register: str = "Protocollo"

    def __post_init__(self) -> None:
        if not self.name.strip() or not self.register.strip():
            raise ValueError("a register needs the name of its body and its own: set both in [register]")


@dataclass(frozen=True, slots=True)
class Registered:
    """One line as it is shown; times are those of Rome. Erased words are shown as erased."""

    number: str
    at: datetime
    direction: str
    channel: str
    sender: str
    recipient: str
    subject: str
    received_at: datetime
    reference: str
    digest: str
    hash: str


@dataclass(frozen=True, slots=True)
class Annulled:
    """One annulment: which number, when, by whom, and why."""

    number: str
    at: datetime
    operator: str
    reason: str


@dataclass(frozen=True, slots=True)
class Day:
    """The register of one day. What is annulled later stands on the day of its annulment: a day never changes.

    Only an erasure, which the law may ask for, changes what an old day shows.
    """

    body: Body
    day: date
    lines: tuple[Registered, ...]
    annulled: tuple[Annulled, ...]

    @property
    def digest(self) -> str:
        """SHA-256 over the hashes of its lines, by which two prints of a day are compared."""
        told = [*(line.hash for line in self.lines), *(repr(a) for a in self.annulled)]
        return sha256("\n".join(told).encode()).hexdigest()

    @property
    def erased(self) -> int:
        """How many of its lines say that their words were erased."""
        return sum({line.sender, line.recipient, line.subject} == {ERASED} for line in self.lines)


def day_of(session: Session, body: Body, day: date) -> Day:
    """Read the register of a day."""
    begin = datetime.combine(day, time(), ROME).astimezone(UTC)
    end = datetime.combine(day + _DAY, time(), ROME).astimezone(UTC)
    lines = select(LineRow).where(col(LineRow.registered_at) >= begin, col(LineRow.registered_at) < end)
    found = session.scalars(lines.order_by(col(LineRow.year), col(LineRow.number)))
    annulled = select(AnnulmentRow).where(col(AnnulmentRow.at) >= begin, col(AnnulmentRow.at) < end)
    rows = session.scalars(annulled.order_by(col(AnnulmentRow.year), col(AnnulmentRow.number)))
    return Day(body, day, tuple(map(shown, found)), tuple(map(_annulled, rows)))


def shown(line: LineRow) -> Registered:
    """Show a line."""
    gone = not line.salt
    return Registered(
        number=str(number_of(line)),
        at=line.registered_at.astimezone(ROME),
        direction=line.direction,
        channel=line.channel,
        sender=ERASED if gone else line.sender,
        recipient=ERASED if gone else line.recipient,
        subject=ERASED if gone else line.subject,
        received_at=line.received_at.astimezone(ROME),
        reference=line.reference,
        digest=line.digest,
        hash=line.hash,
    )


_HEAD: Final = (
    "numero", "registrato il", "verso", "canale", "mittente", "destinatario", "oggetto", "arrivato il",
    "riferimento", "impronta SHA-256", "catena", "annullato il", "annullato da", "motivo",
)  # fmt: skip
WAYS: Final = {"in": "entrata", "out": "uscita"}


def as_csv(day: Day) -> bytes:
    """Write a day as CSV for a spreadsheet: semicolons, UTF-8, and no cell that would run as a formula."""
    return ("\ufeff" + csv_text(_HEAD, [*map(_row, day.lines), *map(_end, day.annulled)])).encode()


def _row(line: Registered) -> list[str]:
    at, came = (then.isoformat(timespec="seconds") for then in (line.at, line.received_at))
    told = [line.number, at, WAYS[line.direction], line.channel, line.sender, line.recipient, line.subject, came]
    return [*told, line.reference, line.digest, line.hash, "", "", ""]


def _end(one: Annulled) -> list[str]:
    blank = [""] * (len(_HEAD) - 4)
    return [one.number, *blank, one.at.isoformat(timespec="seconds"), one.operator, one.reason]


def _annulled(row: AnnulmentRow) -> Annulled:
    number = str(RegisterNumber(row.year, row.number))
    return Annulled(number, row.at.astimezone(ROME), row.operator, row.reason)
