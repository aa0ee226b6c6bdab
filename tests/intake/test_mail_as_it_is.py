import base64
import binascii
import bz2
import gzip
import io
import lzma
import tarfile
from collections import Counter
from email import message_from_bytes
from email.message import EmailMessage

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.charsets import decode_text
from intake.contents import UnpackLimits
from intake.flowed import unflow
from intake.hidden import decoded, parts_in
from intake.htmltext import read_html
from intake.inlined import take_out
from intake.links import cloud_hosts
from intake.receipt import MailKind, Parcel, Use
from intake.refusals import REASONS
from intake.unpack import unpack
from samples.outlook import OutlookMessage, write_msg, write_winmail
from tests.intake.letters import PDF, mail, png, zipped

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
T = (
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
)
JPEG = b"\xff\xd8\xff\xc0\x00\x11\x08\x08\x00\x06\x00" + b"\0" * 200
INNER = OutlookMessage("b@example.com", "Inoltro", "Testo interno.", [("interno.pdf", PDF + b"\n")])
OUTLOOK = OutlookMessage("anna@example.com", "Reclamo è", "Buongiorno.", [("modulo è.pdf", PDF)], [INNER])


def names(parcel: Parcel) -> list[str]:
    return [document.name for document in parcel.documents]


def reasons(parcel: Parcel) -> list[str]:
    return [refusal.reason for refusal in parcel.refused]


def with_file(raw: bytes, name: str, kind: str = "application/octet-stream") -> bytes:
    message = mail()
    main, _, sub = kind.partition("/")
    message.add_attachment(raw, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


@pytest.mark.parametrize(
    "disposition",
    [
        b'filename="Universit\xc3\xa0.pdf"',
        b'filename="Universit\xe0.pdf"',
        b"filename*=iso-8859-1''Universit%E0.pdf",
        b'filename="=?utf-8?B?VW5pdmVyc2l0w6AucGRm?="',
        b"filename*0*=utf-8''Univer; filename*1*=sit%C3%A0.pdf",
        b'filename="=?iso-8859-1?Q?Universit=E0?= =?us-ascii?Q?.pdf?="',
    ],
)
def test_names_of_files_are_read_however_they_are_written(disposition: bytes) -> None:
    raw = (
        b"From: a@example.com\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nciao\n--x\n"
        b"Content-Type: application/pdf\nContent-Disposition: attachment; " + disposition + b"\n\n" + PDF + b"\n--x--\n"
    )
    assert names(unpack("1.eml", raw)) == ["Università.pdf"]


@pytest.mark.parametrize(
    ("raw", "charset"),
    [
        ("perché".encode(), ""),
        ("perché".encode(), "us-ascii"),
        ("perché".encode(), "iso-8859-1"),
        ("perché".encode("cp1252"), "utf-8"),
        ("perché".encode("cp1252"), "x-unknown"),
        ("perché".encode("cp1252"), '"x-cp1252"'),
        ("perché".encode("cp1252"), "idna"),
        ("perché".encode("utf-16"), "utf-8"),
        ("perché".encode("utf-7"), "unicode-1-1-utf-7"),
        ("perché".encode("mac-roman"), "macintosh"),
        ("perché".encode("utf-8-sig"), "utf-8"),
    ],
)
def test_charsets_are_read_by_claim_and_by_what_the_bytes_are(raw: bytes, charset: str) -> None:
    assert decode_text(raw, charset) == "perché"


@given(st.binary(max_size=100), st.text(max_size=20))
def test_no_charset_raises(raw: bytes, charset: str) -> None:
    assert isinstance(decode_text(raw, charset), str)


def test_flowed_text_has_its_sentences_whole() -> None:
    raw = (
        b"From: a@example.com\nSubject: x\nContent-Type: text/plain; format=flowed; delsp=yes\n\n"
        b"Il forni \ntore non risponde.\n> citato \n> ancora\n-- \nRosa\n"
    )
    assert unpack("1.eml", raw).body == "Il fornitore non risponde.\n> citatoancora\n-- \nRosa"
    assert unflow(" From qui\n>> a \n> b", delete_space=False) == "From qui\n>> a \n> b"


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_uuencoded_files_in_the_text_are_attachments(end: bytes) -> None:
    lines = b"".join(uu_line(PDF[at : at + 45]) for at in range(0, len(PDF), 45))
    block = b"begin 644 modulo.pdf\n" + lines + b"`\nend\n"
    raw = b"From: a@example.com\nSubject: x\n\nEcco:\n" + block + block.replace(b"modulo", b"delega") + b"Saluti\n"
    parcel = unpack("1.eml", raw.replace(b"\n", end))
    assert [(d.name, d.content) for d in parcel.documents] == [("modulo.pdf", PDF)]
    assert [part.name for part in parcel.parts if part.use is Use.ASIDE] == ["delega.pdf"]
    assert parcel.body.split() == ["Ecco:", "Saluti"]


FILE = base64.encodebytes(PDF).replace(b"\n", b"\r\n")
PARTS = b"".join((
    b"preambolo\r\n--bb\r\nContent-Type: text/plain\r\n\r\nEcco il modulo.\r\n--bb\r\nContent-Type: application/pdf;",
    b' name="modulo.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n', FILE, b"--bb--\r\n",
))  # fmt: skip
MIXED = b"From: a@example.com\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=bb\r\n\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        MIXED + PARTS.replace(b"Content-Transfer-Encoding: base64\r\n", b""),
        MIXED + PARTS.replace(b": base64", b": base-64"),
        MIXED + PARTS.replace(b": base64", b": Base64; x=1"),
        MIXED + PARTS.replace(b"--bb--", b"-- \r\nInviato da iPhone\r\n--bb--"),
        MIXED.replace(b"MIME", b"Content-Type: text/plain\r\nMIME") + PARTS,
        MIXED.replace(b"Content-Type", b"X-Type") + PARTS,
        b"\r\n" + MIXED + PARTS,
    ],
    ids=["none", "misspelt", "parameters", "text behind it", "two types", "no type", "blank line first"],
)
def test_files_are_found_under_broken_headers(raw: bytes) -> None:
    parcel = unpack("1.eml", raw)
    assert [(d.name, d.content[: len(PDF)]) for d in parcel.documents] == [("modulo.pdf", PDF)]
    assert "Ecco il modulo." in parcel.body
    assert "JVBER" not in parcel.body


