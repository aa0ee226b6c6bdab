import base64
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.receipt import Parcel, Trusted
from intake.trust import NoTrust, Trust, load_trust
from intake.unpack import unpack
from samples.signing import sign, sign_pdf
from tests.intake.identities import AT, LATER, TAX_CODE, customer, ours, stranger, trusting
from tests.intake.letters import PDF, mail, zipped

BLANK = Path(__file__).parents[2] / "templates/forms/delega/2026-01/blank.pdf"
XML = b"<?xml version='1.0'?><fattura><numero>12345</numero><causale>Energia elettrica</causale></fattura>"


def states(parcel: Parcel) -> list[Trusted]:
    return [signature.state for signature in parcel.signatures]


def contents(parcel: Parcel) -> list[bytes]:
    return [document.content for document in parcel.documents]


def test_a_p7m_gives_its_content_and_says_who_signed_it() -> None:
    parcel = unpack("modulo.pdf.p7m", sign(PDF, customer(), AT), trust=trusting(ours()))
    assert [(d.name, d.content) for d in parcel.documents] == [("modulo.pdf", PDF)]
    (signature,) = parcel.signatures
    assert (signature.state, signature.signer, signature.tax_code) == (Trusted.VERIFIED, "Maria Rossi", TAX_CODE)
    assert (signature.issuer, signature.signed_at) == ("Certificatore di prova", AT)
    assert parcel.documents[0].signed
    assert not parcel.refused
    assert not parcel.doubts


@pytest.mark.parametrize(
    ("trust", "state"),
    [
        (Trust(), Trusted.UNCHECKED),
        (trusting(stranger()), Trusted.UNTRUSTED),
        (trusting(ours(), at=LATER), Trusted.EXPIRED),
        (trusting(ours(), at=AT - timedelta(days=900)), Trusted.EXPIRED),
    ],
)
def test_what_is_not_verified_says_why_and_is_used_all_the_same(trust: Trust, state: Trusted) -> None:
    parcel = unpack("modulo.pdf.p7m", sign(PDF, customer(), AT), trust=trust)
    assert states(parcel) == [state]
    assert contents(parcel) == [PDF]
    assert parcel.notes == (parcel.signatures[0].told,)


def test_a_content_that_was_changed_is_read_and_doubted() -> None:
    raw = sign(PDF, customer(), AT)
    at = raw.index(b"endobj")
    parcel = unpack("modulo.pdf.p7m", raw[:at] + b"ENDobj" + raw[at + 6 :], trust=trusting(ours()))
    assert states(parcel) == [Trusted.BROKEN]
    assert [document.signed for document in parcel.documents] == [False]
    assert "non corrisponde" in parcel.doubts[0]


def test_base64_pem_and_nested_p7m_are_opened() -> None:
    raw = sign(PDF, customer(), AT)
    plain = base64.encodebytes(raw)
    for given_raw in (plain, b"-----BEGIN PKCS7-----\n" + plain + b"-----END PKCS7-----\n", plain.replace(b"\n", b"")):
        assert contents(unpack("modulo.pdf.p7m", given_raw)) == [PDF]
    twice = unpack("modulo.pdf.p7m.p7m", sign(raw, customer(), AT), trust=trusting(ours()))
    assert [document.name for document in twice.documents] == ["modulo.pdf"]
    assert states(twice) == [Trusted.VERIFIED, Trusted.VERIFIED]


def test_a_signed_zip_and_a_signed_invoice_are_opened() -> None:
    assert contents(unpack("a.zip.p7m", sign(zipped(modulo=PDF), customer(), AT))) == [PDF]
    (document,) = unpack("fattura.xml.p7m", sign(XML, customer(), AT)).documents
    assert document.media_type == "text/plain"
    assert document.content == b"12345\nEnergia elettrica"


