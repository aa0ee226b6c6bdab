import base64
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.pec import RECEIPTS, read_daticert
from intake.receipt import MailKind, Parcel
from intake.unpack import unpack

PDF = b"%PDF-1.7\n%%EOF\n"
DATICERT = """<?xml version="1.0" encoding="UTF-8"?>
<postacert tipo="posta-certificata" errore="nessuno">
 <intestazione><mittente>rosa@example.com</mittente><destinatari tipo="certificato">sportello@example.org</destinatari>
  <oggetto>Bonus</oggetto></intestazione>
 <dati><gestore-emittente>Gestore</gestore-emittente>
  <data zona="+0100"><giorno>15/11/2024</giorno><ora>18:20:38</ora></data>
  <identificativo>opec1</identificativo><msgid>&lt;m1@example.com&gt;</msgid></dati>
</postacert>
"""
AT = datetime(2024, 11, 15, 17, 20, 38, tzinfo=UTC)


def inner() -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Rosa Prova <rosa@example.com>"
    message["Subject"] = "Bonus sociale"
    message["Message-ID"] = "<m1@example.com>"
    message.set_content("In allegato.")
    message.add_attachment(PDF, maintype="application", subtype="pdf", filename="modulo.pdf")
    return message


def envelope(kind: str = "posta-certificata", daticert: str | None = DATICERT, **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = '"Per conto di: rosa@example.com" <posta-certificata@pec.example.org>'
    message["Subject"] = "POSTA CERTIFICATA: Bonus sociale"
    message["Message-ID"] = "<opec1@pec.example.org>"
    message["X-Riferimento-Message-ID"] = "<m1@example.com>"
    if kind:
        message["X-Trasporto"] = kind
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("Messaggio di posta certificata")
    if daticert is not None:
        message.add_attachment(daticert.encode(), maintype="application", subtype="xml", filename="daticert.xml")
    return message


def wrapped(content: EmailMessage, **options: str) -> bytes:
    message = envelope(**options)
    message.add_attachment(content)
    message.get_payload()[-1].set_param("name", "postacert.eml")  # type: ignore[index, union-attr]
    message.add_attachment(b"0\x80", maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
    return message.as_bytes()


def names(parcel: Parcel) -> list[str]:
    return [document.name for document in parcel.documents]


def test_a_transport_envelope_is_the_mail_inside_at_the_certified_time() -> None:
    parcel = unpack("1.eml", wrapped(inner()), pec_box=True)
    assert names(parcel) == ["modulo.pdf"]
    assert (parcel.sender, parcel.subject, parcel.message_id) == (
        "rosa@example.com",
        "Bonus sociale",
        "<m1@example.com>",
    )
    assert parcel.certified_at == AT
    assert parcel.pec == "posta-certificata"
    assert parcel.envelope == "posta-certificata@pec.example.org"
    assert {part.name for part in parcel.set_aside} == {"daticert.xml", "smime.p7s"}
    assert not parcel.refused
    assert parcel.facts["certificate_sender"] == "rosa@example.com"
    assert parcel.facts["certificate_provider"] == "Gestore"
    assert parcel.facts["pec_signature"] == "none"


def test_on_an_ordinary_box_the_envelope_is_opened_and_proves_nothing() -> None:
    parcel = unpack("1.eml", wrapped(inner()))
    assert names(parcel) == ["modulo.pdf"]
    assert parcel.certified_at is None
    assert parcel.pec == ""
    assert parcel.facts["pec_headers_without_pec_box"] == "posta-certificata"
    assert "casella ordinaria" in parcel.notes[0]


def test_an_anomaly_is_a_customers_mail_without_certificate() -> None:
    parcel = unpack("1.eml", wrapped(inner(), kind="errore"), pec_box=True)
    assert names(parcel) == ["modulo.pdf"]
    assert parcel.certified_at is None
    assert parcel.pec == "errore"
    assert parcel.kind is MailKind.REQUEST


def test_an_anomaly_around_a_forwarded_envelope_gives_the_papers_and_no_certificate() -> None:
    forwarded = envelope()
    forwarded.add_attachment(inner())
    parcel = unpack("1.eml", wrapped(forwarded, kind="errore", daticert=None), pec_box=True)
    assert names(parcel) == ["modulo.pdf"]
    assert parcel.certified_at is None


@pytest.mark.parametrize("value", ["accettazione", "Avvenuta-Consegna", *sorted(RECEIPTS)])
def test_a_receipt_is_no_request_and_its_papers_are_ours(value: str) -> None:
    raw = wrapped(inner(), kind="", X_Ricevuta=value)
    parcel = unpack("1.eml", raw, pec_box=True)
    assert parcel.kind is MailKind.RECEIPT
    assert parcel.pec == value.lower()
    assert parcel.references == ("<m1@example.com>",)
    assert not parcel.documents
    assert unpack("1.eml", raw).kind is MailKind.REQUEST


def test_a_receipt_of_an_unknown_kind_goes_to_a_person() -> None:
    parcel = unpack("1.eml", wrapped(inner(), kind="", X_Ricevuta="qualcosa-di-nuovo"), pec_box=True)
    assert parcel.kind is MailKind.REQUEST
    assert [refusal.reason for refusal in parcel.refused] == ["pec_unknown"]
    assert "qualcosa-di-nuovo" in parcel.refused[0].message
    assert not parcel.documents


def test_an_envelope_of_an_unknown_kind_is_opened_and_goes_to_a_person() -> None:
    parcel = unpack("1.eml", wrapped(inner(), kind="novita"), pec_box=True)
    assert names(parcel) == ["modulo.pdf"]
    assert parcel.certified_at is None
    assert "novita" in parcel.doubts[0]


def test_a_receipt_inside_an_envelope_is_forged() -> None:
    content = inner()
    content["X-Ricevuta"] = "accettazione"
    parcel = unpack("1.eml", wrapped(content), pec_box=True)
    assert parcel.kind is MailKind.REQUEST
    assert names(parcel) == ["modulo.pdf"]


def test_an_automatic_reply_inside_an_envelope_is_none_of_the_requests_unless_it_brings_a_paper() -> None:
    content = inner()
    content["Auto-Submitted"] = "auto-replied"
    assert unpack("1.eml", wrapped(content), pec_box=True).kind is MailKind.REQUEST
    content.clear_content()
    content.set_content("Sono assente.")
    assert unpack("1.eml", wrapped(content), pec_box=True).kind is MailKind.AUTO_REPLY


def test_an_envelope_with_a_base64_mail_inside_is_opened() -> None:
    message = envelope()
    head = 'Content-Type: message/rfc822; name="postacert.eml"\nContent-Transfer-Encoding: base64\n\n'
    encoded = base64.encodebytes(inner().as_bytes()).decode()
    raw = message.as_bytes()
    boundary = message.get_boundary()
    assert boundary
    tail = f"--{boundary}\n{head}{encoded}\n--{boundary}--\n".encode()
    raw = raw.replace(f"--{boundary}--\n".encode(), tail)
    parcel = unpack("1.eml", raw, pec_box=True)
    assert names(parcel) == ["modulo.pdf"]
    assert parcel.certified_at == AT


def test_a_certificate_that_is_not_well_formed_is_read_leniently() -> None:
    broken = DATICERT.replace("&lt;m1@example.com&gt;", "<m1@example.com>").replace(
        "</intestazione>", "</intestazione>&"
    )
    certificate = read_daticert(broken.encode())
    assert certificate.at == AT
    assert certificate.sender == "rosa@example.com"
    assert certificate.message_id == "<m1@example.com>"
    assert certificate.kind == "posta-certificata"
    assert read_daticert(DATICERT.encode()) == certificate


def test_a_doctype_is_not_read_at_all() -> None:
    evil = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + DATICERT.split("?>", 1)[1]
    assert read_daticert(evil.encode()).at is None
    assert read_daticert(evil.encode("utf-16")).at is None


def test_no_certificate_is_no_certified_time() -> None:
    parcel = unpack("1.eml", wrapped(inner(), daticert=None), pec_box=True)
    assert parcel.certified_at is None
    assert names(parcel) == ["modulo.pdf"]


@settings(max_examples=150)
@given(st.data())
def test_no_certificate_raises(data: st.DataObject) -> None:
    raw = bytearray(DATICERT.encode())
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    certificate = read_daticert(bytes(raw))
    assert certificate.at is None or certificate.at.tzinfo is not None
    assert "\n" not in certificate.sender


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_no_bytes_raise(raw: bytes) -> None:
    assert read_daticert(b"<postacert>" + raw).kind == ""