def test_what_only_looks_like_base64_stays_as_it_is() -> None:
    for text in (b"A" * 400, b"parola" * 40, base64.b64encode(b"Gentile Sportello, " * 20), b""):
        assert decoded(text) is text
    quoted = b"> --bb\r\n> Content-Type: text/plain\r\n\r\n-- \r\nMario\r\n--\r\nContent-Type: x"
    assert parts_in(quoted) is None


@given(st.binary(max_size=200), st.sampled_from([b"", b"--b\r\nContent-Type: text/plain\r\n\r\n", FILE]))
def test_no_bytes_that_a_mail_hides_raise(raw: bytes, before: bytes) -> None:
    decoded(before + raw)
    parts_in(before + raw)


def uu_line(raw: bytes) -> bytes:
    return binascii.b2a_uu(raw)


def test_blocks_in_the_text_that_cannot_be_read_are_said() -> None:
    text = "=ybegin line=128 size=9 name=modulo.pdf\nxx\n=yend\n-----BEGIN PGP MESSAGE-----\nabc\n"
    parcel = unpack("1.eml", f"From: a@example.com\nSubject: x\n\n{text}".encode())
    assert reasons(parcel) == ["yenc", "pgp"]
    assert "yEnc" in parcel.refused[0].message


@given(st.text(max_size=300))
def test_no_text_raises(text: str) -> None:
    assert len(take_out(f"begin 644 x\n{text}\nend").text) <= len(text) + 20


