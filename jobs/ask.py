"""Ask a child process for a look at one delivery. Light to import: the engines live in the child."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from cases.paper import Slot
from cases.submission import Looked
from checks.context import CheckSettings
from intake.receipt import Channel, Receipt
from jobs.child import ChildFailed, Limits, run_in_child
from jobs.post import Post
from parsers.calibration import BUDGET

ROME = ZoneInfo("Europe/Rome")
_ANSWER = "jobs.look:answer"


@dataclass(frozen=True, slots=True)
class Question:
    """What crosses the process border towards the child, before the raw bytes."""

    name: str
    channel: Channel
    received_at: datetime
    processed_on: date
    checks: CheckSettings
    trust_store: str = ""
    budget: float = BUDGET
    slots: tuple[Slot, ...] = ()
    """Sheets that a person put into their place."""


QUESTION = TypeAdapter(Question)
LOOKED = TypeAdapter(Looked)


class Looker(Protocol):
    """A look at a receipt; sheets that a person put into a slot are laid there."""

    def __call__(self, receipt: Receipt, raw: bytes, slots: tuple[Slot, ...] = ()) -> Looked:
        """Look at the original bytes of a receipt."""
        ...


def look_guarded(
    post: Post,
    checks: CheckSettings,
    limits: Limits,
    trust_store: str = "",
    budget: float = BUDGET,
    slots: tuple[Slot, ...] = (),
) -> Looked:
    """Look in a child with limits. A child that fails gives a Looked whose ``failure`` asks a clerk to take over.

    ``trust_store`` is a folder of authorities whose signatures are trusted, or ""; ``budget`` is the share of errors
    that is borne among values that nobody looks at.
    """
    asked = Question(post.name, post.channel, post.received_at, post.processed_on, checks, trust_store, budget, slots)
    question = QUESTION.dump_json(asked) + b"\n" + post.raw  # dump_json writes no line break
    try:
        return LOOKED.validate_json(run_in_child(_ANSWER, question, limits))
    except ChildFailed as failure:
        return Looked(submissions=(), failure=str(failure))


def looker(
    checks: CheckSettings,
    limits: Limits,
    now: Callable[[], datetime],
    trust_store: str = "",
    budget: float = BUDGET,
) -> Looker:
    """Give the look that a worker uses on a receipt and its original bytes."""

    def look(receipt: Receipt, raw: bytes, slots: tuple[Slot, ...] = ()) -> Looked:
        today = now().astimezone(ROME).date()
        post = Post(receipt.name, raw, receipt.channel, receipt.received_at, today)
        return look_guarded(post, checks, limits, trust_store, budget, slots)

    return look
