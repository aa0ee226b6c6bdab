"""A lattice as a short text, to be stored with the reading it gave: what a grammar looks at, and nothing below it."""

import base64
import zlib

import numpy as np

from ocr.ink import Cells, Lattice

FLOOR = 14.0
"""Nats behind the best of its step: no grammar looks farther than 12, so what lies below is stored as this."""


def pack(lattice: Lattice) -> str:
    """Keep of each step the characters near the best, in half precision."""
    logp = lattice.logp
    near = logp >= logp.max(axis=1, keepdims=True) - FLOOR if logp.size else np.zeros(logp.shape, dtype=bool)
    steps, columns = np.nonzero(near)
    counts = np.bincount(steps, minlength=logp.shape[0]).astype("<u2")
    parts = (counts.tobytes(), columns.astype("<u2").tobytes(), logp[near].astype("<f2").tobytes())
    head = f"{logp.shape[0]} {len(steps)} {lattice.alphabet}".encode()
    body = zlib.compress(len(head).to_bytes(4, "little") + head + b"".join(parts), 9)
    return base64.b85encode(body).decode("ascii")


def unpack(text: str) -> Lattice:
    """Give the lattice back; raises ``ValueError`` for what ``pack`` did not make."""
    try:
        raw = zlib.decompress(base64.b85decode(text))
        size = int.from_bytes(raw[:4], "little")
        steps, kept, alphabet = raw[4 : 4 + size].decode().split(" ", 2)
        numbers = np.frombuffer(raw[4 + size :], dtype="<u2")
        counts, columns = numbers[: int(steps)], numbers[int(steps) : int(steps) + int(kept)]
        near = numbers[int(steps) + int(kept) :].view("<f2").astype(np.float32)
        rows = np.repeat(np.arange(int(steps)), counts)
        best = np.full(int(steps), -np.inf, dtype=np.float32)
        np.maximum.at(best, rows, near)
        logp = np.repeat((best - FLOOR)[:, None], 1 + len(alphabet), axis=1)
        logp[rows, columns] = near
    except (zlib.error, ValueError, IndexError, UnicodeDecodeError) as error:
        raise ValueError(f"no packed lattice: {error}") from error
    return Lattice(alphabet, logp.astype(np.float32))


def pack_cells(cells: Cells) -> str:
    """Keep hand-printed cells like a lattice, with "reject" in the place of its blank, after a sign for each cell."""
    inked = "".join("." if empty else "x" for empty in cells.empty)
    return f"{inked} {pack(Lattice(cells.alphabet, np.roll(cells.logp, 1, axis=1)))}"


def unpack_cells(text: str) -> Cells:
    """Give the cells back; raises ``ValueError`` for what ``pack_cells`` did not make."""
    inked, space, rest = text.partition(" ")
    lattice = unpack(rest)
    if not space or set(inked) - {".", "x"}:
        raise ValueError("no packed cells: they begin with a sign for each cell")
    return Cells(lattice.alphabet, np.roll(lattice.logp, -1, axis=1), tuple(sign == "." for sign in inked))
