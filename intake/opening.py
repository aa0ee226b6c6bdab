"""Open what a delivery holds, part by part: each is a document, is opened in its turn, or is left out and said so."""

from collections.abc import Callable, Iterator, Mapping
from email.message import Message
from typing import Final

from intake.archive import NotReadable, member_names, read_members, read_tar, unpack_one
from intake.contents import Contents, Item
from intake.filetype import SHEETS, FileType, file_type
from intake.headers import MAIL_FAULTS
from intake.links import cloud_hosts
from intake.message import Mail, Part, mail_of, read_mail
from intake.names import clean_name
from intake.office import Letter, read_letter
from intake.ornaments import belongs_to_archiver, is_logo
from intake.outlook import NoMessage, read_msg
from intake.pades import pdf_signatures
from intake.pec import open_envelope
from intake.portfolio import embedded_files
from intake.receipt import Trusted, Use
from intake.rtf import rtf_pictures, rtf_words
from intake.signed import detached
from intake.smime import SIGNATURES
from intake.tnef import read_tnef
from intake.words import WORDS
from intake.wrapping import open_wrapping

_ASIDE: Final = {
    "text/calendar": "card",
    "text/vcard": "card",
    "text/x-vcard": "card",
    "text/directory": "card",
    "application/ics": "card",
    "application/applefile": "card",
    "application/pgp-signature": "signature",
    "application/pgp-encrypted": "report",
    "message/delivery-status": "report",
    "message/disposition-notification": "report",
    "text/rfc822-headers": "report",
}
_LEFT_OUT: Final = {"message/partial": "partial", "message/external-body": "external"}
_SUFFIX: Final = {
    FileType.PDF: ".pdf",
    FileType.TIFF: ".tif",
    FileType.JPEG: ".jpg",
    FileType.PNG: ".png",
    FileType.HEIC: ".heic",
    FileType.WEBP: ".webp",
}
_NOT_OF_IT = frozenset({Trusted.BROKEN, Trusted.UNREADABLE})
_PGP = b"-----BEGIN PGP MESSAGE-----"


def add_mail(contents: Contents, name: str, mail: Mail, depth: int) -> None:
    """Add the parts of a mail; a PEC envelope in it is opened, and the provider's own parts are set aside."""
    if mail.trouble:
        contents.tell(name, f"mail_{mail.trouble}")
    for host in cloud_hosts(mail.body, mail.links):
        contents.tell(host, "cloud_link")
    for text in mail.texts:
        contents.note(_item(text), Use.BODY)
    for block, reason in mail.unreadable:
        contents.refuse(Item(clean_name(block, "file nel testo"), "", b""), reason)
    envelope = open_envelope(mail)
    own = envelope.own_parts if envelope is not None else ()
    lay_aside(contents, own, "provider")
    for part in mail.parts:
        if part not in own:
            _add_part(contents, part, mail, depth)


def add_file(contents: Contents, name: str, raw: bytes, depth: int) -> None:
    """Add a file: a document, or an archive, letter or mail that is opened in its turn."""
    kind = file_type(raw)
    shown = clean_name(name, f"allegato-{contents.count + 1}{_SUFFIX.get(kind, '')}")
    item = Item(shown, kind.value, raw)
    over = contents.over(len(raw)) or ("pgp" if raw.lstrip()[:27] == _PGP else "")
    if over:
        contents.refuse(item, over)
    elif kind in SHEETS:
        contents.add_document(item, kind)
        if kind is FileType.PDF:
            _look_inside(contents, item, depth)
    elif kind in WORDS:
        _add_text(contents, item, WORDS[kind](raw))
    elif kind in _OPENERS:
        _open(contents, item, kind, depth)
    else:
        contents.refuse_type(item, kind)


