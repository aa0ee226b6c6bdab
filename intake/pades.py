"""Signatures inside PDFs (PAdES, ETSI EN 319 142): found by their byte ranges, the file itself is never rewritten."""

import re
from dataclasses import dataclass, field, replace

from intake.receipt import Signature
from intake.signed import detached
from intake.trust import Trust

_RANGE = re.compile(
    rb"/ByteRange\s{0,20}\[\s{0,20}(\d{1,12})\s{1,20}(\d{1,12})\s{1,20}(\d{1,12})\s{1,20}(\d{1,12})\s{0,20}\]"
)
_TIMESTAMP = re.compile(rb"/SubFilter\s{0,20}/ETSI\.RFC3161")
_NEAR = 4096
_MOST = 20


@dataclass(frozen=True, slots=True)
class _Range:
    """The bytes that a signature covers, and the signature that stands in the gap between them."""

    covered: bytes = field(repr=False)
    raw: bytes = field(repr=False)
    end: int


def pdf_signatures(file: str, pdf: bytes, trust: Trust) -> tuple[Signature, ...]:
    """Give the signatures of a PDF, each on the version of the file that it was made on.

    What came later may be harmless (a time stamp, proofs for the archive): ``pages.signed`` compares what is shown.
    """
    ranges = [found for match in list(_RANGE.finditer(pdf))[:_MOST] if (found := _range(pdf, match))]
    ranges.sort(key=lambda each: each.end)
    given = [detached(file, each.raw, each.covered, trust) for each in ranges]
    if ranges and pdf[ranges[-1].end :].strip():
        given[-1] = tuple(_earlier(signature) for signature in given[-1])
    return tuple(signature for group in given for signature in group)


def _range(pdf: bytes, match: re.Match[bytes]) -> _Range | None:
    first, length, second, rest = (int(number) for number in match.groups())
    gap = pdf[first + length : second]
    around = (
        pdf[max(0, match.start() - _NEAR) : match.start()].rpartition(b" obj")[2] + pdf[match.end() : match.end() + 300]
    )
    if first != 0 or second + rest > len(pdf) or not gap.strip().startswith(b"<") or _TIMESTAMP.search(around):
        return None
    try:
        raw = bytes.fromhex(gap.strip().strip(b"<>").decode("ascii"))
    except ValueError:
        raw = b""
    return _Range(pdf[:length] + pdf[second : second + rest], raw, second + rest)


def _earlier(signature: Signature) -> Signature:
    return replace(signature, told=f"{signature.told} Dopo la firma al file è stato aggiunto altro.")
