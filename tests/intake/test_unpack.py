from io import BytesIO

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.contents import UnpackLimits
from intake.receipt import MailKind
from intake.source import HEADERS_ONLY
from intake.unpack import unpack
from pages.open import open_pages
from pages.page import Unreadable
from tests.intake.letters import PDF, TIFF, mail, png, zipped


def reasons(parcel: object) -> list[str]:
    return [refusal.reason for refusal in parcel.refused]  # type: ignore[attr-defined]


def test_a_plain_file_is_one_document() -> None:
    parcel = unpack("modulo.pdf", PDF)
    assert [(d.name, d.media_type, d.content) for d in parcel.documents] == [("modulo.pdf", "application/pdf", PDF)]
    assert parcel.kind is MailKind.REQUEST
    assert not parcel.refused


def test_a_mail_gives_its_attachments_and_its_words() -> None:
    message = mail(Reply_To="altra@example.com", In_Reply_To="<z0@example.org>")
    message.add_attachment(PDF, maintype="application", subtype="octet-stream", filename="modulo.pdf")
    message.add_attachment(TIFF, maintype="image", subtype="tiff", filename="documento d'identità.tif")
    parcel = unpack("1.eml", message.as_bytes())
    assert [d.name for d in parcel.documents] == ["modulo.pdf", "documento d'identità.tif"]
    assert [d.media_type for d in parcel.documents] == ["application/pdf", "image/tiff"]
    assert parcel.sender == "rosa@example.com"
    assert parcel.reply_to == "altra@example.com"
    assert parcel.message_id == "<a1@example.com>"
    assert parcel.references == ("<z0@example.org>",)
    assert parcel.subject == "Richiesta Bonus sociale – è urgente"
    assert "allego il modulo" in parcel.body


def test_an_inline_or_unnamed_part_is_an_attachment_too() -> None:
    message = mail()
    message.add_attachment(PDF, maintype="application", subtype="pdf", disposition="inline")
    parcel = unpack("1.eml", message.as_bytes())
    assert [d.name for d in parcel.documents] == ["allegato-1.pdf"]


def test_a_latin_1_header_and_an_unknown_charset_are_read() -> None:
    raw = (
        b"From: x@example.com\r\nSubject: Universit\xe0 e bonus\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: text/plain; charset=x-nobody-knows\r\n\r\nperch\xe9\r\n"
    )
    parcel = unpack("1.eml", raw)
    assert parcel.subject == "Università e bonus"
    assert parcel.body.strip() == "perché"


def test_a_header_cannot_smuggle_lines_into_ours() -> None:
    raw = b"From: x@example.com\r\nSubject: =?utf-8?q?ciao=0D=0ABcc:_v=40example.com?=\r\n\r\nx\r\n"
    assert unpack("1.eml", raw).subject == "ciao Bcc: v@example.com"


def test_html_alone_gives_its_words_and_no_script() -> None:
    message = mail()
    message.set_content("<html><head><style>x{}</style><body><p>Buon</p><script>no()</script>giorno", subtype="html")
    assert unpack("1.eml", message.as_bytes()).body == "Buon\ngiorno"


def test_a_logo_in_the_signature_is_set_aside_and_a_photo_between_the_lines_is_not() -> None:
    message = mail()
    message.add_alternative('<p>Saluti <img src="cid:logo@x"><img src="cid:foto@x"></p>', subtype="html")
    html = message.get_payload()[1]  # type: ignore[index]
    html.add_related(png(300, 80), maintype="image", subtype="png", cid="<logo@x>", filename="image001.png")  # type: ignore[union-attr]
    html.add_related(png(1700, 2300), maintype="image", subtype="png", cid="<foto@x>", filename="image002.png")  # type: ignore[union-attr]
    parcel = unpack("1.eml", message.as_bytes())
    assert [d.name for d in parcel.documents] == ["image002.png"]
    assert [(part.name, part.reason) for part in parcel.set_aside] == [("image001.png", "logo")]


def test_a_forwarded_mail_gives_its_attachments() -> None:
    inner = mail()
    inner.add_attachment(PDF, maintype="application", subtype="pdf", filename="modulo.pdf")
    outer = mail()
    outer.add_attachment(inner)
    parcel = unpack("1.eml", outer.as_bytes())
    assert [d.name for d in parcel.documents] == ["modulo.pdf"]
    assert not parcel.refused


def test_an_eml_attached_as_a_file_is_opened() -> None:
    inner = mail()
    inner.add_attachment(PDF, maintype="application", subtype="pdf", filename="modulo.pdf")
    outer = mail()
    outer.add_attachment(inner.as_bytes(), maintype="application", subtype="octet-stream", filename="inoltro.eml")
    assert [d.name for d in unpack("1.eml", outer.as_bytes()).documents] == ["modulo.pdf"]