def settle_detached(contents: Contents) -> None:
    """Find the document of each signature that came without its content; one without any is left out."""
    for item in contents.detached:
        stem = item.name.rpartition(".")[0].lower()
        nearest = sorted(contents.documents, key=lambda document: document.name.lower() != stem)
        told = ((d, detached(d.name, item.raw, d.content, contents.trust)) for d in nearest)
        sound = next((given for _, given in told if all(s.state not in _NOT_OF_IT for s in given)), None)
        if sound is None and nearest and nearest[0].name.lower() == stem:
            sound = detached(nearest[0].name, item.raw, nearest[0].content, contents.trust)
        if sound is None:
            contents.refuse(item, "detached")
        else:
            contents.sign(sound, of_file=True)
            contents.note(item, Use.SIGNATURE)
            at = next(i for i, document in enumerate(contents.documents) if document.name == sound[0].file)
            contents.mark_signed(at, sound, at + 1)


def lay_aside(contents: Contents, parts: tuple[Part, ...], reason: str) -> None:
    """Set parts of a mail aside."""
    contents.lay_aside([_item(part) for part in parts], reason)


def _item(part: Part) -> Item:
    return Item(clean_name(part.name, part.declared), part.declared, part.content)


def _add_part(contents: Contents, part: Part, mail: Mail, depth: int) -> None:
    reason = _ASIDE.get(part.declared, "") or ("logo" if is_logo(part, mail) else "")
    if part.declared in SIGNATURES and mail.message.get_content_type() == "multipart/signed":
        reason = "signature"
    if part.declared in _LEFT_OUT:
        contents.refuse(_item(part), _LEFT_OUT[part.declared])
    elif part.nested is not None:
        _add_nested(contents, part, part.nested, depth)
    elif reason:
        lay_aside(contents, (part,), reason)
    else:
        add_file(contents, part.name, part.content, depth)


def _add_nested(contents: Contents, part: Part, nested: Message | Mail, depth: int) -> None:
    item = Item(clean_name(part.name, "messaggio allegato"), FileType.EML.value, part.content)
    if depth >= contents.limits.depth:
        contents.refuse(item, "too_deep")
        return
    try:
        mail = nested if isinstance(nested, Mail) else mail_of(nested)
    except MAIL_FAULTS:
        contents.refuse(item, "mail_broken")
    else:
        _open_mail(contents, item, mail, depth)


def _look_inside(contents: Contents, item: Item, depth: int) -> None:
    """Read the signatures of a PDF, and add the files that it embeds."""
    contents.sign(pdf_signatures(item.name, item.raw, contents.trust), of_file=True)
    for name, content in embedded_files(item.raw, contents.limits.file_bytes, contents.limits.files):
        shown = Item(clean_name(name, "file nel PDF"), "", content if isinstance(content, bytes) else b"")
        if isinstance(content, NotReadable):
            contents.refuse(shown, content.reason)
        elif depth >= contents.limits.depth:
            contents.refuse(shown, "too_deep")
        else:
            add_file(contents, name, content, depth + 1)


def _open(contents: Contents, item: Item, kind: FileType, depth: int) -> None:
    if depth >= contents.limits.depth:
        contents.refuse(item, "too_deep")
        return
    try:
        _OPENERS[kind](contents, item, depth)
    except NotReadable as error:
        contents.refuse(item, error.reason)
    except NoMessage:
        contents.refuse(item, "damaged")


def _open_mail(contents: Contents, item: Item, mail: Mail, depth: int) -> None:
    contents.note(item, Use.OPENED)
    contents.speak("\n".join(filter(None, (mail.subject, mail.body))))
    add_mail(contents, item.name, mail, depth + 1)


def _open_zip(contents: Contents, item: Item, depth: int) -> None:
    limits = contents.limits
    count = len(member_names(item.raw))
    members = read_members(item.raw, limits.file_bytes, contents.room, limits.files)
    _add_members(contents, item, members, depth)
    if count > limits.files:
        contents.tell(item.name, "too_many")


def _open_tar(contents: Contents, item: Item, depth: int) -> None:
    limits = contents.limits
    _add_members(contents, item, read_tar(item.raw, limits.file_bytes, limits.files), depth)


