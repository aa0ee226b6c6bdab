"""A p7m as it comes: opened through all its layers, its signatures read, its content handed on unchanged."""

import re
from dataclasses import dataclass, field

from intake.cms import NotReadable, Wrapped, open_container
from intake.filetype import FileType, file_type, is_mail
from intake.receipt import Signature
from intake.signed import signatures_of
from intake.trust import Trust

_MOST_LAYERS = 5
_MIME = re.compile(rb"\s{0,10}content-(?:type|transfer-encoding|disposition):", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a wrapping held. ``reason`` says why there is no content: "detached", "smime_encrypted" or "damaged"."""

    name: str
    content: bytes | None = field(default=None, repr=False)
    signatures: tuple[Signature, ...] = ()
    reason: str = ""

    @property
    def is_mail(self) -> bool:
        """Tell whether a mail was signed as a whole: its content begins with headers."""
        return self.content is not None and (_MIME.match(self.content) is not None or is_mail(self.content))


def open_wrapping(name: str, raw: bytes, trust: Trust) -> Opened:
    """Open a signed file; one that was signed several times over has all its signatures."""
    inside = raw
    signatures: tuple[Signature, ...] = ()
    for _ in range(_MOST_LAYERS):
        shown = _without_ending(name)
        try:
            container = open_container(inside)
        except NotReadable:
            return Opened(shown, None, signatures, "damaged")
        if container.kind is not Wrapped.SIGNED:
            return Opened(
                shown, None, signatures, "smime_encrypted" if container.kind is Wrapped.ENCRYPTED else "damaged"
            )
        if container.content is None:
            return Opened(shown, None, signatures, "detached")
        signatures = (*signatures, *signatures_of(name, container, trust))
        inside, name = container.content, shown
        if file_type(inside) is not FileType.P7M:
            return Opened(shown, inside, signatures)
    return Opened(name, None, signatures, "too_deep")


def _without_ending(name: str) -> str:
    """Give the name of what is inside.

    >>> _without_ending("modulo.pdf.p7m")
    'modulo.pdf'
    """
    return re.sub(r"(?i)\.(?:p7m|p7s|p7c)$", "", name) or name
