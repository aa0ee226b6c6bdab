"""The letter sum that codice fiscale and CIN share (DM 23/12/1976)."""

# The values of characters in odd positions, by the value 0-25 that they have in even ones.
ODD_VALUES = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)


def even_value(char: str) -> int:
    """Give a digit its value, and a letter its place in the alphabet from 0."""
    return int(char) if char in "0123456789" else ord(char) - ord("A")


def letter(text: str) -> str:
    """Compute the check letter of a text of A-Z and 0-9; the first position counts as odd.

    >>> letter("RSSMRA80A01H501")
    'U'
    """
    total = sum(even_value(c) if i % 2 else ODD_VALUES[even_value(c)] for i, c in enumerate(text))
    return chr(ord("A") + total % 26)
