"""Bench: what every route of the case screen works with, and who has a case in hand."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Final

from fastapi import Depends, HTTPException, Request

from backoffice.ahead import SentAhead
from backoffice.case_next import next_case
from backoffice.desk import Desk
from backoffice.paper import PaperCache
from backoffice.person import Person
from backoffice.words import ROME
from cases.absorb import Judge
from cases.audit import audit
from cases.case import Case, CaseState
from cases.claims import Claim, claim, claims, release
from cases.correction_case import OpenCase
from cases.correction_store import OPEN, Corrections
from cases.join import Joins
from cases.proposed import proposer_of
from cases.register import RegisterNumber
from cases.waiting import Sought

CASE: Final = "/pratiche/{year}/{number}"
"""Where a case is found; the register number stands in its address, and nothing of what it says."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A case that comes next, and the claim that stands on it."""

    number: RegisterNumber
    claim: Claim


@dataclass(frozen=True)
class Bench:
    """The corrections and the paper of a desk."""

    desk: Desk
    corrections: Corrections
    paper: PaperCache
    joins: Joins
    ahead: SentAhead = field(default_factory=SentAhead)

    def open(self, number: RegisterNumber) -> OpenCase:
        """Give a case. Raises the page for what is not found."""
        try:
            return self.corrections.open(number, self.desk.now())
        except KeyError as error:
            raise HTTPException(404) from error

    def case(self, number: RegisterNumber) -> Case:
        """Give a case without what was read of it. Raises the page for what is not found."""
        try:
            return self.corrections.case(number)
        except KeyError as error:
            raise HTTPException(404) from error

    def take(self, case: Case, person: Person, *, over: bool = False) -> Claim | None:
        """Take a case in hand, or renew one's claim; give the claim that stands. None: nobody can have it in hand."""
        if case.state not in OPEN:
            return None
        now = self.desk.now()
        with self.desk.database.transaction() as session:
            return claim(session, case.id, person.actor, now, self.desk.options.claim, over=over)

    def give_back(self, case: Case, person: Person) -> None:
        """Give a case back."""
        with self.desk.database.transaction() as session:
            release(session, case.id, person.actor)

    def holder(self, case: Case) -> Claim | None:
        """Give the claim that stands on a case."""
        with self.desk.database.transaction() as session:
            return claims(session, [case.id], self.desk.now()).get(case.id)

    def note(self, person: Person, action: str, subject: str) -> None:
        """Write a look at personal data into the audit trail."""
        with self.desk.database.transaction() as session:
            audit(session, person.actor, action, subject, self.desk.now())

    def sought(self, person: Person) -> Sought:
        """Say what waits for a person."""
        return Sought(actor=person.actor, others_refusals=self.desk.options.refusals_by_two)

    def may_confirm(self, case: Case, person: Person) -> bool:
        """Tell whether a person may confirm the refusal that is proposed."""
        if not self.desk.options.refusals_by_two or case.state is not CaseState.REFUSAL_PROPOSED:
            return True
        with self.desk.database.transaction() as session:
            return proposer_of(session, case.id) != person.actor

    def next(self, person: Person, after: int | None) -> tuple[int, RegisterNumber] | None:
        """Give the next case that waits for a person, and that nobody else has in hand."""
        with self.desk.database.transaction() as session:
            return next_case(session, self.sought(person), self.desk.now(), after)

    def pass_on(self, person: Person, done: Case) -> Taken | None:
        """Give a case back and take the next one in hand, in one transaction; None when nothing else waits.

        The claim is another's when they took that case in the same moment.
        """
        now = self.desk.now()
        with self.desk.database.transaction() as session:
            release(session, done.id, person.actor)
            found = next_case(session, self.sought(person), now, done.id)
            if found is None:
                return None
            audit(session, person.actor, "case_seen", str(found[1]), now)
            return Taken(found[1], claim(session, found[0], person.actor, now, self.desk.options.claim))

    def warm(self, person: Person, case: Case, most: int = 3) -> OpenCase | None:
        """Have the paper of the next cases drawn before anybody asks for it; give the first of them."""
        seen = {case.id}
        after = case.id
        first: OpenCase | None = None
        for _ in range(most):
            found = self.next(person, after)
            if found is None or found[0] in seen:
                return first
            after = found[0]
            seen.add(after)
            following = self.open(found[1])
            self.paper.begin(following)
            first = first or following
        return first


def bench_of(desk: Desk) -> Bench:
    """Give the bench of a desk."""
    corrections = Corrections(desk.database, desk.forms, desk.work.checks, desk.options.refusals_by_two)
    judge = Judge(desk.work.checks, lambda: desk.forms)
    return Bench(desk, corrections, PaperCache(desk.work.draw, desk.originals), Joins(judge))


def _bench(request: Request) -> Bench:
    bench = request.app.state.bench
    if not isinstance(bench, Bench):
        raise TypeError(f"no bench was made: {bench!r}")
    return bench


TheBench = Annotated[Bench, Depends(_bench)]


def _number(year: int, number: int) -> RegisterNumber:
    return RegisterNumber(min(year, 9999), min(number, 9_999_999))


Number = Annotated[RegisterNumber, Depends(_number)]
"""The register number in a path like ``/pratiche/2026/0000042``."""


def clock(at: datetime) -> str:
    """Write the time of day in Rome."""
    return f"{at.astimezone(ROME):%H:%M}"
