"""Really kill: eight processes register at once and are killed, and the register has neither a gap nor a repeat."""

import pytest

from bench.numbering import tortured


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_kills_leave_no_gap_and_no_repeat() -> None:
    tally = tortured(lines=300, workers=8, seed=7)
    assert tally.wrong == ()
    assert tally.lines >= 300
    assert tally.kills >= 10
