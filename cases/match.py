"""Match: whether an arrival is a new request, one that came before, or papers to a case. Pure; rules 4.8 and 4.9.

The stronger evidence is asked first. Nothing joins what is surely of two people, or of two procedures; where the
evidence is not enough, or fits several cases, a clerk decides.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from cases.case import CaseState
from cases.named import Named
from cases.sure import Likeness, Sure, compare, contradict, plain_sender
from checks.validation import Finding, Severity


class Why(StrEnum):
    """By what an arrival was matched, strongest first. The names are stored for ever."""

    SHEET = "return_sheet"
    """The 2-D code of the return sheet."""
    FILE = "same_file"
    """The very file of a filled form, or the same mail, came before."""
    NUMBER = "number"
    """It names the case, and something else of the case's too."""
    REPLY = "reply"
    """It answers a letter of ours."""
    SAME = "same_request"
    """Codice fiscale, POD or PDR, procedure and date of the complaint are the same."""
    PAGES = "same_pages"
    """The form's pages are the same sheets, or copies of them."""
    PERSON = "person_and_procedure"
    SUPPLY = "supply_and_name"
    PARTS = "some_parts"
    """Two or three of the four are the same."""
    SENDER = "sender"
    CLERK = "clerk"


PERHAPS: Final = "perhaps_same_case"
"""The rule of the finding that asks a clerk."""


class Kind(StrEnum):
    """What comes of an arrival. The last three are stored with the link."""

    NEW = "new"
    DUPLICATE = "duplicate"
    JOINED = "joined"
    MAYBE = "maybe"


OPEN: Final = (
    CaseState.WAITING_CLERK, CaseState.WAITING_CUSTOMER, CaseState.HELD, CaseState.QUEUED, CaseState.REFUSAL_PROPOSED,
    CaseState.HANDED_OVER,
)  # fmt: skip
"""The states in which a case can still be joined."""
WAITING: Final = (CaseState.WAITING_CUSTOMER, CaseState.HELD)
"""The states in which papers of the customer are expected."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What an arrival shows of whose it is.

    ``sender`` is an address or fax number, ``files`` are the digests of the files of its filled form, ``sheets`` the
    ids of cases whose return sheet lies in it, ``replies`` those whose letter it answers.
    """

    sure: Sure
    named: Named
    sender: str = ""
    files: frozenset[str] = frozenset()
    sheets: frozenset[int] = frozenset()
    replies: frozenset[int] = frozenset()
    form_pages: frozenset[int] = frozenset()
    """The pages of its form that came."""
    same_mail: frozenset[int] = frozenset()
    """Cases that came by the very same mail."""
    same_pages: frozenset[int] = frozenset()
    """Cases whose form is, by the look of its pages, the same paper."""

    @property
    def unsure_form(self) -> bool:
        """Tell whether a form came of which it is not sure whose it is."""
        return bool(self.sure.procedure) and not self.sure.known


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that an arrival might belong to; ``senders`` are where it came from, and the contacts on its form."""

    case_id: int
    number: str
    state: CaseState
    sure: Sure
    received_at: datetime
    senders: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    lacks: frozenset[int] = frozenset()
    """The pages of its form that did not come."""
    numbers: frozenset[str] = frozenset()
    """Its own register number, and those of what it carries."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What comes of an arrival, of which case, and by what. ``findings`` are for the clerk who reads the arrival."""

    kind: Kind = Kind.NEW
    case_ids: tuple[int, ...] = ()
    why: Why | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def links(self) -> bool:
        """Tell whether the arrival goes to another case."""
        return self.kind in (Kind.DUPLICATE, Kind.JOINED)


_BY_WORD: Final = (Why.NUMBER, Why.REPLY)
"""Evidence of the mail around a form; on whose form it is, a form itself has the say."""


def decide(arrival: Arrival, candidates: Sequence[Candidate]) -> Decision:
    """Decide about one arrival. What goes to another case is ``JOINED`` here: whether it brought nothing is seen later.

    Candidates that are closed or refused are told to the clerk when the arrival names them, and never joined.
    """
    against = [c for c in candidates if contradict(arrival.sure, c.sure)]
    fitting = [c for c in candidates if c not in against]
    for why, found in _evidence(arrival, fitting):
        here = tuple(c for c in found if c.state in OPEN)
        if len(here) == 1 and not (why in _BY_WORD and arrival.unsure_form):
            return Decision(Kind.JOINED, (here[0].case_id,), why)
        if found:
            return _ask(why, here or tuple(found))
    maybe = tuple(c for c in candidates if c.state in OPEN and compare(arrival.sure, c.sure) is Likeness.MAYBE)
    if maybe:
        return _ask(Why.PARTS, maybe)
    loose = tuple(c for c in fitting if _only_named(arrival, c) or _hinted(arrival, c))
    if loose:
        return _ask(Why.SENDER, loose)
    return Decision(findings=tuple(_apart(c) for c in against if _points_at(arrival, c)))