def test_a_detached_signature_is_matched_with_its_document() -> None:
    message = mail()
    message.add_attachment(PDF + b"\n", maintype="application", subtype="pdf", filename="altro.pdf")
    message.add_attachment(PDF, maintype="application", subtype="pdf", filename="modulo.pdf")
    raw = sign(PDF, customer(), AT, detached=True)
    message.add_attachment(raw, maintype="application", subtype="octet-stream", filename="firma.p7s")
    parcel = unpack("1.eml", message.as_bytes(), trust=trusting(ours()))
    assert [(s.file, s.state) for s in parcel.signatures] == [("modulo.pdf", Trusted.VERIFIED)]
    assert [(d.name, d.signed) for d in parcel.documents] == [("altro.pdf", False), ("modulo.pdf", True)]
    assert not parcel.refused


def test_a_detached_signature_without_its_document_is_said() -> None:
    parcel = unpack("modulo.pdf.p7s", sign(PDF, customer(), AT, detached=True))
    assert [refusal.reason for refusal in parcel.refused] == ["detached"]


def test_a_detached_signature_of_a_changed_document_is_doubted() -> None:
    message = mail()
    message.add_attachment(PDF + b"x", maintype="application", subtype="pdf", filename="modulo.pdf")
    raw = sign(PDF, customer(), AT, detached=True)
    message.add_attachment(raw, maintype="application", subtype="pkcs7-signature", filename="modulo.pdf.p7s")
    parcel = unpack("1.eml", message.as_bytes(), trust=trusting(ours()))
    assert states(parcel) == [Trusted.BROKEN]
    assert len(parcel.doubts) == 1


def test_a_pdf_signed_inside_is_checked_and_not_rewritten() -> None:
    raw = sign_pdf(BLANK.read_bytes(), customer(), AT)
    parcel = unpack("modulo.pdf", raw, trust=trusting(ours()))
    assert contents(parcel) == [raw]
    (signature,) = parcel.signatures
    assert (signature.state, signature.tax_code) == (Trusted.VERIFIED, TAX_CODE)


def test_a_pdf_whose_signed_bytes_were_changed_is_doubted() -> None:
    raw = sign_pdf(BLANK.read_bytes(), customer(), AT).replace(b"endobj", b"ENDobj", 1)
    parcel = unpack("modulo.pdf", raw, trust=trusting(ours()))
    assert states(parcel) == [Trusted.BROKEN]
    assert len(parcel.doubts) == 1


def test_a_pdf_to_which_something_was_added_says_so() -> None:
    raw = sign_pdf(BLANK.read_bytes(), customer(), AT) + b"\n9 0 obj\n<<>>\nendobj\n"
    parcel = unpack("modulo.pdf", raw, trust=trusting(ours()))
    assert states(parcel) == [Trusted.VERIFIED]
    assert "aggiunto altro" in parcel.notes[0]


@pytest.mark.parametrize("options", [[PKCS7Options.Binary], [PKCS7Options.Binary, PKCS7Options.NoCapabilities]])
@pytest.mark.parametrize("encoding", [Encoding.DER, Encoding.PEM])
def test_what_another_writer_signs_is_read(options: list[PKCS7Options], encoding: Encoding) -> None:
    builder = PKCS7SignatureBuilder().set_data(PDF)
    made = builder.add_signer(customer().certificate, customer().key, hashes.SHA512()).sign(encoding, options)
    parcel = unpack("modulo.pdf.p7m", made, trust=trusting(ours()))
    assert contents(parcel) == [PDF]
    assert states(parcel) == [Trusted.VERIFIED]


