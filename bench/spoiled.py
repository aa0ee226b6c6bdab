"""What the fuzzer starts from: small pieces of each kind, made here, with the words that their parsers look for."""

import gzip
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from random import Random

import numpy as np
import pikepdf

from pages.page import Picture
from samples.files import fax_tiff, jpeg, tiff
from samples.mail import Attached, Letterhead, failure_notice, wrap_pec, write_mail
from samples.outlook import OutlookMessage, write_msg, write_winmail
from samples.signing import Identity, authority, issue, sign, sign_mail, sign_pdf

_WORD = b'<d xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p/></d>'
_SINCE = datetime(2025, 1, 1, tzinfo=UTC)
_AT = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
_BLANKS = Path(__file__).parents[1] / "templates/forms"
_HEAD = Letterhead("rosa@example.com", "Rosa Prova", "Richiesta è", "Buongiorno,\nallego.", _AT, "spoil")
_PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n"


@dataclass(frozen=True, slots=True)
class Stock:
    """Sound pieces of one kind, the name under which they arrive, and words to throw in."""

    name: str
    pieces: tuple[bytes, ...] = field(repr=False)
    words: tuple[bytes, ...]
    pec: bool = False
    open: bool = False
    """Whether documents are opened too, not only unpacked."""


@lru_cache(maxsize=16)
def stock(kind: str) -> Stock:
    """Give the stock of a kind, a key of ``KINDS``."""
    return KINDS[kind]()


def _mails() -> Stock:
    rng = Random(1)
    files = [Attached("modulo.pdf", _PDF), Attached("foto.jpg", jpeg(_sheet(40), 100, 60))]
    odd = EmailMessage()
    odd["From"], odd["Subject"] = "a@example.com", "x"
    odd.set_content("begin 644 a.txt\n#0V%T\n`\nend\nhttps://we.tl/x")
    odd.add_alternative("<p hidden>x<img src='data:image/png;base64,aaaa'>", subtype="html")
    for name, raw in (
        ("winmail.dat", write_winmail(_message())),
        ("m.msg", write_msg(_message())),
        ("a.zip", _zip()),
        ("a.pdf.p7m", _p7m()),
    ):
        odd.add_attachment(raw, maintype="application", subtype="octet-stream", filename=name)
    odd.set_boundary("odd")
    shapes = [write_mail(_HEAD, files, rng, shape) for shape in ("plain", "html", "inline_logo", "forwarded")]
    words = (
        b"Content-Type: multipart/mixed; boundary=b\r\n",
        b"Content-Type: message/rfc822\r\n\r\n", b"\r\n--", b"\r\n\r\n",
        b"Content-Transfer-Encoding: base64\r\n", b"=?utf-8?b?", b"charset=idna",
        b"Content-Type: message/partial\r\n",
        b"filename*0*=utf-8''%E0", b"format=flowed; delsp=yes", b"begin 644 x\r\n", b"\xff\xfe",
        b"Auto-Submitted: auto-replied\r\n",
        b"Content-Type: text/calendar\r\n", b"X-Trasporto: errore\r\n",
        b"Content-Type: multipart/signed; boundary=b\r\n",
    )  # fmt: skip
    return Stock("1.eml", (*shapes, failure_notice(_HEAD), odd.as_bytes()), words)


def _certified() -> Stock:
    rng = Random(2)
    envelope = wrap_pec(_HEAD, [Attached("modulo.pdf", _PDF)], rng)
    head, _, part = envelope.partition(b"\r\nContent-Type: ")
    signed = sign_mail(head + b"\r\n", b"Content-Type: " + part, _provider(), _AT, "----=_pec")
    words = (
        b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>", b"<postacert tipo='x'>", b"<ora>99:99:99</ora>",
        b'zona="+9900"', b"<msgid><a@b></msgid>", b"&", b"</dati>",
        b"X-Ricevuta: accettazione\r\n", b"<giorno>", b"\0", b"&#0;",
    )  # fmt: skip
    return Stock(
        "1.eml", (envelope, signed, envelope.replace(b"posta-certificata\r\n", b"errore\r\n", 1)), words, pec=True
    )


def _signed() -> Stock:
    raw = _p7m()
    words = (
        b"0\x80",
        b"\0\0",
        b"$\x80",
        b"\xa0\x80",
        b"\x30\x84\xff\xff\xff\xff",
        b"\x04\x00",
        b"\x05\x00",
        b"-----BEGIN PKCS7-----\n",
    )
    detached = sign(_PDF, _customer(), _AT, detached=True)
    return Stock("modulo.pdf.p7m", (raw, sign(raw, _customer(), _AT), detached), words)


