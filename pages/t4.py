"""Read Group 3 fax data row by row, so that a row that the telephone line damaged costs that row and not the page.

libtiff loses its place at the first wrong bit of such data, in this strip and in those after it. Rows stand between
end-of-line codes; each is read on its own, and one that does not come out at the page's width is replaced by the row
above, as a fax machine does. Codes and modes: ITU-T T.4, tables 2, 3 and 4.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np

from pages.page import Picture

_WHITE: Final = (
    "00110101 000111 0111 1000 1011 1100 1110 1111 10011 10100 00111 01000 001000 000011 110100 110101 101010 101011 "
    "0100111 0001100 0001000 0010111 0000011 0000100 0101000 0101011 0010011 0100100 0011000 00000010 00000011 "
    "00011010 00011011 00010010 00010011 00010100 00010101 00010110 00010111 00101000 00101001 00101010 00101011 "
    "00101100 00101101 00000100 00000101 00001010 00001011 01010010 01010011 01010100 01010101 00100100 00100101 "
    "01011000 01011001 01011010 01011011 01001010 01001011 00110010 00110011 00110100"
)
_WHITE_LONG: Final = (
    "11011 10010 010111 0110111 00110110 00110111 01100100 01100101 01101000 01100111 011001100 011001101 011010010 "
    "011010011 011010100 011010101 011010110 011010111 011011000 011011001 011011010 011011011 010011000 010011001 "
    "010011010 011000 010011011"
)
_BLACK: Final = (
    "0000110111 010 11 10 011 0011 0010 00011 000101 000100 0000100 0000101 0000111 00000100 00000111 000011000 "
    "0000010111 0000011000 0000001000 00001100111 00001101000 00001101100 00000110111 00000101000 00000010111 "
    "00000011000 000011001010 000011001011 000011001100 000011001101 000001101000 000001101001 000001101010 "
    "000001101011 000011010010 000011010011 000011010100 000011010101 000011010110 000011010111 000001101100 "
    "000001101101 000011011010 000011011011 000001010100 000001010101 000001010110 000001010111 000001100100 "
    "000001100101 000001010010 000001010011 000000100100 000000110111 000000111000 000000100111 000000101000 "
    "000001011000 000001011001 000000101011 000000101100 000001011010 000001100110 000001100111"
)
_BLACK_LONG: Final = (
    "0000001111 000011001000 000011001001 000001011011 000000110011 000000110100 000000110101 0000001101100 "
    "0000001101101 0000001001010 0000001001011 0000001001100 0000001001101 0000001110010 0000001110011 0000001110100 "
    "0000001110101 0000001110110 0000001110111 0000001010010 0000001010011 0000001010100 0000001010101 0000001011010 "
    "0000001011011 0000001100100 0000001100101"
)
_LONGER: Final = (
    "00000001000 00000001100 00000001101 000000010010 000000010011 000000010100 000000010101 000000010110 "
    "000000010111 000000011100 000000011101 000000011110 000000011111"
)


def _runs(short: str, long: str) -> dict[str, int]:
    long_runs = {code: 64 * number for number, code in enumerate([*long.split(), *_LONGER.split()], 1)}
    return {code: number for number, code in enumerate(short.split())} | long_runs


_COLOURS: Final = (_runs(_WHITE, _WHITE_LONG), _runs(_BLACK, _BLACK_LONG))
_PASS, _ACROSS = 100, 101
_MODES: Final[Mapping[str, int]] = {
    "0001": _PASS, "001": _ACROSS, "1": 0, "011": 1, "000011": 2, "0000011": 3, "010": -1, "000010": -2, "0000010": -3,
}  # fmt: skip
"""Vertical modes by how far the edge lies from that of the row above."""
_LONGEST: Final = 13
_END_OF_LINE: Final = re.compile("0{11,}1")


class Torn(ValueError):
    """A row that its bits do not make."""


@dataclass(slots=True)
class _Bits:
    """The bits of one row while they are read."""

    bits: str
    at: int = field(default=0)

    def code(self, table: Mapping[str, int]) -> int:
        for size in range(1, _LONGEST + 1):
            found = table.get(self.bits[self.at : self.at + size])
            if found is not None:
                self.at += size
                return found
        raise Torn

    def run(self, colour: int) -> int:
        total = step = self.code(_COLOURS[colour])
        while step >= 64:
            step = self.code(_COLOURS[colour])
            total += step
        return total


def read_rows(data: bytes, width: int, rows: int, *, two_ways: bool) -> tuple[Picture, int]:
    """Read Group 3 data, most significant bit first, into a picture (rows, width) of 0 white, 1 black.

    ``two_ways`` says that rows may be drawn from the row above (T4Options bit 0). Gives also how many rows are not as
    they were sent: torn ones, and those that are missing at the end, which are white.
    """
    picture = np.zeros((rows, width), np.uint8)
    above: Sequence[int] = (width,)
    torn, row = 0, 0
    for bits in _between(data):
        if row == rows:
            break
        try:
            above = _row(bits, width, above, two_ways=two_ways)
        except Torn:
            torn += 1
        _paint(picture[row], above)
        row += 1
    return picture, torn + rows - row


def count_rows(data: bytes) -> int:
    """Count the rows in Group 3 data without reading them."""
    return sum(1 for _ in _between(data))


def _between(data: bytes) -> Iterator[str]:
    """Give the bits between end-of-line codes; several of these in a row end the page and hold no rows."""
    bits = bin(int.from_bytes(b"\x01" + data))[3:]
    start = 0
    for end in _END_OF_LINE.finditer(bits):
        # Zeros beyond the eleven of the code may be the last of the row's own: a row stops by its width.
        if end.end() - 12 - start > 1:
            yield bits[start : end.end() - 12]
        start = end.end()
    if len(bits) - start > 1:
        yield bits[start:]


def _row(bits: str, width: int, above: Sequence[int], *, two_ways: bool) -> Sequence[int]:
    """Read one row as the places where its colour changes, the first change being to black. Raises ``Torn``."""
    reader = _Bits(bits)
    if not two_ways:
        return _alone(reader, width)
    reader.at = 1
    return _alone(reader, width) if bits[0] == "1" else _from_above(reader, width, above)


def _alone(reader: _Bits, width: int) -> Sequence[int]:
    edges: list[int] = []
    at = colour = 0
    while at < width:
        at += reader.run(colour)
        edges.append(at)
        colour ^= 1
    return _whole(edges, width)


def _from_above(reader: _Bits, width: int, above: Sequence[int]) -> Sequence[int]:
    edges: list[int] = []
    at, colour = -1, 0
    while at < width:
        first, second = _edges_after(above, at, colour, width)
        mode = reader.code(_MODES)
        if mode == _PASS:
            at = second
        elif mode == _ACROSS:
            at = max(at, 0)
            for each in (colour, colour ^ 1):
                at += reader.run(each)
                edges.append(at)
        else:
            at = first + mode
            edges.append(at)
            colour ^= 1
    return _whole(edges, width)


def _edges_after(above: Sequence[int], at: int, colour: int, width: int) -> tuple[int, int]:
    """Give b1 and b2 of T.4: the next edge above, right of ``at``, to the other colour, and the one after it."""
    for number in range(colour, len(above), 2):
        if above[number] > at:
            return above[number], above[number + 1] if number + 1 < len(above) else width
    return width, width


def _whole(edges: list[int], width: int) -> Sequence[int]:
    """Refuse edges that go back, or a row that does not end at the width."""
    if not edges or edges[-1] != width or any(b < a for a, b in pairwise(edges)):
        raise Torn
    return edges


def _paint(row: Picture, edges: Sequence[int]) -> None:
    for start, end in zip(edges[::2], edges[1::2], strict=False):
        row[start:end] = 1
