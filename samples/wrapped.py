"""Post as programs really send it: in Outlook's own wrappings, zipped, signed, photographed, certified, bounced."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from functools import lru_cache
from io import BytesIO
from random import Random
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pillow_heif
from PIL import Image

from intake.receipt import Channel
from samples.degrade import draw_pages
from samples.mail import Attached, plain_mail, wrap_pec, write_mail
from samples.outlook import OutlookMessage, write_msg, write_winmail
from samples.post import Envelope, truth
from samples.sample import Sample
from samples.scenarios import SCENARIOS
from samples.sheets import Paperwork
from samples.signing import Identity, authority, issue, sign, sign_mail

_SINCE = datetime(2025, 1, 1, tzinfo=UTC)
PROVIDER = "posta-certificata@example.org"
_EMPTY: dict[str, Any] = {
    "form": "",
    "edition": "",
    "hold_until": None,
    "fields": {},
    "delega": {},
    "papers": [],
    "missing_pages": [],
}
_Files = list[tuple[str, bytes]]


def wrapped_post(work: Paperwork, seed: int) -> Iterator[Sample]:
    """Yield every piece once: first those that hold a complete request, then those that hold none."""
    for i, (name, procedure, proves, make) in enumerate(_REQUESTS):
        rng = Random(f"{seed}/wrapped/{i}")
        draft = SCENARIOS["complete"].draft(rng, procedure)
        envelope = Envelope(draft, work, rng.randrange(2**31))
        yield Sample(
            name=name,
            channel=Channel.PEC if name.startswith("pec-") else Channel.EMAIL,
            raw=make(envelope, envelope.fillable()),
            received_at=draft.case.received_at,
            scenario="complete",
            mode="wrapped",
            proves=proves,
            submissions=(truth(draft, work),),
        )
    yield from _no_requests(work, seed)


def _no_requests(work: Paperwork, seed: int) -> Iterator[Sample]:
    for i, (name, kind, stated, proves, make) in enumerate(_OTHERS):
        rng = Random(f"{seed}/unwrapped/{i}")
        draft = SCENARIOS["complete"].draft(rng)
        yield Sample(
            name=name,
            channel=Channel.PEC if name.startswith("pec-") else Channel.EMAIL,
            raw=make(Envelope(draft, work, rng.randrange(2**31))),
            received_at=draft.case.received_at,
            scenario="odd",
            mode="wrapped",
            proves=proves,
            submissions=(_EMPTY | dict(stated),) if stated else (),
            kind=kind,
        )


def _attached(files: _Files) -> list[Attached]:
    return [Attached(name, content) for name, content in files]


def _winmail(envelope: Envelope, files: _Files) -> bytes:
    head = envelope.head()
    made = write_winmail(OutlookMessage(head.sender, head.subject, head.body, files))
    return write_mail(envelope.head(body=" "), [Attached("winmail.dat", made)], envelope.rng)


def _saved(envelope: Envelope, files: _Files) -> bytes:
    head = envelope.head()
    made = write_msg(OutlookMessage(head.sender, head.subject, head.body, files))
    said = envelope.head("I: richiesta", "Inoltro la richiesta che ho preparato.")
    return write_mail(said, [Attached("richiesta.msg", made)], envelope.rng)


def _signed(envelope: Envelope, files: _Files) -> bytes:
    holder = envelope.draft.case.holder
    who = issue(_authority(), holder.full_name, _SINCE, serial=f"TINIT-{holder.tax_code}")
    (name, form), *papers = files
    made = sign(form, who, envelope.draft.case.received_at)
    return write_mail(envelope.head(), _attached([(f"{name}.p7m", made), *papers]), envelope.rng)


def _photographed(envelope: Envelope, files: _Files) -> bytes:
    """Send the identity card as an iPhone's photo."""
    sent = [(n, c) if "identita" not in n else (_as(n, "heic"), _photo(c)) for n, c in files]
    return write_mail(envelope.head(), _attached(sent), envelope.rng)


def _zipped(envelope: Envelope, files: _Files) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(ZipInfo(f"documenti/{name}"), content, ZIP_DEFLATED)
    return write_mail(envelope.head(), [Attached("documenti.zip", out.getvalue())], envelope.rng)


def _html_only(envelope: Envelope, files: _Files) -> bytes:
    head = envelope.head()
    message = EmailMessage(policy=SMTP)
    for name, value in (("From", f"{head.name} <{head.sender}>"), ("Subject", head.subject)):
        message[name] = value
    message["Message-ID"] = f"<{head.ident}@example.com>"
    lines = "".join(f"<p>{line}</p>" for line in head.body.splitlines())
    hidden = '<div style="display:none">testo nascosto</div><script>niente()</script>'
    message.set_content(f"<html><body>{lines}{hidden}</body></html>", subtype="html")
    for file in _attached(files):
        main, sub = file.media_type
        message.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    message.set_boundary(f"=_{head.ident}")
    return message.as_bytes()


