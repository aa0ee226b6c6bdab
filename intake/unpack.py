"""Unpack the bytes of a delivery: what a mail, a PEC envelope or a file holds, down to documents."""

from dataclasses import replace

from intake.contents import Contents, UnpackLimits
from intake.filetype import FileType, file_type
from intake.headers import MAIL_FAULTS, address, raw_header
from intake.mailkind import kind_of
from intake.message import Mail, mail_of, read_mail
from intake.names import clean_name
from intake.pec import Envelope, open_envelope, receipt, transport
from intake.receipt import MailKind, Parcel
from intake.source import HEADERS_ONLY

_WEAK = frozenset({FileType.TEXT, FileType.HTML, FileType.UNKNOWN, FileType.P7M})
"""Types by which no mail is refused that a mailbox handed over: its first lines may look like anything."""
_LIMITS = UnpackLimits()


def unpack(name: str, raw: bytes, pec_box: bool = False, limits: UnpackLimits = _LIMITS) -> Parcel:  # noqa: FBT001, FBT002 - the flow passes it by place
    """Unpack a mail or a file; ``pec_box`` says that it came out of a PEC mailbox. Never raises on any bytes."""
    contents = Contents(limits)
    kind = file_type(raw)
    shown = clean_name(name, "documento")
    if kind is FileType.EML or (kind in _WEAK and shown.lower().endswith(".eml")):
        return _mail(shown, read_mail(raw), contents, pec_box=pec_box)
    contents.add_file(shown, raw, 0)
    return _parcel(contents)


def _mail(name: str, mail: Mail, contents: Contents, *, pec_box: bool) -> Parcel:
    if name.endswith(HEADERS_ONLY):
        contents.refuse(name, "mail_oversize")
    if pec_box and receipt(mail):
        return _pec_receipt(mail, contents)
    envelope = open_envelope(mail)
    if envelope is not None:
        return _envelope(mail, envelope, contents, pec_box=pec_box)
    contents.add_mail(name, mail, 0)
    return replace(_parcel(contents, mail), kind=kind_of(mail), pec=transport(mail) if pec_box else "")


def _pec_receipt(mail: Mail, contents: Contents) -> Parcel:
    """Take nothing out of a receipt: a complete one carries our own letter, which is no customer's paper."""
    contents.lay_aside(mail.parts, "provider")
    parcel = replace(_parcel(contents, mail), kind=MailKind.RECEIPT, pec=receipt(mail))
    about = raw_header(mail.message, "X-Riferimento-Message-ID").strip()
    return replace(parcel, references=(about,)) if about else parcel


def _envelope(mail: Mail, envelope: Envelope, contents: Contents, *, pec_box: bool) -> Parcel:
    """Open the mail inside. A "receipt" inside an envelope is forged: only the provider's own header makes one."""
    contents.lay_aside(envelope.own_parts, "provider")
    parcel = _inner(mail, envelope, contents)
    return replace(
        parcel,
        sender=parcel.sender or envelope.certificate.sender,
        envelope=address(raw_header(mail.message, "From")),
        pec=envelope.kind if pec_box else "",
        certified_at=envelope.certificate.at if pec_box and envelope.certified else None,
    )


def _inner(mail: Mail, envelope: Envelope, contents: Contents) -> Parcel:
    try:
        inner = mail_of(envelope.inner)
    except MAIL_FAULTS:
        contents.refuse("postacert.eml", "mail_broken")
        return _parcel(contents, mail)
    contents.add_mail("postacert.eml", inner, 0)
    return replace(_parcel(contents, inner), kind=kind_of(inner))


def _parcel(contents: Contents, mail: Mail | None = None) -> Parcel:
    parcel = Parcel(tuple(contents.documents), tuple(contents.refused), set_aside=tuple(contents.set_aside))
    if mail is None:
        return parcel
    return replace(
        parcel,
        body=mail.body,
        subject=mail.subject,
        sender=mail.sender,
        message_id=mail.message_id,
        reply_to=mail.reply_to,
        references=mail.references,
    )
