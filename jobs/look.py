"""Look at one delivery: the flow wired to the real rooms. Runs in a child with limits (jobs/ask.py asks)."""

from datetime import datetime
from functools import lru_cache, partial
from importlib.metadata import version
from pathlib import Path

from cases.paper import Slot
from cases.submission import Looked
from checks.context import CheckSettings, Context
from checks.validate import validate
from intake.trust import NoTrust, Trust, load_trust
from intake.unpack import unpack
from jobs.ask import LOOKED, QUESTION
from jobs.flow import Flow
from jobs.loose import what_it_is
from jobs.post import Post
from jobs.slots import with_slots
from ocr.read import Reader, standard_reader
from pages.open import open_pages
from parsers.acceptance import Acceptance
from parsers.calibration import BUDGET
from parsers.extract import extract
from parsers.online import typed
from parsers.papers import name_stranger
from parsers.sound import is_sound
from templates.identify import Identifier
from templates.load import edition_hash, load_forms
from templates.sort import sort


def wire(
    checks: CheckSettings, trust: Trust | None = None, budget: float = BUDGET, slots: tuple[Slot, ...] = ()
) -> Flow:
    """Wire the flow to the rooms, with the shipped forms and engines."""
    identifier, reader = engines()
    return Flow(
        unpack=partial(unpack, trust=trust or Trust()),
        open=open_pages,
        lay=with_slots(identifier.lay, slots, load_forms()) if slots else identifier.lay,
        sort=sort,
        read=reader.read,
        extract=partial(extract, bounds=Acceptance(budget=budget)),
        name_paper=lambda page: what_it_is(page, reader.read_text),
        name_stranger=name_stranger,
        validate=validate,
        context=lambda post, sender: Context(
            channel=post.channel,
            received_at=post.received_at,
            processed_on=post.processed_on,
            settings=checks,
            sender=sender,
        ),
        typed=partial(typed, load_forms().get),
        versions=versions,
    )


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Name what reads here: engines with their models, the PDF readers, and each form edition with its hash."""
    _, reader = engines()
    told = dict(reader.versions)
    told |= {package: version(package) for package in ("pypdfium2", "pikepdf", "opencv-python-headless")}
    return told | {f"form {form.key}": edition_hash(form)[:16] for form in load_forms()}


def look_here(
    post: Post,
    checks: CheckSettings | None = None,
    trust_store: str = "",
    budget: float = BUDGET,
    slots: tuple[Slot, ...] = (),
) -> Looked:
    """Look in this very process, without limits: for benches and tests of the reading itself.

    ``trust_store`` is a folder of authorities whose signatures are trusted, or ""; ``slots`` are sheets that a person
    put into their place.
    """
    return wire(checks or CheckSettings(), _trust(trust_store, post.received_at), budget, slots).look(post)


def _trust(store: str, at: datetime) -> Trust:
    """Load the trusted authorities; without their folder, which is checked at the start, signatures stay unchecked."""
    try:
        return load_trust(Path(store) if store else None, at)
    except NoTrust:
        return Trust(at=at)


@lru_cache(maxsize=1)
def engines() -> tuple[Identifier, Reader]:
    """Load the forms and the engines, once in a process."""
    return Identifier(load_forms()), standard_reader(check=is_sound)


def answer(question: bytes) -> bytes:
    """Answer a question of ``jobs.ask``, in the child."""
    head, _, raw = question.partition(b"\n")
    asked = QUESTION.validate_json(head)
    post = Post(asked.name, raw, asked.channel, asked.received_at, asked.processed_on)
    return LOOKED.dump_json(look_here(post, asked.checks, asked.trust_store, asked.budget, asked.slots))