def _certified(envelope: Envelope, files: _Files) -> bytes:
    """Sign the envelope as its provider does."""
    head, _, rest = wrap_pec(envelope.head(), _attached(files), envelope.rng).partition(b"\r\nContent-Type: ")
    at = envelope.draft.case.received_at
    boundary = f"----=_{envelope.head().ident}s"
    headers = head.replace(b"MIME-Version: 1.0\r\n", b"").removesuffix(b"\r\nMIME-Version: 1.0") + b"\r\n"
    return sign_mail(headers, b"Content-Type: " + rest, _provider(), at, boundary)


def _anomaly(envelope: Envelope, files: _Files) -> bytes:
    """Wrap ordinary mail that reached a certified box; nothing of it is certified."""
    raw = _certified(envelope, files)
    return raw.replace(b"X-Trasporto: posta-certificata", b"X-Trasporto: errore", 1).replace(
        b"Subject: POSTA CERTIFICATA: ", b"Subject: ANOMALIA MESSAGGIO: ", 1
    )


def _cloud_link(envelope: Envelope) -> bytes:
    body = "Buongiorno,\nil modulo e i documenti sono qui: https://we.tl/t-prova123\nCordiali saluti"
    return write_mail(envelope.head("Richiesta SMART Help", body), [], envelope.rng)


def _out_of_office(envelope: Envelope) -> bytes:
    head = envelope.head("Automatic reply: Ricevuta della richiesta", "I am out of the office until 31 August.")
    return plain_mail(head, {"In-Reply-To": "<lettera1@example.org>", "X-Auto-Response-Suppress": "All"})


def _undelivered(envelope: Envelope) -> bytes:
    """Send a letter of ours back as servers do that do not know RFC 3464: in plain words, from nobody."""
    head = envelope.head("failure notice", "Hi. This is the qmail-send program. I'm afraid I couldn't deliver it.")
    raw = plain_mail(head, {"Return-Path": "<>"})
    sender = f"From: {head.name} <{head.sender}>".encode()
    return raw.replace(sender, b"From: MAILER-DAEMON@example.com", 1)


def _undelivered_pec(envelope: Envelope) -> bytes:
    raw = _certified(envelope, [])
    return (
        raw.replace(b"X-Trasporto: posta-certificata", b"X-Ricevuta: errore-consegna", 1)
        .replace(b"Subject: POSTA CERTIFICATA: ", b"Subject: AVVISO DI MANCATA CONSEGNA: ", 1)
    )  # fmt: skip


def _as(name: str, ending: str) -> str:
    return f"{name.rsplit('.', 1)[0]}.{ending}"


def _photo(pdf: bytes) -> bytes:
    out = BytesIO()
    picture = Image.fromarray(draw_pages(pdf, 150)[0]).convert("RGB")
    pillow_heif.from_pillow(picture).save(out, quality=45)
    return out.getvalue()


@lru_cache(maxsize=1)
def _authority() -> Identity:
    return authority("Certificatore di prova FAC-SIMILE", _SINCE)


@lru_cache(maxsize=1)
def _provider() -> Identity:
    return issue(_authority(), "Gestore di prova FAC-SIMILE", _SINCE, email=PROVIDER)


_REQUESTS: tuple[tuple[str, str, str, Callable[[Envelope, _Files], bytes]], ...] = (
    ("winmail.eml", "CMOR", "a form in Outlook's winmail.dat is read", _winmail),
    ("outlook-msg.eml", "DOPPIA", "a form in a saved Outlook message is read", _saved),
    ("signed-p7m.eml", "INDENNIZZO", "a digitally signed form (p7m) is opened and its signer recorded", _signed),
    ("heic-photo.eml", "CMOR", "an iPhone's photo (HEIC) of an identity card is read", _photographed),
    ("zipped.eml", "BONUS", "a form in a zip is read", _zipped),
    ("html-only.eml", "DOPPIA", "a mail without plain text brings its form", _html_only),
    ("pec-signed.eml", "CMOR", "a certified mail signed by its provider is read at the certified time", _certified),
    ("pec-anomaly.eml", "INDENNIZZO", "ordinary mail in an anomaly envelope is read, and not certified", _anomaly),
)
_UNREADABLE: Mapping[str, object] = {"stranger": "unreadable", "outcome": "MANUAL_REVIEW", "reasons": ["unreadable"]}
_OTHERS: tuple[tuple[str, str, Mapping[str, object], str, Callable[[Envelope], bytes]], ...] = (
    ("cloud-link.eml", "request", _UNREADABLE, "a link to files elsewhere is told and not followed", _cloud_link),
    ("out-of-office.eml", "auto_reply", {}, "an out-of-office answer is no request", _out_of_office),
    ("failure-notice.eml", "bounce", {}, "a bounce in plain words is no request", _undelivered),
    ("pec-undelivered.eml", "receipt", {}, "the notice that a PEC was not delivered is no request", _undelivered_pec),
)
