"""Letter: which letter a step of a case calls for, if any. At most one for each step."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from cases.case import CaseState, Event
from cases.moves import BORN, READ_AGAIN
from checks.validation import Outcome


class LetterCode(StrEnum):
    """The kinds of letter. The names are those of the rules."""

    ACK = "ACK"
    INTEGRATION = "INTEGRATION"
    HOLD = "HOLD"
    NOT_ADMISSIBLE = "NOT_ADMISSIBLE"
    WRONG_FORM = "WRONG_FORM"
    JOINED = "JOINED"


TITLES: Final[Mapping[LetterCode, str]] = MappingProxyType(
    {
        LetterCode.ACK: "Avviso di ricevimento",
        LetterCode.INTEGRATION: "Richiesta di integrazione",
        LetterCode.HOLD: "Attesa dei 40 giorni",
        LetterCode.NOT_ADMISSIBLE: "Comunicazione di non ammissibilità",
        LetterCode.WRONG_FORM: "Modulo non corretto",
        LetterCode.JOINED: "Documentazione ricevuta",
    }
)

REFUSALS: Final = frozenset({LetterCode.NOT_ADMISSIBLE, LetterCode.WRONG_FORM})
"""Letters that tell of a refusal: only ever after a clerk confirmed it."""

_BIRTH: Final[Mapping[CaseState, LetterCode]] = MappingProxyType(
    {
        CaseState.QUEUED: LetterCode.ACK,
        CaseState.WAITING_CLERK: LetterCode.ACK,
        CaseState.REFUSAL_PROPOSED: LetterCode.ACK,
        CaseState.WAITING_CUSTOMER: LetterCode.INTEGRATION,
        CaseState.HELD: LetterCode.HOLD,
        CaseState.LINKED: LetterCode.JOINED,
    }
)
"""What is told of a new case: a refusal that is only proposed is told of as little as any other state."""

_LATER: Final[Mapping[str, LetterCode]] = MappingProxyType(
    {
        Event.FOUND_INCOMPLETE: LetterCode.INTEGRATION,
        Event.FOUND_EARLY: LetterCode.HOLD,
        Event.SPLIT: LetterCode.ACK,
        Event.JOINED: LetterCode.JOINED,
    }
)


def due(event: str, state: CaseState, outcome: Outcome) -> LetterCode | None:
    """Say which letter a step calls for: its event, the state after it, and the outcome of the case.

    None where the customer is told nothing: what a clerk still weighs, what happens in the queue, the end of a wait,
    which the letter about the wait has told already, and what a clerk found to be no request at all.
    """
    if outcome is Outcome.NOT_A_REQUEST:
        return None
    if event in {BORN, READ_AGAIN}:
        return _BIRTH.get(state)
    if event == Event.REFUSAL_CONFIRMED:
        return LetterCode.WRONG_FORM if outcome is Outcome.WRONG_FORM else LetterCode.NOT_ADMISSIBLE
    return _LATER.get(event)


def still_true(code: LetterCode, state: CaseState) -> bool:
    """Tell whether a letter written for an earlier step is still right for a case that is now in ``state``.

    A request for papers that came meanwhile, or a wait that is over, would only confuse.
    """
    if code is LetterCode.INTEGRATION:
        return state is CaseState.WAITING_CUSTOMER
    if code is LetterCode.HOLD:
        return state is CaseState.HELD
    return code not in REFUSALS or state in {CaseState.REFUSED, CaseState.CLOSED}
