"""The papers of an online submission: what each sheet is, now that the form itself was typed."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from pages.page import Page
from parsers.online import Typed
from parsers.reading import Paper, Role
from templates.form import Match
from templates.sort import DELEGATION, Bundle, Leaf

_SAID = 0.9
"""How far the sender's word of what a file is goes, where its sheet says nothing."""
_EVIDENCE = "indicato da chi ha inviato"


def online_subject(typed: Typed) -> str:
    """Give the subject for the register."""
    return f"Richiesta on-line: {typed.form.title}"


def online_papers(typed: Typed, leaves: Sequence[Leaf], name: Callable[[Page], Paper]) -> dict[Page, Paper]:
    """Name every sheet but those of the delegation form; where the sheet is unclear, by the sender's word."""
    return {page: _named(typed, name(page)) for page, match in leaves if not _is_delegation(match)}


def online_bundle(typed: Typed, leaves: Sequence[Leaf]) -> Bundle:
    """Put the sheets of an online submission together: it is one, of the form that was typed."""
    delega = tuple((page, match) for page, match in leaves if match is not None and _is_delegation(match))
    return Bundle(typed.form, delega=delega, loose=tuple(p for p, match in leaves if not _is_delegation(match)))


def _named(typed: Typed, paper: Paper) -> Paper:
    said = typed.told.attachments.get(paper.file, "")
    if paper.role is not Role.UNSURE or not said:
        return paper
    return replace(paper, code=said, confidence=_SAID, evidence=_EVIDENCE)


def _is_delegation(match: Match | None) -> bool:
    return match is not None and match.form.code == DELEGATION
