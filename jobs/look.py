"""Look at one receipt: the flow wired to the real rooms, in this process or in a child with limits."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from cases.submission import Looked
from checks.context import CheckSettings, Context
from checks.validate import validate
from intake.receipt import Channel, Receipt
from intake.unpack import unpack
from jobs.child import ChildFailed, Limits, run_in_child
from jobs.flow import Flow, Post
from ocr.read import Reader, shipped_reader
from pages.open import open_pages
from pages.page import Page
from parsers.extract import extract
from parsers.papers import name_paper, name_stranger
from parsers.reading import Paper
from templates.identify import Identifier
from templates.load import load_forms
from templates.sort import sort

ROME = ZoneInfo("Europe/Rome")


@dataclass(frozen=True, slots=True)
class Question:
    """What crosses the process border towards the child, before the raw bytes."""

    name: str
    channel: Channel
    received_at: datetime
    processed_on: date
    checks: CheckSettings


_QUESTION = TypeAdapter(Question)
_LOOKED = TypeAdapter(Looked)


def wire(checks: CheckSettings) -> Flow:
    """Wire the flow to the rooms, with the shipped forms and engines."""
    identifier, reader = _engines()
    return Flow(
        unpack=unpack,
        open=open_pages,
        lay=identifier.lay,
        sort=sort,
        read=reader.read,
        read_text=reader.read_text,
        extract=extract,
        name_paper=_paper,
        name_stranger=name_stranger,
        validate=validate,
        context=lambda post: Context(
            channel=post.channel,
            received_at=post.received_at,
            processed_on=post.processed_on,
            settings=checks,
        ),
    )


def look_here(post: Post, checks: CheckSettings | None = None) -> Looked:
    """Look in this very process, without limits: for benches and tests of the reading itself."""
    return wire(checks or CheckSettings()).look(post)


def look_guarded(post: Post, checks: CheckSettings, limits: Limits) -> Looked:
    """Look in a child with limits. A child that fails gives a Looked whose ``failure`` asks a clerk to take over."""
    asked = Question(post.name, post.channel, post.received_at, post.processed_on, checks)
    question = _QUESTION.dump_json(asked) + b"\n" + post.raw  # dump_json writes no line break
    try:
        return _LOOKED.validate_json(run_in_child(_work, question, limits))
    except ChildFailed as failure:
        return Looked(submissions=(), failure=str(failure))


def looker(checks: CheckSettings, limits: Limits, now: Callable[[], datetime]) -> Callable[[Receipt, bytes], Looked]:
    """Give the look that a worker uses on a receipt and its original bytes."""

    def look(receipt: Receipt, raw: bytes) -> Looked:
        today = now().astimezone(ROME).date()
        return look_guarded(Post(receipt.name, raw, receipt.channel, receipt.received_at, today), checks, limits)

    return look


@lru_cache(maxsize=1)
def _engines() -> tuple[Identifier, Reader]:
    return Identifier(load_forms()), shipped_reader()


def _paper(page: Page, text: str) -> Paper:
    code, confidence, evidence = name_paper(text, page.file)
    return Paper(code, page.file, page.number, confidence, evidence, text)


def _work(question: bytes) -> bytes:
    """Answer in the child."""
    head, _, raw = question.partition(b"\n")
    asked = _QUESTION.validate_json(head)
    post = Post(asked.name, raw, asked.channel, asked.received_at, asked.processed_on)
    return _LOOKED.dump_json(look_here(post, asked.checks))