def _evidence(arrival: Arrival, fitting: Sequence[Candidate]) -> Iterator[tuple[Why, list[Candidate]]]:
    """List what fits, strongest evidence first."""
    waiting = [c for c in fitting if c.state in WAITING]
    still = [c for c in fitting if c.state in OPEN]
    like = {c.case_id: compare(arrival.sure, c.sure) for c in fitting}
    yield Why.SHEET, [c for c in fitting if c.case_id in arrival.sheets]
    yield Why.FILE, [c for c in still if c.files & arrival.files or c.case_id in arrival.same_mail]
    yield Why.NUMBER, [c for c in fitting if _names(arrival, c) and _vouched(arrival, c)]
    yield Why.REPLY, [c for c in fitting if c.case_id in arrival.replies]
    yield Why.SAME, [c for c in still if like[c.case_id] is Likeness.SAME]
    yield Why.PAGES, [c for c in still if c.case_id in arrival.same_pages]
    yield Why.PERSON, [c for c in waiting if _person(arrival, c, like[c.case_id])]
    yield Why.SUPPLY, [c for c in waiting if _supply(arrival, c, like[c.case_id])]


def _person(arrival: Arrival, case: Candidate, like: Likeness) -> bool:
    """Tell whether the codice fiscale is the case's: on the form, or in the words of post without one."""
    if arrival.sure.procedure:
        return like is Likeness.LATER and arrival.sure.tax_code == case.sure.tax_code != ""
    return case.sure.tax_code in arrival.named.tax_codes


def _supply(arrival: Arrival, case: Candidate, like: Likeness) -> bool:
    if arrival.sure.procedure:
        return like is Likeness.LATER
    return bool(case.sure.points & arrival.named.points) and arrival.named.has_name(case.sure.name)


def _names(arrival: Arrival, case: Candidate) -> bool:
    return bool(case.numbers & {str(n) for n in arrival.named.numbers})


def _vouched(arrival: Arrival, case: Candidate) -> bool:
    """Tell whether something else speaks for a number that somebody wrote: one digit makes it another person's."""
    named = arrival.named
    return bool(
        _same_sender(arrival, case)
        or (case.sure.tax_code and case.sure.tax_code in {*named.tax_codes, arrival.sure.tax_code})
        or case.sure.points & (named.points | arrival.sure.points)
        or named.has_name(case.sure.name)
    )


def _only_named(arrival: Arrival, case: Candidate) -> bool:
    return _names(arrival, case) and not arrival.sure.known


def _same_sender(arrival: Arrival, case: Candidate) -> bool:
    return bool(arrival.sender) and plain_sender(arrival.sender) in case.senders


def _hinted(arrival: Arrival, case: Candidate) -> bool:
    """Tell whether post that does not say whose it is comes from where the case came from.

    A form of its own is another request, unless it holds just the pages that the case lacks: a fax in two calls.
    """
    if case.state not in OPEN or arrival.sure.known or not _same_sender(arrival, case):
        return False
    return not arrival.sure.procedure or bool(arrival.form_pages & case.lacks)


def _points_at(arrival: Arrival, case: Candidate) -> bool:
    return _names(arrival, case) or case.case_id in arrival.sheets | arrival.replies


_WORDS: Final = {
    Why.SHEET: "contiene il foglio di integrazione",
    Why.FILE: "contiene lo stesso file",
    Why.NUMBER: "indica il numero",
    Why.REPLY: "risponde a una nostra lettera",
    Why.SAME: "ha codice fiscale, POD o PDR, procedura e data del reclamo",
    Why.PAGES: "mostra le stesse pagine del modulo",
    Why.PERSON: "ha codice fiscale e procedura",
    Why.SUPPLY: "ha POD o PDR e nome",
    Why.PARTS: "ha in parte gli stessi dati (codice fiscale, POD o PDR, procedura, data del reclamo)",
    Why.SENDER: "viene dallo stesso mittente, o ne indica solo il numero,",
}


def _ask(why: Why, cases: Sequence[Candidate]) -> Decision:
    finding = perhaps(why, [c.number for c in cases])
    return Decision(Kind.MAYBE, tuple(c.case_id for c in cases), why, (finding,))


def perhaps(why: Why, numbers: Sequence[str]) -> Finding:
    """Ask the clerk whether an arrival belongs to cases."""
    told = f"Questo arrivo {_WORDS[why]} della pratica {', '.join(numbers)}: guardarle entrambe e decidere se unirle."
    return Finding(PERHAPS, "", "", Severity.DOUBTFUL, told)


def linked(number: str) -> Finding:
    """Say which case carries an arrival."""
    return Finding("linked_case", "", "", Severity.NOTE, f"Il seguito è nella pratica {number}.")


def _apart(case: Candidate) -> Finding:
    told = f"Indica la pratica {case.number}, ma riguarda un'altra persona o un'altra procedura: è una pratica a sé."
    return Finding("another_case_named", "", "", Severity.NOTE, told)
