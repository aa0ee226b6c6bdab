"""Absorb: a case is judged anew over all its papers, and goes where the checks send it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.case import CaseState, Event
from cases.corrected import corrected, judge
from cases.correction_case import held, log_of
from cases.moves import GATEWAY, PAPERS_ADDED, move, note_step
from cases.publish import context_of, publish
from cases.tables import CaseRow
from cases.whole import Whole
from checks.context import ROME, CheckSettings
from checks.validation import Outcome, Validation
from parsers.reading import Reading
from templates.load import Library, load_forms

AFTER: Final[Mapping[Outcome, Event]] = {
    Outcome.READY: Event.CLEARED,
    Outcome.INCOMPLETE: Event.FOUND_INCOMPLETE,
    Outcome.HELD_UNTIL: Event.FOUND_EARLY,
    Outcome.NOT_ADMISSIBLE: Event.FOUND_INADMISSIBLE,
    Outcome.WRONG_FORM: Event.FOUND_INADMISSIBLE,
}
"""The arrow that an outcome asks for; every other outcome waits for a clerk."""
_WHOLE: Final = (Outcome.READY, Outcome.HELD_UNTIL)
_TOLD_ALREADY: Final = (Event.PAPERS_CAME, Event.FOUND_INCOMPLETE, Event.CLEARED)
"""What the letter about the papers that came says, too: no second letter."""


@dataclass(frozen=True, slots=True)
class Judge:
    """By what cases are judged: the operator's settings of the checks, and the forms that are installed."""

    checks: CheckSettings = field(default_factory=CheckSettings)
    forms: Callable[[], Library] = load_forms

    def absorb(
        self, session: Session, case: CaseRow, whole: Whole, now: datetime, came_at: datetime, actor: str = GATEWAY
    ) -> None:
        """Let a locked case say what the reading of all its papers says; ``came_at`` is when the last of them came.

        A case that was handed over stays there, and a step tells its operator.
        """
        reading, found = self.judge(session, case, whole, now)
        lacked = case.outcome not in _WHOLE
        if case.state == CaseState.HANDED_OVER:
            stays = replace(found, outcome=Outcome(case.outcome), reasons=tuple(case.reasons), hold_until=None)
            publish(case, reading, stays)
            case.version += 1
            note_step(session, case, PAPERS_ADDED, now, actor)
            return
        publish(case, reading, found)
        if found.outcome in _WHOLE and lacked:
            case.completed_at = came_at
        go(session, case, now, actor)

    def judge(self, session: Session, case: CaseRow, whole: Whole, now: datetime) -> tuple[Reading, Validation]:
        """Run the checks over a reading as of a case, every decision of a person laid over it."""
        today = whole.looked_on or case.registered_at.astimezone(ROME).date()
        after = corrected(whole.reading, held(log_of(session, case.id)), self.forms(), today)
        return after.reading, judge(after, context_of(session, case, self.checks, now))


def go(session: Session, case: CaseRow, now: datetime, actor: str) -> None:
    """Move a case to where its outcome sends it, along the arrows; papers came, and a letter tells of them."""
    event = AFTER.get(Outcome(case.outcome), Event.DOUBTED)
    refused = case.state == CaseState.REFUSAL_PROPOSED
    if refused and event is Event.FOUND_INADMISSIBLE:
        case.version += 1
        note_step(session, case, PAPERS_ADDED, now, actor)
        return
    way = [Event.REFUSAL_REJECTED] if refused else []
    way += [Event.PAPERS_CAME] if case.state == CaseState.WAITING_CUSTOMER else []
    if event is not Event.DOUBTED or not way:
        way.append(event)
    for one in way:
        step = move(session, case, one, now, actor)
        step.written = one in _TOLD_ALREADY
