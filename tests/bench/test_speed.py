"""The race against OCRmyPDF is fair only if a side that fails has no rate."""

import subprocess
import sys

import pytest

from bench.sheets import CHANNELS, make_pile
from bench.speed import run


def test_a_side_that_fails_has_no_rate() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        run([[sys.executable, "-c", "raise SystemExit(3)"]])


def test_both_processes_of_a_side_are_timed_with_their_children() -> None:
    turn = run([[sys.executable, "-c", "sum(range(3_000_000))"]] * 2)
    assert turn.wall_s > 0
    assert turn.cpu_s > 0


@pytest.mark.slow
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_pile_is_the_same_at_each_run_and_knows_what_was_typed(channel: str) -> None:
    pile = make_pile(channel, 1, 5)
    assert pile.content.startswith(b"%PDF")
    assert pile.content == make_pile(channel, 1, 5).content
    assert all(zone.text for zones in pile.pages for zone in zones)
