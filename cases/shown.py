"""What somebody asks to see of a delivery: one of its files, or one sheet of it as a picture. Pure."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sight:
    """One file of a delivery by its SHA-256; ``page`` is a sheet of it, from 1, or 0 for the file itself.

    ``name`` and ``pec`` are the delivery's own; ``width`` of the picture is in pixels.
    """

    name: str
    pec: bool
    digest: str
    page: int = 0
    width: int = 0


class NotSeen(Exception):
    """There is no such file or sheet, or it cannot be opened; the message says which, without what it holds."""


Show = Callable[[Sight, bytes], bytes]
"""Give what is asked for out of a delivery's original bytes. Raises ``NotSeen``."""
