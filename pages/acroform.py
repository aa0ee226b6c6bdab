"""Door to pikepdf: the values of a fillable PDF, walked by hand over /Fields, /Kids and the widgets of each page."""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pikepdf

OFF = "Off"
DEEPEST = 32
"""Field trees are a few levels deep; a longer chain of parents is a loop."""
TRUTHS = {True: "true", False: "false"}
WALK_FAULTS = (
    pikepdf.PdfError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
    RuntimeError,
    NotImplementedError,
    OverflowError,
)


@dataclass(frozen=True, slots=True)
class Widget:
    """One widget or widgetless field. ``rect`` is in points (left, bottom, right, top); ``on`` is None for text.

    ``drawn`` is the appearance state of a button (/AS); ``state`` the state that switches this widget on.
    ``sort`` is the PDF's type (Tx, Btn, Ch, Sig), ``flags`` and ``most`` its /Ff and /MaxLen, ``tip`` its /TU.
    """

    name: str
    text: str = ""
    on: str | None = None
    state: str = ""
    drawn: str = ""
    rect: tuple[float, float, float, float] | None = None
    sort: str = ""
    flags: int = 0
    most: int = 0
    tip: str = ""


@dataclass(frozen=True, slots=True)
class FormFields:
    """All widgets by page index; fields without a widget stand under index 0."""

    pages: Mapping[int, tuple[Widget, ...]] = field(default_factory=dict)
    xfa: bool = False
    readable: bool = True


def form_fields(content: bytes) -> FormFields:
    """Read every field of a PDF. A file that pikepdf cannot walk gives ``readable`` False, never an error."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return _walk(pdf)
    except WALK_FAULTS:
        return FormFields(readable=False)


def _walk(pdf: pikepdf.Pdf) -> FormFields:
    root = pdf.Root.get("/AcroForm")
    fields = _nodes(root, "/Fields")
    named = dict(_tree(fields))
    found: dict[int, list[Widget]] = {}
    seen: set[str] = set()
    for index, page in enumerate(pdf.pages):
        for widget in _on_page(page, named):
            found.setdefault(index, []).append(widget)
            seen.add(widget.name)
    for node, name in ((n, t) for n, t in _leaves(fields) if t not in seen):
        found.setdefault(0, []).append(_widget(node, name))
    xfa = isinstance(root, pikepdf.Dictionary) and "/XFA" in root
    return FormFields({index: tuple(widgets) for index, widgets in found.items()}, xfa)


def _on_page(page: pikepdf.Page, named: Mapping[tuple[int, int], str]) -> Iterator[Widget]:
    for annotation in _nodes(page.obj, "/Annots"):
        if annotation.get("/Subtype") == "/Widget":
            name = named.get(annotation.objgen) if annotation.is_indirect else None
            yield _widget(annotation, name or _own_name(annotation))


def _nodes(owner: object, key: str) -> list[pikepdf.Object]:
    """List the dictionaries of an array, leaving out whatever does not belong there."""
    items = owner.get(key) if isinstance(owner, pikepdf.Object) and isinstance(owner, pikepdf.Dictionary) else None
    return [item for item in items if isinstance(item, pikepdf.Dictionary)] if isinstance(items, pikepdf.Array) else []


def _tree(fields: Iterable[pikepdf.Object], prefix: str = "", depth: int = 0) -> Iterator[tuple[tuple[int, int], str]]:
    """Name every node below /Fields: a kid may lack the /Parent by which it would find its own name."""
    for node in fields if depth < DEEPEST else ():
        name = _join(prefix, node)
        if node.is_indirect:
            yield node.objgen, name
        yield from _tree(_nodes(node, "/Kids"), name, depth + 1)


def _leaves(fields: Iterable[pikepdf.Object], prefix: str = "", depth: int = 0) -> Iterator[tuple[pikepdf.Object, str]]:
    for node in fields if depth < DEEPEST else ():
        name = _join(prefix, node)
        kids = [kid for kid in _nodes(node, "/Kids") if "/T" in kid]
        if kids:
            yield from _leaves(kids, name, depth + 1)
        elif "/V" in node and name:
            yield node, name


def _join(prefix: str, node: pikepdf.Object) -> str:
    part = str(node.get("/T", ""))
    return f"{prefix}.{part}" if prefix and part else prefix or part


def _own_name(node: pikepdf.Object) -> str:
    parts = [str(link.get("/T", "")) for link in _lineage(node)]
    return ".".join(part for part in reversed(parts) if part)


def _lineage(node: pikepdf.Object) -> Iterator[pikepdf.Object]:
    for _ in range(DEEPEST):
        yield node
        parent = node.get("/Parent")
        if not isinstance(parent, pikepdf.Dictionary):
            return
        node = parent


def _inherited(node: pikepdf.Object, key: str) -> pikepdf.Object | None:
    return next((link.get(key) for link in _lineage(node) if key in link), None)


def _widget(node: pikepdf.Object, name: str) -> Widget:
    value = _text(_inherited(node, "/V"))
    bare = Widget(
        name,
        rect=_rect(node),
        sort=_text(_inherited(node, "/FT")),
        flags=_whole(_inherited(node, "/Ff")),
        most=_whole(_inherited(node, "/MaxLen")),
        tip=_text(_inherited(node, "/TU")),
    )
    if bare.sort != "Btn":
        return replace(bare, text=value)
    drawn = _text(node.get("/AS"))
    state = next((state for state in _states(node) if state != OFF), "")
    return replace(bare, on="" if value == OFF else value, state=state, drawn="" if drawn == OFF else drawn)


def _whole(value: object) -> int:
    return int(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else 0


def _states(node: pikepdf.Object) -> list[str]:
    looks = node.get("/AP")
    normal = looks.get("/N") if isinstance(looks, pikepdf.Dictionary) else None
    return [str(key)[1:] for key in normal.keys()] if isinstance(normal, pikepdf.Dictionary) else []  # noqa: SIM118


def _rect(node: pikepdf.Object) -> tuple[float, float, float, float] | None:
    corners = node.get("/Rect")
    if not isinstance(corners, pikepdf.Array) or len(corners) != 4:
        return None
    x0, y0, x1, y1 = (float(corner) for corner in corners)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, pikepdf.Stream):
        return _decoded(value.read_bytes())
    if isinstance(value, pikepdf.Name):
        return str(value)[1:]
    if isinstance(value, pikepdf.Array):
        return ", ".join(_text(part) for part in value)
    if isinstance(value, bool):
        return TRUTHS[value]
    return str(value).replace("\r\n", "\n").replace("\r", "\n")


def _decoded(raw: bytes) -> str:
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace")
    return raw.decode("pdfdoc", "replace")
