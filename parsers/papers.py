"""Tell papers apart: which attachment a loose page is, and what came where no form page is known."""

import re

from rapidfuzz import fuzz

from parsers.identity_document import identity_document
from parsers.paper_words import BILL, BILL_NAMED, CARD, CMOR, FILE_WORDS, PAPERS
from parsers.phrases import Weighed, ready, weigh
from parsers.stranger_words import ADVERTISING, ASKING, STRANGERS

UNSURE = "unsure"
ENOUGH = 0.7
"""Weight from which a paper is named."""
HALF = 0.5
"""Weight of one part that only a bill has."""
FILE_WEIGHT = 0.5
"""A file's name alone: people name files as they like, so it is half a proof."""
CERTAIN = 0.95
ALIKE = (
    ("id_copy_holder", "id_copy_delegate"),
    ("bill_latest", "bill_old", "bill_new", "bills_after_complaint", "bill_cmor"),
)
"""Papers that look the same; the first stands for all where nothing tells them apart."""
SAME = 97.0
FEW_FIGURES = 3
FEW_LETTERS = 12
"""A text of fewer letters says nothing: a stamp, a speck, a page number."""


def name_paper(text: str, file_name: str) -> tuple[str, float, str]:
    """Name an attachment by the words on it and, weaker, its file's name: code, confidence 0..1, and the evidence.

    A bill is ``bill_cmor`` if it has a CMOR line, else the bill that the file's name says, else ``bill_latest``: which
    period it covers is for the checks. A card is the holder's unless the file's name says that it is the delegate's.
    """
    named = _by_file(file_name)
    words = {_as_named(code, named): weighed for code, weighed in _by_words(text).items()}
    scores = {code: weighed.weight for code, weighed in words.items()}
    for code in named:
        scores[code] = scores.get(code, 0.0) + FILE_WEIGHT
    best = max(scores, key=lambda code: scores[code], default=UNSURE)
    if best == UNSURE or scores[best] < ENOUGH - (FILE_WEIGHT if best in named and not _says_much(text) else 0.0):
        return UNSURE, 0.0, ""
    second = max((s for code, s in scores.items() if code != best), default=0.0)
    evidence = [*words.get(best, Weighed(0.0, ())).found, *(("nome del file",) if best in named else ())]
    return best, _confidence(scores[best], second), ", ".join(evidence[:3])


def name_stranger(text: str) -> str:
    """Name what came where no form page is known, by the kinds of ``Reading.stranger``.

    A text that names no wrong form is a letter if it asks for something, and no request if it offers something. What
    does neither is unknown: only advertising may be put aside without a person.
    """
    if not _says_much(text):
        return "empty"
    folded = ready(text)
    scores = {kind: weigh(folded, clues).weight for kind, clues in STRANGERS.items()}
    best = max(scores, key=lambda kind: scores[kind])
    asking, selling = weigh(folded, ASKING).weight, weigh(folded, ADVERTISING).weight
    if scores[best] >= ENOUGH and scores[best] >= selling:
        return best
    if asking >= ENOUGH and asking >= selling:
        return "letter"
    return "not_a_request" if selling >= ENOUGH else "unknown"


def same_text(one: str, other: str) -> bool:
    """Tell whether two sheets say the same: nearly the same words, and exactly the same figures.

    Two bills of one seller differ in their figures only.
    """
    figures = [re.findall(r"[0-9]{3,}", text) for text in (one, other)]
    if not all(_says_much(text) for text in (one, other)) or figures[0] != figures[1] or len(figures[0]) < FEW_FIGURES:
        return False
    return fuzz.ratio(ready(one), ready(other)) >= SAME


def _as_named(code: str, named: tuple[str, ...]) -> str:
    """Let a file's name say which of several alike papers it is: words alone cannot tell old bill from new."""
    alike = next((family for family in ALIKE if code == family[0]), ())
    return next((name for name in named if name in alike), code)


def _by_words(text: str) -> dict[str, Weighed]:
    folded = ready(text)
    found = {code: weigh(folded, clues) for code, clues in PAPERS.items()}
    bill, named, cmor = weigh(folded, BILL), weigh(folded, BILL_NAMED), weigh(folded, CMOR)
    found["id_copy_holder"] = _card(text, folded)
    if bill.weight >= HALF and bill.weight + named.weight >= ENOUGH:
        # That it has a CMOR line tells which bill it is, never that it is one: a complaint about a CMOR names it more.
        code = "bill_cmor" if cmor.weight >= ENOUGH else "bill_latest"
        found[code] = Weighed(bill.weight + named.weight, (*cmor.found, *bill.found))
    return {code: weighed for code, weighed in found.items() if weighed.weight > 0}


def _card(text: str, folded: str) -> Weighed:
    """Weigh a card; a complaint may well name its number, so that the number alone is only half a proof."""
    words = weigh(folded, CARD)
    document = identity_document(text)
    number = 0.5 if document and document.number else 0.0
    return Weighed(words.weight + number, (*words.found, *(("numero del documento",) if number else ())))


def _by_file(file_name: str) -> tuple[str, ...]:
    """List the codes that a file's name speaks for; the first fitting row counts."""
    plain = " ".join(re.split(r"[^a-z0-9]+", ready(file_name.rsplit("/", 1)[-1])))
    padded = f" {plain} "
    for code, words in FILE_WORDS.items():
        if any(f" {' '.join(re.split(r'[^a-z0-9]+', word))}" in padded for word in words):
            return (code,)
    return ()


def _says_much(text: str) -> bool:
    return sum(c.isalpha() for c in text) >= FEW_LETTERS


def _confidence(best: float, second: float) -> float:
    """Grow with the weight and with the lead over the next paper; a file's name alone stays at its own weight."""
    lead = (best - second) / best if best else 0.0
    return round(min(CERTAIN, min(1.0, best) * (0.5 + 0.5 * min(1.0, lead * 1.5))), 2)
