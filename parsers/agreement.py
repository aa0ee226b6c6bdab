"""Two engines' readings of one text: whether they agree, and what to take from each."""

import re
import unicodedata
from typing import Final

from parsers.fields.folding import fold, squeeze


def agree(one: str, other: str) -> bool:
    """Tell whether two readings are the same but for spaces and accents.

    >>> agree("Via Forlì12", "Via Forli 12")
    True
    """
    return _bare(fold(one)) == _bare(fold(other))


_ONE_SIDED: Final = re.compile(r"\w-\s\w|\w\s-\w")


def combined(first: str, second: str | None) -> str:
    """Take the first reading, with the second's spaces or accents where only these differ.

    The recogniser of lines loses spaces in Italian and turns ì into i; the second engine keeps both better.

    >>> combined("int.3 scala B", "int. 3 scala B"), combined("Forli", "Forlì")
    ('int. 3 scala B', 'Forlì')

    No code has a space on one side of its hyphen, whoever reads one there.

    >>> combined("AL-1542468", "AL- 1542468"), combined("KL -78", "KL-78"), combined("Bari-Nord", "Bari - Nord")
    ('AL-1542468', 'KL-78', 'Bari - Nord')
    """
    if second is None or not agree(first, second):
        return first
    if _bare(squeeze(first)) == _bare(squeeze(second)):
        return first if _ONE_SIDED.search(second) and not _ONE_SIDED.search(first) else second
    return max((first, second), key=_accents)


def _bare(text: str) -> str:
    return "".join(text.split())


def _accents(text: str) -> int:
    return sum(1 for c in unicodedata.normalize("NFD", text) if unicodedata.combining(c))
