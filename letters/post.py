"""Post: what clerks and operators do with letters: look, hold, let go, change, send again, give up."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlmodel import Session, col

from cases.database import Database
from cases.register import RegisterNumber
from cases.tables import CaseRow
from letters.dispatch import RELEASED
from letters.document import draw, draw_sheet, to_of
from letters.known import matter_of
from letters.mail import checked
from letters.notes import note, turn
from letters.office import Office
from letters.privacy import whole_codes
from letters.recipient import WITHHELD, Way, fax_number
from letters.render import as_html, printed
from letters.segnatura import joined
from letters.sending import OPEN, LetterState, NotNow, What
from letters.tables import LetterNoteRow, LetterRow
from letters.words import Words

_LONGEST: Final = 20_000
_WELL: Final = frozenset({LetterState.READY, LetterState.SENDING, LetterState.SENT})


class NoLetter(KeyError):
    """There is no letter with that number."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter as a list or a page shows it. ``number`` is its register number, "" before it has one."""

    id: int
    case: str
    code: str
    title: str
    subject: str
    state: LetterState
    reason: str
    way: str
    to: str
    number: str
    created_at: datetime
    sent_at: datetime | None
    version: int
    text: str = field(repr=False)
    with_sheet: bool = False

    @property
    def why(self) -> str:
        """Say in Italian why it did not go, or else what the other side said; "" where all is well."""
        return "" if self.state in _WELL else WITHHELD.get(self.reason, self.reason)


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened to a letter."""

    at: datetime
    what: str
    actor: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of one database."""

    database: Database
    office: Office

    def of_case(self, number: RegisterNumber) -> tuple[Shown, ...]:
        """Give the letters of a case, the oldest first."""
        mine = (col(CaseRow.year) == number.year, col(CaseRow.number) == number.number)
        return self._listed(select(LetterRow, CaseRow).join(CaseRow).where(*mine).order_by(col(LetterRow.id)))

    def waiting(self, states: Sequence[LetterState], limit: int = 200) -> tuple[Shown, ...]:
        """Give the letters in some states, the oldest first."""
        asked = select(LetterRow, CaseRow).join(CaseRow).where(col(LetterRow.state).in_(states))
        return self._listed(asked.order_by(col(LetterRow.id)).limit(limit))

    def letter(self, letter_id: int) -> Shown:
        """Give one letter. Raises ``NoLetter``."""
        with self._held(letter_id, lock=False) as (session, row):
            return _shown(row, session.get_one(CaseRow, row.case_id))

    def history(self, letter_id: int) -> tuple[Happened, ...]:
        """Give what happened to a letter, in order."""
        mine = select(LetterNoteRow).where(col(LetterNoteRow.letter_id) == letter_id).order_by(col(LetterNoteRow.id))
        with self.database.transaction() as session:
            rows = session.scalars(mine).all()
            return tuple(Happened(row.at, row.what, row.actor, row.detail) for row in rows)

    def as_pdf(self, letter_id: int, now: datetime) -> bytes:
        """Give a letter as it was sent, or as it would be sent now, with the sheet that goes along."""
        with self._held(letter_id, lock=False) as (session, row):
            matter = matter_of(session, session.get_one(CaseRow, row.case_id))
            session.expunge(row)
        sheet = draw_sheet(row, matter, self.office)
        pdf = self.office.kept.read(row.document) if row.document else draw(row, matter, self.office, now)
        return joined((pdf, sheet)) if sheet else pdf

    def as_html(self, letter_id: int, now: datetime) -> str:
        """Give a letter as one page of HTML."""
        with self._held(letter_id, lock=False) as (session, row):
            matter = matter_of(session, session.get_one(CaseRow, row.case_id))
            words, to = Words(row.title, row.subject, row.body), to_of(row)
        return as_html(printed(words, matter, to, self.office.house, now.date()))

    def as_sent(self, letter_id: int) -> bytes:
        """Give the very bytes that left the house. Raises ``NotNow`` before there are any."""
        with self._held(letter_id, lock=False) as (_, row):
            if not row.sent:
                raise NotNow("questa lettera non è ancora partita")
            return self.office.kept.read(row.sent)

    def hold(self, letter_id: int, now: datetime, actor: str) -> Shown:
        """Keep a letter from going until it is released. Raises ``NotNow``."""
        return self._told(letter_id, What.HOLD, now, actor, "held_by_clerk")

    def release(self, letter_id: int, now: datetime, actor: str) -> Shown:
        """Let a letter go that was held or withheld. Raises ``NotNow`` as long as what stopped it still would."""
        with self._held(letter_id) as (session, row):
            if row.way == Way.PRINT and not row.to_lines:
                raise NotNow(WITHHELD["no_address"])
            if whole_codes(row.body):
                raise NotNow(WITHHELD["whole_code"])
            turn(session, row, What.RELEASE, now, actor, RELEASED)
            return _shown(row, session.get_one(CaseRow, row.case_id))

    def drop(self, letter_id: int, now: datetime, actor: str) -> Shown:
        """Give a letter up: it is not sent. Raises ``NotNow``."""
        return self._told(letter_id, What.DROP, now, actor, "given_up")

    def resend(self, letter_id: int, now: datetime, actor: str) -> Shown:
        """Send the same letter once more, with the number and the Message-ID that it has. Raises ``NotNow``."""
        with self._held(letter_id) as (session, row):
            turn(session, row, What.RESEND, now, actor, RELEASED)
            row.resends += 1
            row.attempts = 0
            return _shown(row, session.get_one(CaseRow, row.case_id))

    def came_through(self, letter_id: int, now: datetime, actor: str) -> Shown:
        """Note that a letter of which it was not known did arrive. Raises ``NotNow``."""
        with self._held(letter_id) as (session, row):
            turn(session, row, What.DELIVERED, now, actor, "by_clerk")
            row.sent_at = row.sent_at or now
            return _shown(row, session.get_one(CaseRow, row.case_id))

    def edit(self, letter_id: int, text: str, version: int, now: datetime, actor: str) -> Shown:
        """Change the words of a letter that has no number yet; ``version`` is the one that was seen.

        Raises ``NotNow``.
        """
        with self._open(letter_id, version) as (session, row):
            if not text.strip() or len(text) > _LONGEST:
                raise NotNow("il testo è vuoto o troppo lungo")
            row.body = "\n".join(line.rstrip() for line in text.splitlines()).strip() + "\n"
            row.version += 1
            note(session, row, "edited", now, actor)
            return _shown(row, session.get_one(CaseRow, row.case_id))

    def readdress(self, letter_id: int, way: Way, to: Sequence[str], now: datetime, actor: str) -> Shown:
        """Send a letter another way or to another address: it is registered as another document.

        ``to`` is a mail address, a fax number, or the lines of a postal address below the name. Raises ``NotNow``, and
        ``BadAddress``.
        """
        with self._held(letter_id) as (session, row):
            if row.state not in {*OPEN, LetterState.FAILED}:
                raise NotNow("questa lettera è già partita: se serve, rimandarla")
            _address(row, way, to)
            row.year = row.number = None
            row.document = row.sent = row.message_id = row.answers = ""
            row.state, row.reason = LetterState.HELD, "held_by_clerk"
            row.version += 1
            note(session, row, "readdressed", now, actor, {"way": way.value})
            return _shown(row, session.get_one(CaseRow, row.case_id))

    def _told(self, letter_id: int, what: What, now: datetime, actor: str, reason: str) -> Shown:
        with self._held(letter_id) as (session, row):
            turn(session, row, what, now, actor, reason)
            return _shown(row, session.get_one(CaseRow, row.case_id))

    def _listed(self, asked: Any) -> tuple[Shown, ...]:  # noqa: ANN401  SQLAlchemy's select of two rows
        with self.database.transaction() as session:
            return tuple(_shown(letter, case) for letter, case in session.execute(asked).all())

    @contextmanager
    def _held(self, letter_id: int, *, lock: bool = True) -> Iterator[tuple[Session, LetterRow]]:
        with self.database.transaction() as session:
            row = session.get(LetterRow, letter_id, with_for_update=lock or None)
            if row is None:
                raise NoLetter(letter_id)
            yield session, row

    @contextmanager
    def _open(self, letter_id: int, version: int) -> Iterator[tuple[Session, LetterRow]]:
        with self._held(letter_id) as (session, row):
            if row.version != version:
                raise NotNow("la lettera è cambiata nel frattempo: guardarla di nuovo")
            if row.state not in OPEN or row.number is not None:
                raise NotNow("questa lettera è già protocollata: il testo non si cambia più")
            yield session, row


def _address(row: LetterRow, way: Way, to: Sequence[str]) -> None:
    lines = [" ".join(line.split()) for line in to if line.strip()]
    if not lines:
        raise NotNow("manca l'indirizzo")
    row.way = way.value
    row.to_lines = lines if way is Way.PRINT else []
    row.to_address = ""
    if way in {Way.EMAIL, Way.PEC}:
        row.to_address = checked(lines[0])
    elif way is Way.FAX:
        row.to_address = fax_number(lines[0])
        if not row.to_address:
            raise NotNow("questo numero di fax non si può comporre: serve un numero italiano fisso o mobile")


def _shown(row: LetterRow, case: CaseRow) -> Shown:
    return Shown(
        id=row.id,
        case=str(RegisterNumber(case.year, case.number)),
        code=row.code,
        title=row.title,
        subject=row.subject,
        state=LetterState(row.state),
        reason=row.reason,
        way=row.way,
        to=row.to_address or ", ".join(filter(None, (row.to_name, *row.to_lines))),
        number=str(RegisterNumber(row.year, row.number)) if row.year and row.number else "",
        created_at=row.created_at,
        sent_at=row.sent_at,
        version=row.version,
        text=row.body,
        with_sheet=bool(row.sheet),
    )
