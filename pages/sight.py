"""What the eye sees at a place of a PDF page: words with contrast, text in a rectangle, notes that lie over it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pages.frame import Frame
from pages.page import MM_PER_INCH, Box, Picture, Word
from pages.pdfform import Note
from pages.raster import Raster

CONTRAST = 24
"""Grey levels between ink and paper below which nobody reads: light grey print (200 on white) has twice as much."""
LAID_OVER = 0.2
"""A note over this share of a field lies on it; what only touches its edge does not."""

Rect = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Sight:
    """One drawn page under comparison.

    ``text_in`` reads the page's characters in a rectangle of points, ``printed_in`` those of them that are printed
    under the form fields.
    """

    frame: Frame
    words: Sequence[Word]
    text_in: Callable[[Rect], str]
    printed_in: Callable[[Rect], str] = field(default=lambda _: "")
    notes: Sequence[Note] = field(default=())

    def shown(self, rect: Rect) -> str:
        """Read what stands in a rectangle, seen or not."""
        return self.text_in(rect).strip()

    def written(self, rect: Rect) -> str:
        """Read what stands in a rectangle beyond what is printed there."""
        shown = self.shown(rect)
        for word in self.printed_in(rect).split() if shown else ():
            shown = shown.replace(word, "", 1)
        return shown.strip()

    def is_readable(self, rect: Rect) -> bool:
        """Tell whether any word in a rectangle stands out from its ground."""
        box = self.frame.box(*rect).inset(-0.5)
        return any(box.covers(*_middle(word.box)) for word in self.words)

    def is_on_page(self, rect: Rect) -> bool:
        """Tell whether a widget has a size, and its middle lies on the sheet."""
        left, bottom, right, top = rect
        sized = right - left >= 1 and top - bottom >= 1
        across = self.frame.left <= (left + right) / 2 <= self.frame.right
        return sized and across and self.frame.bottom <= (bottom + top) / 2 <= self.frame.top

    def is_covered(self, rect: Rect) -> bool:
        """Tell whether a note that changes what is read lies over a widget."""
        return any(_share(note.rect, rect) > LAID_OVER for note in self.notes if note.covers)


def readable(words: Sequence[Word], raster: Raster) -> tuple[Word, ...]:
    """Keep the words that the picture shows: not white on white, not covered, not beyond the edge."""
    across, down = raster.dpi_x / MM_PER_INCH, raster.dpi_y / MM_PER_INCH
    return tuple(word for word in words if _stands_out(word.box, raster.picture, across, down))


def _stands_out(box: Box, picture: Picture, across: float, down: float) -> bool:
    top, left = max(int(box.top * down), 0), max(int(box.left * across), 0)
    crop = picture[top : int(box.bottom * down) + 2, left : int(box.right * across) + 2]
    return bool(crop.size) and int(crop.max()) - int(crop.min()) >= CONTRAST


def _middle(box: Box) -> tuple[float, float]:
    return box.left + box.width / 2, box.top + box.height / 2


def _share(note: Rect, rect: Rect) -> float:
    """Answer how much of the smaller of the two lies on the other."""
    across = min(note[2], rect[2]) - max(note[0], rect[0])
    up = min(note[3], rect[3]) - max(note[1], rect[1])
    smaller = min((note[2] - note[0]) * (note[3] - note[1]), (rect[2] - rect[0]) * (rect[3] - rect[1]))
    return max(across, 0.0) * max(up, 0.0) / max(smaller, 0.01)
