"""One form value out of two readers' findings: what they agree on, and what the eye sees, side by side."""

from collections.abc import Callable, Iterable, Sequence

from pages.acroform import Widget
from pages.frame import Frame
from pages.page import FormValue
from pages.pdfform import Seen

Rect = tuple[float, float, float, float]


def merge(
    widgets: Sequence[Widget],
    seen: Sequence[Seen],
    frame: Frame,
    shown_in: Callable[[Rect], str],
    *,
    known: bool = True,
) -> tuple[FormValue, ...]:
    """Join the widgets of a page (pikepdf) with PDFium's view of them, one value for each field name.

    Where the two differ, or the drawn state of a button differs from its value, ``shown`` carries the other view.
    ``known`` is False when pikepdf could not walk the file: then PDFium's findings stand alone.
    """
    if not known:
        return tuple(_from_seen(one) for one in _best(seen))
    others = {one.name: one for one in _best(seen)}
    groups: dict[str, list[Widget]] = {}
    for widget in widgets:
        if widget.name:
            groups.setdefault(widget.name, []).append(widget)
    return tuple(_value(group, others.get(name), frame, shown_in) for name, group in groups.items())


def _best(seen: Iterable[Seen]) -> Iterable[Seen]:
    """Keep one finding for each name: the widget of a group that is on, or has text."""
    best: dict[str, Seen] = {}
    for one in seen:
        if one.name not in best or one.on or one.text:
            best[one.name] = one
    return best.values()


def _from_seen(one: Seen) -> FormValue:
    return FormValue(one.name, text=one.text, on=one.on)


def _value(group: Sequence[Widget], other: Seen | None, frame: Frame, shown_in: Callable[[Rect], str]) -> FormValue:
    first = next((widget for widget in group if widget.on and widget.on == widget.state), group[0])
    box = frame.box(*first.rect) if first.rect is not None else None
    if first.on is not None:
        return FormValue(first.name, on=first.on, box=box, shown=_drawn_state(group, first.on, other))
    shown = None if first.rect is None else shown_in(first.rect).strip()
    if other is not None and other.on is None and other.text != first.text:
        shown = other.text
    return FormValue(first.name, text=first.text, box=box, shown=shown)


def _drawn_state(group: Sequence[Widget], on: str, other: Seen | None) -> str | None:
    """Answer the state that the eye sees: None when every view agrees with the value."""
    drawn = next((widget.drawn for widget in group if widget.drawn), "")
    if drawn != on and any(widget.rect is not None for widget in group):
        return drawn
    if other is not None and other.on is not None and other.on != on:
        return other.on
    return None
