"""What a clerk is told of a case that cannot be decided, in Italian. Pure."""

from typing import Final

from cases.case import CaseState
from checks.validation import Validation


def left(found: Validation) -> str:
    """Say that a case cannot go on while points of it wait for a decision."""
    return (
        "La pratica non si può ancora chiudere: restano punti da decidere "
        f"({len(found.reasons)}). Deciderli, oppure passarla al responsabile."
    )


CLOSED: Final = {
    CaseState.LINKED: "La pratica è unita a un'altra: correggere quella.",
    CaseState.REFUSED: "La pratica è stata respinta: non si può più correggere.",
    CaseState.HANDED_OVER: "La pratica è già in lavorazione presso lo Sportello: non si può più correggere qui.",
    CaseState.CLOSED: "La pratica è chiusa: non si può più correggere.",
}
