"""The heartbeat of a worker for its supervisor: a file whose content is the monotonic time of the last beat.

The machine's monotonic clock is the same for all processes and knows no steps, no daylight saving and no sleep. The
beat comes from the loop that also runs the jobs: a process that hangs, or was stopped, beats no more.
"""

import asyncio
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

VARIABLE: Final = "GATEWAY_BEAT"
EVERY_S: Final = 2.0


async def beat_for_ever() -> None:
    """Beat into the file that the supervisor named; without one there is nobody to beat for."""
    named = os.environ.get(VARIABLE)
    while named:
        beat(Path(named))
        await asyncio.sleep(EVERY_S)


def beat(path: Path) -> None:
    """Beat once. A full disk is no reason to die."""
    with suppress(OSError):
        path.write_text(f"{time.monotonic():.1f}", encoding="ascii")


def silent_s(path: Path, since: float) -> float:
    """Give for how long no beat came, ``since`` being the (monotonic) start of the process."""
    try:
        last = float(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        last = since
    return time.monotonic() - max(last, since)
