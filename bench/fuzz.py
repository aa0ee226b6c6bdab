"""Throw spoiled post at the reading: ``python -m bench.fuzz --count 100000 --kind mail``.

Each piece must end in a bin: documents, a refusal with its reason, a kind of mail, or the limit that it hit. A
traceback is a fault, and is printed with the number that makes the same piece again (``--seed S --kind K --only N``).
"""

import argparse
import os
import resource
import select
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import NoReturn

from bench.mutate import mutate
from bench.spoiled import KINDS, stock
from intake.receipt import MailKind, Parcel
from intake.unpack import unpack
from pages.open import open_pages
from pages.page import Unreadable

_BATCH = 500
_WALL_S = 60.0
_MEMORY = 3_000_000_000
_MOST_SHOWN = 20


@dataclass(slots=True)
class Tally:
    """How many pieces ended in which bin, and the numbers of those that ended in none."""

    bins: Counter[str] = field(default_factory=Counter)
    faults: list[int] = field(default_factory=list)

    @property
    def limits(self) -> int:
        """How many pieces were stopped by a limit: in the gateway a clerk gets them."""
        return sum(count for name, count in self.bins.items() if name.startswith("limit:"))


def piece(kind: str, seed: int, number: int) -> bytes:
    """Make one spoiled piece, always the same for the same numbers."""
    rng = Random(f"{seed}/{kind}/{number}")
    held = stock(kind)
    return mutate(rng.choice(held.pieces), held.pieces, held.words, rng)


def bin_of(kind: str, raw: bytes) -> str:
    """Read one piece as the gateway does, and name the bin in which it ends."""
    held = stock(kind)
    parcel = unpack(held.name, raw, held.pec)
    if parcel.kind is not MailKind.REQUEST:
        return parcel.kind.value
    return _opened(parcel) if held.open else _unpacked(parcel)


def fuzz(kind: str, count: int, seed: int, start: int = 0) -> Tally:
    """Read ``count`` pieces in children with limits; whatever happens in one, the next is read."""
    stock(kind)  # made once, before the children
    tally, at, end = Tally(), start, start + count
    while at < end:
        at = _batch(kind, seed, range(at, min(at + _BATCH, end)), tally)
    return tally


def _unpacked(parcel: Parcel) -> str:
    if parcel.documents:
        return "documents"
    if parcel.refused:
        return f"refused:{parcel.refused[0].reason}"
    if not parcel.parts:
        raise AssertionError("a delivery of which no part is accounted for")
    return "words"


def _opened(parcel: Parcel) -> str:
    for document in parcel.documents:
        try:
            open_pages(document)
        except Unreadable as error:
            return f"unreadable:{error.reason}"
    return "pages" if parcel.documents else _unpacked(parcel)


def _batch(kind: str, seed: int, numbers: range, tally: Tally) -> int:
    """Read pieces in one child; give the number to go on with."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _be_child(kind, seed, numbers, writing)
    os.close(writing)
    done, late = _listen(reading, tally)
    if late:
        os.kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if done == len(numbers):
        return numbers.stop
    lost = numbers[done]
    if status > 0:
        tally.faults.append(lost)
        print(f"traceback: --kind {kind} --seed {seed} --only {lost}", flush=True)
    else:
        tally.bins["limit:time" if late else f"limit:signal {-status}"] += 1
    return lost + 1


def _be_child(kind: str, seed: int, numbers: range, writing: int) -> NoReturn:
    """Name the bins one by one; a traceback is shown and ends the child, never the code that forked it."""
    code = 1
    try:
        _confine()
        for name in _bins(kind, seed, numbers):
            os.write(writing, f"{name}\n".encode())
        code = 0
    finally:
        if code:
            traceback.print_exc()
        os._exit(code)


def _bins(kind: str, seed: int, numbers: range) -> Iterator[str]:
    for number in numbers:
        try:
            yield bin_of(kind, piece(kind, seed, number))
        except MemoryError:
            yield "limit:memory"


def _listen(reading: int, tally: Tally) -> tuple[int, bool]:
    """Count the bins that a child names until it ends; True when it was silent for too long."""
    done, rest = 0, b""
    with open(reading, "rb", buffering=0) as pipe:
        while select.select([pipe], [], [], _WALL_S)[0]:
            got = pipe.read(65536)
            if not got:
                return done, False
            *lines, rest = (rest + got).split(b"\n")
            tally.bins.update(line.decode() for line in lines)
            done += len(lines)
    return done, True


def _confine() -> None:
    """Take the limits on; what C libraries write about a document goes nowhere, a traceback is shown."""
    sys.stderr = os.fdopen(os.dup(2), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("--kind", choices=[*KINDS, "all"], default="all")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--only", type=int, help="read this piece alone, in this process, and show what happens")
    asked = parser.parse_args()
    if asked.only is not None:
        print(bin_of(asked.kind, piece(asked.kind, asked.seed, asked.only)))
        return
    faults = 0
    for kind in KINDS if asked.kind == "all" else [asked.kind]:
        began = time.monotonic()
        tally = fuzz(kind, asked.count, asked.seed)
        faults += len(tally.faults)
        rate = asked.count / (time.monotonic() - began)
        print(
            f"{kind}: {asked.count} pieces, seed {asked.seed}, {rate:.0f}/s, {len(tally.faults)} tracebacks, ", end=""
        )
        print(f"{tally.limits} stopped by a limit")
        for name, count in tally.bins.most_common(_MOST_SHOWN):
            print(f"  {count:>8}  {name}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
