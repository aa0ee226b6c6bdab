"""Tell what only decorates or serves a program from what a customer sends: logos, dots, the litter of archivers."""

from intake.filetype import PICTURES, file_type
from intake.message import Mail, Part
from intake.picturesize import picture_size

_LOGO_SIDE = 400
_DOT_SIDE = 100
"""Pixels on the shorter side: a page of a form is never so small, even from a coarse fax."""


def is_logo(part: Part, mail: Mail | None = None) -> bool:
    """Tell logos in signatures from photos of a form, which mail programs put between the lines as well."""
    size = picture_size(part.content) if file_type(part.content) in PICTURES else None
    if size is None:
        return False
    shown_inline = mail is not None and bool(part.content_id) and f"cid:{part.content_id}" in mail.html
    return min(size) < (_LOGO_SIDE if shown_inline else _DOT_SIDE)


def belongs_to_archiver(name: str) -> bool:
    """Recognize what macOS and Windows put into archives for themselves."""
    return "__MACOSX/" in name or name.rsplit("/", 1)[-1] in {".DS_Store", "Thumbs.db", "desktop.ini"}
