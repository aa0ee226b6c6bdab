"""Bills: which of the bills that a form asks for a bill among the papers can be. The page shows seller and dates."""

import re
from collections.abc import Iterable
from datetime import date

from rapidfuzz import fuzz

from checks.request import Request
from parsers.fields.folding import fold
from parsers.reading import Paper

BILLS = frozenset({"bill_cmor", "bill_old", "bill_new", "bills_after_complaint", "bill_latest"})
_SELLERS = {"bill_old": "supplier_previous", "bill_new": "supplier_current"}
_LEGAL = re.compile(r"\b(?:s\.? ?p\.? ?a|s\.? ?r\.? ?l|s\.? ?a\.? ?s|s\.? ?n\.? ?c)\b\.?")
_DATE = re.compile(r"\b([0-3]?[0-9])[/.\-]([01]?[0-9])[/.\-](20[0-9]{2})\b")
_ALIKE = 85.0


def roles(request: Request) -> frozenset[str]:
    """List the attachment codes that the bills which came stand for."""
    return frozenset().union(*(_roles(request, paper) for paper in _bills(request)))


def unclaimed(request: Request, wanted: Iterable[str]) -> bool:
    """Tell whether a bill came that is none of those wanted, and no further sheet of one that is."""
    needed = frozenset(wanted)
    used = {paper.file for paper in _bills(request) if _roles(request, paper) & needed}
    return any(paper.file not in used for paper in _bills(request))


def _bills(request: Request) -> list[Paper]:
    return [paper for paper in request.reading.papers if paper.code in BILLS]


def _roles(request: Request, paper: Paper) -> frozenset[str]:
    """Give what it was named, a latest and a first bill, and what its seller and dates make it."""
    found = {paper.code, "bill_latest", "contract_paper"}
    sent = request.day("complaint_sent_date")
    if sent and any(then > sent for then in _dates(paper.text)):
        found.add("bills_after_complaint")
    places = {code: _place(paper.text, request.text(name)) for code, name in _SELLERS.items()}
    seen = {code: place for code, place in places.items() if place is not None}
    if seen and paper.code not in _SELLERS:
        # A bill may mention the other seller too; its own stands at the head.
        found.add(min(seen, key=lambda code: seen[code]))
    return frozenset(found)


def _place(text: str, seller: str) -> int | None:
    name = " ".join(_LEGAL.sub(" ", fold(seller)).split())
    found = fuzz.partial_ratio_alignment(name, " ".join(fold(text).split())) if name and text else None
    return found.dest_start if found and found.score >= _ALIKE else None


def _dates(text: str) -> Iterable[date]:
    for found in _DATE.finditer(text):
        try:
            yield date(int(found[3]), int(found[2]), int(found[1]))
        except ValueError:
            continue
