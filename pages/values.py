"""One form value out of two readers' findings, compared with what the eye sees; the first difference is its doubt."""

from collections.abc import Iterable, Mapping, Sequence

from pages.acroform import Widget
from pages.doubt import Doubt
from pages.page import FormValue
from pages.pdfform import Seen
from pages.sight import Sight
from pages.xfa import field_name


def merge(
    widgets: Sequence[Widget],
    seen: Sequence[Seen],
    sight: Sight,
    xfa: Mapping[str, str],
    *,
    known: bool = True,
) -> tuple[FormValue, ...]:
    """Join the widgets of a page (pikepdf) with PDFium's view of them, one value for each field name.

    Where a view differs, ``doubt`` says how, and ``shown`` carries the other view. ``xfa`` holds the values of the
    second form inside the file. ``known`` is False when pikepdf could not walk the file: then PDFium's findings have
    no second reader, which is a doubt itself.
    """
    others = {one.name: one for one in _best(seen)}
    groups: dict[str, list[Widget]] = {}
    for widget in widgets if known else ():
        if widget.name and widget.holds_value:
            groups.setdefault(widget.name, []).append(widget)
    found = [_value(group, others.get(name), sight, xfa) for name, group in groups.items()]
    return (*found, *(_alone(one) for name, one in others.items() if name not in groups))


def _best(seen: Iterable[Seen]) -> Iterable[Seen]:
    """Keep one finding for each name: the widget of a group that is on, or has text."""
    best: dict[str, Seen] = {}
    for one in seen:
        if one.name and (one.name not in best or one.on or one.text):
            best[one.name] = one
    return best.values()


def _alone(one: Seen) -> FormValue:
    return FormValue(one.name, text=one.text, on=one.on, doubt=Doubt.TWO_READERS if one.text or one.on else None)


def _value(group: Sequence[Widget], other: Seen | None, sight: Sight, xfa: Mapping[str, str]) -> FormValue:
    first = next((widget for widget in group if widget.on and widget.on == widget.state), group[0])
    box = sight.frame.box(*first.rect) if first.rect is not None else None
    if first.on is not None:
        shown, doubt = _button(group, first.on, other, sight)
        return FormValue(first.name, on=first.on, box=box, shown=shown, doubt=doubt)
    shown, doubt = _text(group, first, other, sight)
    second = xfa.get(field_name(first.name))
    if doubt is None and second is not None and not alike(second, first.text):
        shown, doubt = second, Doubt.XFA
    return FormValue(first.name, text=first.text, box=box, shown=shown, doubt=doubt)


def _button(group: Sequence[Widget], on: str, other: Seen | None, sight: Sight) -> tuple[str | None, Doubt | None]:
    """Answer the state that the eye sees, None when every view agrees with the value; and in what they differ."""
    placed = [widget for widget in group if widget.rect is not None]
    drawn = list(dict.fromkeys(widget.drawn for widget in placed if widget.drawn))
    if len(drawn) > 1 or (group[0].is_radio and len({w.on for w in group}) > 1):
        return ", ".join(drawn), Doubt.SEVERAL_ON
    seen = drawn[0] if drawn else ""
    if seen != on and placed:
        return seen, Doubt.STATE
    if other is not None and other.on is not None and other.on != on:
        return other.on, Doubt.TWO_READERS
    if not on:
        return None, None
    lit = [widget for widget in placed if widget.drawn]
    if not any(_in_view(widget, sight) for widget in lit):
        return "", Doubt.HIDDEN
    covered = any(widget.rect is not None and sight.is_covered(widget.rect) for widget in lit)
    return (None, Doubt.COVERED) if covered else (None, None)


def _text(group: Sequence[Widget], first: Widget, other: Seen | None, sight: Sight) -> tuple[str | None, Doubt | None]:
    """Answer the text that the eye sees, and in what it differs from the value."""
    in_view = [widget for widget in group if _in_view(widget, sight)]
    texts = list(dict.fromkeys(widget.text for widget in group))
    if len(texts) > 1:
        return next(text for text in texts if text != first.text), Doubt.TWO_VIEWS
    if not in_view:
        return "", Doubt.HIDDEN if first.text else None
    if other is not None and other.on is None and other.text != first.label and not alike(other.text, first.text):
        return other.text, Doubt.TWO_READERS
    return _together([_view(widget, sight) for widget in in_view])


def _together(views: Sequence[tuple[str, Doubt | None]]) -> tuple[str, Doubt | None]:
    """Judge the views of one field: a value seen whole in one place may be cut off in another, but not differ."""
    worst = next((view for view in views if view[1] is not None), views[0])
    whole = next((view for view in views if view[1] is None), None)
    if whole is None or worst[1] is None:
        return worst
    others = [view for view in views if view[1] not in (None, Doubt.CUT_OFF)]
    return (others[0][0], Doubt.TWO_VIEWS) if others else whole


def _view(widget: Widget, sight: Sight) -> tuple[str, Doubt | None]:
    rect = widget.rect
    if rect is None:
        return "", Doubt.HIDDEN
    shown = sight.shown(rect)
    if sight.is_covered(rect):
        # Over an empty field it is how a typewriter tool fills a form: what is typed there is read as text.
        return shown, Doubt.COVERED if widget.text else None
    if not _says(widget, shown) and not _says(widget, shown := sight.written(rect)):
        cut = len(bare(shown)) > 0 and bare(shown) in bare(widget.text)
        return shown, Doubt.CUT_OFF if cut else Doubt.STALE
    return shown, Doubt.INVISIBLE if widget.text.strip() and not sight.is_readable(rect) else None


def _says(widget: Widget, shown: str) -> bool:
    """Tell whether a text is the value: as it is, as a choice's label, or as a script of the form writes it."""
    if alike(shown, widget.text) or (widget.label and alike(shown, widget.label)):
        return True
    one, other = _signs(shown), _signs(widget.text)
    return widget.formatted and bool(one and other) and (one.startswith(other) or other.startswith(one))


def _in_view(widget: Widget, sight: Sight) -> bool:
    return widget.rect is not None and not widget.hidden and sight.is_on_page(widget.rect)


def alike(one: str, other: str) -> bool:
    """Tell whether two texts say the same, whatever white space parts them."""
    return bare(one) == bare(other)


def bare(text: str) -> str:
    """Take white space and soft hyphens out of a text."""
    return "".join(text.split()).replace("\u00ad", "")


def _signs(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())
