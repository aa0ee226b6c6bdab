"""The jigsaw: which sheets of one delivery make up which submission, whatever files they came in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pages.page import Page
from templates.copies import Compare, Copy, Double, copies, fold
from templates.form import Form, Match
from templates.likeness import Sheet, compare

DELEGATION = "DELEGA"
"""The one form that never stands alone: it goes with the procedure's form."""
FIRST = 1
"""The page on which a form says whose it is: as many different ones, so many submissions."""

Leaf = tuple[Page, Match | None]


@dataclass(frozen=True, slots=True)
class Bundle:
    """The sheets of one submission: its form's pages, its delegation form's pages, and the pages of no form.

    ``form`` is None when no page of a procedure's form came. ``doubles`` are sheets that came again.
    ``mixed`` tells that pages of several submissions of one form lay mixed: whose they are is a guess.
    """

    form: Form | None
    sheets: tuple[Sheet, ...] = ()
    delega: tuple[Sheet, ...] = ()
    loose: tuple[Page, ...] = ()
    doubles: tuple[Double, ...] = ()
    mixed: bool = False


@dataclass(slots=True)
class _Open:
    """A submission still taking sheets; ``slots`` are its form's pages, ``delega`` those of its delegation form."""

    form: Form | None
    slots: dict[int, Copy] = field(default_factory=dict)
    delega: dict[int, Copy] = field(default_factory=dict)
    loose: list[Page] = field(default_factory=list)
    mixed: bool = False

    def came(self) -> Iterator[Page]:
        """Give every sheet of its form, the doubles too."""
        return (page for copy in self.slots.values() for page, _ in copy.sheets)


def sort(leaves: Sequence[Leaf], compare: Compare = compare) -> tuple[Bundle, ...]:
    """Put every sheet of a delivery, in the order of its files, into a submission; none is left over.

    Sheets of one form page with the same writing are one page that came again. A form makes as many submissions as
    there are different first pages of it. Other pages go to the submission that began last before them in their file;
    a file without any form page belongs to the whole delivery: its papers are shared by all submissions of it.
    """
    opened = [one for slots in _forms(leaves) for one in _opened(slots, compare)] or [_Open(None)]
    for copy in _delegations(leaves, len(opened), compare):
        page, match = copy.sheets[0]
        home = _home(opened, leaves, copy.place, page.file)
        _give(_with_slot(opened, home, match), copy)
    for place, (page, unlaid) in enumerate(leaves):
        if unlaid is None:
            for one in _owners(opened, leaves, place, page.file):
                one.loose.append(page)
    return tuple(_closed(one) for one in opened)


def _forms(leaves: Sequence[Leaf]) -> list[dict[int, list[tuple[int, Sheet]]]]:
    """Gather the form pages of each procedure's form by page, the forms in the order in which they came."""
    forms: dict[str, dict[int, list[tuple[int, Sheet]]]] = {}
    for place, (page, match) in enumerate(leaves):
        if match is not None and match.form.code != DELEGATION:
            forms.setdefault(match.form.key, {}).setdefault(match.page, []).append((place, (page, match)))
    return list(forms.values())


def _opened(slots: dict[int, list[tuple[int, Sheet]]], compare: Compare) -> list[_Open]:
    """Make the submissions of one form."""
    found = {number: copies(sheets, compare) for number, sheets in slots.items()}
    count = max(1, len(found.get(FIRST, ())))
    kept = [(number, copy) for number, all_ in found.items() for copy in fold(all_, count, compare)]
    form = next(iter(slots.values()))[0][1][1].form
    if count == 1:
        return [_Open(form, dict(kept))]
    return _dealt(form, _runs(sorted(kept, key=lambda pair: pair[1].place)))


def _runs(kept: Sequence[tuple[int, Copy]]) -> list[dict[int, Copy]]:
    """Cut the pages, in the order in which they came, where a file ends and where a page number comes again."""
    runs: list[dict[int, Copy]] = []
    file = ""
    for number, copy in kept:
        page, _ = copy.sheets[0]
        if not runs or page.file != file or number in runs[-1]:
            runs.append({})
        runs[-1][number] = copy
        file = page.file
    return runs


def _dealt(form: Form, runs: Sequence[dict[int, Copy]]) -> list[_Open]:
    """Open a submission for each run with a first page, and give it the runs without one that fit it."""
    opened = [_Open(form, run, mixed=not _in_order(run)) for run in runs if FIRST in run]
    for run in runs:
        for number, copy in run.items() if FIRST not in run else ():
            lacking = [one for one in opened if number not in one.slots]
            home = _nearest(lacking or opened, copy)
            home.slots[number] = copy
            for one in lacking or opened:
                one.mixed = one.mixed or len(lacking) != 1
    whole = all(len(one.slots) == form.page_count for one in opened)
    for one in opened:
        one.mixed = one.mixed or not whole
    return opened


def _nearest(opened: Sequence[_Open], copy: Copy) -> _Open:
    file = copy.sheets[0][0].file
    return next((one for one in opened if any(page.file == file for page in one.came())), opened[0])


def _in_order(run: dict[int, Copy]) -> bool:
    steps = {after > before for before, after in pairwise(run)}
    return len(steps) <= 1


def _delegations(leaves: Sequence[Leaf], most: int, compare: Compare) -> list[Copy]:
    slots: dict[tuple[str, int], list[tuple[int, Sheet]]] = {}
    for place, (page, match) in enumerate(leaves):
        if match is not None and match.form.code == DELEGATION:
            slots.setdefault((match.form.key, match.page), []).append((place, (page, match)))
    kept = [copy for sheets in slots.values() for copy in fold(copies(sheets, compare), most, compare)]
    return sorted(kept, key=lambda copy: copy.place)


def _home(opened: Sequence[_Open], leaves: Sequence[Leaf], place: int, file: str) -> _Open:
    """Find the submission that began last before a place in its file."""
    owners = {id(page): one for one in opened for page in one.came()}
    before = [owners[id(page)] for page, _ in leaves[:place] if page.file == file and id(page) in owners]
    return before[-1] if before else opened[0]


def _owners(opened: Sequence[_Open], leaves: Sequence[Leaf], place: int, file: str) -> Sequence[_Open]:
    with_forms = {page.file for page, match in leaves if match is not None}
    return [_home(opened, leaves, place, file)] if file in with_forms else opened


def _with_slot(opened: Sequence[_Open], home: _Open, match: Match) -> _Open:
    """Prefer the sheet's own neighbourhood, then any submission that has no such delegation page yet."""
    return next((one for one in (home, *opened) if match.page not in one.delega), home)


def _give(one: _Open, copy: Copy) -> None:
    """Add a delegation page; where there is one already, it is a second version of it."""
    held = one.delega.setdefault(copy.sheets[0][1].page, copy)
    if held is not copy:
        held.take(copy, ("",))


def _closed(one: _Open) -> Bundle:
    slots = [one.slots[number] for number in sorted(one.slots)]
    delega = [one.delega[number] for number in sorted(one.delega)]
    return Bundle(
        one.form,
        tuple(copy.best for copy in slots),
        tuple(copy.best for copy in delega),
        tuple(one.loose),
        tuple(double for copy in (*slots, *delega) for double in copy.doubles()),
        one.mixed,
    )
