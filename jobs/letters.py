"""Letters as work: written in rounds from the outbox of steps, each sent by a durable job of its own."""

from typing import Final

from sqlalchemy import select
from sqlmodel import Session, col

from cases.register import DayClosed
from intake.instants import instant
from jobs.app import Wiring
from jobs.defer import defer_letter
from jobs.retries import Again, Next, decide
from letters.dispatch import Dispatcher, give_up
from letters.door import NotTaken
from letters.office import Office
from letters.outbox import pass_over, write_due
from letters.returned import follow
from letters.sending import LetterState
from letters.tables import LetterRow

_LONGEST_WAIT_S: Final = 4 * 3600.0
_SWEPT: Final = 500


def write_letters(wiring: Wiring) -> int:
    """Write what is due, with the jobs that send it, and put what came back to its letters; give the steps seen to.

    Where letters are switched off, the steps are passed over: nobody is told of them later either.
    """
    if wiring.letters is None:
        with wiring.database.transaction() as session:
            return pass_over(session)
    seen = 0
    while steps := _round(wiring, wiring.letters):
        seen += steps
    with wiring.database.transaction() as session:
        follow(session, wiring.now())
    return seen


def _round(wiring: Wiring, office: Office) -> int:
    with wiring.database.transaction() as session:
        written = write_due(session, office, wiring.now())
        for letter_id in written.ready:
            defer_letter(session, letter_id)
        instant("letters written")
    return written.steps


def sweep_letters(wiring: Wiring) -> int:
    """Give each letter that is to be sent, or was cut short, a job where it has none; give how many."""
    with wiring.database.transaction() as session:
        return sum(defer_letter(session, letter_id) for letter_id in _unsent(session)) if wiring.letters else 0


def send_letter(wiring: Wiring, letter_id: int, attempts: int) -> str:
    """Send one letter. Raises ``Again`` when it should be tried later; after the last time a clerk is told."""
    if wiring.letters is None:
        return "letters are switched off"
    try:
        return Dispatcher(wiring.database, wiring.letters).dispatch(letter_id, wiring.now()).value
    except (NotTaken, DayClosed) as error:
        verdict = decide(error, attempts)
        if verdict.next is Next.AGAIN:
            raise Again(min(wiring.patience.retry_s * 2 ** min(attempts, 20), _LONGEST_WAIT_S)) from error
        give_up(wiring.database, letter_id, str(error), wiring.now())
        return LetterState.FAILED.value


def send_all(wiring: Wiring) -> dict[str, int]:
    """Write and send all that is due, here and now; what a server does not take stays for its job. Count the ends."""
    write_letters(wiring)
    with wiring.database.transaction() as session:
        waiting = list(_unsent(session))
    ends: dict[str, int] = {}
    for letter_id in waiting:
        try:
            end = send_letter(wiring, letter_id, 0)
        except Again:
            end = "again"
        ends[end] = ends.get(end, 0) + 1
    return ends


def _unsent(session: Session) -> list[int]:
    open_ = (LetterState.READY, LetterState.SENDING)
    asked = select(col(LetterRow.id)).where(col(LetterRow.state).in_(open_)).order_by(col(LetterRow.id))
    return list(session.scalars(asked.limit(_SWEPT)))
