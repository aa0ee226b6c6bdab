"""Lay ink over a PDF page, always with the same bytes (pikepdf's own overlay draws random names)."""

from pikepdf import Name, Page, Pdf

_NAME = Name("/SampleInk")


def lay_over(document: Pdf, page: Page, ink: Page) -> None:
    """Draw a page of another document over ``page``, at its own size."""
    page.add_resource(document.copy_foreign(ink.as_form_xobject()), Name.XObject, _NAME)
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(f"\nQ q {_NAME} Do Q\n".encode())
