"""A day of traffic with a fault in every minute, and the ledger at its end.

``python -m bench.traffic --minutes 480 --seed 1`` prints a tally; exit code 1 when anything was lost, doubled or stuck.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bench.faults import FAULTS
from bench.stage import Stage, staged
from bench.verdict import wrongs

_OPEN_S: Final = 90.0
_FINISH_S: Final = 240.0
_MOST_A_MINUTE: Final = 3
_MINUTE_S: Final = 1.0


@dataclass(slots=True)
class Tally:
    """What happened on the day, and what was found wrong. ``by_day`` receipts were settled before it ended."""

    seed: int
    minutes: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)
    arrived: int = 0
    by_day: int = 0
    connections_cut: int = 0
    settled: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def as_json(self) -> str:
        """Give the tally for a program to read."""
        told = {name: getattr(self, name) for name in self.__slots__}
        told |= {"faults": dict(self.faults.most_common()), "kills": dict(self.kills.most_common())}
        return json.dumps(told | {"seconds": round(self.seconds, 1)}, indent=2)


def traffic(minutes: int, seed: int, minute_s: float = _MINUTE_S, kinds: Sequence[str] = tuple(FAULTS)) -> Tally:
    """Live through so many simulated minutes of ``minute_s`` real seconds each; give what happened."""
    tally, began = Tally(seed), time.monotonic()
    with staged(seed, minute_s) as stage:
        try:
            _open(stage)
            deck: list[str] = []
            for _ in range(minutes):
                if not deck:
                    deck = stage.chance.sample(list(kinds), len(kinds))
                _minute(stage, deck.pop(), tally)
            _close(stage, tally)
        except TimeoutError as error:
            tally.wrong.append(str(error))
    tally.seconds = time.monotonic() - began
    return tally


def _open(stage: Stage) -> None:
    """Begin the day when a service works: what no service could ever have done is no traffic."""
    stage.arrive()
    stage.supervise()
    stage.wait("a service to settle the first piece of post", lambda: stage.settled() > 0, _OPEN_S)


def _minute(stage: Stage, kind: str, tally: Tally) -> None:
    """Let post arrive, and let one thing go wrong."""
    began = time.monotonic()
    stage.supervise()
    for _ in range(stage.chance.randint(0, _MOST_A_MINUTE)):
        stage.arrive()
    with FAULTS[kind](stage):
        time.sleep(max(0.0, began + stage.minute_s - time.monotonic()))
    tally.faults[kind] += 1
    tally.minutes += 1


def _close(stage: Stage, tally: Tally) -> None:
    """End the day: the services stop, clean actors finish, and everything is counted."""
    tally.wrong += stage.end()
    tally.by_day = stage.settled()
    if not tally.by_day:
        tally.wrong.append("no receipt was settled during the day: no worker could run")
    tally.wrong += stage.finish(_FINISH_S)
    tally.wrong += wrongs(stage.server.url, stage.town, stage.fed)
    tally.arrived, tally.settled = len(stage.fed), stage.settled()
    tally.kills, tally.connections_cut = stage.kills, stage.gate.cut


def main(argv: Sequence[str]) -> int:
    """Live through a day as the command line says."""
    parser = argparse.ArgumentParser(description="A day of traffic with a fault in every minute.")
    parser.add_argument("--minutes", type=int, default=480, help="simulated minutes")
    parser.add_argument("--minute-s", type=float, default=_MINUTE_S, help="real seconds of a simulated minute")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(argv)
    tally = traffic(asked.minutes, asked.seed, asked.minute_s)
    print(tally.as_json())
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
