"""Verdict: what to make of one reading of a field, before it is joined with where it stands."""

from collections.abc import Iterable
from dataclasses import dataclass

from ocr.ink import Ink
from parsers.evidence import Evidence
from parsers.reading import Content, State, Value
from templates.form import Field

NOT_CLEAR = "La scrittura non si legge con sicurezza: confrontare con l'immagine e scegliere o riscrivere il valore."
READERS_DIFFER = "Due letture dello stesso campo sono diverse: confrontare con l'immagine e scegliere quella giusta."
NOTHING_READ = "Nel campo c'è un segno che non si riesce a leggere: guardare l'immagine."


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state of a field, with its value, its reason and its proposals as ``Value`` has them.

    ``raw`` replaces the ink's text where a reading without any check shows more: the characters of single cells.
    """

    state: State
    value: Content = None
    confidence: float = 1.0
    reason: str = ""
    proposals: tuple[str, ...] = ()
    evidence: Evidence | None = None
    raw: str = ""

    def of(self, field: Field, ink: Ink, raw: str) -> Value:
        """Join with the field and the ink."""
        return Value(
            field=field.name,
            value=self.value,
            raw=self.raw or raw,
            state=self.state,
            confidence=self.confidence,
            source=ink.source,
            file=ink.file,
            page=ink.page,
            box=ink.box,
            reason=self.reason,
            proposals=self.proposals,
            doubt=ink.doubt or "",
            evidence=self.evidence,
        )


def filled(
    value: Content, confidence: float, proposals: Iterable[str] = (), evidence: Evidence | None = None
) -> Verdict:
    """Take a value; a proposal that says the same is none."""
    others = tuple(dict.fromkeys(p for p in proposals if p and p != value))
    return Verdict(State.FILLED, value, confidence, proposals=others, evidence=evidence)


def unreadable(
    confidence: float, proposals: Iterable[str] = (), reason: str = NOT_CLEAR, evidence: Evidence | None = None
) -> Verdict:
    """Ask a clerk; repeated proposals are dropped."""
    return Verdict(
        State.UNREADABLE, None, confidence, reason, tuple(dict.fromkeys(p for p in proposals if p)), evidence
    )


def invalid(confidence: float, reason: str, proposals: Iterable[str] = ()) -> Verdict:
    """Say what is wrong."""
    return Verdict(State.INVALID, None, confidence, reason, tuple(dict.fromkeys(proposals)))