def _open_packed(contents: Contents, item: Item, depth: int) -> None:
    most = min(contents.limits.file_bytes, contents.room)
    member = unpack_one(FileType(item.media_type), item.name, item.raw, most)
    _add_members(contents, item, iter([member]), depth)


def _add_members(
    contents: Contents, item: Item, members: Iterator[tuple[str, bytes | NotReadable]], depth: int
) -> None:
    contents.note(item, Use.OPENED)
    empty = True
    for name, content in members:
        empty = False
        shown = Item(clean_name(name, "file nell'archivio"), "", b"")
        if isinstance(content, NotReadable):
            contents.refuse(shown, content.reason)
        elif belongs_to_archiver(name):
            contents.lay_aside([shown], "litter")
        else:
            add_file(contents, name, content, depth + 1)
    if empty:
        contents.tell(item.name, "empty")


def _open_wrapped(contents: Contents, item: Item, depth: int) -> None:
    """Open a signed file; a mail that is signed as a whole is a mail."""
    opened = open_wrapping(item.name, item.raw, contents.trust)
    if opened.reason == "detached":
        contents.detached.append(item)
        return
    if opened.reason or opened.content is None:
        contents.refuse(item, opened.reason or "damaged")
        return
    contents.note(item, Use.OPENED)
    contents.sign(opened.signatures, of_file=not opened.is_mail)
    if opened.is_mail:
        mail = read_mail(opened.content)
        contents.speak(mail.body)
        add_mail(contents, item.name, mail, depth + 1)
    else:
        before = len(contents.documents)
        add_file(contents, opened.name, opened.content, depth + 1)
        contents.mark_signed(before, opened.signatures)


def _open_letter(contents: Contents, item: Item, depth: int) -> None:
    limits = contents.limits
    letter = read_letter(FileType(item.media_type), item.raw, min(limits.file_bytes, contents.room), limits.files)
    _add_letter(contents, item, letter, depth)


def _open_rich_text(contents: Contents, item: Item, depth: int) -> None:
    pictures = tuple(("", picture) for picture in rtf_pictures(item.raw))
    _add_letter(contents, item, Letter(rtf_words(item.raw), pictures), depth)


def _add_letter(contents: Contents, item: Item, letter: Letter, depth: int) -> None:
    if not letter.text and letter.pictures:
        contents.note(item, Use.OPENED)
    else:
        _add_text(contents, item, letter.text)
    for name, picture in letter.pictures:
        part = Part(name, "", picture)
        if is_logo(part):
            lay_aside(contents, (part,), "logo")
        else:
            add_file(contents, name, picture, depth + 1)
    for name in letter.objects:
        contents.refuse_type(Item(clean_name(name, "oggetto"), "", b""), FileType.UNKNOWN)


def _add_text(contents: Contents, item: Item, text: str) -> None:
    """Add the words of a file that has no sheets of its own."""
    if text.strip():
        contents.add_document(item, FileType.TEXT, text.encode("utf-8", errors="replace"))
    else:
        contents.refuse(item, "empty")


_OPENERS: Final[Mapping[FileType, Callable[[Contents, Item, int], None]]] = {
    FileType.ZIP: _open_zip,
    FileType.TAR: _open_tar,
    FileType.GZIP: _open_packed,
    FileType.BZIP2: _open_packed,
    FileType.XZ: _open_packed,
    FileType.EML: lambda contents, item, depth: _open_mail(contents, item, read_mail(item.raw), depth),
    FileType.TNEF: lambda contents, item, depth: _open_mail(contents, item, read_tnef(item.raw), depth),
    FileType.MSG: lambda contents, item, depth: _open_mail(contents, item, read_msg(item.raw), depth),
    FileType.P7M: _open_wrapped,
    FileType.DOCX: _open_letter,
    FileType.ODT: _open_letter,
    FileType.RTF: _open_rich_text,
}
