"""Odd post: files that do not open, mail that is no request, and two requests in one mail."""

from collections.abc import Callable, Iterator
from io import BytesIO
from random import Random

import pikepdf

from intake.receipt import Channel
from samples.mail import Attached, failure_notice, plain_mail, write_mail
from samples.post import Envelope, truth
from samples.sample import Sample
from samples.scenarios import SCENARIOS
from samples.sheets import Paperwork

PASSWORD = "prova"  # noqa: S105 - it is the point of the sample that the file has a password

_Odd = tuple[str, str, str, str, Callable[[Envelope], bytes]]
"""Name with ending, outcome, reason, what it proves, and how it is made."""


def odd_post(work: Paperwork, seed: int) -> Iterator[Sample]:
    """Yield every odd delivery once."""
    for i, (name, outcome, reason, proves, make) in enumerate(_ODD):
        rng = Random(f"{seed}/odd/{i}")
        draft = SCENARIOS["complete"].draft(rng)
        envelope = Envelope(draft, work, rng.randrange(2**31))
        channel = _channel(name)
        stated = {"form": "", "edition": "", "outcome": outcome, "reasons": [reason], "hold_until": None}
        empty = {"stranger": reason, "fields": {}, "delega": {}, "papers": [], "missing_pages": []}
        kind = reason if outcome == "NOT_A_REQUEST" else "request"
        yield Sample(
            name=name,
            channel=channel,
            raw=make(envelope),
            received_at=draft.case.received_at,
            scenario="odd",
            mode="odd",
            proves=proves,
            submissions=() if kind != "request" else (stated | empty,),
            kind=kind,
        )
    yield two_in_one(work, seed)


def _channel(name: str) -> Channel:
    """Receipts of certified mail land in the certified box; elsewhere anybody could write their headers."""
    if name.startswith("pec-"):
        return Channel.PEC
    return Channel.EMAIL if name.endswith(".eml") else Channel.POST


def two_in_one(work: Paperwork, seed: int) -> Sample:
    """Send two requests in one mail, each with its own form."""
    rng = Random(f"{seed}/two")
    drafts = [SCENARIOS["complete"].draft(rng, code) for code in ("CMOR", "DOPPIA")]
    files: list[Attached] = []
    for i, draft in enumerate(drafts, 1):
        papers = Envelope(draft, work, rng.randrange(2**31)).fillable()
        files += [Attached(f"{i}_{name}", content) for name, content in papers]
    envelope = Envelope(drafts[0], work, rng.randrange(2**31))
    return Sample(
        name="two-in-one.eml",
        channel=Channel.EMAIL,
        raw=write_mail(envelope.head("Due richieste"), files, rng),
        received_at=drafts[0].case.received_at,
        scenario="two-in-one",
        mode="mail-acroform",
        proves="two forms in one mail are two submissions",
        submissions=tuple(truth(d, work) for d in drafts),
    )


def _with_file(name: str, spoil: Callable[[bytes], bytes]) -> Callable[[Envelope], bytes]:
    def make(envelope: Envelope) -> bytes:
        pdf = envelope.typed()[0][1]
        return write_mail(envelope.head(), [Attached(name, spoil(pdf))], envelope.rng)

    return make


def _lock(pdf: bytes) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        # RC4 of 128 bits: AES draws a random start, and the file would differ at each run.
        lock = pikepdf.Encryption(owner=PASSWORD, user=PASSWORD, R=3, aes=False, metadata=False)
        document.save(out, static_id=True, encryption=lock)
    return out.getvalue()


def _letter_in_body(envelope: Envelope) -> bytes:
    body = (
        "Buongiorno,\nho un problema con il mio fornitore di energia elettrica che non risponde al reclamo. "
        "Vi chiedo aiuto per risolverlo.\nCordiali saluti"
    )
    return write_mail(envelope.head("Richiesta di aiuto", body), [], envelope.rng)


def _auto_reply(envelope: Envelope) -> bytes:
    head = envelope.head("Risposta automatica: Ricevuta della richiesta", "Sono fuori ufficio fino al 31 agosto.")
    return plain_mail(head, {"Auto-Submitted": "auto-replied", "Precedence": "auto_reply"})


def _receipt(envelope: Envelope) -> bytes:
    head = envelope.head("ACCETTAZIONE: Comunicazione", "Ricevuta di accettazione\n\nIl messaggio è stato accettato.")
    return plain_mail(head, {"X-Ricevuta": "accettazione", "X-Riferimento-Message-ID": "<lettera1@example.org>"})


def _bounce(envelope: Envelope) -> bytes:
    head = envelope.head("Undelivered Mail Returned to Sender", "The mail system could not deliver your message.")
    return failure_notice(head)


_ODD: tuple[_Odd, ...] = (
    (
        "truncated.eml",
        "MANUAL_REVIEW",
        "unreadable",
        "a PDF cut off in the middle goes to a clerk",
        _with_file("modulo.pdf", lambda pdf: pdf[: len(pdf) // 3]),
    ),
    (
        "locked.eml",
        "MANUAL_REVIEW",
        "unreadable",
        "a PDF with a password goes to a clerk",
        _with_file("modulo.pdf", _lock),
    ),
    ("no-attachment.eml", "INCOMPLETE", "letter", "a letter in the mail itself is no form", _letter_in_body),
    ("auto-reply.eml", "NOT_A_REQUEST", "auto_reply", "an automatic answer is no request", _auto_reply),
    ("pec-receipt.eml", "NOT_A_REQUEST", "receipt", "a PEC receipt is no request", _receipt),
    ("bounce.eml", "NOT_A_REQUEST", "bounce", "a bounce is no request", _bounce),
    ("empty.pdf", "MANUAL_REVIEW", "unreadable", "an empty file is never silence", lambda _: b""),
    (
        "not-a-picture.tif",
        "MANUAL_REVIEW",
        "unreadable",
        "bytes that are no picture go to a clerk",
        lambda e: Random(e.seed).randbytes(2000),
    ),
)
