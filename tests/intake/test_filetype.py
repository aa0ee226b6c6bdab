import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from intake.filetype import FileType, file_type, is_mail
from intake.htmltext import read_html
from intake.names import clean_name, one_line
from intake.picturesize import picture_size


def image(kind: str, size: tuple[int, int] = (37, 21)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB" if kind != "GIF" else "P", size).save(buffer, kind)
    return buffer.getvalue()


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"%PDF-1.4\n", FileType.PDF),
        (b"\r\njunk of a scanner\r\n%PDF-1.4\n\xe2\xe3", FileType.PDF),
        (image("TIFF"), FileType.TIFF),
        (b"MM\0*\0\0\0\x08", FileType.TIFF),
        (image("JPEG"), FileType.JPEG),
        (image("PNG"), FileType.PNG),
        (image("GIF"), FileType.GIF),
        (image("BMP"), FileType.BMP),
        (image("WEBP"), FileType.WEBP),
        (b"\0\0\0\x18ftypheic\0\0\0\0", FileType.HEIC),
        (zipped("a.pdf"), FileType.ZIP),
        (zipped("[Content_Types].xml", "word/document.xml"), FileType.DOCX),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), FileType.XLSX),
        (zipped("mimetype", "content.xml"), FileType.ODT),
        (b"PK\x03\x04 and then nothing", FileType.ZIP),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(10), FileType.OLE),
        (b"Received: from a\r\nFrom: b@example.com\r\n\r\n%PDF-1.4", FileType.EML),
        (b"From: b@example.com\nSubject: x\n\n<html>", FileType.EML),
        (b"<!DOCTYPE html><html>", FileType.HTML),
        (b"-----BEGIN PKCS7-----\nMIAG", FileType.P7M),
        (b"MIAGCSqGSIb3DQEHAqCAMIACAQExDzANBglghkgBZQMEAgEFADCABgkqhkiG9w0BBwGggCSABIID", FileType.P7M),
        (b"BMI: una nota che comincia con BM", FileType.TEXT),
        ("Perché no? Così è.".encode(), FileType.TEXT),
        (b"Da: qualcuno\nOggetto: x\n", FileType.TEXT),
        (b"", FileType.EMPTY),
        (b"\0\0\0", FileType.EMPTY),
        (bytes(range(256)), FileType.UNKNOWN),
    ],
)
def test_bytes_say_what_they_are(raw: bytes, kind: FileType) -> None:
    assert file_type(raw) is kind


@settings(max_examples=300)
@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"From: ", b"0\x82", b"BM", b"RIFF", b"<html"]))
def test_no_bytes_raise(raw: bytes, start: bytes) -> None:
    assert file_type(start + raw) in FileType
    assert is_mail(start + raw) in {True, False}
    picture_size(start + raw)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_the_size_of_a_picture_is_read_from_its_header(kind: str) -> None:
    assert picture_size(image(kind, (123, 45))) == (123, 45)
    assert picture_size(image(kind)[:9]) is None


@settings(max_examples=200)
@given(st.binary(max_size=100), st.sampled_from([b"\xff\xd8", b"\xff\xd8\xff\xc0", b"\x89PNG\r\n\x1a\n", b"GIF8"]))
def test_a_broken_header_has_no_size_or_one(raw: bytes, start: bytes) -> None:
    size = picture_size(start + raw)
    assert size is None or (size[0] >= 0 and size[1] >= 0)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("modulo.pdf", "modulo.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\rosa\\modulo.pdf", "modulo.pdf"),
        ("a\r\nBcc: x@example.com.pdf", "aBcc: x@example.com.pdf"),
        ("fattura\u202efdp.exe", "fatturafdp.exe"),
        ("  due   spazi .pdf", "due spazi .pdf"),
        ("..", "senza nome"),
        ("", "senza nome"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_are_for_reading(name: str, clean: str) -> None:
    assert clean_name(name, "senza nome") == clean


@given(st.text(max_size=300))
def test_a_clean_name_is_one_component_on_one_line(name: str) -> None:
    clean = clean_name(name, "senza nome")
    assert 0 < len(clean) <= 120
    assert clean not in {".", ".."}
    assert not set(clean) & set("/\\\n\r\0")
    assert len(clean.splitlines()) == 1
    assert len(one_line(name, 50)) <= 50


@given(st.text(max_size=200))
def test_html_never_raises_and_gives_no_script(text: str) -> None:
    assert "secret" not in read_html(f"<script>secret</script>{text.replace('secret', '')}").words
