"""A desk at which whole requests arrive one after the other, read and checked on the small form."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from hashlib import sha256

from sqlalchemy import select
from sqlmodel import Session, col

from bench.stubs import delivery
from cases.absorb import Judge
from cases.database import Database
from cases.join import Joins
from cases.link_tables import LinkRow
from cases.matching import Matcher
from cases.queue import Queue
from cases.register import RegisterNumber
from cases.store import Store, admit
from cases.submission import Looked, Submission
from cases.tables import CaseRow, StepRow
from checks.context import Context
from checks.validate import validate
from intake.receipt import Channel
from parsers.reading import FileUse, PageUse, Paper, Reading, Role
from templates.load import Library
from tests.checks.desk import PAPERS, small_form, value
from tests.checks.desk import reading as full

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
CAME = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ROSSI = "RSSMRA80A01H501U"
BIANCHI = "BNCLCU85M41F205X"
KEY = b"the key of this house"
FORMS = Library((small_form(), small_form("BONUS")))


def request(
    papers: tuple[str, ...] = PAPERS, pages: Sequence[int] = (1, 2), file: str = "modulo.pdf", **values: str | None
) -> Reading:
    """Give a request on the small form; a value of None is empty. Its file has bytes of its own."""
    read = full(papers=papers)
    laid = tuple(PageUse(file, n, n, 0.9, form="CMOR", role=Role.FORM) for n in pages)
    loose = tuple(PageUse("a.pdf", n, None, 0.0, role=Role.ATTACHMENT, paper=c) for n, c in enumerate(papers, 1))
    missing = tuple(n for n in (1, 2) if n not in pages)
    given = {name: v for name, v in read.values.items() if small_form().fields[name].page in pages}
    given |= {name: value(name, content) for name, content in values.items()}
    digest = sha256(repr((papers, pages, file, sorted(values.items()))).encode()).hexdigest()
    files = (FileUse(file, digest), FileUse("a.pdf", sha256(repr(papers).encode()).hexdigest()))
    return replace(read, values=given, pages=(*laid, *loose), files=files, missing_pages=missing)


def papers_alone(*codes: str, text: str = "") -> Reading:
    """Give papers that came without any form."""
    kept = tuple(Paper(code, "carta.pdf", n, 0.9, text=text) for n, code in enumerate(codes, 1))
    pages = tuple(PageUse("carta.pdf", n, None, 0.0, role=Role.ATTACHMENT, paper=c) for n, c in enumerate(codes, 1))
    files = (FileUse("carta.pdf", sha256(repr((codes, text)).encode()).hexdigest()),) if codes else ()
    return Reading("", "", {}, pages, kept, files, stranger="letter")


@dataclass
class Desk:
    """One database at which things arrive."""

    database: Database
    answers: dict[str, int] = field(default_factory=dict)
    """Message-IDs of our letters, and the cases that they are about."""
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    @property
    def judge(self) -> Judge:
        return Judge(forms=lambda: FORMS)

    @property
    def store(self) -> Store:
        return Store(self.database, Matcher(self.judge, self._answered, KEY))

    def come(
        self,
        *readings: Reading,
        channel: Channel = Channel.EMAIL,
        at: datetime = CAME,
        now: datetime = NOW,
        sender: str = "a@example.com",
        words: str = "",
        **looked: object,
    ) -> list[str]:
        """Let a delivery arrive and be settled; give the numbers."""
        receipt_id = self.take(channel, at, now)
        return self.settle(receipt_id, self.look(readings, channel, at, now, sender=sender, words=words, **looked), now)

    def take(self, channel: Channel = Channel.EMAIL, at: datetime = CAME, now: datetime = NOW) -> int:
        arrived = delivery(f"{channel}:{next(self.numbers)}", channel=channel, received_at=at)
        with self.database.transaction() as session:
            receipt_id = admit(session, arrived, sha256(arrived.origin.encode()).hexdigest(), now)
        assert receipt_id is not None
        return receipt_id

    def look(
        self, readings: Sequence[Reading], channel: Channel, at: datetime, now: datetime, **looked: object
    ) -> Looked:
        context = Context(channel, at, now.date())
        forms = {form.code: form for form in FORMS}
        read = tuple(Submission(r, validate(r, forms.get(r.form), context)) for r in readings)
        return replace(Looked(read, looked_on=date(2026, 11, 20)), **looked)  # type: ignore[arg-type]

    def settle(self, receipt_id: int, looked: Looked, now: datetime = NOW) -> list[str]:
        return list(map(str, self.store.settle(receipt_id, looked, now)))

    def case(self, number: str) -> CaseRow:
        with self.database.transaction() as session:
            return find(session, number)

    def told(self, number: str) -> tuple[str, str, str]:
        """Give state, outcome and carrier of a case."""
        row = self.case(number)
        return row.state, row.outcome, row.payload["linked_to"]

    def rules(self, number: str) -> set[str]:
        return {f["rule"] for f in self.case(number).payload["findings"] if f["severity"] != "note"}

    def links(self) -> list[tuple[str, str]]:
        with self.database.transaction() as session:
            rows = session.scalars(select(LinkRow).where(col(LinkRow.ended_at).is_(None)).order_by(col(LinkRow.id)))
            return [(link.kind, link.why) for link in rows]

    def steps(self, number: str) -> list[str]:
        with self.database.transaction() as session:
            case = find(session, number)
            rows = session.scalars(select(StepRow).where(col(StepRow.case_id) == case.id).order_by(col(StepRow.id)))
            return [step.event for step in rows]

    def queue(self) -> list[str]:
        """List what stands by itself, in its order."""
        return [c.number for c in Queue(self.database).cases() if c.state != "linked"]

    def join(self, number: str, into: str, now: datetime = NOW) -> str:
        with self.database.transaction() as session:
            parse = RegisterNumber.parse
            return Joins(self.judge).join(session, parse(number), parse(into), now, "clerk:anna").value

    def split(self, number: str, now: datetime = NOW) -> str:
        with self.database.transaction() as session:
            return Joins(self.judge).split(session, RegisterNumber.parse(number), now, "clerk:anna")

    def _answered(self, _session: Session, message_ids: Sequence[str]) -> Sequence[int]:
        return [self.answers[one] for one in message_ids if one in self.answers]


def find(session: Session, number: str) -> CaseRow:
    wanted = RegisterNumber.parse(number)
    query = select(CaseRow).where(col(CaseRow.year) == wanted.year, col(CaseRow.number) == wanted.number)
    return session.scalars(query).one()
