"""Spoil bytes as the world and its attackers do: flips, cuts, copies, swaps, odd numbers, pieces of something else."""

from collections.abc import Sequence
from random import Random

_NUMBERS = (
    b"\0\0\0\0",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\x80\0\0\0",
    b"\0\0\0\x80",
    b"-1",
    b"0",
    b"99999999999999",
)
_MOST = 8
_LONGEST = 64


def mutate(raw: bytes, others: Sequence[bytes], words: Sequence[bytes], rng: Random) -> bytes:
    """Give bytes with one to eight faults, out of ``others`` and of ``words`` that parsers of this kind look for."""
    spoiled = bytearray(raw)
    for _ in range(rng.randint(1, _MOST)):
        at = rng.randrange(len(spoiled) + 1)
        length = rng.choice((1, 1, 2, 4, rng.randint(1, _LONGEST), rng.randint(1, max(1, len(spoiled) // 3))))
        kind = rng.randrange(8)
        if kind == 0:
            spoiled[at : at + length] = b""
        elif kind == 1:
            spoiled[at:at] = rng.randbytes(min(length, _LONGEST))
        elif kind == 2:
            spoiled[at : at + 4] = rng.choice(_NUMBERS)
        elif kind == 3:
            spoiled[at:at] = rng.choice(words)
        else:
            _shuffle(spoiled, at, length, others, rng, kind)
    return bytes(spoiled)


def _shuffle(spoiled: bytearray, at: int, length: int, others: Sequence[bytes], rng: Random, kind: int) -> None:
    if kind == 4:
        other = rng.choice(others)
        start = rng.randrange(len(other) + 1)
        spoiled[at:at] = other[start : start + length]
    elif kind == 5:
        spoiled[at:at] = spoiled[at : at + length]
    elif at < len(spoiled):
        spoiled[at] ^= 1 << rng.randrange(8)
