"""Mails around the papers: several shapes of MIME, an inline logo, and the PEC transport envelope (unsigned)."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage, Message, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime
from io import BytesIO
from random import Random
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw

ROME = ZoneInfo("Europe/Rome")
DESK = "richieste@example.org"
SHAPES = ("plain", "html", "inline_logo", "forwarded")


_MEDIA_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "tif": "image/tiff",
    "heic": "image/heic",
    "zip": "application/zip",
    "dat": "application/ms-tnef",
    "msg": "application/vnd.ms-outlook",
    "p7m": "application/pkcs7-mime",
}


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a mail."""

    name: str
    content: bytes

    @property
    def media_type(self) -> tuple[str, str]:
        """Main and sub type by the name's ending."""
        main, _, sub = _MEDIA_TYPES[self.name.rsplit(".", 1)[-1].lower()].partition("/")
        return main, sub


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands around the papers: who writes, when, about what."""

    sender: str
    name: str
    subject: str
    body: str
    sent_at: datetime
    ident: str


def write_mail(head: Letterhead, files: list[Attached], rng: Random, shape: str = "plain") -> bytes:
    """Write a mail with attachments; ``shape`` is one of ``SHAPES``."""
    message = _message(head, shape)
    for file in files:
        main, sub = file.media_type
        message.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    if shape == "forwarded":
        message = _forward(head, message)
    return _received(head, message, rng)


def wrap_pec(head: Letterhead, files: list[Attached], rng: Random) -> bytes:
    """Write a certified mail as it lands: notice, daticert.xml and the customer's mail inside, unsigned."""
    inner = _message(head, "plain")
    for file in files:
        main, sub = file.media_type
        inner.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    _fix_boundaries(inner, f"{head.ident}p")
    outer = EmailMessage(policy=SMTP)
    outer["From"] = f'"Per conto di: {head.sender}" <posta-certificata@example.org>'
    outer["To"] = DESK
    outer["Subject"] = f"POSTA CERTIFICATA: {head.subject}"
    outer["Date"] = format_datetime(head.sent_at.astimezone(ROME))
    outer["Message-ID"] = f"<opec{head.ident}@example.org>"
    outer["X-Trasporto"] = "posta-certificata"
    outer["X-Riferimento-Message-ID"] = f"<{head.ident}@example.com>"
    local = head.sent_at.astimezone(ROME)
    outer.set_content(
        f"Messaggio di posta certificata\n\nIl giorno {local:%d/%m/%Y} alle ore {local:%H:%M:%S} il messaggio "
        f'"{head.subject}" è stato inviato da "{head.sender}" indirizzato a: {DESK}.\n'
    )
    daticert = _daticert(head, local).encode()
    outer.add_attachment(daticert, maintype="application", subtype="xml", filename="daticert.xml")
    outer.add_attachment(inner, filename="postacert.eml")
    return _received(head, outer, rng)


def plain_mail(head: Letterhead, headers: dict[str, str]) -> bytes:
    """Write a mail of text only with further headers, as machines send them."""
    message = _message(head, "plain")
    for name, value in headers.items():
        message[name] = value
    return _received(head, message, Random(head.ident))


def failure_notice(head: Letterhead) -> bytes:
    """Write the report of a mail server that could not deliver a mail of ours (RFC 3464)."""
    message = _message(head, "plain")
    message.make_mixed()
    message.set_type("multipart/report")
    message.set_param("report-type", "delivery-status")
    message.replace_header("From", "Mail Delivery System <MAILER-DAEMON@example.com>")
    message["Return-Path"] = "<>"
    server, letter, status = Message(), Message(), EmailMessage(policy=SMTP)
    server["Reporting-MTA"] = "dns; mail.example.com"
    letter["Final-Recipient"] = "rfc822; utente@example.com"
    letter["Action"], letter["Status"] = "failed", "5.1.1"
    status["Content-Type"] = "message/delivery-status"
    status.set_payload([server, letter])
    message.attach(status)
    return _received(head, message, Random(head.ident))


def _message(head: Letterhead, shape: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = f"{head.name} <{head.sender}>"
    message["To"] = DESK
    message["Subject"] = head.subject
    message["Date"] = format_datetime(head.sent_at.astimezone(ROME))
    message["Message-ID"] = f"<{head.ident}@example.com>"
    message.set_content(head.body + "\n")
    if shape in {"html", "inline_logo"}:
        paragraphs = "".join(f"<p>{line}</p>" for line in head.body.splitlines() if line)
        logo = '<img src="cid:logo@example.com" alt="">' if shape == "inline_logo" else ""
        message.add_alternative(f"<html><body>{paragraphs}{logo}</body></html>", subtype="html")
    if shape == "inline_logo":
        page = message.get_payload(1)
        if isinstance(page, MIMEPart):
            page.add_related(
                _logo(), "image", "png", cid="<logo@example.com>", filename="logo.png", disposition="inline"
            )
    return message


def _forward(head: Letterhead, inner: EmailMessage) -> EmailMessage:
    """Forward the mail as an attachment, as some programs do."""
    _fix_boundaries(inner, f"{head.ident}i")
    outer = EmailMessage(policy=SMTP)
    outer["From"] = f"{head.name} <{head.sender}>"
    outer["To"] = DESK
    outer["Subject"] = f"I: {head.subject}"
    outer["Date"] = format_datetime(head.sent_at.astimezone(ROME))
    outer["Message-ID"] = f"<{head.ident}.f@example.com>"
    outer.set_content("Inoltro la richiesta allegata.\n")
    outer.add_attachment(inner)
    return outer


def _received(head: Letterhead, message: EmailMessage, rng: Random) -> bytes:
    _fix_boundaries(message, head.ident)
    stamp = format_datetime(head.sent_at.astimezone(ROME))
    line = (
        f"Received: from mail.example.com by mx.example.org with ESMTPS id {rng.randrange(16**8):08x};\r\n\t{stamp}\r\n"
    )
    return line.encode() + message.as_bytes(policy=SMTP)


def _fix_boundaries(message: EmailMessage, ident: str) -> None:
    """Give every multipart a boundary of its own that does not change from run to run."""
    for i, part in enumerate(message.walk()):
        if part.is_multipart() and part.get_content_maintype() == "multipart" and not part.get_boundary():
            part.set_boundary(f"=_{ident}_{i}")


def _daticert(head: Letterhead, local: datetime) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<postacert tipo="posta-certificata" errore="nessuno">'
        f"<intestazione><mittente>{head.sender}</mittente>"
        f'<destinatari tipo="certificato">{DESK}</destinatari><risposte>{head.sender}</risposte>'
        f"<oggetto>{head.subject}</oggetto></intestazione>"
        f"<dati><gestore-emittente>Gestore di prova</gestore-emittente>"
        f'<data zona="{local:%z}"><giorno>{local:%d/%m/%Y}</giorno><ora>{local:%H:%M:%S}</ora></data>'
        f"<identificativo>opec{head.ident}@example.org</identificativo>"
        f"<msgid>&lt;{head.ident}@example.com&gt;</msgid></dati></postacert>\n"
    )


def _logo() -> bytes:
    image = Image.new("RGB", (64, 32), "white")
    ImageDraw.Draw(image).ellipse((4, 4, 28, 28), fill="navy")
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
