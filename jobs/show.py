"""Show a file of a delivery, or a sheet of it. Runs in a child with limits (jobs/showing.py asks)."""

from cases.shown import Sight
from intake.unpack import unpack
from jobs.showing import SEEN, SIGHT
from pages.open import open_pages
from pages.page import Unreadable
from pages.shown import shown


def answer(question: bytes) -> bytes:
    """Answer a question of ``shower``, in the child; nothing where there is nothing to see."""
    head, _, raw = question.partition(b"\n")
    found = look_up(SIGHT.validate_json(head), raw)
    return b"" if found is None else SEEN + found


def look_up(sight: Sight, raw: bytes) -> bytes | None:
    """Give the file or the picture, or None when there is none."""
    documents = unpack(sight.name, raw, sight.pec).documents
    document = next((d for d in documents if d.digest == sight.digest), None)
    if document is None or not sight.page:
        return document.content if document else None
    try:
        page = next((p for p in open_pages(document) if p.number == sight.page), None)
    except Unreadable:
        return None
    return shown(page, sight.width) if page is not None else None
