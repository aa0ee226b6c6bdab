"""Door to pikepdf: the values of a fillable PDF, walked by hand over /Fields, /Kids and the widgets of each page."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import pikepdf

from pages.fieldnodes import inherited, leaves, nodes, number, own_name, tree, words
from pages.form_kind import Seal
from pages.signed import seal_of
from pages.xfa import packets, xfa_values

OFF = "Off"
HIDDEN = 1 << 1 | 1 << 5
"""/F: hidden, or not to be viewed. "Print" says nothing of the screen on which the form was filled."""
RADIO, PUSH = 1 << 15, 1 << 16
WALK_FAULTS = (
    pikepdf.PdfError,
    pikepdf.PasswordError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
    RuntimeError,
    NotImplementedError,
    OverflowError,
)

Rect = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Widget:
    """One widget or widgetless field. ``rect`` is in points (left, bottom, right, top); ``on`` is None for text.

    ``drawn`` is the appearance state of a button (/AS); ``state`` the state that switches this widget on.
    ``sort`` is the PDF's type (Tx, Btn, Ch, Sig), ``flags`` and ``most`` its /Ff and /MaxLen, ``tip`` its /TU.
    ``label`` is what a choice shows for its value, where the two differ. ``hidden`` tells that its flags or its layer
    keep it off the screen; ``formatted`` that a script of the form draws the value otherwise than it is stored.
    """

    name: str
    text: str = ""
    on: str | None = None
    state: str = ""
    drawn: str = ""
    rect: Rect | None = None
    sort: str = ""
    flags: int = 0
    most: int = 0
    tip: str = ""
    label: str = ""
    hidden: bool = False
    formatted: bool = False

    @property
    def holds_value(self) -> bool:
        """Tell a field that its sender writes from a signature and a push button."""
        return self.sort != "Sig" and not (self.sort == "Btn" and self.flags & PUSH)

    @property
    def is_radio(self) -> bool:
        """Tell a choice of one from a box of its own."""
        return bool(self.sort == "Btn" and self.flags & RADIO)


@dataclass(frozen=True, slots=True)
class FormFields:
    """All widgets by page index; fields without a widget stand under index 0.

    ``xfa`` tells that the file has an XFA form too, ``xfa_values`` what that one holds, by the last part of its names.
    ``dynamic`` tells that only the XFA form has contents, and the pages ask to wait for it.
    """

    pages: Mapping[int, tuple[Widget, ...]] = field(default_factory=dict)
    xfa: bool = False
    xfa_values: Mapping[str, str] = field(default_factory=dict)
    dynamic: bool = False
    readable: bool = True
    seal: Seal = Seal.NONE


def form_fields(content: bytes) -> FormFields:
    """Read every field of a PDF. A file that pikepdf cannot walk gives ``readable`` False, never an error."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return _read(pdf, content)
    except WALK_FAULTS:
        return FormFields(readable=False)


def _read(pdf: pikepdf.Pdf, content: bytes) -> FormFields:
    root = pdf.Root.get("/AcroForm")
    widgets = _walk(pdf, root)
    xfa = root if isinstance(root, pikepdf.Dictionary) and "/XFA" in root else None
    return FormFields(
        pages=widgets,
        xfa=xfa is not None,
        xfa_values=xfa_values(packets(xfa)) if xfa is not None else {},
        dynamic=xfa is not None and (not widgets or bool(pdf.Root.get("/NeedsRendering"))),
        seal=seal_of(pdf, content),
    )


def _walk(pdf: pikepdf.Pdf, root: object) -> dict[int, tuple[Widget, ...]]:
    fields = nodes(root, "/Fields")
    named, off = tree(fields), _layers_off(pdf)
    found: dict[int, list[Widget]] = {}
    seen: set[str] = set()
    for index, page in enumerate(pdf.pages):
        for widget in _on_page(page, named, off):
            found.setdefault(index, []).append(widget)
            seen.add(widget.name)
    for node, name in leaves(fields):
        if name not in seen:
            # A field that stands on no page is seen by nobody, whatever place it names.
            found.setdefault(0, []).append(replace(_widget(node, name, off), rect=None))
    return {index: tuple(widgets) for index, widgets in found.items()}


