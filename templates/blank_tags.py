"""Door to pikepdf: the structure tree of a blank, by which a screen reader walks from label to field."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf


@dataclass(frozen=True, slots=True)
class Piece:
    """Words drawn as marked content: tag, page (from 1), number on the page, and the zone whose label they are.

    ``joins`` says that they go on where the piece before them ends.
    """

    tag: str
    page: int
    number: int
    about: str = ""
    joins: bool = False


def tag(document: Pdf, pieces: Sequence[Piece], widgets: Iterable[tuple[str, int, pikepdf.Object]]) -> None:
    """Build the tree: headings, paragraphs, and each field behind the words that name it."""
    tree = _Tree(document)
    places = {zone: (page, widget) for zone, page, widget in widgets}
    for piece in pieces:
        tree.words(piece)
        if piece.about in places:
            tree.widget(*places[piece.about])
    tree.close()


class _Tree:
    def __init__(self, document: Pdf) -> None:
        self._document = document
        self._root = document.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self._top = document.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=self._root, K=Array()))
        self._by_page: dict[int, list[pikepdf.Object]] = {}
        self._by_widget: list[pikepdf.Object] = []

    def words(self, piece: Piece) -> None:
        """Add words, or join them to the words before."""
        owners = self._by_page.setdefault(piece.page, [])
        if piece.joins and owners:
            owners[-1].K.append(piece.number)
            owners.append(owners[-1])
        else:
            owners.append(self._element(piece.tag, piece.page, Array([piece.number])))

    def widget(self, page: int, widget: pikepdf.Object) -> None:
        """Add a field."""
        sheet = self._document.pages[page - 1].obj
        link = Dictionary(Type=Name.OBJR, Obj=widget, Pg=sheet)
        widget.StructParent = len(self._document.pages) + len(self._by_widget)
        self._by_widget.append(self._element("Form", page, link))

    def close(self) -> None:
        """Hang the tree into the document, with the way back from page and field to element."""
        numbers = Array()
        for index, page in enumerate(self._document.pages):
            page.StructParents = index
            page.Tabs = Name.S
            numbers.append(index)
            numbers.append(self._document.make_indirect(Array(self._by_page.get(index + 1, []))))
        for key, element in enumerate(self._by_widget, len(self._document.pages)):
            numbers.append(key)
            numbers.append(element)
        self._root.K = Array([self._top])
        self._root.ParentTree = self._document.make_indirect(Dictionary(Nums=numbers))
        self._root.ParentTreeNextKey = len(self._document.pages) + len(self._by_widget)
        self._document.Root.StructTreeRoot = self._root
        self._document.Root.MarkInfo = Dictionary(Marked=True)

    def _element(self, kind: str, page: int, content: pikepdf.Object) -> pikepdf.Object:
        sheet = self._document.pages[page - 1].obj
        element = self._document.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name(f"/{kind}"), P=self._top, Pg=sheet, K=content)
        )
        self._top.K.append(element)
        return element
