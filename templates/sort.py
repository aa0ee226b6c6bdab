"""The jigsaw: which sheets of one delivery make up which submission, whatever files they came in."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pages.page import Page
from templates.form import Form, Match

DELEGATION = "DELEGA"
"""The one form that never stands alone: it goes with the procedure's form."""

Sheet = tuple[Page, Match]


@dataclass(frozen=True, slots=True)
class Bundle:
    """The sheets of one submission: its form's pages, its delegation form's pages, and the pages of no form.

    ``form`` is None when no page of a procedure's form came.
    """

    form: Form | None
    sheets: tuple[Sheet, ...] = ()
    delega: tuple[Sheet, ...] = ()
    loose: tuple[Page, ...] = ()


@dataclass(slots=True)
class _Open:
    """A submission still taking sheets; ``places`` are where its form's pages stood in the delivery."""

    form: Form | None
    sheets: list[Sheet] = field(default_factory=list)
    delega: list[Sheet] = field(default_factory=list)
    loose: list[Page] = field(default_factory=list)
    places: list[int] = field(default_factory=list)

    def files(self) -> set[str]:
        """Name the files that its form's pages came in."""
        return {page.file for page, _ in self.sheets}

    def lacks(self, match: Match) -> bool:
        """Tell whether the slot of a form page is free."""
        return all(held.page != match.page for _, held in self.sheets)


def sort(sheets: Sequence[tuple[Page, Match | None]]) -> tuple[Bundle, ...]:
    """Put every sheet of a delivery, in the order of its files, into a submission; none is left over.

    A form page goes where its slot is free, first within its own file; a slot taken twice opens another submission.
    Other pages go to the submission that began last before them in their file. A file without any form page belongs to
    the whole delivery: its papers are shared by all submissions of it.
    """
    opened: list[_Open] = []
    for place, (page, match) in enumerate(sheets):
        if match is not None and match.form.code != DELEGATION:
            _seat(opened, place, page, match)
    if not opened:
        opened.append(_Open(None))
    for place, (page, match) in enumerate(sheets):
        if match is None:
            for one in _owners(opened, sheets, place):
                one.loose.append(page)
        elif match.form.code == DELEGATION:
            _with_slot(opened, _home(opened, sheets, place), match).delega.append((page, match))
    return tuple(_closed(one) for one in opened)


def _seat(opened: list[_Open], place: int, page: Page, match: Match) -> None:
    fitting = [one for one in opened if one.form is not None and one.form.key == match.form.key and one.lacks(match)]
    home = next((one for one in reversed(fitting) if page.file in one.files()), None) or next(iter(fitting), None)
    if home is None:
        home = _Open(match.form)
        opened.append(home)
    home.sheets.append((page, match))
    home.places.append(place)


def _home(opened: Sequence[_Open], sheets: Sequence[tuple[Page, Match | None]], place: int) -> _Open:
    file = sheets[place][0].file
    before = [
        (max(earlier), one)
        for one in opened
        if (earlier := [at for at in one.places if at < place and sheets[at][0].file == file])
    ]
    return max(before, key=lambda pair: pair[0])[1] if before else opened[0]


def _owners(opened: Sequence[_Open], sheets: Sequence[tuple[Page, Match | None]], place: int) -> Sequence[_Open]:
    file = sheets[place][0].file
    with_forms = {page.file for page, match in sheets if match is not None}
    return [_home(opened, sheets, place)] if file in with_forms else opened


def _with_slot(opened: Sequence[_Open], home: _Open, match: Match) -> _Open:
    """Prefer the sheet's own neighbourhood, then any submission that has no such delegation page yet."""
    return next(
        (one for one in (home, *opened) if all(held.page != match.page for _, held in one.delega)),
        home,
    )


def _closed(one: _Open) -> Bundle:
    ordered = sorted(one.sheets, key=lambda sheet: sheet[1].page)
    return Bundle(one.form, tuple(ordered), tuple(sorted(one.delega, key=lambda s: s[1].page)), tuple(one.loose))
