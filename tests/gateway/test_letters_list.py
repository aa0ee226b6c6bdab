"""The list of letters in the terminal."""

from datetime import UTC, datetime

from gateway.letters_cli import listed
from letters.post import Shown
from letters.sending import LetterState

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


def _letter(number: int, state: LetterState, reason: str = "") -> Shown:
    case = f"2026/{number:07d}"
    return Shown(number, case, "ack", "Avviso", "", state, reason, "print", "", "", NOW, None, 1, "")


def test_a_reason_that_many_letters_share_is_said_once_below_them() -> None:
    shared, own = "Manca l'indirizzo: aggiungerlo.", "550 no such user"
    held = [_letter(number, LetterState.WITHHELD, shared) for number in range(1, 21)]
    lines = list(listed([*held, _letter(21, LetterState.FAILED, own), _letter(22, LetterState.READY)]))
    assert [line.split()[0] for line in lines[:22]] == [str(number) for number in range(1, 23)]
    assert sum(shared in line for line in lines) == 1
    assert lines[22] == f"\n1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 (+8): {shared}"
    assert lines[23] == f"\n21: {own}"


def test_no_letters_are_no_lines() -> None:
    assert list(listed([])) == []
