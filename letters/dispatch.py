"""Dispatch: bring one letter out of the house, once, whatever breaks in between.

The order: register and keep; offer to the door; say in the row that it is being given; give; say how it ended. A row
that says "sending" when nobody sends is the trace of a crash at the one moment that matters: then the door is asked,
and where it cannot know, a person decides. Nothing is given twice by itself.
"""

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlmodel import Session, col

from cases.case import CaseState
from cases.database import Database
from cases.sources import note_trouble
from cases.tables import CaseRow
from intake.instants import instant
from letters.document import document_of, name_of, register
from letters.door import NotTaken, Offer, Outgoing, Unknown
from letters.letter import LetterCode, still_true
from letters.mail import BadAddress
from letters.notes import note, turn
from letters.office import Office
from letters.privacy import whole_codes
from letters.recipient import Way
from letters.sending import LetterState, What
from letters.tables import LetterRow

RELEASED: Final = "released"
"""The reason of a letter that a clerk let go: what he saw stops it no second time."""
UNCERTAIN: Final = (
    "Non si sa se la lettera è partita: la trasmissione si è interrotta a metà. Guardare se è arrivata, poi rimandarla "
    "o segnarla come inviata."
)


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """What dispatching works with."""

    database: Database
    office: Office

    def dispatch(self, letter_id: int, now: datetime) -> LetterState:
        """Send a letter that is ready, and give the state in which it ended.

        Raises ``NotTaken`` when it stays ready and should be tried again later. A letter in any other state is left
        alone, but one that was being sent when its sender died is settled.
        """
        state = self._begun(letter_id, now)
        if state is not LetterState.READY:
            return state
        drawn = document_of(self.database, self.office, letter_id)
        try:
            outgoing = register(self.database, self.office, letter_id, drawn, now)
        except BadAddress as error:
            return self._turn(letter_id, What.REFUSED, now, str(error))
        instant("letter registered")
        if outgoing is None:
            return self._state(letter_id)
        return self._sent(letter_id, outgoing, now)

    def _sent(self, letter_id: int, outgoing: Outgoing, now: datetime) -> LetterState:
        try:
            offer = self.office.doors[outgoing.to.way].offer(outgoing)
        except NotTaken as error:
            return self._not_taken(letter_id, error, now, given=False)
        with ExitStack() as undo:
            undo.callback(offer.withdraw)
            instant("letter offered")
            if not self._giving(letter_id, now):
                return self._state(letter_id)
            instant("letter being given")
            undo.pop_all()
        return self._given(letter_id, offer, now)

    def _given(self, letter_id: int, offer: Offer, now: datetime) -> LetterState:
        try:
            said = offer.give()
        except NotTaken as error:
            return self._not_taken(letter_id, error, now, given=True)
        except Unknown as error:
            return self._turn(letter_id, What.UNKNOWN, now, str(error))
        instant("letter given")
        return self._turn(letter_id, What.ACCEPTED, now, said)

    def _begun(self, letter_id: int, now: datetime) -> LetterState:
        """Look at a letter before anything is done: what was cut short is settled, what is overtaken is dropped."""
        with self.database.transaction() as session:
            letter = session.get_one(LetterRow, letter_id, with_for_update=True)
            if letter.state == LetterState.SENDING:
                self._settle(session, letter, now)
            elif letter.state == LetterState.READY:
                self._judge(session, letter, now)
            return LetterState(letter.state)

    def _settle(self, session: Session, letter: LetterRow, now: datetime) -> None:
        given = self.office.doors[Way(letter.way)].resume(name_of(letter))
        turn(session, letter, What.ACCEPTED if given else What.UNKNOWN, now, reason="cut_short")
        _ended(session, letter, now)

    def _judge(self, session: Session, letter: LetterRow, now: datetime) -> None:
        case = session.get_one(CaseRow, letter.case_id)
        if not letter.body.strip() or not still_true(LetterCode(letter.code), CaseState(case.state)):
            turn(session, letter, What.DROP, now, reason="superseded")
        elif whole_codes(letter.body):
            turn(session, letter, What.WITHHOLD, now, reason="whole_code")
        elif Way(letter.way) not in self.office.doors:
            turn(session, letter, What.WITHHOLD, now, reason="no_door")
        elif letter.reason != RELEASED and self._too_many(session, letter, now):
            turn(session, letter, What.WITHHOLD, now, reason="too_many")

    def _too_many(self, session: Session, letter: LetterRow, now: datetime) -> bool:
        """Count what the same address got lately: two machines that answer one another stop here at the latest."""
        cap = self.office.cap
        lately = select(func.count()).where(
            col(LetterRow.to_address) == letter.to_address,
            col(LetterRow.given_at) > now - cap.within,
            col(LetterRow.id) != letter.id,
        )
        return bool(letter.to_address) and session.execute(lately).scalar_one() >= cap.letters

    def _giving(self, letter_id: int, now: datetime) -> bool:
        """Say in the row that the letter leaves now; False when somebody else has, or it was held meanwhile."""
        with self.database.transaction() as session:
            letter = session.get_one(LetterRow, letter_id, with_for_update=True)
            if letter.state != LetterState.READY:
                return False
            turn(session, letter, What.GIVE, now, reason=letter.reason)
            letter.given_at = letter.given_at or now
            letter.attempts += 1
            return True

    def _not_taken(self, letter_id: int, error: NotTaken, now: datetime, *, given: bool) -> LetterState:
        if error.lasting:
            return self._turn(letter_id, What.REFUSED, now, str(error))
        with self.database.transaction() as session:
            letter = session.get_one(LetterRow, letter_id, with_for_update=True)
            if given and letter.state == LetterState.SENDING:
                turn(session, letter, What.NOT_GIVEN, now, reason=letter.reason)
            note(session, letter, "not_taken", now, detail={"reason": str(error)})
        raise error

    def _turn(self, letter_id: int, what: What, now: datetime, reason: str) -> LetterState:
        with self.database.transaction() as session:
            letter = session.get_one(LetterRow, letter_id, with_for_update=True)
            turn(session, letter, what, now, reason=reason)
            _ended(session, letter, now)
            instant("before letter commit")
            return LetterState(letter.state)

    def _state(self, letter_id: int) -> LetterState:
        with self.database.transaction() as session:
            return LetterState(session.get_one(LetterRow, letter_id).state)


def give_up(database: Database, letter_id: int, told: str, now: datetime) -> None:
    """End a letter that could not be sent for a long time: a clerk looks at it."""
    with database.transaction() as session:
        letter = session.get_one(LetterRow, letter_id, with_for_update=True)
        if letter.state == LetterState.READY:
            turn(session, letter, What.REFUSED, now, reason=told)
            _ended(session, letter, now)


def _ended(session: Session, letter: LetterRow, now: datetime) -> None:
    if letter.state == LetterState.SENT:
        letter.sent_at = letter.sent_at or now
    elif letter.state == LetterState.UNCERTAIN:
        note_trouble(session, "letter_uncertain", f"letter {letter.id}", UNCERTAIN, now)
    elif letter.state == LetterState.FAILED:
        note_trouble(session, "letter_failed", f"letter {letter.id}", letter.reason, now)
