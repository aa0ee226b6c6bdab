"""FormKind: how a sheet carries what is written on it; Seal: whether its file is digitally signed."""

from enum import StrEnum


class FormKind(StrEnum):
    """How a sheet carries its writing. The names are part of the published contract."""

    PICTURE = "picture"
    """A picture of paper: scan, fax, photo. Everything is read from the ink."""
    OCR_LAYER = "picture_with_text"
    """A picture of paper with somebody's text recognition under it, which is not trusted."""
    ACROFORM = "acroform"
    """A fillable PDF."""
    XFA = "xfa"
    """A fillable PDF that holds its fields a second time as XFA; both are compared."""
    TYPEWRITER = "typewriter"
    """Text notes typed over the sheet with a viewer's typewriter tool."""
    FLAT = "flat"
    """Text without fields: typed, or a form flattened."""
    OUTLINES = "outlines"
    """Drawn without any text, as some "print to PDF" do: read from the drawn page."""


class Seal(StrEnum):
    """The digital signature inside a PDF, or around it (p7m). Its certificate is not verified here."""

    NONE = ""
    SIGNED = "signed"
    """Signed, and what the sheets show was not changed since."""
    CHANGED = "changed_after_signing"


CHANGED_SENTENCE = (
    "Il PDF è stato modificato dopo la firma digitale: confrontare con la versione firmata, o chiedere un nuovo invio."
)