def test_html_shows_its_words_and_nothing_hidden() -> None:
    html = (
        '<html><head><title>no</title></head><body>Buon<b>giorno</b><div style="display:none">no<br><p>no</div>'
        '<span hidden>no</span><script>no()</script><p style="font-size:0.9em">Rosa</p><a href="https://we.tl/x">qui</a>'
        f'<img src="data:image/png;base64,{base64.b64encode(png(800, 900)).decode()}">'
    )
    seen = read_html(html)
    assert seen.words == "Buongiorno\nRosa\nqui"
    assert seen.links == ("https://we.tl/x",)
    assert seen.pictures == (png(800, 900),)
    message = mail()
    message.set_content(html, subtype="html")
    parcel = unpack("1.eml", message.as_bytes())
    assert [document.media_type for document in parcel.documents] == ["image/png"]


def test_a_stub_of_plain_text_gives_way_to_the_html() -> None:
    message = mail()
    message.set_content("Serve HTML.")
    message.add_alternative("<p>" + "Il fornitore non ha risposto al reclamo. " * 9, subtype="html")
    assert unpack("1.eml", message.as_bytes()).body.startswith("Il fornitore")


def test_links_to_files_elsewhere_are_told_and_not_followed() -> None:
    message = mail()
    message.set_content("I documenti: https://wetransfer.com/downloads/segreto e https://example.com/ciao")
    parcel = unpack("1.eml", message.as_bytes())
    assert reasons(parcel) == ["cloud_link"]
    assert "wetransfer.com" in parcel.refused[0].message
    assert "segreto" not in parcel.refused[0].message
    assert cloud_hosts("http://evil-we.tl/x http://[::1 https://a.sharepoint.com/y") == ("a.sharepoint.com",)


@pytest.mark.parametrize(("write", "name"), [(write_winmail, "winmail.dat"), (write_msg, "richiesta.msg")])
def test_outlooks_own_formats_are_opened(write, name: str) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    parcel = unpack("1.eml", with_file(write(OUTLOOK), name))
    assert names(parcel) == ["modulo è.pdf", "interno.pdf"]
    assert "Buongiorno." in parcel.body
    assert "Testo interno." in parcel.body
    assert not parcel.refused
    cut = write(OUTLOOK)[: -3000 if name.endswith(".msg") else -40]
    assert unpack("1.eml", with_file(cut, name)).refused


def test_a_saved_message_by_itself_is_the_mail_that_it_was() -> None:
    parcel = unpack("richiesta.msg", write_msg(OUTLOOK))
    assert (parcel.subject, parcel.sender) == ("Reclamo è", "anna@example.com")
    assert names(parcel) == ["modulo è.pdf", "interno.pdf"]


def test_word_and_writer_letters_give_words_and_pictures() -> None:
    runs = "<w:p><w:r><w:t>Reclamo al </w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>nascosto</w:t></w:r>"
    runs += "<w:del><w:r><w:t>tolto</w:t></w:r></w:del><w:r><w:t>fornitore</w:t></w:r></w:p>"
    runs += "<w:p><w:r><w:t>Rosa</w:t></w:r></w:p>"
    writer = "<text:p>Reclamo<text:s/>al <text:span>fornitore</text:span></text:p><text:h>Rosa</text:h>"
    docx = zipped(
        **{
            "word/document.xml": f"<w:document {W}><w:body>{runs}</w:body></w:document>".encode(),
            "word/media/a.jpg": JPEG,
        }
    )
    odt = zipped(
        **{
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "content.xml": f"<o:x {T}>{writer}</o:x>".encode(),
            "Pictures/a.jpg": JPEG,
        }
    )
    for raw, name in ((docx, "reclamo.docx"), (odt, "reclamo.odt")):
        parcel = unpack(name, raw)
        assert [(d.name, d.media_type) for d in parcel.documents] == [(name, "text/plain"), ("a.jpg", "image/jpeg")]
        assert parcel.documents[0].content.decode() == "Reclamo al fornitore\nRosa"


def test_a_letter_with_a_doctype_or_a_password_is_refused() -> None:
    evil = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document/>'
    assert reasons(unpack("a.docx", zipped(**{"word/document.xml": evil}))) == ["damaged"]
    locked = {"mimetype": b"x", "content.xml": b"xx", "META-INF/manifest.xml": b"<m:encryption-data/>"}
    assert reasons(unpack("a.odt", zipped(**locked))) == ["encrypted"]


