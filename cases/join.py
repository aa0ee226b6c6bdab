"""Join and split: a clerk puts together what belongs together, and takes apart what does not."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from cases.absorb import Judge
from cases.case import CaseState, Event
from cases.erase import was_erased
from cases.link_tables import LinkRow
from cases.match import OPEN, PERHAPS, Kind, Why, linked
from cases.matching import OUTCOMES
from cases.merge import brings_more, joined_reading, merge
from cases.moves import CAME_AGAIN, CORRECTED, PARTED, move, note_step
from cases.publish import publish
from cases.register import RegisterNumber
from cases.register_tables import LineRow
from cases.tables import CaseRow
from cases.whole import Whole, carried, carrier_of, number_of_case, told_of, whole
from checks.validation import Outcome


class NotJoined(Exception):
    """Two cases cannot be joined, or parted. The message is Italian and says why and what to do."""


@dataclass(frozen=True, slots=True)
class Joins:
    """Join and split cases by a clerk's word. Each verb is one step of the caller's transaction."""

    judge: Judge = field(default_factory=Judge)

    def join(
        self, session: Session, arrival: RegisterNumber, carrier: RegisterNumber, now: datetime, actor: str
    ) -> Kind:
        """Let one case carry another: its papers count from now on, and the earlier arrival rules.

        Gives whether it brought something (``JOINED``) or is the same again (``DUPLICATE``). Raises ``NotJoined`` and
        ``KeyError``. Doing it twice changes nothing.
        """
        case, home = _locked(session, arrival, carrier)
        before = carrier_of(session, case.id)
        if before is not None and before.carrier_id == home.id:
            return Kind(before.kind)
        _may_join(session, case, home)
        held, told = whole(session, home), told_of(session, case)
        if held is None or told is None:
            raise NotJoined("Di una delle due pratiche non è conservata la lettura: annotarlo e trattarle a mano.")
        merged = merge(held.reading, joined_reading(told[0].reading, case.receipt_id, Why.CLERK))
        more = brings_more(held.reading, merged)
        kind = Kind.JOINED if more else Kind.DUPLICATE
        _end(session, case.id, now, actor)
        session.add(_link(case, home, kind, now, actor))
        _let_go(session, case, home, kind, now, actor)
        home.received_at = min(home.received_at, case.received_at)
        session.flush()
        if more:
            self.judge.absorb(session, home, replace(held, reading=merged), now, case.received_at, actor)
        else:
            home.version += 1
            note_step(session, home, CAME_AGAIN, now, actor).written = True
        return kind

    def split(self, session: Session, arrival: RegisterNumber, now: datetime, actor: str) -> str:
        """Take a case from the one that carries it; a clerk looks at both. Gives the number of the other.

        Raises ``NotJoined`` for a case that stands by itself, and ``KeyError``.
        """
        link = carrier_of(session, _find(session, arrival).id)
        if link is None:
            raise NotJoined(f"La pratica {arrival} non è unita a un'altra.")
        home_number = RegisterNumber.parse(number_of_case(session.get_one(CaseRow, link.carrier_id)))
        case, home = _locked(session, arrival, home_number)
        link.ended_at, link.ended_by = now, actor
        session.flush()
        own = whole(session, case)
        if own is not None:
            self._stand_alone(session, case, own, now)
        case.outcome, case.reasons = Outcome.MANUAL_REVIEW.value, ["split_by_clerk"]
        case.payload = {**case.payload, "outcome": case.outcome, "reasons": case.reasons, "linked_to": ""}
        move(session, case, Event.SPLIT, now, actor)
        home.received_at = _earliest(session, home)
        self._part(session, home, now, actor)
        return str(home_number)

    def apart(self, session: Session, number: RegisterNumber, now: datetime, actor: str) -> None:
        """Say that a case belongs to none of those that it was asked about: the question is over. ``KeyError``."""
        case = _find(session, number, lock=True)
        if not _end(session, case.id, now, actor) or case.state not in OPEN:
            return
        held = whole(session, case)
        if held is not None:
            self._stand_alone(session, case, held, now)
        case.version += 1
        note_step(session, case, CORRECTED, now, actor)

    def _stand_alone(self, session: Session, case: CaseRow, held: Whole, now: datetime) -> None:
        reading, found = self.judge.judge(session, case, held, now)
        publish(case, reading, found)

    def _part(self, session: Session, home: CaseRow, now: datetime, actor: str) -> None:
        """Judge a case again without the papers that were taken from it."""
        held = whole(session, home)
        if held is None or home.state not in OPEN:
            home.version += 1
            note_step(session, home, PARTED, now, actor)
            return
        home.completed_at = None
        self.judge.absorb(session, home, held, now, home.received_at, actor)


def _find(session: Session, number: RegisterNumber, *, lock: bool = False) -> CaseRow:
    asked = select(CaseRow).where(col(CaseRow.year) == number.year, col(CaseRow.number) == number.number)
    fresh = asked.with_for_update().execution_options(populate_existing=True) if lock else asked
    case = session.scalars(fresh).one_or_none()
    if case is None:
        raise KeyError(str(number))
    return case


def _locked(session: Session, one: RegisterNumber, other: RegisterNumber) -> tuple[CaseRow, CaseRow]:
    """Lock two cases in the order in which everybody does."""
    for case in sorted((_find(session, one), _find(session, other)), key=lambda row: row.id):
        session.refresh(case, with_for_update=True)
    return _find(session, one), _find(session, other)


def _may_join(session: Session, case: CaseRow, home: CaseRow) -> None:
    name, other = number_of_case(case), number_of_case(home)
    if case.id == home.id:
        raise NotJoined("Una pratica non si unisce a se stessa: indicare l'altro numero.")
    if was_erased(case.payload) or was_erased(home.payload):
        raise NotJoined("Il contenuto di una delle due pratiche è stato cancellato: non si possono unire.")
    if home.state == CaseState.LINKED:
        raise NotJoined(f"La pratica {other} è già unita a un'altra: indicare quella.")
    if home.state not in OPEN:
        raise NotJoined(f"La pratica {other} è chiusa: non può ricevere altri documenti.")
    if case.state == CaseState.LINKED:
        raise NotJoined(f"La pratica {name} è già unita a un'altra: dividerla prima.")
    if case.state not in OPEN or case.state == CaseState.HANDED_OVER:
        raise NotJoined(f"La pratica {name} è chiusa o già in lavorazione: unire l'altra a questa, se serve.")
    if carried(session, case.id):
        raise NotJoined(f"La pratica {name} ne porta già un'altra: dividerle, oppure unire nel verso contrario.")


def _link(case: CaseRow, home: CaseRow, kind: Kind, now: datetime, actor: str) -> LinkRow:
    return LinkRow(
        case_id=case.id, carrier_id=home.id, kind=kind.value, why=Why.CLERK.value, at=now, actor=actor, ended_by=""
    )


def _let_go(session: Session, case: CaseRow, home: CaseRow, kind: Kind, now: datetime, actor: str) -> None:
    """Let a case say that another one carries it."""
    number, outcome = number_of_case(home), OUTCOMES[kind]
    case.outcome, case.reasons, case.hold_until = outcome.value, [Why.CLERK.value], None
    note = linked(number)
    told = {"rule": note.rule, "section": "", "field": "", "severity": note.severity.value, "message": note.message}
    kept = [f for f in case.payload["findings"] if f["rule"] != PERHAPS]
    said = {"outcome": outcome.value, "reasons": case.reasons, "hold_until": None, "linked_to": number}
    case.payload = {**case.payload, **said, "findings": [told, *kept]}
    move(session, case, Event.JOINED, now, actor)


def _end(session: Session, case_id: int, now: datetime, actor: str) -> bool:
    """End the questions that are open about a case; tell whether there were any."""
    open_ = update(LinkRow).where(
        col(LinkRow.case_id) == case_id, col(LinkRow.ended_at).is_(None), col(LinkRow.kind) == Kind.MAYBE
    )
    ended = session.execute(open_.values(ended_at=now, ended_by=actor).returning(col(LinkRow.id)))
    return bool(ended.scalars().all())


def _earliest(session: Session, home: CaseRow) -> datetime:
    """Give the first arrival of all that a case still carries."""
    own = session.get_one(LineRow, (home.year, home.number)).received_at
    return min([own, *(arrival.received_at for _, arrival in carried(session, home.id))])
