"""Pages that were sent ahead: whether what a browser holds, unseen, is still what it would be given now."""

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import Final

from backoffice.person import Person
from cases.correction_case import OpenCase

_MOST: Final = 200
"""Pages that are remembered; whoever holds an older one is given the page anew."""


@dataclass(frozen=True, slots=True)
class _Page:
    """All that a page was drawn from: whose it is, after which case it was to come, and the case as it stood."""

    person: Person
    done: int
    case: OpenCase
    log: tuple[object, ...]


def _page(person: Person, done: int, case: OpenCase) -> _Page:
    log = tuple((row.id, row.undone_at, row.undone_by) for row in case.log)  # the rows are others in each transaction
    return _Page(person, done, replace(case, log=()), log)


@dataclass(frozen=True)
class SentAhead:
    """The pages that were sent ahead, by a mark that only their browser knows."""

    _pages: OrderedDict[str, _Page] = field(default_factory=OrderedDict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def note(self, person: Person, done: int, case: OpenCase) -> str:
        """Remember a page that is to be shown after the case with the id ``done``; give the mark to send with it."""
        mark = secrets.token_urlsafe(12)
        with self._lock:
            self._pages[mark] = _page(person, done, case)
            while len(self._pages) > _MOST:
                self._pages.popitem(last=False)
        return mark

    def holds(self, mark: str, person: Person, done: int, case: OpenCase) -> bool:
        """Tell whether the page of a mark was drawn from the very same: then it need not be sent again."""
        with self._lock:
            page = self._pages.pop(mark, None)
        return page is not None and page == _page(person, done, case)
