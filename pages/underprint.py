"""What is printed on a PDF page under its form fields. For PDFium, and opened only when a field needs it."""

from dataclasses import dataclass, field

from pypdfium2 import PdfDocument, PdfTextPage

Rect = tuple[float, float, float, float]


@dataclass(slots=True)
class Underprint:
    """The pages of a file without their annotations. Close it: PDFium wants its pages closed before their document."""

    content: bytes = field(repr=False)
    _pdf: PdfDocument | None = None
    _pages: dict[int, PdfTextPage] = field(default_factory=dict)

    def text_in(self, index: int, rect: Rect) -> str:
        """Read what is printed in a rectangle (points) of a page (from 0)."""
        if self._pdf is None:
            self._pdf = PdfDocument(self.content)
        if index not in self._pages:
            self._pages[index] = self._pdf[index].get_textpage()
        return str(self._pages[index].get_text_bounded(*rect)).strip()

    def close(self) -> None:
        """Give the memory back."""
        if self._pdf is not None:
            self._pdf.close()
