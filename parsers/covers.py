"""Fax covers and separator sheets, by the words on them."""

import re

from parsers.phrases import Weighed, ready, weigh
from parsers.sheet_words import COVER, SEPARATOR

ENOUGH = 0.9
LABEL_WEIGHT = 0.16
MOST_WORDS = 170
"""A cover has addresses and a sentence or two; a letter sent by fax has more."""
MOST_SEPARATOR_WORDS = 30
MOST_PAGES = 200
_LABEL = re.compile(
    r"^\W{0,3}(?:a|al|alla|da|dal|per|att|att\.ne|alla c ?\.?a|c\.? ?a\.?|fax|n\.? ?fax|numero (?:di )?fax|tel|telefono"
    r"|data|ora|ogg|oggetto|pag|pagg|pagine|n\.? ?pag\w*|numero (?:di )?pagine|mittente|destinatario|societa"
    r"|ufficio|rif|to|from|date|subject|pages|re|cc|phone|company)\b\.?\s{0,3}[:.=]",
    re.MULTILINE,
)
_ANNOUNCED = (
    re.compile(r"(?:pag(?:ine|\.|g\.?)?|fogli)[^\n0-9]{0,60}?\b([0-9]{1,3})\b(?!\s?[/:.\-][0-9])"),
    re.compile(r"\b([0-9]{1,3})\s{0,2}(?:\([a-z]{2,12}\)\s{0,2})?(?:pag(?:ine|\.|g\.?)|fogli)\b"),
    re.compile(r"pages[^\n0-9]{0,40}?\b([0-9]{1,3})\b"),
)
_BESIDES = re.compile(r"(?:esclus[ao]|oltre (?:al)?la|piu (?:la )?(?:presente|copertina))")


def cover(text: str) -> Weighed:
    r"""Weigh how much a sheet looks like the cover of a fax: its phrases, and its labels with colons.

    >>> cover("TELEFAX\nDa: Prova\nA: Ufficio\nPagine inclusa la presente: 4\nOggetto: invio").weight >= ENOUGH
    True
    """
    if len(text.split()) > MOST_WORDS:
        return Weighed(0.0, ())
    lines = "\n".join(ready(line) for line in text.splitlines())
    words = weigh(ready(text), COVER)
    labels = len({found.group().strip(" .:=") for found in _LABEL.finditer(lines)})
    if not words.found:
        return Weighed(0.0, ())
    return Weighed(round(words.weight + LABEL_WEIGHT * labels, 3), words.found)


def separator(text: str) -> Weighed:
    """Weigh how much a sheet looks like a separator of a scanner's batch.

    >>> separator("FOGLIO SEPARATORE - non rimuovere").weight >= ENOUGH
    True
    """
    if len(text.split()) > MOST_SEPARATOR_WORDS:
        return Weighed(0.0, ())
    return weigh(ready(text), SEPARATOR)


def announced_pages(text: str) -> int:
    """Read how many pages a cover announces, itself counted; 0 where it does not say.

    >>> announced_pages("N. pagine inclusa la presente: 6"), announced_pages("pagine 5 oltre alla copertina")
    (6, 6)
    """
    for line in (ready(line) for line in text.splitlines()):
        for pattern in _ANNOUNCED:
            found = pattern.search(line)
            if found and 0 < int(found[1]) <= MOST_PAGES:
                return int(found[1]) + (1 if _BESIDES.search(line) else 0)
    return 0
