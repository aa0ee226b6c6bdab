"""Files that nobody should send, looked at as the gateway looks: each ends in an outcome with a sentence."""

from datetime import UTC, date, datetime
from io import BytesIO
from random import Random

import cv2
import numpy as np
import pytest
from PIL import Image

from intake.receipt import Channel
from jobs.look import look_here
from jobs.post import Post
from pages.page import Picture
from samples.channels.named import send
from samples.degrade import draw_pages
from samples.files import jpeg
from templates.load import load_forms
from templates.plane import as_points

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FORM = load_forms().get("CMOR", "2026-01")
SENT = send("scan-150", draw_pages(FORM.blank, 300)[0], Random(8))
SHEET = SENT.picture


def encoded(picture: np.ndarray[tuple[int, ...], np.dtype[np.generic]], kind: str = "PNG", **more: object) -> bytes:
    out = BytesIO()
    Image.fromarray(picture).save(out, kind, **more)
    return out.getvalue()


def coloured(mode: str, kind: str) -> bytes:
    out = BytesIO()
    image = Image.fromarray(SHEET).convert("RGB").convert(mode)
    if mode == "RGBA":
        image.putalpha(Image.fromarray(np.where(SHEET < 200, 255, 0).astype(np.uint8)))
    image.save(out, kind, dpi=(150, 150))
    return out.getvalue()


def looked(name: str, raw: bytes) -> tuple[list[tuple[int | None, str]], str, list[str]]:
    """Give (form page, form) of every sheet, the outcome, and all sentences."""
    found = look_here(Post(name, raw, Channel.POST, NOW, date(2026, 11, 20)))
    assert found.submissions
    (one,) = found.submissions
    sentences = [f.message for f in one.validation.findings] + [r.message for r in found.refused]
    return [(p.form_page, p.form) for p in one.reading.pages], one.validation.outcome.value, sentences


NOISE = np.random.default_rng(1).integers(0, 256, (1754, 1240)).astype(np.uint8)


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("nothing.png", encoded(np.full((1754, 1240), 255, np.uint8))),
        ("noise.png", encoded(NOISE)),
        ("low.png", encoded(np.full((1, 1700), 255, np.uint8))),
        ("wide.png", encoded(np.full((40, 20_000), 255, np.uint8))),
        ("wide-sheet.png", encoded(cv2.resize(SHEET[:400], (20_000, 400)))),
    ],
)
def test_a_sheet_of_nothing_readable_ends_in_an_outcome_with_a_sentence(name: str, raw: bytes) -> None:
    pages, outcome, sentences = looked(name, raw)
    assert all(form_page is None for form_page, _ in pages)
    assert outcome in {"MANUAL_REVIEW", "INCOMPLETE", "NOT_A_REQUEST", "REJECTED"}
    assert sentences
    assert all(sentence.strip() for sentence in sentences)


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("deep.tif", encoded(SHEET.astype(np.uint16) * 257, "TIFF", dpi=(150, 150))),
        ("cmyk.jpg", coloured("CMYK", "JPEG")),
        ("alpha.png", coloured("RGBA", "PNG")),
        ("wrong-dpi.jpg", jpeg(SHEET, 300, 80)),
        ("screen-dpi.jpg", jpeg(SHEET, 96, 80)),
        ("negative.jpg", jpeg(np.asarray(255 - SHEET, dtype=np.uint8), 150, 80)),
    ],
)
def test_an_oddly_stored_form_is_simply_read(name: str, raw: bytes) -> None:
    pages, _, sentences = looked(name, raw)
    assert pages == [(1, "CMOR")]
    assert sentences


def test_a_form_that_cannot_be_laid_goes_to_a_clerk_with_a_sentence() -> None:
    torn: Picture = SHEET.copy()
    torn[330:] = NOISE[330:]  # the code is there, the print below it is not
    pages, outcome, sentences = looked("strappato.png", encoded(torn, dpi=(150, 150)))
    assert pages == [(None, "")]
    assert outcome == "MANUAL_REVIEW"
    assert any("sembra il modulo CMOR" in s and "strappato.png, pagina 1" in s for s in sentences)


def test_a_sheet_without_its_edge_says_which_fields_are_cut() -> None:
    box = next(f.box for f in FORM.fields.values() if f.page == 1 and not f.cells and not f.options)
    x, y = (SENT.way.at(as_points([(box.left + 2, box.bottom - 1.5)]))[0]).round().astype(int).tolist()
    written = cv2.putText(SHEET.copy(), "ROSSI", (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (20.0,), 2)
    pages, outcome, sentences = looked("tagliato.jpg", jpeg(np.ascontiguousarray(written[:, :1080]), 150, 85))
    assert pages == [(1, "CMOR")]
    assert outcome == "MANUAL_REVIEW"
    assert any("manca un bordo del foglio" in s and "«" in s for s in sentences)
