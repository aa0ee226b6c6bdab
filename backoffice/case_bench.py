"""Bench: what every route of the case screen works with, and who has a case in hand."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import Depends, HTTPException, Request

from backoffice.case_next import next_case
from backoffice.desk import Desk
from backoffice.paper import PaperCache
from backoffice.person import Person
from backoffice.words import ROME
from cases.absorb import Judge
from cases.audit import audit
from cases.claims import Claim, claim, claims, release
from cases.correction_case import OpenCase
from cases.correction_store import OPEN, Corrections
from cases.join import Joins
from cases.register import RegisterNumber

CASE: Final = "/pratiche/{year}/{number}"
"""Where a case is found; the register number stands in its address, and nothing of what it says."""


@dataclass(frozen=True)
class Bench:
    """The corrections and the paper of a desk."""

    desk: Desk
    corrections: Corrections
    paper: PaperCache
    joins: Joins

    def open(self, number: RegisterNumber) -> OpenCase:
        """Give a case. Raises the page for what is not found."""
        try:
            return self.corrections.open(number, self.desk.now())
        except KeyError as error:
            raise HTTPException(404) from error

    def take(self, case: OpenCase, person: Person, *, over: bool = False) -> Claim | None:
        """Take a case in hand, or renew one's claim; give the claim that stands. None: nobody can have it in hand."""
        if case.case.state not in OPEN:
            return None
        now = self.desk.now()
        with self.desk.database.transaction() as session:
            return claim(session, case.case.id, person.actor, now, self.desk.options.claim, over=over)

    def give_back(self, case: OpenCase, person: Person) -> None:
        """Give a case back."""
        with self.desk.database.transaction() as session:
            release(session, case.case.id, person.actor)

    def holder(self, case: OpenCase) -> Claim | None:
        """Give the claim that stands on a case."""
        with self.desk.database.transaction() as session:
            return claims(session, [case.case.id], self.desk.now()).get(case.case.id)

    def note(self, person: Person, action: str, subject: str) -> None:
        """Write a look at personal data into the audit trail."""
        with self.desk.database.transaction() as session:
            audit(session, person.actor, action, subject, self.desk.now())

    def next(self, person: Person, after: int | None) -> tuple[int, RegisterNumber] | None:
        """Give the next case that waits for a person, and that nobody else has in hand."""
        with self.desk.database.transaction() as session:
            return next_case(session, person.actor, self.desk.now(), after)

    def warm(self, person: Person, case: OpenCase, most: int = 3) -> None:
        """Have the paper of the next cases drawn before anybody asks for it; nothing of it leaves the server."""
        seen = {case.case.id}
        after = case.case.id
        for _ in range(most):
            found = self.next(person, after)
            if found is None or found[0] in seen:
                return
            after = found[0]
            seen.add(after)
            self.paper.begin(self.open(found[1]))


def bench_of(desk: Desk) -> Bench:
    """Give the bench of a desk."""
    corrections = Corrections(desk.database, desk.forms, desk.work.checks)
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
