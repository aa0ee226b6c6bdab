"""What a delivery holds, gathered while mails and archives are opened: every part noted once, within limits."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import PurePosixPath

from intake.filetype import SHEETS, FileType
from intake.message import LONGEST_BODY
from intake.receipt import Document, PartUse, Refused, Signature, Trusted, Use
from intake.refusals import refused, refused_type, set_aside
from intake.signed import DOUBTFUL
from intake.trust import Trust


@dataclass(frozen=True, slots=True)
class UnpackLimits:
    """How much one delivery may hold; what is over a limit is refused, and said."""

    file_bytes: int = 50_000_000
    total_bytes: int = 200_000_000
    files: int = 200
    depth: int = 3

    def __post_init__(self) -> None:
        if min(self.file_bytes, self.total_bytes, self.files, self.depth) < 1:
            raise ValueError("a limit of nothing lets nothing in")


@dataclass(frozen=True, slots=True)
class Item:
    """One part as it was met: its cleaned name, what it is or claims to be, and its bytes."""

    name: str
    media_type: str
    raw: bytes = field(repr=False)


@dataclass(slots=True)
class Contents:
    """The documents and words found so far, what was left out or set aside, and how much of the limits is used up."""

    limits: UnpackLimits
    trust: Trust = field(default_factory=Trust)
    documents: list[Document] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    set_aside: list[Refused] = field(default_factory=list)
    parts: list[PartUse] = field(default_factory=list)
    signatures: list[Signature] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    """The bodies of mails inside the mail."""
    detached: list[Item] = field(default_factory=list)
    """Signatures without content: of which file each is, is seen when all are there."""
    _bytes: int = 0
    _files: int = 0
    _names: set[str] = field(default_factory=set)
    _digests: set[str] = field(default_factory=set)

    @property
    def count(self) -> int:
        """How many files were met."""
        return self._files

    @property
    def room(self) -> int:
        """Bytes that may still come out of archives."""
        return max(0, self.limits.total_bytes - self._bytes)

    def over(self, size: int) -> str:
        """Count a file, and name the limit that it breaks, if any."""
        self._files += 1
        self._bytes += size
        if self._files > self.limits.files:
            return "too_many"
        return "oversize" if size > self.limits.file_bytes or self._bytes > self.limits.total_bytes else ""

    def note(self, item: Item, use: Use, reason: str = "") -> None:
        """Account for a part."""
        digest = sha256(item.raw).hexdigest() if item.raw else ""
        self.parts.append(PartUse(item.name, use, item.media_type, len(item.raw), digest, reason))

    def refuse(self, item: Item, reason: str) -> None:
        """Note that a part cannot be used, with the sentence for that reason."""
        self.note(item, Use.LEFT_OUT, reason)
        self.refused.append(refused(item.name, reason))

    def refuse_type(self, item: Item, kind: FileType) -> None:
        """Note that a part cannot be used for what it is."""
        found = refused_type(item.name, kind)
        self.note(item, Use.LEFT_OUT, found.reason)
        self.refused.append(found)

    def tell(self, name: str, reason: str) -> None:
        """Say something about the delivery that is no part of it: a link in its text, a mail cut at its limit."""
        self.refused.append(refused(name, reason))

    def lay_aside(self, items: Iterable[Item], reason: str) -> None:
        """Note parts that nobody needs to act on."""
        for item in items:
            self.note(item, Use.SIGNATURE if reason == "signature" else Use.ASIDE, reason)
            self.set_aside.append(set_aside(item.name, reason))

    def sign(self, signatures: Iterable[Signature], *, of_file: bool) -> None:
        """Keep signatures as evidence; a clerk has to know of a file that was changed after it was signed."""
        for signature in signatures:
            self.signatures.append(signature)
            doubtful = of_file and signature.state is Trusted.BROKEN
            (self.doubts if doubtful else self.notes).append(signature.told)

    def speak(self, text: str) -> None:
        """Add the words of a mail inside the mail, as far as there is room."""
        if text.strip() and sum(map(len, self.words)) < LONGEST_BODY:
            self.words.append(text.strip())

    def add_document(self, item: Item, kind: FileType, content: bytes | None = None) -> None:
        """Add a document; ``content`` is its text where the bytes themselves hold no sheets."""
        if kind not in SHEETS and kind is not FileType.TEXT:
            raise ValueError(f"{kind} holds no sheets")
        document = Document(self._own_name(item.name), kind.value, item.raw if content is None else content)
        if document.digest in self._digests:
            self.lay_aside([item], "duplicate")
            return
        self._digests.add(document.digest)
        self._names.add(document.name)
        self.documents.append(document)
        self.note(item, Use.DOCUMENT)

    def mark_signed(self, first: int, signatures: Iterable[Signature], last: int | None = None) -> None:
        """Note on documents, from ``first`` up to ``last``, that intact signatures are about them."""
        states = [signature.state for signature in signatures]
        if states and not DOUBTFUL.intersection(states):
            self.documents[first:last] = [replace(each, signed=True) for each in self.documents[first:last]]

    def _own_name(self, name: str) -> str:
        """Give a name that no other document of this delivery has: two photos may both be called image.jpg."""
        path, number, own = PurePosixPath(name), 1, name
        while own in self._names:
            number += 1
            own = f"{path.stem} ({number}){path.suffix}"
        return own