@pytest.mark.parametrize(
    ("options", "state"),
    [
        (["-stream"], Trusted.VERIFIED),
        (["-keyid"], Trusted.VERIFIED),
        (["-noattr"], Trusted.VERIFIED),
        (["-keyopt", "rsa_padding_mode:pss"], Trusted.VERIFIED),
        (["-md", "sha1"], Trusted.WEAK),
        (["-nocerts"], Trusted.UNREADABLE),
    ],
)
def test_what_openssl_signs_is_read(tmp_path: Path, options: list[str], state: Trusted) -> None:
    key = customer().key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for name, raw in (("k.pem", key), ("c.pem", customer().pem), ("in.pdf", PDF)):
        (tmp_path / name).write_bytes(raw)
    words = "openssl cms -sign -nodetach -binary -signer c.pem -inkey k.pem -in in.pdf -outform DER -out out.p7m"
    subprocess.run([*words.split(), *options], cwd=tmp_path, check=True, capture_output=True)
    raw = (tmp_path / "out.p7m").read_bytes()
    assert raw[:2] == b"0\x80" or options != ["-stream"]
    parcel = unpack("modulo.pdf.p7m", raw, trust=trusting(ours()))
    assert contents(parcel) == [PDF]
    assert states(parcel) == [state]


def test_what_is_encrypted_is_said(tmp_path: Path) -> None:
    (tmp_path / "c.pem").write_bytes(customer().pem)
    words = ["openssl", "cms", "-encrypt", "-binary", "-outform", "DER", "c.pem"]
    raw = subprocess.run(words, cwd=tmp_path, input=PDF, check=True, capture_output=True).stdout
    parcel = unpack("modulo.pdf.p7m", raw)
    assert [refusal.reason for refusal in parcel.refused] == ["smime_encrypted"]
    assert "senza cifratura" in parcel.refused[0].message


def test_a_mail_that_was_signed_as_a_whole_is_read() -> None:
    inner = mail()
    inner.add_attachment(PDF, maintype="application", subtype="pdf", filename="modulo.pdf")
    outer = mail()
    outer.clear_content()
    raw = sign(inner.as_bytes().replace(b"\n", b"\r\n"), customer(), AT)
    outer.add_attachment(raw, maintype="application", subtype="pkcs7-mime", filename="smime.p7m")
    parcel = unpack("1.eml", outer.as_bytes(), trust=trusting(ours()))
    assert [document.name for document in parcel.documents] == ["modulo.pdf"]
    assert states(parcel) == [Trusted.VERIFIED]
    assert "allego il modulo" in parcel.body


def test_authorities_are_loaded_from_a_folder_and_a_wrong_one_names_its_remedy(tmp_path: Path) -> None:
    for name in ("good", "bad", "none"):
        (tmp_path / name).mkdir()
    (tmp_path / "good" / "ours.pem").write_bytes(ours().pem + stranger().pem)
    (tmp_path / "bad" / "other.cer").write_bytes(b"no certificate")
    assert len(load_trust(tmp_path / "good", AT).authorities) == 2
    for name, words in (
        ("bad", "other.cer holds no readable"),
        ("none", "put the authorities"),
        ("x", "cannot be read"),
    ):
        with pytest.raises(NoTrust, match=words):
            load_trust(tmp_path / name, AT)


def test_a_certificate_of_a_version_that_nobody_knows_is_said_and_the_content_read() -> None:
    raw = sign(PDF, customer(), AT).replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x06", 1)
    parcel = unpack("modulo.pdf.p7m", raw, trust=trusting(ours()))
    assert contents(parcel) == [PDF]
    assert states(parcel) == [Trusted.UNREADABLE]


def test_a_certificate_that_is_none_is_not_trusted() -> None:
    assert trusting(ours()).judge(b"no certificate", []) is Trusted.UNTRUSTED


@settings(max_examples=150)
@given(st.data())
def test_no_mangled_p7m_raises(data: st.DataObject) -> None:
    raw = bytearray(sign(PDF, customer(), AT))
    for _ in range(data.draw(st.integers(1, 10))):
        raw[data.draw(st.integers(0, min(len(raw) - 1, 2000)))] = data.draw(st.integers(0, 255))
    parcel = unpack("modulo.pdf.p7m", bytes(raw[: data.draw(st.integers(1, len(raw)))]), trust=trusting(ours()))
    assert parcel.parts
