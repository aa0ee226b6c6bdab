"""Unpack the bytes of a delivery: what a mail, a PEC envelope or a file holds, down to documents."""

from dataclasses import replace

from intake.contents import Contents, Item, UnpackLimits
from intake.dsn import read_report
from intake.filetype import FileType, file_type
from intake.headers import MAIL_FAULTS, address, raw_header
from intake.mailkind import kind_of
from intake.message import Mail, mail_of, read_mail
from intake.names import clean_name
from intake.opening import add_file, add_mail, lay_aside, settle_detached
from intake.outlook import NoMessage, read_msg
from intake.pec import ANOMALY, CERTIFIED, RECEIPTS, Envelope, certificate_of, open_envelope, receipt, transport
from intake.receipt import MailKind, Parcel, Signature, Trusted, Use
from intake.refusals import refused
from intake.signed import restated
from intake.smime import mail_signatures
from intake.source import HEADERS_ONLY
from intake.trust import Trust

_WEAK = frozenset({FileType.TEXT, FileType.HTML, FileType.UNKNOWN, FileType.P7M})
"""Types by which no mail is refused that a mailbox handed over: its first lines may look like anything."""
_LIMITS = UnpackLimits()
_NO_TRUST = Trust()
_NOT_A_PEC_BOX = "Il messaggio ha l'aspetto di una PEC, ma è arrivato in una casella ordinaria: non vale come PEC."


def unpack(
    name: str,
    raw: bytes,
    pec_box: bool = False,  # noqa: FBT001, FBT002 - the flow passes it by place
    limits: UnpackLimits = _LIMITS,
    trust: Trust = _NO_TRUST,
) -> Parcel:
    """Unpack a mail or a file; ``pec_box`` says that it came out of a PEC mailbox. Never raises on any bytes."""
    contents = Contents(limits, trust)
    kind = file_type(raw)
    shown = clean_name(name, "documento")
    if kind is FileType.EML or (kind in _WEAK and shown.lower().endswith(".eml")):
        return _mail(shown, raw, contents, pec_box=pec_box)
    if kind is FileType.MSG:
        return _saved(shown, raw, contents)
    add_file(contents, shown, raw, 0)
    return _parcel(contents)


def _saved(name: str, raw: bytes, contents: Contents) -> Parcel:
    """Unpack a mail that somebody saved from Outlook: it is taken as the mail that it was."""
    item = Item(name, FileType.MSG.value, raw)
    over = contents.over(len(raw))
    try:
        mail = read_msg(raw)
    except NoMessage:
        over = over or "damaged"
    if over:
        contents.refuse(item, over)
        return _parcel(contents)
    contents.note(item, Use.OPENED)
    add_mail(contents, name, mail, 0)
    return replace(_parcel(contents, mail), kind=kind_of(mail))


def _mail(name: str, raw: bytes, contents: Contents, *, pec_box: bool) -> Parcel:
    mail = read_mail(raw)
    if name.endswith(HEADERS_ONLY):
        contents.tell(name, "mail_oversize")
    signatures = mail_signatures(raw, mail, contents.trust, name)
    if pec_box and receipt(mail):
        return _pec_receipt(mail, contents, signatures)
    envelope = open_envelope(mail)
    if envelope is not None:
        return _envelope(mail, envelope, contents, signatures, pec_box=pec_box)
    contents.sign(signatures, of_file=False)
    add_mail(contents, name, mail, 0)
    parcel = replace(_parcel(contents, mail), kind=kind_of(mail), pec=transport(mail) if pec_box else "")
    return _reported(parcel, mail) if parcel.kind is MailKind.BOUNCE else parcel


def _reported(parcel: Parcel, mail: Mail) -> Parcel:
    """Note what a bounce says: what became of the mail, and which one it was."""
    report = read_report(mail)
    about = (report.about,) if report.about else parcel.references
    return replace(parcel, references=about, facts={**parcel.facts, **report.facts()})


