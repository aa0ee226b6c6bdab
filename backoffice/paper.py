"""The paper of a case: its sheets as pictures. What is drawn is kept in memory only, and not for long.

A picture on a disk would be one more place to erase; a delivery is drawn again within a second or two.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Final

from backoffice.case_work import CaseWork
from cases.correction_case import Delivery, OpenCase
from cases.merge import joined_name, parted_name
from cases.paper import Asked, Paper, slots_of
from intake.originals import Damaged, Originals
from parsers.reading import Role

_MOST_BYTES: Final = 256_000_000
_AT_ONCE: Final = 1
"""Deliveries drawn at the same time: the reading of new post has the other cores."""


@dataclass
class PaperCache:
    """The sheets of the deliveries that were looked at last; whoever asks for one that is being drawn waits for it."""

    draw: Callable[[Asked, bytes], Paper]
    originals: Originals
    most: int = _MOST_BYTES
    _kept: OrderedDict[tuple[str, Asked], Future[Paper]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(_AT_ONCE, "paper"))

    def paper(self, case: OpenCase) -> Paper:
        """Give the sheets of a case's deliveries, drawn now if need be; those joined to it under their names there."""
        own, *others = [future.result() for future in self.begin(case)]  # none of an erased or infected one
        joined = [
            replace(sheet, file=joined_name(delivery.id, sheet.file))
            for delivery, paper in zip(case.joined, others, strict=True)
            for sheet in paper.sheets
        ]
        refused = tuple(told for paper in (own, *others) for told in paper.refused)
        return Paper((*own.sheets, *joined), refused)

    def begin(self, case: OpenCase) -> list[Future[Paper]]:
        """Have the sheets drawn behind the scenes."""
        with self._lock:
            return [
                _closed(one) if one.erased or one.infected else self._begun((one.digest, asked_of(case, one)))
                for one in (case.delivery, *case.joined)
            ]

    def _begun(self, key: tuple[str, Asked]) -> Future[Paper]:
        if key not in self._kept:
            self._kept[key] = self._pool.submit(self._drawn, key)
            self._make_room()
        self._kept.move_to_end(key)
        return self._kept[key]

    def _drawn(self, key: tuple[str, Asked]) -> Paper:
        digest, asked = key
        try:
            paper = self.draw(asked, self.originals.read(digest))
        except (Damaged, FileNotFoundError):
            paper = Paper(refused=((asked.name, _GONE),))
        if paper.refused and not paper.sheets:
            with self._lock:  # it may work out at the next look
                self._kept.pop(key, None)
        return paper

    def _make_room(self) -> None:
        sizes = {key: _size(future) for key, future in self._kept.items()}
        while sum(sizes.values()) > self.most and len(sizes) > 1:
            key = next(iter(self._kept))
            self._kept.pop(key)
            sizes.pop(key)


INFECTED: Final = (
    "Nel messaggio è stato trovato un virus: il file resta in quarantena, non si apre e non si scarica. "
    "Chiedere al cliente di rimandare i documenti, oppure rivolgersi all'amministratore."
)
_GONE: Final = "L'originale non c'è più, o è danneggiato: dirlo all'amministratore."


def _closed(delivery: Delivery) -> Future[Paper]:
    """Give no sheet of a delivery that was erased or is infected, though its pictures may still be in memory."""
    closed: Future[Paper] = Future()
    closed.set_result(Paper(refused=((delivery.name, INFECTED),) if delivery.infected else ()))
    return closed


def _size(future: Future[Paper]) -> int:
    return (
        sum(len(s.came) + len(s.flat) + sum(map(len, s.clips.values())) for s in future.result().sheets)
        if future.done()
        else 0
    )


def asked_of(case: OpenCase, delivery: Delivery) -> Asked:
    """Say what is to be drawn of one delivery of a case: all sheets, its form pages laid, each where a person said."""

    def here(file: str) -> str | None:
        receipt, name = parted_name(file)
        if receipt in {one.id for one in case.joined}:
            return name if receipt == delivery.id else None
        return file if delivery.id == case.delivery.id else None

    pages = (p for p in case.now.reading.pages if p.role is Role.FORM and p.form_page is not None)
    forms = tuple((name, p.page) for p in pages if (name := here(p.file)) is not None)
    slots = slots_of(case.now.said.values())
    said = tuple(replace(slot, file=name) for slot in slots if (name := here(slot.file)) is not None)
    return Asked(delivery.name, delivery.pec, forms, said)


def stamp_of(case: OpenCase) -> str:
    """Give a mark of how the sheets of a case are drawn: a page that has an older picture of one asks anew."""
    asked = [(one.digest, asked_of(case, one)) for one in (case.delivery, *case.joined)]
    return sha256(repr(asked).encode()).hexdigest()[:12]


def cache_of(work: CaseWork, originals: Originals) -> PaperCache:
    """Give the cache of a desk."""
    return PaperCache(work.draw, originals)
