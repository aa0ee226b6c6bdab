from io import BytesIO
from random import Random

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image

from samples.degrade import FAX_WIDTH_PX, bilevel, draw_pages, fax, fax_setting, scan, scan_setting
from samples.files import fax_tiff, jpeg, png, scan_pdf, tiff
from samples.leaf import Leaf, draw_leaves

PDF = draw_leaves(Leaf("Prova di stampa", "Intestazione", ("Una riga di testo.",), (("Voce", "12,50"),)))


def test_a_scan_is_the_same_for_the_same_seed_and_differs_for_another() -> None:
    (page,) = draw_pages(PDF, 100)
    setting = scan_setting(Random(1), 100)
    assert np.array_equal(scan(page, setting, 3), scan(page, setting, 3))
    assert not np.array_equal(scan(page, setting, 3), scan(page, setting, 4))


def test_a_scan_keeps_size_and_contrast() -> None:
    (page,) = draw_pages(PDF, 100)
    seen = scan(page, scan_setting(Random(2), 100), 1)
    assert seen.shape == page.shape
    assert seen.dtype == np.uint8
    assert np.median(seen) > 200
    assert seen.min() < 110


@pytest.mark.parametrize(("fine", "rows"), [(True, 2292), (False, 1146)])
def test_a_fax_has_1728_columns_and_rows_of_its_own_resolution(fine: bool, rows: int) -> None:  # noqa: FBT001
    (page,) = draw_pages(PDF, 200)
    seen = fax(page, 200, fax_setting(Random(3), fine=fine), 1)
    assert seen.shape[1] == FAX_WIDTH_PX
    assert abs(seen.shape[0] - rows) <= 2
    assert set(np.unique(seen)) == {0, 255}


@pytest.mark.parametrize("compression", ["group3", "group4"])
@pytest.mark.parametrize("fine", [True, False])
def test_fax_files_carry_the_tags_of_a_fax_server(compression: str, fine: bool) -> None:  # noqa: FBT001
    (page,) = draw_pages(PDF, 200)
    setting = fax_setting(Random(4), fine=fine)
    pages = [fax(page, 200, setting, i) for i in (1, 2)]
    raw = fax_tiff(pages, setting.dpi_y, "Da: 0655500000 Pag. {page}/{pages}", compression)
    with Image.open(BytesIO(raw)) as image:
        assert image.n_frames == 2
        for i in range(2):
            image.seek(i)
            assert image.mode == "1"
            assert image.info["compression"] == compression
            assert image.info["dpi"] == (204, setting.dpi_y)
            assert image.tag_v2[262] == 0
            # The sender's line lies in the top margin; below it the page is unchanged.
            got = np.asarray(image.convert("L"))
            assert np.array_equal(got[40:], pages[i][40:])
            assert (got[:34] == 0).any()
    assert 1_000 < len(raw) / 2 < 60_000


def test_scans_in_a_pdf_are_one_page_size_picture_each() -> None:
    pictures = [scan(p, scan_setting(Random(5), 100), 1) for p in draw_pages(PDF, 100)] * 2
    with pdfium.PdfDocument(scan_pdf(pictures, 100, 60)) as document:
        assert len(document) == 2
        width, height = document[0].get_size()
    assert abs(width / 72 * 25.4 - 210) < 0.5
    assert abs(height / 72 * 25.4 - 297) < 0.5


def test_pictures_carry_their_resolution() -> None:
    (page,) = draw_pages(PDF, 100)
    for raw in (jpeg(page, 100, 60), png(bilevel(page), 100), tiff([bilevel(page)], (100, 100))):
        with Image.open(BytesIO(raw)) as image:
            assert tuple(round(float(v)) for v in image.info["dpi"]) == (100, 100)