def _pec_receipt(mail: Mail, contents: Contents, signatures: tuple[Signature, ...]) -> Parcel:
    """Take nothing out of a receipt: a complete one carries our own letter. One of an unknown kind a person sees."""
    for text in mail.texts:
        contents.note(Item(clean_name(text.name, text.declared), text.declared, text.content), Use.BODY)
    lay_aside(contents, mail.parts, "provider")
    kind = receipt(mail)
    about = raw_header(mail.message, "X-Riferimento-Message-ID").strip()
    if kind not in RECEIPTS:
        contents.tell(kind, "pec_unknown")
    parcel = _parcel(contents, mail)
    return replace(
        parcel,
        kind=MailKind.RECEIPT if kind in RECEIPTS else MailKind.REQUEST,
        pec=kind,
        references=(about,) if about else parcel.references,
        signatures=signatures,
        facts={"pec": kind, **certificate_of(mail.parts).facts(), **_signed_facts(mail, signatures)},
    )


def _envelope(
    mail: Mail, envelope: Envelope, contents: Contents, signatures: tuple[Signature, ...], *, pec_box: bool
) -> Parcel:
    """Open the mail inside. A "receipt" inside an envelope is forged: only the provider's own header makes one."""
    for text in mail.texts:
        contents.note(Item(clean_name(text.name, text.declared), text.declared, text.content), Use.BODY)
    lay_aside(contents, envelope.own_parts, "provider")
    seen = tuple(_by_provider(mail, signature) for signature in signatures)
    contents.sign(seen, of_file=pec_box)
    if not pec_box:
        contents.notes.append(_NOT_A_PEC_BOX)
    elif envelope.kind not in {CERTIFIED, ANOMALY}:
        contents.doubts.append(refused(envelope.kind, "pec_unknown").message)
    parcel = _inner(mail, envelope, contents)
    broken = any(signature.state is Trusted.BROKEN for signature in seen)
    return replace(
        parcel,
        sender=parcel.sender or envelope.certificate.sender,
        envelope=address(raw_header(mail.message, "From")),
        pec=envelope.kind if pec_box else "",
        certified_at=envelope.certificate.at if pec_box and envelope.certified and not broken else None,
        facts=_envelope_facts(mail, envelope, seen, pec_box=pec_box),
    )


def _envelope_facts(
    mail: Mail, envelope: Envelope, signatures: tuple[Signature, ...], *, pec_box: bool
) -> dict[str, str]:
    if not pec_box:
        return {"pec_headers_without_pec_box": envelope.kind, **_signed_facts(mail, signatures)}
    return {
        "pec": envelope.kind,
        "pec_envelope_from": address(raw_header(mail.message, "From")),
        **envelope.certificate.facts(),
        **_signed_facts(mail, signatures),
    }


def _by_provider(mail: Mail, signature: Signature) -> Signature:
    """Believe the signature of an envelope only of the address that sends it: others' certificates prove nothing."""
    sender = address(raw_header(mail.message, "From")).lower()
    stranger = signature.email and signature.email.lower() != sender
    return restated(signature, Trusted.UNTRUSTED) if stranger and signature.state is Trusted.VERIFIED else signature


def _signed_facts(mail: Mail, signatures: tuple[Signature, ...]) -> dict[str, str]:
    if not signatures:
        return {"pec_signature": "none"}
    told = [_by_provider(mail, signature) for signature in signatures]
    by = ", ".join(filter(None, (signature.issuer for signature in told)))
    return {"pec_signature": told[0].state.value, **({"pec_signature_issuer": by} if by else {})}


def _inner(mail: Mail, envelope: Envelope, contents: Contents) -> Parcel:
    item = Item("postacert.eml", FileType.EML.value, b"")
    try:
        inner = mail_of(envelope.inner)
    except MAIL_FAULTS:
        contents.refuse(item, "mail_broken")
        return _parcel(contents, mail)
    contents.note(item, Use.OPENED)
    add_mail(contents, item.name, inner, 0)
    return replace(_parcel(contents, inner), kind=kind_of(inner))


def _parcel(contents: Contents, mail: Mail | None = None) -> Parcel:
    settle_detached(contents)
    parcel = Parcel(
        tuple(contents.documents),
        tuple(contents.refused),
        set_aside=tuple(contents.set_aside),
        parts=tuple(contents.parts),
        signatures=tuple(contents.signatures),
        doubts=tuple(contents.doubts),
        notes=tuple(contents.notes),
        body="\n\n".join(contents.words),
    )
    if mail is None:
        return parcel
    return replace(
        parcel,
        body="\n\n".join((mail.body, *contents.words)),
        subject=mail.subject,
        sender=mail.sender,
        message_id=mail.message_id,
        reply_to=mail.reply_to,
        references=mail.references,
    )