def test_rich_text_web_pages_and_plain_text_are_letters() -> None:
    rtf = rb"{\rtf1\ansi\ansicpg1252 Perch\'e8 reclamo{\pict\jpegblip " + JPEG.hex().encode() + b"}}"
    assert [d.content for d in unpack("a.rtf", rtf).documents] == ["Perchè reclamo".encode(), JPEG]
    assert unpack("a.html", b"<html><body>Reclamo").documents[0].content == b"Reclamo"
    assert unpack("a.txt", "Perché".encode("cp1252")).documents[0].content == "Perché".encode()


def tarred(*files: tuple[str, bytes], link: bool = False) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, raw in files:
            info = tarfile.TarInfo(name)
            info.size = len(raw)
            archive.addfile(info, io.BytesIO(raw))
        if link:
            info = tarfile.TarInfo("collegamento.pdf")
            info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(info)
    return out.getvalue()


@pytest.mark.parametrize(("pack", "ending"), [(gzip.compress, "gz"), (bz2.compress, "bz2"), (lzma.compress, "xz")])
def test_packed_files_and_tars_are_opened(pack, ending: str) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    assert names(unpack(f"modulo.pdf.{ending}", pack(PDF))) == ["modulo.pdf"]
    assert names(unpack(f"tutto.tar.{ending}", pack(tarred(("../../modulo.pdf", PDF))))) == ["modulo.pdf"]
    bomb = unpack(f"bomba.{ending}", pack(bytes(3_000_000)), limits=UnpackLimits(file_bytes=1_000_000))
    assert reasons(bomb) == ["oversize"]
    assert reasons(unpack(f"rotto.{ending}", pack(PDF)[:-12])) in (["damaged"], ["empty"])


def test_a_link_in_a_tar_is_no_document() -> None:
    assert reasons(unpack("tutto.tar", tarred(("modulo.pdf", PDF), link=True))) == ["link"]


def holding(*files: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        for name, raw in files:
            document.attachments[name] = pikepdf.AttachedFileSpec(document, raw, filename=name)
        document.save(out)
    return out.getvalue()


def test_files_in_a_pdf_are_opened_and_a_bomb_among_them_is_not() -> None:
    raw = holding(("modulo.pdf", PDF), ("nota.txt", b"reclamo"))
    assert names(unpack("tutto.pdf", raw)) == ["tutto.pdf", "modulo.pdf", "nota.txt"]
    nested = holding(("3.pdf", holding(("2.pdf", holding(("1.pdf", holding(("0.pdf", PDF))))))))
    assert reasons(unpack("4.pdf", nested)) == ["too_deep"]
    bomb = unpack("b.pdf", holding(("zeri.bin", bytes(2_000_000))), limits=UnpackLimits(file_bytes=100_000))
    assert reasons(bomb) == ["oversize"]


def test_parts_that_are_not_here_are_said() -> None:
    for kind, reason in (("message/partial; id=1; number=1", "partial"), ("message/external-body", "external")):
        raw = f"From: a@example.com\nSubject: x\nContent-Type: {kind}\n\nContent-Type: text/plain\n\nx\n"
        assert reasons(unpack("1.eml", raw.encode())) == [reason]


FORM = {"maintype": "application", "subtype": "pdf", "filename": "modulo.pdf"}


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"Subject": "Risposta automatica: Bonus", "In-Reply-To": "<a@example.org>"}, MailKind.AUTO_REPLY),
        ({"Subject": "Out of office: x", "X-Auto-Response-Suppress": "All"}, MailKind.AUTO_REPLY),
        ({"Subject": "Risposta automatica del fornitore al mio reclamo"}, MailKind.REQUEST),
        ({"X-Spam-Flag": "YES"}, MailKind.SPAM),
        ({"X-Spam-Status": "Yes, score=9"}, MailKind.SPAM),
        ({"Subject": "***SPAM*** offerta"}, MailKind.SPAM),
        ({"X-Spam-Status": "No, score=1"}, MailKind.REQUEST),
        ({"List-Unsubscribe": "<mailto:x@example.com>"}, MailKind.LIST),
        ({"Precedence": "bulk"}, MailKind.LIST),
        ({"X-Autoreply": "yes"}, MailKind.AUTO_REPLY),
    ],
)
def test_what_machines_send_is_no_request_unless_it_brings_a_paper(headers: dict[str, str], kind: MailKind) -> None:
    message = mail()
    for name, value in headers.items():
        del message[name]
        message[name] = value
    assert unpack("1.eml", message.as_bytes()).kind is kind
    message.add_attachment(PDF, **FORM)
    assert unpack("1.eml", message.as_bytes()).kind is MailKind.REQUEST