def _on_page(
    page: pikepdf.Page, named: Mapping[tuple[int, int], str], off: frozenset[tuple[int, int]]
) -> Iterator[Widget]:
    for annotation in nodes(page.obj, "/Annots"):
        if annotation.get("/Subtype") == "/Widget":
            name = named.get(annotation.objgen) if annotation.is_indirect else None
            yield _widget(annotation, name or own_name(annotation), off)


def _widget(node: pikepdf.Object, name: str, off: frozenset[tuple[int, int]]) -> Widget:
    value, sort = words(inherited(node, "/V")), words(inherited(node, "/FT"))
    bare = Widget(
        name,
        rect=_rect(node),
        sort=sort,
        flags=number(inherited(node, "/Ff")),
        most=number(inherited(node, "/MaxLen")),
        tip=words(inherited(node, "/TU")),
        label=_label(node, value) if sort == "Ch" else "",
        hidden=bool(number(node.get("/F")) & HIDDEN) or _on_layer(node, off),
        formatted=_is_formatted(node),
    )
    if sort != "Btn":
        return replace(bare, text=value)
    drawn = words(node.get("/AS"))
    state = next((state for state in _states(node) if state != OFF), "")
    return replace(bare, on="" if value == OFF else value, state=state, drawn="" if drawn == OFF else drawn)


def _label(node: pikepdf.Object, value: str) -> str:
    """Find what a choice shows for its value: /Opt holds pairs of value and label, or labels alone."""
    options = inherited(node, "/Opt")
    for option in options if isinstance(options, pikepdf.Array) else ():
        if isinstance(option, pikepdf.Array) and len(option) == 2 and words(option[0]) == value:
            return words(option[1])
    return ""


def _is_formatted(node: pikepdf.Object) -> bool:
    actions = inherited(node, "/AA")
    return isinstance(actions, pikepdf.Dictionary) and "/F" in actions


def _states(node: pikepdf.Object) -> list[str]:
    looks = node.get("/AP")
    normal = looks.get("/N") if isinstance(looks, pikepdf.Dictionary) else None
    if not isinstance(normal, pikepdf.Dictionary) or isinstance(normal, pikepdf.Stream):
        return []
    return [str(key)[1:] for key in normal.keys()]  # noqa: SIM118 - a pikepdf dictionary


def _rect(node: pikepdf.Object) -> Rect | None:
    corners = node.get("/Rect")
    if not isinstance(corners, pikepdf.Array) or len(corners) != 4:
        return None
    x0, y0, x1, y1 = (float(corner) for corner in corners)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _layers_off(pdf: pikepdf.Pdf) -> frozenset[tuple[int, int]]:
    """Name the optional layers that a viewer does not show."""
    layers = pdf.Root.get("/OCProperties")
    usual = layers.get("/D") if isinstance(layers, pikepdf.Dictionary) else None
    if not isinstance(usual, pikepdf.Dictionary):
        return frozenset()
    off = {layer.objgen for layer in nodes(usual, "/OFF")}
    if usual.get("/BaseState") == "/OFF":
        on = {layer.objgen for layer in nodes(usual, "/ON")}
        off |= {layer.objgen for layer in nodes(layers, "/OCGs")} - on
    return frozenset(off)


def _on_layer(node: pikepdf.Object, off: frozenset[tuple[int, int]]) -> bool:
    layer = node.get("/OC")
    if not off or not isinstance(layer, pikepdf.Dictionary):
        return False
    members = layer.get("/OCGs")
    if isinstance(members, pikepdf.Dictionary):
        return members.objgen in off
    several = nodes(layer, "/OCGs")
    return all(one.objgen in off for one in several) if several else layer.objgen in off