def _pdfs() -> Stock:
    blank = (_BLANKS / "delega/2026-01/blank.pdf").read_bytes()
    small = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(200, 300))
        document.save(small, deterministic_id=True)
    words = (
        b"/Type /Page ", b"/Kids [1 0 R]", b"/Length 99999999", b"/Encrypt 1 0 R", b"endobj",
        b"stream\n", b"/XFA 1 0 R", b"/Rotate 91",
        b"/MediaBox [0 0 1e9 1e9]", b"/UserUnit 1e9", b"/Filter /FlateDecode",
        b"/ByteRange [0 1 2 3]", b"xref\n0 1\n", b"/AcroForm 1 0 R",
    )  # fmt: skip
    return Stock(
        "modulo.pdf",
        (small.getvalue(), small.getvalue(), blank, sign_pdf(small.getvalue(), _customer(), _AT)),
        words,
        open=True,
    )


def _tiffs() -> Stock:
    pages = [_sheet(120), _sheet(120)]
    made = (
        tiff(pages, (100, 100)),
        tiff(pages, (100, 100), "group3"),
        fax_tiff([_sheet(120, 1728)], 98, "Da: 06 Pag. {page}/{pages}"),
    )
    words = (
        b"II*\0\x08\0\0\0",
        b"MM\0*",
        b"\x00\x01\x04\0",
        b"\x11\x01\x04\0\x01\0\0\0",
        b"\x03\x01\x03\0\x01\0\0\0\x07\0",
        b"\xff" * 12,
    )
    return Stock("fax.tif", made, words, open=True)


def _outlook(write: str) -> Stock:
    raw, name = (write_winmail(_message()), "winmail.dat") if write == "tnef" else (write_msg(_message()), "m.msg")
    words = (
        b"\x78\x9f\x3e\x22",
        b"\x02\x0f\x80\x06\0",
        b"\x02\x05\x90\x06\0",
        b"\x0d\0\x01\x37",
        b"\x1e\0\x01\x30",
        b"\xfe\xff\xff\xff",
        b"\x48\0",
    )
    return Stock(name, (raw,), words)


def _archives() -> Stock:
    docx = BytesIO()
    with zipfile.ZipFile(docx, "w") as archive:
        archive.writestr("word/document.xml", _WORD)
    words = (
        b"PK\x03\x04",
        b"PK\x01\x02",
        b"PK\x05\x06",
        b"../../x",
        b"\x01\0",
        b"\xff\xff\xff\xff",
        b"\x1f\x8b\x08",
        b"ustar",
        b"/EmbeddedFile",
        b"/Names [(x) 1 0 R]",
    )
    return Stock(
        "tutto.zip",
        (_zip(), docx.getvalue(), gzip.compress(_PDF * 9), rb"{\rtf1 a{\pict\pngblip 89504e47}\'e8}", _portfolio()),
        words,
    )


def _portfolio() -> bytes:
    out = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(200, 300))
        document.attachments["nota.txt"] = pikepdf.AttachedFileSpec(document, b"reclamo", filename="nota.txt")
        document.save(out, deterministic_id=True)
    return out.getvalue()


KINDS = {
    "mail": _mails,
    "daticert": _certified,
    "p7m": _signed,
    "pdf": _pdfs,
    "tiff": _tiffs,
    "tnef": lambda: _outlook("tnef"),
    "msg": lambda: _outlook("msg"),
    "archive": _archives,
}


@lru_cache(maxsize=1)
def _by() -> Identity:
    return authority("Certificatore di prova", _SINCE)


def _customer() -> Identity:
    return issue(_by(), "Maria Rossi", _SINCE, "TINIT-RSSMRA80A01H501U")


def _provider() -> Identity:
    return issue(_by(), "Gestore di prova", _SINCE, email="posta-certificata@example.org")


def _p7m() -> bytes:
    return sign(_PDF, _customer(), _AT)


def _message() -> OutlookMessage:
    inner = OutlookMessage("b@example.com", "Inoltro", "Testo.", [("interno.pdf", _PDF)])
    return OutlookMessage("a@example.com", "Reclamo è", "Buongiorno.", [("modulo.pdf", _PDF)], [inner])


def _zip() -> bytes:
    inner, outer = BytesIO(), BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("modulo.pdf", _PDF)
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("dentro.zip", inner.getvalue())
        archive.writestr("../nota.txt", b"reclamo")
    return outer.getvalue()


def _sheet(side: int, wide: int = 0) -> Picture:
    return np.asarray(np.random.default_rng(side).integers(0, 2, (side, wide or side)) * 255, dtype=np.uint8)