def test_an_invitation_is_no_request() -> None:
    message = mail()
    calendar = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
    message.add_attachment(calendar, maintype="text", subtype="calendar", filename="invito.ics")
    assert unpack("1.eml", message.as_bytes()).kind is MailKind.CALENDAR


def test_a_bounce_with_our_letter_stays_a_bounce() -> None:
    message = mail(Return_Path="<>")
    message.replace_header("From", "MAILER-DAEMON@example.com")
    message.add_attachment(PDF, **FORM)
    assert unpack("1.eml", message.as_bytes()).kind is MailKind.BOUNCE


def leaves(raw: bytes) -> int:
    """Count the leaves of a mail without going into mails in it."""
    stack, count = [message_from_bytes(raw)], 0
    while stack:
        part = stack.pop()
        children = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(children, list):
            stack.extend(children)  # type: ignore[arg-type]
        else:
            count += 1
    return count


PIECES = st.sampled_from(
    [
        ("a.pdf", "application/pdf", PDF),
        ("b.bin", "application/octet-stream", bytes(range(256))),
        ("", "application/pdf", PDF + b"1"),
        ("vuoto.pdf", "application/pdf", b""),
        ("c.zip", "application/zip", b"PK\x05\x06" + bytes(18)),
        ("logo.png", "image/png", png(40, 40)),
        ("d.txt", "text/plain", b"ciao"),
        ("e.p7s", "application/pkcs7-signature", b"0\x80"),
        ("f.ics", "text/calendar", b"BEGIN:VCALENDAR"),
        ("w.dat", "application/ms-tnef", b"\x78\x9f\x3e\x22\0\0"),
    ]
)


@settings(max_examples=60)
@given(st.lists(PIECES, max_size=6), st.booleans())
def test_every_part_of_a_mail_is_accounted_for_once(pieces: list[tuple[str, str, bytes]], html: bool) -> None:  # noqa: FBT001
    message = mail()
    if html:
        message.add_alternative("<p>ciao", subtype="html")
    for name, kind, raw in pieces:
        main, _, sub = kind.partition("/")
        message.add_attachment(raw, maintype=main, subtype=sub, **({"filename": name} if name else {}))
    parcel = unpack("1.eml", message.as_bytes())
    assert len(parcel.parts) == leaves(message.as_bytes())
    uses = Counter(part.use for part in parcel.parts)
    assert uses[Use.DOCUMENT] == len(parcel.documents)
    assert uses[Use.BODY] == 1 + html
    assert uses[Use.LEFT_OUT] <= len(parcel.refused)
    assert {part.reason for part in parcel.parts} <= REASONS | {""}


def test_every_reason_is_a_sentence_that_says_what_to_do() -> None:
    message = EmailMessage()
    message["Subject"] = "x"
    for name, raw in (("a.7z", b"7z\xbc\xaf\x27\x1c"), ("a.rar", b"Rar!\x1a\x07\0"), ("a.exe", b"MZ" + bytes(99))):
        message.add_attachment(raw, maintype="application", subtype="octet-stream", filename=name)
    for refusal in unpack("1.eml", message.as_bytes()).refused:
        assert refusal.message.endswith(".")
        assert "Chiedere" in refusal.message