def test_the_same_file_twice_is_one_document_and_the_same_name_twice_is_two() -> None:
    message = mail()
    for content in (PDF, PDF, PDF + b"\n"):
        message.add_attachment(content, maintype="application", subtype="pdf", filename="modulo.pdf")
    parcel = unpack("1.eml", message.as_bytes())
    assert [d.name for d in parcel.documents] == ["modulo.pdf", "modulo (2).pdf"]
    assert [part.reason for part in parcel.set_aside] == ["duplicate"]


def test_a_zip_is_opened_and_its_names_are_no_paths() -> None:
    raw = zipped(**{"../../etc/modulo.pdf": PDF, "C:\\foto\\carta.tif": TIFF, "__MACOSX/._modulo.pdf": b"x"})
    parcel = unpack("documenti.zip", raw)
    assert [d.name for d in parcel.documents] == ["modulo.pdf", "carta.tif"]
    assert not parcel.refused


def test_zips_in_zips_end_at_a_depth() -> None:
    raw = PDF
    for level in range(5):
        raw = zipped(**{f"livello{level}.{'pdf' if level == 0 else 'zip'}": raw})
    parcel = unpack("tutto.zip", raw)
    assert not parcel.documents
    assert reasons(parcel) == ["too_deep"]


def test_a_zip_bomb_stops_at_the_bytes_that_really_come_out() -> None:
    parcel = unpack("bomba.zip", zipped(bomba=bytes(5_000_000)), limits=UnpackLimits(file_bytes=1_000_000))
    assert reasons(parcel) == ["oversize"]
    assert not parcel.documents


def test_too_many_files_in_a_zip_are_said() -> None:
    parcel = unpack(
        "tanti.zip", zipped(**{f"{n}.pdf": PDF + b"%d" % n for n in range(30)}), limits=UnpackLimits(files=10)
    )
    assert len(parcel.documents) <= 10
    assert "too_many" in reasons(parcel)


def test_an_encrypted_member_asks_for_a_copy_without_password() -> None:
    raw = bytearray(zipped(modulo=PDF))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(signature) + offset] |= 1
    parcel = unpack("chiuso.zip", bytes(raw))
    assert reasons(parcel) == ["encrypted"]
    assert "senza password" in parcel.refused[0].message


@pytest.mark.parametrize(
    ("name", "raw", "reason", "words"),
    [
        ("vuoto.pdf", b"", "empty", "è vuoto"),
        ("spazi.txt", b" \r\n\0", "empty", "è vuoto"),
        ("lettera.rtf", b"{\\rtf1 }", "empty", "è vuoto"),
        ("lettera.docx", zipped(**{"word/document.xml": b"<x/>"}), "empty", "è vuoto"),
        ("lettera.docx", zipped(**{"word/document.xml": b"<x"}), "damaged", "danneggiato"),
        ("lettera.odt", zipped(**{"mimetype": b"x", "content.xml": b"<x/>"}), "empty", "è vuoto"),
        ("bilancio.xlsx", zipped(**{"xl/workbook.xml": b"<x/>"}), "foreign", "Excel"),
        ("lettera.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "foreign", "vecchio tipo"),
        ("tutto.7z", b"7z\xbc\xaf\x27\x1c" + bytes(30), "foreign", "7z"),
        ("tutto.rar", b"Rar!\x1a\x07\x01" + bytes(30), "foreign", "RAR"),
        ("cifrato.asc", b"-----BEGIN PGP MESSAGE-----\n\nabc\n", "pgp", "PGP"),
        ("strano.bin", bytes(range(256)) * 4, "foreign", "non è un PDF"),
        ("rotto.zip", b"PK\x03\x04" + bytes(30), "damaged", "danneggiato"),
        ("modulo.pdf.p7m", bytes.fromhex("308006092a864886f70d010702") + bytes(30), "damaged", "danneggiato"),
    ],
)
def test_what_holds_no_pages_is_refused_with_what_to_do(name: str, raw: bytes, reason: str, words: str) -> None:
    parcel = unpack(name, raw)
    assert not parcel.documents
    assert reasons(parcel) == [reason]
    assert words in parcel.refused[0].message
    assert f"«{name}»" in parcel.refused[0].message


def test_a_mail_over_the_limit_is_said_and_keeps_its_headers() -> None:
    parcel = unpack("7" + HEADERS_ONLY, b"From: x@example.com\r\nSubject: Grande\r\n\r\n")
    assert parcel.subject == "Grande"
    assert reasons(parcel) == ["mail_oversize"]


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({}, MailKind.REQUEST),
        ({"Auto_Submitted": "no"}, MailKind.REQUEST),
        ({"Auto_Submitted": "auto-replied; owner-email=x@example.com"}, MailKind.AUTO_REPLY),
        ({"Auto_Submitted": "auto-generated"}, MailKind.AUTO_REPLY),
        ({"X_Autoreply": "yes"}, MailKind.AUTO_REPLY),
        ({"Precedence": "auto_reply"}, MailKind.AUTO_REPLY),
        ({"Precedence": "Bulk"}, MailKind.LIST),
        ({"List_Id": "Novità <novita.example.com>"}, MailKind.LIST),
        ({"Return_Path": "<>"}, MailKind.AUTO_REPLY),
        ({"X_Ricevuta": "accettazione"}, MailKind.REQUEST),
    ],
)
def test_kinds_of_mail(headers: dict[str, str], kind: MailKind) -> None:
    assert unpack("1.eml", mail(**headers).as_bytes()).kind is kind


