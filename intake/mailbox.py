"""A mailbox on an IMAP server: everything in a folder, once, whoever else reads it. Nothing is ever deleted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from intake.census import Census, Holding
from intake.cursor import Cursor, Progress, read_progress
from intake.imap import Envelope, ServerOptions, Session
from intake.instants import instant
from intake.receipt import Channel, Delivery, Origin
from intake.source import HEADERS_ONLY, NotSettled, Problem

_AT_ONCE = 500
_MOST, _MOST_BYTES = 32, 4_000_000
"""So many messages, and about so many bytes, are asked for in one answer."""


@dataclass(frozen=True, slots=True)
class MailboxOptions:
    """The server, and what is done with messages once they are safe: a keyword, or a folder to move them to.

    Of a message over ``size_limit`` bytes only the headers are taken.
    """

    server: ServerOptions
    pec: bool = False
    keyword: str = "$GatewayTaken"
    move_to: str = ""
    size_limit: int = 50_000_000


class Mailbox:
    """The messages of a folder, by a cursor of our own: UIDVALIDITY and UID, never flags or positions."""

    def __init__(self, options: MailboxOptions, cursor: Cursor) -> None:
        self.name = f"imap:{options.server.place}"
        self._options, self._cursor = options, cursor
        self._session: Session | None = None
        self._progress = Progress(0)
        self._kept: str | None = None
        self._problems: list[Problem] = []

    def waiting(self) -> Iterator[Delivery]:
        """Yield the messages that are not done yet, one at a time, by UID."""
        self._problems.clear()
        self.close()
        try:
            session = self._open()
            yield from self._deliveries(session, self._look(session))
            self._save()
        finally:
            self.close()

    def settle(self, delivery: Delivery) -> None:
        """Note a message as done, then mark or move it. A move that fails is tried again in the next round."""
        self.settle_all([delivery])

    def settle_all(self, deliveries: Sequence[Delivery]) -> None:
        """Settle several: the cursor is kept once, and the server is told once."""
        if self._session is not None:
            self._settle_over(self._session, deliveries)
            return
        try:  # the last ones of a round: their line has been hung up
            self._settle_over(self._open(), deliveries)
        finally:
            self.close()

    def _settle_over(self, session: Session, deliveries: Sequence[Delivery]) -> None:
        places = [tuple(int(number) for number in delivery.origin.rsplit("/", 2)[1:]) for delivery in deliveries]
        uids = [uid for validity, uid in places if validity == session.validity]
        for uid in uids:
            self._progress = self._progress.without(uid)
        self._save()
        instant("cursor kept")
        if uids and self._options.move_to:
            session.move(uids, self._options.move_to)
            instant("message moved")
        elif uids and self._options.keyword:
            session.mark(uids, self._options.keyword)
        if len(uids) < len(places):
            raise NotSettled("UIDVALIDITY changed since the message was read; the next round finds it again")

    def census(self) -> Census:
        """Count by UID: what lies below the cursor and is not open must have a receipt."""
        session = Session(self._options.server)
        try:
            known = read_progress(self._cursor.get(self.name), session.validity)
            found = session.uids(1)
        finally:
            session.close()
        waiting = set(known.waiting(found))
        done = [uid for uid in found if uid not in waiting]
        place = f"{self.name}/{session.validity}"
        return Census(self.name, tuple(Holding(f"UID {uid}", f"{place}/{uid}") for uid in done), len(waiting))

    def problems(self) -> tuple[Problem, ...]:
        """Give what the last round could not take, and why."""
        return tuple(self._problems)

    def close(self) -> None:
        """Hang up."""
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def _open(self) -> Session:
        session = self._session = Session(self._options.server)
        if self._progress.validity != session.validity:
            self._kept = self._cursor.get(self.name)
            self._progress = read_progress(self._kept, session.validity)
        return session

    def _look(self, session: Session) -> list[int]:
        """Find what is open; in a folder that should be empty after each round, also what could not be moved."""
        self._kept = kept = self._cursor.get(self.name)
        known = read_progress(kept, session.validity)
        if kept is not None and not kept.startswith(f"{session.validity} "):
            self._report(self.name, "UIDVALIDITY changed: the whole folder is read again; known mails are recognized")
        found = session.uids(1 if self._options.move_to else known.lowest)
        self._progress = known.only(found)
        waiting = known.waiting(found)
        left = sorted(set(found).difference(waiting))
        if self._options.move_to and left:
            self._move_again(session, left)
        return waiting

    def _move_again(self, session: Session, uids: list[int]) -> None:
        try:
            session.move(uids, self._options.move_to)
        except NotSettled as error:
            self._report(self.name, f"{len(uids)} messages are safe but still in the folder: {error}")

    def _deliveries(self, session: Session, uids: list[int]) -> Iterator[Delivery]:
        for start in range(0, len(uids), _AT_ONCE):
            chunk = uids[start : start + _AT_ONCE]
            self._progress = self._progress.opened(chunk)
            envelopes = session.envelopes(chunk)
            for some in _by_size(chunk, envelopes, self._options.size_limit):
                contents = session.contents(some) if len(some) > 1 else {}
                for uid in some:
                    delivery = self._fetch(session, uid, envelopes.get(uid), contents.get(uid))
                    if delivery is not None:
                        yield delivery

    def _fetch(
        self, session: Session, uid: int, envelope: Envelope | None, raw: bytes | None = None
    ) -> Delivery | None:
        """Fetch one message unless it came with others; None, and a problem, when somebody removed it meanwhile."""
        too_big = envelope is not None and envelope.size > self._options.size_limit
        if raw is None and envelope is not None:
            raw = session.content(uid, "HEADER" if too_big else "")
        if envelope is None or raw is None:
            self._note_missing(session, uid)
            return None
        return Delivery(
            origin=Origin(f"{self.name}/{session.validity}/{uid}"),
            channel=Channel.PEC if self._options.pec else Channel.EMAIL,
            name=f"{uid}{HEADERS_ONLY if too_big else '.eml'}",
            raw=raw,
            received_at=envelope.arrived_at,
            facts={"too_big": str(envelope.size)} if too_big else {},
        )

    def _note_missing(self, session: Session, uid: int) -> None:
        if session.exists(uid):
            self._report(str(uid), "the server gives no content for this message. It will be tried again.")
            return
        self._progress = self._progress.without(uid)
        self._report(str(uid), "vanished: somebody moved or removed this message before it could be read")

    def _report(self, name: str, reason: str) -> None:
        self._problems.append(Problem(name, reason))

    def _save(self) -> None:
        text = self._progress.text()
        if text != self._kept:
            self._cursor.put(self.name, text)
            self._kept = text


def _by_size(uids: Sequence[int], envelopes: Mapping[int, Envelope], limit: int) -> Iterator[list[int]]:
    """Part messages into those that are fetched in one answer; a large or unknown one goes alone."""
    some: list[int] = []
    size = 0
    for uid in uids:
        own = envelopes[uid].size if uid in envelopes else limit
        if some and (size + own > _MOST_BYTES or len(some) == _MOST):
            yield some
            some, size = [], 0
        some.append(uid)
        size += own
    if some:
        yield some
