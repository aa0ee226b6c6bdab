"""Put pictures into the files that post comes in: PDF, TIFF, JPEG, PNG."""

from io import BytesIO
from struct import pack_into, unpack_from

import pikepdf
from PIL import Image
from PIL.TiffImagePlugin import PHOTOMETRIC_INTERPRETATION

from pages.page import POINTS_PER_INCH, Picture
from samples.channels.fax import FAX_DPI_X, stamped


def jpeg(picture: Picture, dpi: int, quality: int) -> bytes:
    """Encode one page as JPEG with its resolution."""
    out = BytesIO()
    Image.fromarray(picture).save(out, "JPEG", quality=quality, dpi=(dpi, dpi), optimize=True)
    return out.getvalue()


def png(picture: Picture, dpi: int) -> bytes:
    """Encode one page as PNG of 1 bit with its resolution."""
    out = BytesIO()
    Image.fromarray(picture).convert("1", dither=Image.Dither.NONE).save(out, "PNG", dpi=(dpi, dpi), optimize=True)
    return out.getvalue()


def scan_pdf(pictures: list[Picture], dpi: int, quality: int) -> bytes:
    """Wrap scanned pages into a PDF, one JPEG per page, as scanners do."""
    document = pikepdf.new()
    for picture in pictures:
        rows, columns = picture.shape
        width, height = columns / dpi * POINTS_PER_INCH, rows / dpi * POINTS_PER_INCH
        image = pikepdf.Stream(document, jpeg(picture, dpi, quality))
        image.stream_dict = pikepdf.Dictionary(
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=columns,
            Height=rows,
            ColorSpace=pikepdf.Name.DeviceGray,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
        page = document.add_blank_page(page_size=(width, height))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
        page.Contents = document.make_stream(f"q {width:.3f} 0 0 {height:.3f} 0 0 cm /Im0 Do Q".encode())
    out = BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()


def tiff(pictures: list[Picture], dpi: tuple[int, int], compression: str = "group4") -> bytes:
    """Write black-and-white pages as one multi-page TIFF (``group3`` or ``group4``)."""
    first, *rest = [Image.fromarray(p).convert("1", dither=Image.Dither.NONE) for p in pictures]
    out = BytesIO()
    first.save(out, "TIFF", compression=compression, dpi=dpi, save_all=True, append_images=rest)
    return out.getvalue()


def fax_tiff(pictures: list[Picture], dpi_y: int, header: str, compression: str = "group4") -> bytes:
    """Write faxed pages as the TIFF of a fax server, each with the sender's line at its top.

    ``header`` may hold ``{page}`` and ``{pages}``.
    """
    lines = [header.format(page=i, pages=len(pictures)) for i in range(1, len(pictures) + 1)]
    headed = [stamped(p, text, dpi_y) for p, text in zip(pictures, lines, strict=True)]
    return _white_is_zero(tiff([255 - p for p in headed], (FAX_DPI_X, dpi_y), compression))


def _white_is_zero(negative: bytes) -> bytes:
    """Say of a negative that 0 is white, as fax servers write it (Pillow would turn every pixel in Python)."""
    out = bytearray(negative)
    (offset,) = unpack_from("<I", out, 4)
    while offset:
        (count,) = unpack_from("<H", out, offset)
        for entry in range(offset + 2, offset + 2 + 12 * count, 12):
            if unpack_from("<H", out, entry)[0] == PHOTOMETRIC_INTERPRETATION:
                pack_into("<H", out, entry + 8, 0)
        (offset,) = unpack_from("<I", out, offset + 2 + 12 * count)
    return bytes(out)