def test_a_copier_that_mails_a_scan_is_a_request() -> None:
    message = mail(Auto_Submitted="auto-generated")
    message.add_attachment(PDF, maintype="application", subtype="pdf", filename="scan.pdf")
    assert unpack("1.eml", message.as_bytes()).kind is MailKind.REQUEST


@pytest.mark.parametrize(
    ("report", "kind"), [("delivery-status", MailKind.BOUNCE), ("disposition-notification", MailKind.RECEIPT)]
)
def test_reports_are_no_requests(report: str, kind: MailKind) -> None:
    raw = (
        "From: MAILER-DAEMON@example.com\nSubject: Undelivered\n"
        f'Content-Type: multipart/report; report-type="{report}"; boundary=b\n'
        f"MIME-Version: 1.0\n\n--b\n\nSorry.\n--b\nContent-Type: message/{report}\n\n"
        "Reporting-MTA: dns; example.com\n\nAction: failed\n--b--\n"
    )
    parcel = unpack("1.eml", raw.encode())
    assert parcel.kind is kind
    assert not parcel.refused


def test_five_thousand_nested_mails_end_with_the_headers() -> None:
    raw = b"From: x@example.com\nSubject: Profondo\n" + b"Content-Type: message/rfc822\n\n" * 5000
    parcel = unpack("1.eml", raw)
    assert parcel.subject == "Profondo"
    assert reasons(parcel) == ["mail_too_complex"]


def test_a_subject_of_eleven_megabytes_is_cut() -> None:
    raw = b"From: x@example.com\nSubject: " + b"=?utf-8?q?=41?= " * 700_000 + b"\n\nciao\n"
    parcel = unpack("1.eml", raw)
    assert 0 < len(parcel.subject) <= 500


_LINES = rb"""
From: x@example.com
Subject: =?utf-8?b?w6A?=
Content-Type: multipart/mixed; boundary=b
--b
--b--

Content-Type: message/rfc822
Content-Transfer-Encoding: base64
JVBERi0xLjcK
begin 644 x
Content-Type: text/plain; charset*0=x; charset*1*=%zz
Content-Disposition: attachment; filename*=utf-8''%E0
Content-Type: text/html; charset=idna
X-Trasporto: posta-certificata
X-Ricevuta: accettazione
<p>x</p>
Content-Disposition: attachment; filename="=?x?b?="
Content-Transfer-Encoding: uuencode
 folded
Content-Type: multipart/report; report-type*=x
Message-ID: <>
Return-Path: <>
To: Group: a@b, c@d;
Content-Type: message/delivery-status
""".strip().split(b"\n")
_lines = st.sampled_from([*_LINES, b"Content-Type: \xff\xfe/\x00", b"\x00\xff"])


@settings(max_examples=250)
@given(st.lists(_lines, max_size=40), st.booleans(), st.sampled_from([b"\n", b"\r\n"]))
def test_no_mail_raises(lines: list[bytes], pec: bool, end: bytes) -> None:  # noqa: FBT001
    parcel = unpack("1.eml", end.join(lines), pec)
    assert "\n" not in parcel.subject
    assert all(refusal.message.endswith(".") for refusal in parcel.refused)


@settings(max_examples=200)
@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"0\x80"]))
def test_no_bytes_raise(raw: bytes, start: bytes) -> None:
    parcel = unpack("file", start + raw)
    assert len(parcel.documents) + len(parcel.refused) + len(parcel.set_aside) >= 1 or parcel.kind


@settings(max_examples=60)
@given(st.data())
def test_a_mangled_mail_never_raises(data: st.DataObject) -> None:
    message = mail()
    message.add_attachment(PDF, maintype="application", subtype="pdf", filename="modulo.pdf")
    message.add_attachment(zipped(a=PDF), maintype="application", subtype="zip", filename="x.zip")
    raw = bytearray(message.as_bytes())
    for _ in range(data.draw(st.integers(1, 12))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(raw)))
    assert unpack("1.eml", bytes(raw[:cut])).kind in MailKind


def test_a_pdf_behind_a_password_is_one_document_for_the_pages_to_refuse() -> None:
    plain = pikepdf.new()
    plain.add_blank_page()
    plain.attachments["bolletta.txt"] = b"bolletta"
    locked = BytesIO()
    plain.save(locked, encryption=pikepdf.Encryption(user="segreta", owner="segreta"))
    parcel = unpack("modulo.pdf", locked.getvalue())
    assert [(d.name, d.media_type) for d in parcel.documents] == [("modulo.pdf", "application/pdf")]
    with pytest.raises(Unreadable) as refused:
        open_pages(parcel.documents[0])
    assert refused.value.reason == "encrypted"
