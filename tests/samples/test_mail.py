from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from random import Random

import pytest
from defusedxml import ElementTree

from samples.mail import SHAPES, Attached, Letterhead, wrap_pec, write_mail

HEAD = Letterhead(
    sender="maria.rossi@example.com",
    name="Maria Rossi",
    subject="Richiesta SMART Help",
    body="Buongiorno,\nè tutto allegato.",
    sent_at=datetime(2026, 11, 10, 12, 30, tzinfo=UTC),
    ident="prova1",
)
FILES = [Attached("modulo.pdf", b"%PDF-1.7 prova"), Attached("carta.jpg", b"\xff\xd8\xff\xe0 prova")]


def parsed(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def files_of(message: EmailMessage) -> dict[str, bytes]:
    parts = [p for p in message.walk() if p.get_filename() and p.get_content_disposition() == "attachment"]
    return {str(p.get_filename()): p.get_payload(decode=True) for p in parts}  # type: ignore[misc]


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_holds_the_files_and_is_the_same_each_time(shape: str) -> None:
    raw = write_mail(HEAD, FILES, Random(1), shape)
    assert raw == write_mail(HEAD, FILES, Random(1), shape)
    message = parsed(raw)
    assert not message.defects
    assert {f.name: f.content for f in FILES}.items() <= files_of(message).items()
    assert parsedate_to_datetime(message["Date"]) == HEAD.sent_at


def test_the_inline_logo_is_no_attachment() -> None:
    message = parsed(write_mail(HEAD, FILES, Random(1), "inline_logo"))
    logos = [p for p in message.walk() if p.get_filename() == "logo.png"]
    assert [p.get_content_disposition() for p in logos] == ["inline"]
    assert set(files_of(message)) == {"modulo.pdf", "carta.jpg"}


def test_a_certified_mail_has_notice_daticert_and_the_customers_mail() -> None:
    message = parsed(wrap_pec(HEAD, FILES, Random(1)))
    assert message["X-Trasporto"] == "posta-certificata"
    assert message["Subject"] == "POSTA CERTIFICATA: Richiesta SMART Help"
    notice, daticert, inner = message.iter_parts()
    assert notice.get_content_type() == "text/plain"
    stated = ElementTree.fromstring(daticert.get_payload(decode=True))
    assert stated.findtext("intestazione/mittente") == HEAD.sender
    assert stated.findtext("dati/data/giorno") == "10/11/2026"
    assert stated.findtext("dati/data/ora") == "13:30:00"
    assert inner.get_content_type() == "message/rfc822"
    assert set(files_of(inner.get_payload(0))) == {"modulo.pdf", "carta.jpg"}  # type: ignore[arg-type]
