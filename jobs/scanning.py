"""Ask the virus scanner before anything of a receipt is read: its bytes, then each file that lies inside."""

import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Concatenate, Final, ParamSpec

from cases.submission import Looked
from intake.receipt import Receipt
from intake.scanner import FOUND, Scanner
from intake.unpack import unpack
from jobs.child import ChildFailed, Limits, run_in_child

_SENTENCE: Final = (
    "Il controllo antivirus ha trovato «{}»: il messaggio è in quarantena e non va aperto. "
    "Avvisare l'amministratore; chiedere al cliente di rimandare i documenti."
)
_FILES: Final = "jobs.scanning:files"
_MOST_MB: Final = 500

_More = ParamSpec("_More")
Look = Callable[Concatenate[Receipt, bytes, _More], Looked]


def scanned(look: Look[_More], scanner: Scanner, limits: Limits) -> Look[_More]:
    """Give a look that first has everything scanned, be it the first one or a later one that is told more.

    What is infected is not looked at: a clerk gets a case that says so, and the receipt lies in quarantine. The look
    raises ``ScannerDown`` or ``NotScanned``: what was not scanned is never read.
    """

    def look_after_scan(receipt: Receipt, raw: bytes, /, *more: _More.args, **named: _More.kwargs) -> Looked:
        found = virus_in(scanner, receipt.name, raw, limits)
        return infected(found) if found else look(receipt, raw, *more, **named)

    return look_after_scan


def virus_in(scanner: Scanner, name: str, raw: bytes, limits: Limits) -> str:
    """Name what is found in bytes or in a file inside them, "" for nothing. Raises ``ScannerDown``, ``NotScanned``."""
    return next((found for content in (raw, *inside(name, raw, limits)) if (found := scanner.scan(content))), "")


def infected(name: str) -> Looked:
    """Say that a virus of this name was found, and that nothing was looked at."""
    return Looked((), failure=_SENTENCE.format(name), facts={FOUND: name})


def inside(name: str, raw: bytes, limits: Limits) -> Iterator[bytes]:
    """Give the files that lie inside bytes, unpacked by us: a scanner opens not all that we open.

    It is done in a child. When that fails the look will fail too, and a clerk gets the receipt unread.
    """
    question = name.encode("utf-8", "surrogateescape") + b"\n" + raw
    try:
        answer = run_in_child(_FILES, question, replace(limits, answer_mb=_MOST_MB))
    except ChildFailed:
        return
    at = 0
    while at < len(answer):
        (size,) = struct.unpack_from("!Q", answer, at)
        yield answer[at + 8 : at + 8 + size]
        at += 8 + size


def files(question: bytes) -> bytes:
    """Answer ``inside``, in the child: each file's length in eight bytes, then the file."""
    name, _, raw = question.partition(b"\n")
    parcel = unpack(name.decode("utf-8", "surrogateescape"), raw, True)
    return b"".join(struct.pack("!Q", len(d.content)) + d.content for d in parcel.documents if d.content != raw)
