from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.receipt import MailKind, Parcel, Trusted
from intake.trust import Trust
from intake.unpack import unpack
from samples.signing import Identity, sign_mail
from tests.intake.identities import AT, LATER, PROVIDER, customer, ours, provider, stranger, trusting
from tests.intake.letters import PDF, mail
from tests.intake.test_pec import AT as CERTIFIED_AT
from tests.intake.test_pec import DATICERT

BOUNDARY = "----=_busta"


def signed_part(*, daticert: str = DATICERT) -> bytes:
    inner = mail()
    inner.add_attachment(PDF, maintype="application", subtype="pdf", filename="modulo.pdf")
    lines = [
        'Content-Type: multipart/mixed; boundary="in"',
        "",
        "--in",
        "Content-Type: text/plain; charset=iso-8859-1",
        "Content-Transfer-Encoding: 8bit",
        "",
        "Il messaggio è stato inviato.",
        "--in",
        'Content-Type: application/xml; name="daticert.xml"',
        'Content-Disposition: inline; filename="daticert.xml"',
        "",
        *daticert.strip().splitlines(),
        "--in",
        'Content-Type: message/rfc822; name="postacert.eml"',
        'Content-Disposition: inline; filename="postacert.eml"',
        "",
        *inner.as_string().splitlines(),
        "--in--",
        "",
    ]
    return "\r\n".join(lines).encode("latin-1", "replace")


def envelope(who: Identity, header: str = "X-Trasporto: posta-certificata", part: bytes | None = None) -> bytes:
    headers = [
        f'From: "Per conto di: rosa@example.com" <{PROVIDER}>',
        "Subject: POSTA CERTIFICATA: Bonus",
        "Message-ID: <opec1@pec.example.org>",
        "X-Riferimento-Message-ID: <m1@example.com>",
        header,
        "",
    ]
    return sign_mail("\r\n".join(headers).encode(), part or signed_part(), who, AT, BOUNDARY)


def believed(parcel: Parcel) -> tuple[str, datetime | None]:
    return parcel.facts["pec_signature"], parcel.certified_at


def test_an_envelope_of_a_trusted_provider_is_verified_and_its_hour_counts() -> None:
    parcel = unpack("1.eml", envelope(provider()), pec_box=True, trust=trusting(ours()))
    assert believed(parcel) == ("verified", CERTIFIED_AT)
    assert [document.name for document in parcel.documents] == ["modulo.pdf"]
    assert parcel.facts["pec_signature_issuer"] == "Certificatore di prova"
    assert parcel.facts["pec_envelope_from"] == PROVIDER
    assert parcel.facts["certificate_identifier"] == "opec1"
    assert not parcel.doubts


@pytest.mark.parametrize(
    ("who", "trust", "state"),
    [
        (provider, Trust(), Trusted.UNCHECKED),
        (provider, trusting(stranger()), Trusted.UNTRUSTED),
        (provider, trusting(ours(), at=LATER), Trusted.EXPIRED),
    ],
)
def test_an_envelope_that_is_not_verified_says_why(who, trust: Trust, state: Trusted) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    parcel = unpack("1.eml", envelope(who()), pec_box=True, trust=trust)
    assert believed(parcel) == (state.value, CERTIFIED_AT)
    assert parcel.signatures[0].told in parcel.notes


def test_a_certificate_of_somebody_else_vouches_for_no_envelope() -> None:
    forger = provider()
    raw = envelope(forger).replace(PROVIDER.encode(), b"posta-certificata@altri.example.net", 1)
    parcel = unpack("1.eml", raw, pec_box=True, trust=trusting(ours()))
    assert parcel.facts["pec_signature"] == "untrusted"


def test_an_envelope_that_was_changed_proves_no_hour_and_is_doubted() -> None:
    raw = envelope(provider()).replace(b"<ora>18:20:38</ora>", b"<ora>08:20:38</ora>")
    parcel = unpack("1.eml", raw, pec_box=True, trust=trusting(ours()))
    assert believed(parcel) == ("broken", None)
    assert [document.name for document in parcel.documents] == ["modulo.pdf"]
    assert "non corrisponde" in parcel.doubts[0]


def test_an_envelope_kept_with_plain_line_ends_still_verifies() -> None:
    raw = envelope(provider()).replace(b"\r\n", b"\n")
    assert believed(unpack("1.eml", raw, pec_box=True, trust=trusting(ours()))) == ("verified", CERTIFIED_AT)


def test_an_anomaly_envelope_is_verified_and_certifies_nothing() -> None:
    raw = envelope(provider(), "X-Trasporto: errore")
    parcel = unpack("1.eml", raw, pec_box=True, trust=trusting(ours()))
    assert believed(parcel) == ("verified", None)
    assert parcel.pec == "errore"
    assert parcel.kind is MailKind.REQUEST


def test_a_signed_receipt_keeps_its_evidence() -> None:
    receipt = DATICERT.replace('tipo="posta-certificata"', 'tipo="errore-consegna"').replace("nessuno", "no-dest")
    raw = envelope(provider(), "X-Ricevuta: errore-consegna", signed_part(daticert=receipt))
    parcel = unpack("1.eml", raw, pec_box=True, trust=trusting(ours()))
    assert parcel.kind is MailKind.RECEIPT
    assert parcel.references == ("<m1@example.com>",)
    assert {"pec": "errore-consegna", "pec_signature": "verified", "certificate_error": "no-dest"}.items() <= (
        parcel.facts.items()
    )
    assert not parcel.documents


def test_on_an_ordinary_box_even_a_sound_envelope_certifies_nothing() -> None:
    parcel = unpack("1.eml", envelope(provider()), trust=trusting(ours()))
    assert parcel.certified_at is None
    assert parcel.facts["pec_signature"] == "verified"
    assert "casella ordinaria" in parcel.notes[-1]


def test_an_ordinary_signed_mail_names_its_signer() -> None:
    part = b"Content-Type: text/plain\r\n\r\nBuongiorno\r\n"
    raw = sign_mail(b"From: m@example.com\r\nSubject: x\r\n", part, customer(), AT, "b")
    parcel = unpack("1.eml", raw, trust=trusting(ours()))
    assert [(s.signer, s.state) for s in parcel.signatures] == [("Maria Rossi", Trusted.VERIFIED)]
    assert parcel.body.strip() == "Buongiorno"
    assert [part.reason for part in parcel.set_aside] == ["signature"]


@settings(max_examples=100)
@given(st.data())
def test_no_mangled_envelope_raises_or_verifies(data: st.DataObject) -> None:
    whole = envelope(provider())
    raw = bytearray(whole)
    start, end = whole.index(b"--in\r\n"), whole.index(b"--in--")
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(start, end))] ^= data.draw(st.integers(1, 127))
    parcel = unpack("1.eml", bytes(raw), pec_box=True, trust=trusting(ours()))
    assert parcel.facts.get("pec_signature") != "verified" or bytes(raw) == whole
