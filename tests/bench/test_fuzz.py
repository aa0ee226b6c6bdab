import os
import signal
from random import Random

import pytest

from bench import fuzz as fuzzing
from bench.fuzz import fuzz, piece
from bench.mutate import mutate
from bench.spoiled import KINDS

COUNTS = {
    "mail": 500, "daticert": 500, "p7m": 500, "tnef": 800, "msg": 800, "archive": 500, "tiff": 120, "pdf": 25,
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_spoiled_piece_ends_in_a_bin_and_none_in_a_traceback(kind: str) -> None:
    tally = fuzz(kind, COUNTS[kind], seed=20261125)
    assert not tally.faults
    assert tally.bins.total() == COUNTS[kind]
    assert len(tally.bins) > 1


def test_a_piece_is_the_same_for_the_same_numbers() -> None:
    assert piece("mail", 1, 7) == piece("mail", 1, 7)
    assert piece("mail", 1, 7) != piece("mail", 1, 8)
    assert mutate(b"", [b"x"], [b"y"], Random(1)) is not None


def test_a_traceback_a_death_and_a_stall_are_counted_and_the_rest_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(_: str, raw: bytes) -> str:
        if raw == b"3":
            raise RuntimeError
        if raw == b"5":
            os.kill(os.getpid(), signal.SIGKILL)
        if raw == b"6":
            signal.pause()
        if raw == b"7":
            raise MemoryError
        return "fine"

    monkeypatch.setattr(fuzzing, "bin_of", faulty)
    monkeypatch.setattr(fuzzing, "piece", lambda _kind, _seed, number: str(number).encode())
    monkeypatch.setattr(fuzzing, "_WALL_S", 5.0)
    tally = fuzz("mail", 10, seed=0)
    assert tally.faults == [3]
    assert tally.bins == {"fine": 6, "limit:signal 9": 1, "limit:time": 1, "limit:memory": 1}
    assert tally.limits == 3
