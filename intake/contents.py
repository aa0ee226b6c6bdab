"""What a delivery holds, gathered while mails and archives are opened within limits."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from email.message import Message
from pathlib import PurePosixPath

from intake.archive import NotReadable, member_names, read_members
from intake.filetype import FileType, file_type
from intake.headers import MAIL_FAULTS
from intake.message import Mail, Part, mail_of, read_mail
from intake.names import clean_name
from intake.pec import open_envelope
from intake.picturesize import picture_size
from intake.receipt import Document, Refused
from intake.refusals import refused, refused_type, set_aside

_PAGES = frozenset(
    {FileType.PDF, FileType.TIFF, FileType.JPEG, FileType.PNG, FileType.GIF, FileType.BMP, FileType.WEBP}
)
_PICTURES = _PAGES - {FileType.PDF, FileType.TIFF}
_ASIDE = {
    "text/calendar": "card",
    "text/vcard": "card",
    "text/x-vcard": "card",
    "text/directory": "card",
    "application/ics": "card",
    "application/applefile": "card",
    "application/pkcs7-signature": "signature",
    "application/x-pkcs7-signature": "signature",
    "application/pgp-signature": "signature",
    "message/delivery-status": "report",
    "message/disposition-notification": "report",
    "text/rfc822-headers": "report",
}
_SUFFIX = {FileType.PDF: ".pdf", FileType.TIFF: ".tif", FileType.JPEG: ".jpg", FileType.PNG: ".png"}
_LOGO_SIDE = 400
_DOT_SIDE = 100
"""Pixels on the shorter side: a page of a form is never so small, even from a coarse fax."""


@dataclass(frozen=True, slots=True)
class UnpackLimits:
    """How much one delivery may hold; what is over a limit is refused, and said."""

    file_bytes: int = 50_000_000
    total_bytes: int = 200_000_000
    files: int = 200
    depth: int = 3


@dataclass(slots=True)
class Contents:
    """The documents found so far, what was refused or set aside, and how much of the limits is used up."""

    limits: UnpackLimits
    documents: list[Document] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    set_aside: list[Refused] = field(default_factory=list)
    _bytes: int = 0
    _files: int = 0
    _names: set[str] = field(default_factory=set)
    _digests: set[str] = field(default_factory=set)

    def add_mail(self, name: str, mail: Mail, depth: int) -> None:
        """Add the parts of a mail; a PEC envelope in it is opened, and the provider's own parts are set aside."""
        if mail.trouble:
            self.refuse(name, f"mail_{mail.trouble}")
        envelope = open_envelope(mail)
        parts: Iterable[Part] = mail.parts
        if envelope is not None:
            self.lay_aside(envelope.own_parts, "provider")
            parts = [part for part in mail.parts if part not in envelope.own_parts]
        for part in parts:
            self._add_part(part, mail, depth)

    def add_file(self, name: str, raw: bytes, depth: int) -> None:
        """Add a file: a document, or an archive or mail that is opened in its turn."""
        kind = file_type(raw)
        shown = clean_name(name, f"allegato-{self._files + 1}{_SUFFIX.get(kind, '')}")
        over = self._over(len(raw))
        if over:
            self.refuse(shown, over)
        elif kind in {FileType.ZIP, FileType.EML}:
            self._open(shown, kind, raw, depth)
        elif kind in _PAGES:
            self._add_document(shown, kind, raw)
        else:
            self.refused.append(refused_type(shown, kind))

    def refuse(self, name: str, reason: str) -> None:
        """Note that a part cannot be used, with the sentence for that reason."""
        self.refused.append(refused(name, reason))

    def lay_aside(self, parts: Iterable[Part], reason: str) -> None:
        """Note parts that nobody needs to act on."""
        self.set_aside += [set_aside(clean_name(part.name, part.declared), reason) for part in parts]

    def _over(self, size: int) -> str:
        """Count a file, and name the limit that it breaks, if any."""
        self._files += 1
        self._bytes += size
        if self._files > self.limits.files:
            return "too_many"
        return "oversize" if size > self.limits.file_bytes or self._bytes > self.limits.total_bytes else ""

    def _open(self, name: str, kind: FileType, raw: bytes, depth: int) -> None:
        if depth >= self.limits.depth:
            self.refuse(name, "too_deep")
        elif kind is FileType.EML:
            self.add_mail(name, read_mail(raw), depth + 1)
        else:
            self._add_archive(name, raw, depth + 1)

    def _add_archive(self, name: str, raw: bytes, depth: int) -> None:
        room = max(0, self.limits.total_bytes - self._bytes)
        try:
            count = len(member_names(raw))
            for member, content in read_members(raw, self.limits.file_bytes, room, self.limits.files):
                self._add_member(f"{name}/{member}", content, depth)
        except NotReadable as error:
            self.refuse(name, error.reason)
            return
        if count == 0:
            self.refuse(name, "empty")
        if count > self.limits.files:
            self.refuse(name, "too_many")

    def _add_member(self, name: str, content: bytes | NotReadable, depth: int) -> None:
        if isinstance(content, NotReadable):
            self.refuse(clean_name(name, "file nell'archivio"), content.reason)
        elif not _belongs_to_archiver(name):
            self.add_file(name, content, depth)

    def _add_part(self, part: Part, mail: Mail, depth: int) -> None:
        if part.nested is not None:
            self._add_nested(clean_name(part.name, "messaggio allegato"), part.nested, depth)
            return
        reason = _ASIDE.get(part.declared, "") or ("logo" if _is_logo(part, mail) else "")
        if reason:
            self.lay_aside([part], reason)
        else:
            self.add_file(part.name, part.content, depth)

    def _add_nested(self, name: str, message: Message, depth: int) -> None:
        if depth >= self.limits.depth:
            self.refuse(name, "too_deep")
            return
        try:
            mail = mail_of(message)
        except MAIL_FAULTS:
            self.refuse(name, "mail_broken")
        else:
            self.add_mail(name, mail, depth + 1)

    def _add_document(self, name: str, kind: FileType, raw: bytes) -> None:
        document = Document(self._own_name(name), kind.value, raw)
        if document.digest in self._digests:
            self.set_aside.append(set_aside(name, "duplicate"))
            return
        self._digests.add(document.digest)
        self._names.add(document.name)
        self.documents.append(document)

    def _own_name(self, name: str) -> str:
        """Give a name that no other document of this delivery has: two photos may both be called image.jpg."""
        path, number, own = PurePosixPath(name), 1, name
        while own in self._names:
            number += 1
            own = f"{path.stem} ({number}){path.suffix}"
        return own


def _is_logo(part: Part, mail: Mail) -> bool:
    """Tell logos in signatures from photos of a form, which mail programs put between the lines as well."""
    size = picture_size(part.content) if file_type(part.content) in _PICTURES else None
    if size is None:
        return False
    shown_inline = bool(part.content_id) and f"cid:{part.content_id}" in mail.html
    return min(size) < (_LOGO_SIDE if shown_inline else _DOT_SIDE)


def _belongs_to_archiver(name: str) -> bool:
    """Recognize the litter that macOS and Windows put into archives."""
    return "__MACOSX/" in name or name.rsplit("/", 1)[-1] in {".DS_Store", "Thumbs.db", "desktop.ini"}
