"""Make text from outside fit for the database, which refuses NUL and half characters."""

from collections.abc import Mapping, Sequence

_INSTEAD = "\N{REPLACEMENT CHARACTER}"


def plain(text: str) -> str:
    r"""Replace what PostgreSQL cannot store.

    >>> plain("a\x00b")
    'a�b'
    """
    return text.replace("\0", _INSTEAD).encode("utf-8", "replace").decode("utf-8")


def storable_origin(origin: str) -> str:
    r"""Spell what cannot be stored; a replacement sign would make one of two origins.

    >>> storable_origin("scan:a\udcff.pdf")
    'scan:a\\udcff.pdf'
    """
    return origin.replace("\0", "\\x00").encode("utf-8", "backslashreplace").decode("utf-8")


def plain_json(value: object) -> object:
    """Replace in a whole tree of plain JSON values what cannot be stored."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Mapping):
        return {plain(str(name)): plain_json(part) for name, part in value.items()}
    if isinstance(value, Sequence):
        return [plain_json(part) for part in value]
    return value
