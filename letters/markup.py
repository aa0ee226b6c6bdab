"""Markup: the few signs of a letter's text, which a clerk can edit: ``## `` heading, ``### `` part, ``- `` item."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from textwrap import fill
from typing import Final

_WIDTH: Final = 72
"""Columns of a plain mail (RFC 3676 has 78 at most)."""


class Sign(StrEnum):
    """What a block of text is."""

    HEADING = "heading"
    PART = "part"
    ITEMS = "items"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Block:
    """One block: a heading, the heading of a part, a paragraph, or a list with one line for each item."""

    sign: Sign
    lines: tuple[str, ...]


def blocks(text: str) -> tuple[Block, ...]:
    r"""Read a text into blocks. Total: every text gives some, and no word is lost.

    >>> [block.sign.value for block in blocks("Gentile Cliente,\n\n## Ora\n- uno\n- due")]
    ['words', 'heading', 'items']
    """
    return tuple(_joined(_lines(text)))


def _lines(text: str) -> Iterator[tuple[Sign | None, str]]:
    for raw in text.splitlines():
        line = " ".join(raw.split())
        if not line:
            yield None, ""
        elif line.startswith("### "):
            yield Sign.PART, line[4:]
        elif line.startswith("## "):
            yield Sign.HEADING, line[3:]
        elif line.startswith("- "):
            yield Sign.ITEMS, line[2:]
        else:
            yield Sign.WORDS, line


def _joined(lines: Iterator[tuple[Sign | None, str]]) -> Iterator[Block]:
    open_: Sign | None = None
    held: list[str] = []
    for sign, line in lines:
        if sign is not open_ or sign in {Sign.HEADING, Sign.PART}:
            if open_ is not None:
                yield _block(open_, held)
            open_, held = sign, []
        held.append(line)
    if open_ is not None:
        yield _block(open_, held)


def _block(sign: Sign, held: list[str]) -> Block:
    return Block(sign, (" ".join(held),) if sign is Sign.WORDS else tuple(held))


def as_mail(text: str) -> str:
    """Set a text for a plain mail: headings in capitals, lines of at most 72 columns."""
    return "\n\n".join(_SET[block.sign](block.lines) for block in blocks(text)) + "\n"


def _words(lines: tuple[str, ...]) -> str:
    return fill(lines[0], _WIDTH, break_long_words=False, break_on_hyphens=False)


def _heading(lines: tuple[str, ...]) -> str:
    return lines[0].upper()


def _items(lines: tuple[str, ...]) -> str:
    shown = (
        fill(line, _WIDTH, initial_indent="- ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
        for line in lines
    )
    return "\n".join(shown)


_SET = {Sign.HEADING: _heading, Sign.PART: _words, Sign.ITEMS: _items, Sign.WORDS: _words}
