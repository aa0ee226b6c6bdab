"""The bins of the conservation ledger: where each message, file and page of a delivery ended. Exactly one each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cases.submission import Held, Looked
from checks.validation import Outcome
from intake.receipt import MailKind
from parsers.reading import PageUse, Role


class Kind(StrEnum):
    """What a line of the ledger is about. The last three are no items: they tell what was done."""

    MESSAGE = "message"
    """The delivery itself: a mail, a fax call, a scanned file."""
    FILE = "file"
    PAGE = "page"
    REGISTERED = "registered"
    """A line was written into the protocol register."""
    ERASED = "erased"
    """Contents were erased, by retention or on request."""
    NOTED = "noted"
    """Something else to be kept for good, for example a release from quarantine."""


ITEMS: Final = (Kind.MESSAGE, Kind.FILE, Kind.PAGE)


class Bin(StrEnum):
    """Where an item ended."""

    USED = "used"
    """Its content was read into the case that the line names."""
    ATTACHMENT = "attachment"
    BLANK = "blank"
    COVER = "cover"
    DUPLICATE = "duplicate"
    RECEIPT = "receipt"
    """A bounce, an automatic reply or a PEC receipt."""
    REFUSED = "refused"
    WAITING = "waiting"
    """For a person, in the case that the line names."""
    LEFT_OUT = "left_out"
    """Nobody needs to act on it: a logo, an advertisement, a provider's own file."""
    ASTRAY = "astray"
    """In no bin: a fault of ours. It counts as unaccounted for."""


@dataclass(frozen=True, slots=True)
class Placed:
    """One item and its bin. ``document`` counts from 1 within the delivery, ``page`` within its file; 0 is the whole.

    ``target`` is a register number, or the receipt or file that it doubles. ``name`` is as it came, and can be erased.
    """

    kind: Kind
    bin: Bin | None
    digest: str
    target: str = ""
    reason: str = ""
    document: int = 0
    page: int = 0
    name: str = ""


_OF_KIND: Final[Mapping[MailKind, tuple[Bin, str]]] = {
    MailKind.RECEIPT: (Bin.RECEIPT, "receipt"),
    MailKind.BOUNCE: (Bin.RECEIPT, "bounce"),
    MailKind.AUTO_REPLY: (Bin.RECEIPT, "auto_reply"),
    MailKind.LIST: (Bin.LEFT_OUT, "list"),
    MailKind.CALENDAR: (Bin.LEFT_OUT, "calendar"),
    MailKind.SPAM: (Bin.LEFT_OUT, "spam"),
}


def place(looked: Looked, digest: str, name: str, numbers: Sequence[str]) -> tuple[Placed, ...]:
    """Put the message, its files and their pages into bins.

    ``numbers`` are the register numbers of the cases that were born, in the order of the submissions; ``digest`` and
    ``name`` are the delivery's own.
    """
    message = _message(looked, digest, name, numbers)
    files = [item for at, held in enumerate(looked.held, 1) for item in _file(looked, held, at, numbers, message)]
    return (message, *files)


def _message(looked: Looked, digest: str, name: str, numbers: Sequence[str]) -> Placed:
    target = ", ".join(numbers)
    if looked.failure:
        return Placed(Kind.MESSAGE, Bin.WAITING, digest, target, "look_failed", name=name)
    if not numbers:
        bin_, reason = _OF_KIND.get(looked.kind, (Bin.REFUSED, Outcome.NOT_A_REQUEST.value))
        return Placed(Kind.MESSAGE, bin_, digest, looked.about if bin_ is Bin.RECEIPT else "", reason, name=name)
    if not looked.submissions:
        return Placed(Kind.MESSAGE, Bin.WAITING, digest, target, "nothing_found", name=name)
    return Placed(Kind.MESSAGE, Bin.USED, digest, target, name=name)


def _file(looked: Looked, held: Held, at: int, numbers: Sequence[str], message: Placed) -> Iterator[Placed]:
    def line(kind: Kind, bin_: Bin | None, target: str = "", reason: str = "", page: int = 0) -> Placed:
        return Placed(kind, bin_, held.digest, target, reason, at, page, held.name)

    if held.fate == "refused":
        yield line(Kind.FILE, Bin.REFUSED, reason=held.reason)
    elif held.fate == "aside":
        yield line(Kind.FILE, Bin.DUPLICATE if held.reason == "duplicate" else Bin.LEFT_OUT, reason=held.reason)
    elif not held.pages:
        yield line(Kind.FILE, message.bin, message.target, message.reason)
    else:
        pages = [_page(looked, held, number, numbers) for number in held.pages]
        bin_, target = _whole(pages)
        yield line(Kind.FILE, bin_, target)
        for number, (bin_, target, reason) in zip(held.pages, pages, strict=True):
            yield line(Kind.PAGE, bin_, target, reason, number)


_STRONGEST: Final = (
    Bin.USED,
    Bin.ATTACHMENT,
    Bin.WAITING,
    Bin.ASTRAY,
    Bin.REFUSED,
    Bin.DUPLICATE,
    Bin.COVER,
    Bin.LEFT_OUT,
    Bin.BLANK,
)


def _whole(pages: Sequence[tuple[Bin, str, str]]) -> tuple[Bin, str]:
    """Give the bin of a file from those of its pages: what a page of it is used for, it is used for."""
    best = min((bin_ for bin_, _, _ in pages), key=_STRONGEST.index)
    targets = dict.fromkeys(t for bin_, target, _ in pages if bin_ is best for t in target.split(", ") if t)
    return best, ", ".join(targets)


def _page(looked: Looked, held: Held, number: int, numbers: Sequence[str]) -> tuple[Bin, str, str]:
    """Give bin, target and reason of one page; a page shared by several cases names them all."""
    found = [
        (case, use)
        for case, submission in zip(_targets(looked, numbers), looked.submissions, strict=True)
        for use in submission.reading.pages
        if (use.file, use.page) == (held.name, number)
    ]
    if not found:
        return (Bin.ASTRAY, "", "no submission has this page")
    bins = [_role(use) for _, use in found]
    best = min((bin_ for bin_, _ in bins), key=_STRONGEST.index)
    target = ", ".join(dict.fromkeys(case for (case, _), (b, _) in zip(found, bins, strict=True) if b is best and case))
    reason = next(reason for bin_, reason in bins if bin_ is best)
    if not target and best in {Bin.USED, Bin.ATTACHMENT}:
        return (Bin.REFUSED, "", Outcome.NOT_A_REQUEST.value)
    return (best, target, reason)


_OF_ROLE: Final[Mapping[Role, Bin]] = {
    Role.FORM: Bin.USED,
    Role.ATTACHMENT: Bin.ATTACHMENT,
    Role.UNSURE: Bin.ATTACHMENT,
    Role.BLANK: Bin.BLANK,
    Role.COVER: Bin.COVER,
    Role.SEPARATOR: Bin.COVER,
    Role.DUPLICATE: Bin.DUPLICATE,
}


def _role(use: PageUse) -> tuple[Bin, str]:
    """Give the bin of a sheet, and its role where the bin does not say it."""
    return _OF_ROLE[use.role], use.role.value if use.role in {Role.UNSURE, Role.SEPARATOR} else ""


def _targets(looked: Looked, numbers: Sequence[str]) -> list[str]:
    """Give the register number of each submission; one that is no request has none."""
    left = iter(numbers)
    born = (s.validation.outcome is not Outcome.NOT_A_REQUEST for s in looked.submissions)
    return [next(left, "") if is_born else "" for is_born in born]
