"""The pairs that eyes and readers confuse between letters and digits."""

from itertools import combinations, product

DIGIT_FOR = {
    "O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "J": "1", "Z": "2", "A": "4", "S": "5", "G": "6", "B": "8",
}  # fmt: skip
"""The digit that a letter was most likely meant to be."""

LETTER_FOR = {"0": "O", "1": "I", "2": "Z", "4": "A", "5": "S", "6": "G", "7": "T", "8": "B"}
"""The letter that a digit was most likely meant to be."""

LOOK_ALIKES = ("O0QD", "I1L7T", "Z27", "S5", "B83", "G6C", "UV", "VY", "MN", "EF", "PR", "38", "56", "69", "35", "49")


def digits(text: str) -> str:
    """Read look-alike letters as digits.

    >>> digits("l23O")
    '1230'
    """
    return "".join(DIGIT_FOR.get(c.upper(), c) for c in text)


def letters(text: str) -> str:
    """Read look-alike digits as letters.

    >>> letters("R055I")
    'ROSSI'
    """
    return "".join(LETTER_FOR.get(c, c) for c in text)


def look_alikes(char: str) -> tuple[str, ...]:
    """List the characters that this one is confused with."""
    return tuple(dict.fromkeys(c for group in LOOK_ALIKES if char in group for c in group if c != char))


def respellings(text: str, changes: int = 1) -> tuple[str, ...]:
    """List the texts that differ from this one in exactly ``changes`` look-alikes."""
    found: list[str] = []
    for places in combinations(range(len(text)), changes):
        for swap in product(*(look_alikes(text[i]) for i in places)):
            chars = list(text)
            for i, c in zip(places, swap, strict=True):
                chars[i] = c
            found.append("".join(chars))
    return tuple(found)
