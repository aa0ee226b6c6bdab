"""Match what a delivery holds against the cases there are, in the transaction that settles it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.absorb import Judge
from cases.gather import Answered, by_mail, by_slips, candidates, hold_keys
from cases.link_tables import LinkRow
from cases.match import PERHAPS, Arrival, Decision, Kind, Why, decide, linked, perhaps
from cases.merge import brings_more, joined_reading, merge
from cases.moves import CAME_AGAIN, GATEWAY, note_step
from cases.named import named_in
from cases.plain import plain
from cases.submission import Looked, Submission
from cases.sure import sure_of
from cases.tables import CaseRow, ReceiptRow
from cases.whole import number_of_case, whole
from checks.validation import Finding, Outcome, Severity, Validation
from parsers.reading import Reading, Role, State
from templates.slip import SLIP_FORM, Slip, is_genuine, read_slip

OUTCOMES: Final = {Kind.DUPLICATE: Outcome.DUPLICATE_OF, Kind.JOINED: Outcome.JOINED_TO}
_COMES_AGAIN: Final = (Why.FILE, Why.SAME, Why.PAGES)
"""Evidence of the same request: it is a duplicate, unless it brought something more."""
_WHOSE: Final = ("holder_tax_code", "holder_surname")


def _nobody(_session: Session, _message_ids: Sequence[str]) -> Sequence[int]:
    return ()


@dataclass(frozen=True, slots=True)
class Matched:
    """A look with its outcomes after matching, and a decision for each submission."""

    looked: Looked
    decisions: tuple[Decision, ...] = ()

    def of_births(self) -> tuple[Decision, ...]:
        """Give the decisions about what becomes a case, in the order of the cases."""
        pairs = zip(self.looked.submissions, self.decisions, strict=True)
        return tuple(d for s, d in pairs if s.validation.outcome is not Outcome.NOT_A_REQUEST)


@dataclass(frozen=True, slots=True)
class Came:
    """The delivery that is matched: when it came, and the instant of now."""

    receipt_id: int
    message_id: str
    at: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class Matcher:
    """Finds what belongs together.

    ``answered`` gives the cases whose letters a mail answers.
    ``slip_key`` seals our return sheets; without it none is believed.
    """

    judge: Judge = field(default_factory=Judge)
    answered: Answered = _nobody
    slip_key: bytes = field(default=b"", repr=False)

    def match(self, session: Session, receipt: ReceiptRow, looked: Looked, now: datetime) -> Matched:
        """Decide about every submission, and let the cases that get papers have them."""
        if looked.failure or not looked.submissions:
            return Matched(looked, (Decision(),) * len(looked.submissions))
        arrivals = [self._arrival(session, receipt, looked, one) for one in looked.submissions]
        hold_keys(session, arrivals, receipt.message_id)
        came = Came(receipt.id, receipt.message_id, looked.certified_at or receipt.received_at, now)
        pairs = [
            self._one(session, came, arrival, one) for arrival, one in zip(arrivals, looked.submissions, strict=True)
        ]
        return Matched(replace(looked, submissions=tuple(s for s, _ in pairs)), tuple(d for _, d in pairs))

    def _one(
        self, session: Session, came: Came, arrival: Arrival, submission: Submission
    ) -> tuple[Submission, Decision]:
        files = frozenset(f.sha256 for f in submission.reading.files)
        arrival = replace(arrival, same_mail=by_mail(session, came.message_id, came.receipt_id, files))
        known = {c.case_id: c for c in candidates(session, arrival, came.receipt_id)}
        decision = decide(arrival, list(known.values()))
        if decision.links and decision.why is not None:
            carrier = session.get_one(CaseRow, decision.case_ids[0])
            decision = self._carry(session, carrier, came, submission.reading, decision.why)
            if decision.links:
                return _linked(submission, decision, number_of_case(carrier)), decision
        return _told(submission, decision), decision

    def _carry(self, session: Session, carrier: CaseRow, came: Came, reading: Reading, why: Why) -> Decision:
        """Let a case have what came, and be the earlier of the two; without its reading a person must join them."""
        held = whole(session, carrier)
        if held is None:
            return _ask_about(carrier, why)
        merged = merge(held.reading, joined_reading(reading, came.receipt_id, why))
        carrier.received_at = min(carrier.received_at, came.at)
        if why in _COMES_AGAIN and not brings_more(held.reading, merged):
            carrier.version += 1
            note_step(session, carrier, CAME_AGAIN, came.now).written = True
            return Decision(Kind.DUPLICATE, (carrier.id,), why)
        self.judge.absorb(session, carrier, replace(held, reading=merged), came.now, came.at)
        session.flush()
        return Decision(Kind.JOINED, (carrier.id,), why)

    def _arrival(self, session: Session, receipt: ReceiptRow, looked: Looked, submission: Submission) -> Arrival:
        reading = submission.reading
        words = "\n".join((looked.words or looked.subject, *(paper.text for paper in reading.papers)))
        return Arrival(
            sure=sure_of(reading.form, submission.validation.values),
            named=named_in(words),
            sender=plain(looked.sender) or receipt.sender,
            files=_form_files(reading),
            sheets=by_slips(session, self._slips(reading, looked)),
            replies=frozenset(
                self.answered(session, tuple(map(plain, looked.references))) if looked.references else ()
            ),
            form_pages=frozenset(p.form_page for p in reading.pages if p.role is Role.FORM and p.form_page),
        )

    def _slips(self, reading: Reading, looked: Looked) -> Iterator[Slip]:
        """Give the return sheets of a submission that we made: the one that was read, or those that lay too badly."""
        codes = (reading.edition,) if reading.form == SLIP_FORM else () if reading.form else looked.codes
        return (slip for code in codes if (slip := read_slip(code)) and is_genuine(slip, self.slip_key))


def link(session: Session, case: CaseRow, decision: Decision, now: datetime, actor: str = GATEWAY) -> None:
    """Write down what a decision links, once the arrival has a case of its own."""
    if decision.why is None:
        return
    for carrier_id in decision.case_ids:
        session.add(
            LinkRow(
                case_id=case.id,
                carrier_id=carrier_id,
                kind=decision.kind.value,
                why=decision.why.value,
                at=now,
                actor=actor,
                ended_by="",
            )
        )


def _ask_about(carrier: CaseRow, why: Why) -> Decision:
    """Ask the clerk about a case whose reading is not kept: what came cannot be laid beside it by a program."""
    return Decision(Kind.MAYBE, (carrier.id,), why, (perhaps(why, [number_of_case(carrier)]),))


def _form_files(reading: Reading) -> frozenset[str]:
    """Give the digests of the files that hold a form on which somebody wrote whose it is."""
    written = any((v := reading.values.get(n)) is not None and v.state is not State.EMPTY for n in _WHOSE)
    names = {p.file for p in reading.pages if p.role is Role.FORM} if written else set()
    return frozenset(f.sha256 for f in reading.files if f.name in names)


def _linked(submission: Submission, decision: Decision, number: str) -> Submission:
    """Let a submission say which case carries it."""
    found = submission.validation
    why = (decision.why.value,) if decision.why else ()
    told = (linked(number), *found.findings)
    found = replace(found, outcome=OUTCOMES[decision.kind], reasons=why, findings=told, hold_until=None)
    return replace(submission, validation=found, linked_to=number)


def _told(submission: Submission, decision: Decision) -> Submission:
    """Add what a clerk must know; a doubt sends the case to one, as every doubt does."""
    if not decision.findings:
        return submission
    found = submission.validation
    if found.outcome is Outcome.NOT_A_REQUEST and decision.why in (None, Why.SENDER):
        return submission
    return replace(submission, validation=_doubted(found, decision.findings))


_STAY: Final = (Outcome.NOT_ADMISSIBLE, Outcome.WRONG_FORM)


def _doubted(found: Validation, findings: Sequence[Finding]) -> Validation:
    found = replace(found, findings=(*findings, *found.findings))
    if not any(f.severity is Severity.DOUBTFUL for f in findings) or found.outcome in _STAY:
        return found
    reasons = found.reasons if found.outcome is Outcome.MANUAL_REVIEW else ()
    return replace(found, outcome=Outcome.MANUAL_REVIEW, reasons=tuple(dict.fromkeys((PERHAPS, *reasons))))
