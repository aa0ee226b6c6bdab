import io
import random

import numpy as np
import pikepdf
import pillow_heif
import pytest
import segno
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

from intake.receipt import Document
from letters.typeset import typeset
from pages.form_kind import Seal
from pages.limits import PageLimits
from pages.open import open_pages
from pages.page import Page, Unreadable

MM = 72 / 25.4


def doc(content: bytes, name: str = "modulo.bin") -> Document:
    return Document(name, "application/octet-stream", content)


def drawn(width: int = 1654, height: int = 2339) -> Image.Image:
    image = Image.new("L", (width, height), 255)
    ImageDraw.Draw(image).rectangle((width // 8, height // 8, width // 4, height // 4), fill=0)
    return image


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def text_pdf(pages: int = 1) -> bytes:
    out = io.BytesIO()
    pdf = canvas.Canvas(out, pagesize=A4)
    for number in range(pages):
        pdf.drawString(20 * MM, A4[1] - 30 * MM, f"Foglio numero {number + 1}")
        pdf.showPage()
    pdf.save()
    return out.getvalue()


def image_pdf(image: bytes, page: tuple[float, float] = A4, *, over: bool = False) -> bytes:
    out = io.BytesIO()
    pdf = canvas.Canvas(out, pagesize=page)
    pdf.drawImage(_reader(image), 0, 0, *page)
    if over:
        pdf.rect(100 * MM, 200 * MM, 40 * MM, 20 * MM, fill=1)
    pdf.save()
    return out.getvalue()


def _reader(image: bytes) -> object:
    from reportlab.lib.utils import ImageReader  # noqa: PLC0415

    return ImageReader(io.BytesIO(image))


def reason_of(content: bytes, limits: PageLimits | None = None) -> str:
    with pytest.raises(Unreadable) as caught:
        open_pages(doc(content), limits or PageLimits())
    assert str(caught.value).endswith(".")
    return caught.value.reason


def only(content: bytes) -> Page:
    (page,) = open_pages(doc(content))
    return page


def test_refuses_each_kind_of_bad_file_with_its_reason() -> None:
    whole = text_pdf()
    locked, open_to_read = io.BytesIO(), io.BytesIO()
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(user="x", owner="y", R=6))
        pdf.save(open_to_read, encryption=pikepdf.Encryption(user="", owner="y", R=6))
        del pdf.pages[0]
        pageless = io.BytesIO()
        pdf.save(pageless)
    assert reason_of(b"") == "empty"
    assert reason_of(b"PK\x03\x04 a letter") == "foreign"
    assert reason_of(locked.getvalue()) == "encrypted"
    assert reason_of(whole[: len(whole) // 2]) == "truncated"
    assert reason_of(b"%PDF-1.7\nnothing else\n%%EOF\n") == "damaged"
    assert reason_of(pageless.getvalue()) in {"no_pages", "damaged"}
    assert reason_of(saved(drawn(), "JPEG")[:3000]) == "truncated"
    assert reason_of(b"\x89PNG\r\n\x1a\n" + b"\0" * 50) == "damaged"
    assert only(open_to_read.getvalue()).words


def test_refuses_what_is_over_the_limits_before_decoding_it() -> None:
    wide = saved(Image.new("1", (20_000, 9_000)), "TIFF", compression="group4")
    assert reason_of(wide) == "oversize"
    assert reason_of(text_pdf(3), PageLimits(max_pages=2)) == "oversize"
    assert reason_of(text_pdf(), PageLimits(max_bytes=100)) == "oversize"
    assert reason_of(image_pdf(saved(drawn(), "PNG")), PageLimits(max_pixels=1_000_000)) == "oversize"


def test_born_digital_text_stands_where_it_was_drawn() -> None:
    page = only(text_pdf())
    assert not page.scanned
    assert [word.text for word in page.words] == ["Foglio", "numero", "1"]
    assert page.words[0].box.left == pytest.approx(20, abs=0.7)
    assert page.words[0].box.bottom == pytest.approx(30, abs=1.2)
    assert (page.width_mm, page.height_mm) == (pytest.approx(210, abs=0.2), pytest.approx(297, abs=0.2))


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_rotated_pages_keep_text_and_picture_together(rotation: int) -> None:
    turned = io.BytesIO()
    with pikepdf.open(io.BytesIO(text_pdf())) as pdf:
        pdf.pages[0].rotate(rotation, relative=False)
        pdf.save(turned)
    page = only(turned.getvalue())
    box = next(word.box for word in page.words if word.text == "numero")
    dots = [round(value * page.dpi_x / 25.4) for value in (box.top, box.bottom, box.left, box.right)]
    ink = page.picture[dots[0] : dots[1], dots[2] : dots[3]] < 128
    assert ink.sum() == pytest.approx((page.picture < 128).sum() * 6 / 13, rel=0.35)


def test_a_scan_is_taken_out_of_its_pdf_untouched() -> None:
    scan = drawn()
    page = only(image_pdf(saved(scan, "PNG")))
    assert page.scanned
    assert np.array_equal(page.picture, np.asarray(scan))
    assert page.dpi_x == pytest.approx(200, abs=0.2)


def test_what_lies_over_a_scan_is_seen() -> None:
    page = only(image_pdf(saved(drawn(), "PNG"), over=True))
    assert page.scanned
    x, y = 120 / 25.4 * page.dpi_x, (297 - 210) / 25.4 * page.dpi_y
    assert page.picture[round(y), round(x)] < 50


def test_a_page_without_a_resolution_counts_as_a4() -> None:
    page = only(image_pdf(saved(drawn(), "JPEG"), (1654, 2339)))
    assert page.width_mm == pytest.approx(210, abs=1)
    assert only(saved(drawn(), "PNG")).dpi_x == pytest.approx(200, abs=0.5)
    assert only(saved(drawn(), "JPEG", dpi=(72, 72))).dpi_x == pytest.approx(200, abs=0.5)
    assert only(saved(drawn(), "JPEG", dpi=(200, 200))).dpi_x == pytest.approx(200, abs=0.5)


@pytest.mark.parametrize(
    ("rows", "dpi_y", "tagged"), [(2292, 196, True), (1146, 98, True), (2292, 196, False), (1146, 98, False)]
)
def test_fax_pixels_are_not_square(rows: int, dpi_y: float, *, tagged: bool) -> None:
    first, second = drawn(1728, rows).convert("1"), drawn(1728, rows).convert("1")
    tags = {"dpi": (204, dpi_y)} if tagged else {}
    fax = saved(first, "TIFF", compression="group4", save_all=True, append_images=[second], **tags)
    pages = open_pages(doc(fax))
    assert [page.number for page in pages] == [1, 2]
    assert pages[0].dpi_x == pytest.approx(204, abs=1)
    assert pages[0].dpi_y == pytest.approx(dpi_y, abs=1)
    assert np.array_equal(pages[1].picture < 128, np.asarray(second) == 0)


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "RGBA", "LA", "P", "CMYK", "I;16", "YCbCr"])
def test_every_colour_model_becomes_the_same_grey_sheet(mode: str) -> None:
    grey = drawn()
    if mode == "I;16":
        image = Image.fromarray(np.asarray(grey, dtype=np.uint16) * 257)
    elif mode in {"LA", "RGBA"}:
        image = grey.convert(mode)
        image.putalpha(Image.fromarray(255 - np.asarray(grey)))
    else:
        image = grey.convert(mode)
    page = only(saved(image, "JPEG" if mode == "YCbCr" else "TIFF" if mode != "LA" else "PNG"))
    assert np.abs(page.picture.astype(int) - np.asarray(grey)).mean() < 1


def test_inverted_fax_photometric_is_still_black_on_white() -> None:
    for inverted in (0, 1):
        fax = saved(drawn(1728, 1146).convert("1"), "TIFF", compression="group3", tiffinfo={262: inverted})
        page = only(fax)
        assert page.picture[0, 0] == (255 if inverted else 0) or page.picture[0, 0] == 255


def test_a_photo_is_turned_as_its_camera_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    page = only(saved(drawn(2339, 1654), "JPEG", exif=exif.tobytes()))
    assert page.picture.shape == (2339, 1654)


def test_odd_shapes_are_sheets_all_the_same() -> None:
    assert only(saved(Image.new("L", (1700, 1), 255), "PNG")).picture.shape[0] == 1
    assert only(saved(Image.new("L", (20_000, 30), 255), "PNG")).picture.shape[0] >= 1
    assert only(saved(Image.new("L", (1, 1), 255), "PNG")).width_mm > 0


@pytest.mark.parametrize(("dpi_y", "dpi"), [(200, 200), (196, 204), (98, 204)])
def test_finds_the_code_on_scan_and_fax(dpi_y: float, dpi: float) -> None:
    code = Image.fromarray(
        (np.array([list(row) for row in segno.make("SH1|CMOR|2026-01|2", error="m").matrix]) == 0).astype(np.uint8)
        * 255
    )
    size = code.size[0] * 0.67 / 25.4
    sheet = Image.new("L", (round(dpi * 8.27), round(dpi_y * 11.69)), 255)
    sheet.paste(
        code.resize((round(size * dpi), round(size * dpi_y)), Image.Resampling.NEAREST),
        (round(0.9 * sheet.width) - 180, 60),
    )
    page = only(saved(sheet.convert("1"), "TIFF", compression="group4", dpi=(dpi, dpi_y)))
    (found,) = page.codes
    assert found.text == "SH1|CMOR|2026-01|2"
    assert found.symbology == "QRCode"
    assert found.corners_px[0][0] == pytest.approx(round(0.9 * sheet.width) - 180, abs=8)


def sheets(many: int, width: int = 800, height: int = 1131) -> list[Image.Image]:
    made = []
    for number in range(many):
        image = drawn(width, height).convert("RGB")
        ImageDraw.Draw(image).rectangle((width // 2, (number % 9 + 1) * height // 10, width, height), fill="black")
        made.append(image)
    return made


def heif(*images: Image.Image) -> bytes:
    file, out = pillow_heif.HeifFile(), io.BytesIO()
    for image in images:
        file.add_from_pillow(image)
    file.save(out, quality=45)
    return out.getvalue()


@pytest.mark.parametrize("form", ["WEBP", "GIF", "PNG", "HEIF", "TIFF", "AVIF"])
def test_no_sheet_of_a_picture_file_is_left_out(form: str) -> None:
    first, *more = sheets(3)
    content = (
        heif(first, *more) if form == "HEIF" else saved(first, form, save_all=True, append_images=more, duration=100)
    )
    pages = open_pages(doc(content))
    assert [page.number for page in pages] == [1, 2, 3]
    black = [float((page.picture < 128).mean()) for page in pages]
    assert black[0] > black[1] > black[2], "each is its own"


def test_a_moving_ornament_is_one_picture_however_long_it_moves() -> None:
    first, *more = sheets(150, 120, 60)
    assert len(open_pages(doc(saved(first, "GIF", save_all=True, append_images=more, duration=40)))) == 1


def test_a_moving_picture_with_more_frames_than_a_document_has_pages_is_refused() -> None:
    first, *more = sheets(9, 520, 735)
    content = saved(first, "WEBP", save_all=True, append_images=more)
    with pytest.raises(Unreadable):
        open_pages(doc(content), PageLimits(max_pages=8))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    start=st.sampled_from(
        [b"", b"%PDF-1.4\n", b"II*\0", b"MM\0*", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"BM", b"RIFF1234WEBP"]
    ),
    rest=st.binary(max_size=400),
    end=st.sampled_from([b"", b"%%EOF\n"]),
)
def test_any_bytes_are_refused_with_a_sentence(start: bytes, rest: bytes, end: bytes) -> None:
    content = start + rest + end
    try:
        assert all(page.picture.size for page in open_pages(doc(content)))
    except Unreadable as refusal:
        assert refusal.reason  # noqa: PT017


@pytest.mark.parametrize("seed", range(24))
def test_mutated_files_give_pages_or_a_reason(seed: int) -> None:
    chance = random.Random(seed)
    small = drawn(400, 560)
    originals = [
        text_pdf(),
        image_pdf(saved(small, "JPEG")),
        saved(small.convert("1"), "TIFF", compression="group4"),
        saved(small, "TIFF"),
        saved(small, "PNG"),
        saved(small, "JPEG"),
    ]
    for original in originals:
        content = bytearray(original)
        for _ in range(chance.randint(1, 12)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        try:
            assert open_pages(doc(bytes(content)))
        except Unreadable as refusal:
            assert refusal.reason  # noqa: PT017


def test_a_sheet_out_of_a_signed_wrapping_is_known_to_be_signed() -> None:
    out = io.BytesIO()
    Image.new("L", (600, 800), 255).save(out, "PNG", dpi=(72, 72))
    for signed, seal in ((True, Seal.SIGNED), (False, Seal.NONE)):
        (page,) = open_pages(Document("modulo.png", "image/png", out.getvalue(), signed=signed))
        assert page.seal is seal


@pytest.mark.parametrize("family", ["DejaVu Sans", "DejaVu Serif"])
def test_a_ligature_does_not_part_its_word(family: str) -> None:
    """Browsers and word processors set "ffi" as one glyph: its letters all stand in one place."""
    text = "Ufficio affitto baffle fiscale"
    page = only(typeset(f"<html lang='it'><p style='font: 12pt {family}'>{text}</p>"))
    assert [word.text for word in page.words] == text.split()
