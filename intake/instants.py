"""Name the instants at which power may fail, so that tests can make it fail exactly there."""

import os
import signal
from collections import Counter

_ORDER = os.environ.get("GATEWAY_KILL_AT", "")
_passed: Counter[str] = Counter()


def instant(name: str) -> None:
    """Do nothing, unless GATEWAY_KILL_AT ("name:n", or "*:n" for any name) says to die at the n-th pass.

    It stands before and after every durable step. Death is SIGKILL: no handler, no flush, like a power cut.
    """
    if not _ORDER:
        return
    wanted, _, count = _ORDER.rpartition(":")
    _passed[name] += 1
    _passed["*"] += 1
    if wanted in {name, "*"} and _passed[wanted] == int(count):
        os.kill(os.getpid(), signal.SIGKILL)
