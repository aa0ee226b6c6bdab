"""The values of tick boxes and ink zones."""

from collections.abc import Iterable, Mapping

from ocr.ink import Ink, Presence, Source
from pages.doubt import SENTENCES
from parsers.reading import State, Value
from parsers.verdict import Verdict, filled, invalid, unreadable
from templates.form import Field, Kind

DOUBTFUL = "Non è chiaro se la casella è barrata: guardare l'immagine."
NOTHING_APPLIES = Verdict(State.NOT_APPLICABLE, None, 0.95)
NO_INK_SURE = "Non è chiaro se c'è una firma: guardare l'immagine."


def ticked(field: Field, inks: Mapping[str, Ink]) -> Value:
    """Value a field of tick boxes, a single box or an ink zone; at least one of its zones must be there."""
    if field.kind in {Kind.TICK, Kind.INK}:
        return _single(field, inks[field.name])
    boxes = {o.value: inks[zone] for o in field.options if (zone := f"{field.name}.{o.value}") in inks}
    if not boxes:
        return _named(field, inks[field.name])
    if all(_is_struck(ink) for ink in boxes.values()):
        return NOTHING_APPLIES.of(field, next(iter(boxes.values())), "")
    verdict = _enum(field, boxes) if field.kind is Kind.ENUM else _ticks(boxes)
    on = [value for value, ink in boxes.items() if ink.mark]
    shown = _telling(boxes.values())
    return verdict.of(field, shown, ", ".join(on))


def _single(field: Field, ink: Ink) -> Value:
    if _is_struck(ink):
        return Verdict(State.NOT_APPLICABLE, False, ink.confidence).of(field, ink, "")
    if ink.mark is None:
        usual = NO_INK_SURE if field.kind is Kind.INK else DOUBTFUL
        return unreadable(ink.confidence, reason=_reason([ink], usual)).of(field, ink, "")
    if ink.mark:
        return filled(True, ink.confidence).of(field, ink, ink.text or "X")
    return Verdict(State.EMPTY, False, ink.confidence).of(field, ink, "")


def _enum(field: Field, boxes: Mapping[str, Ink]) -> Verdict:
    on = [value for value, ink in boxes.items() if ink.mark]
    if len(on) == 1:
        boxes = {value: ink for value, ink in boxes.items() if not _is_scribbled(ink)}
    doubtful = [value for value, ink in boxes.items() if ink.mark is None]
    sure = min(ink.confidence for ink in boxes.values())
    if len(on) > 1:
        labels = ", ".join(o.label for o in field.options if o.value in on)
        return invalid(sure, f"Ci sono più caselle barrate ({labels}): deve esserlo una sola.", on)
    if doubtful:
        return unreadable(sure, [*on, *doubtful], _reason(boxes.values(), DOUBTFUL))
    return filled(on[0], sure) if on else Verdict(State.EMPTY, None, sure)


def _is_struck(ink: Ink) -> bool:
    """Tell a box that is empty but for the stroke through its whole section."""
    return ink.presence is Presence.STRUCK and ink.mark is False


def _is_scribbled(ink: Ink) -> bool:
    """Tell a tick that was scribbled out; beside exactly one other tick it is a correction, and that one counts."""
    return ink.presence is Presence.STRUCK and ink.mark is None


def _ticks(boxes: Mapping[str, Ink]) -> Verdict:
    on = tuple(value for value, ink in boxes.items() if ink.mark)
    sure = min(ink.confidence for ink in boxes.values())
    if any(ink.mark is None for ink in boxes.values()):
        marked = [value for value, ink in boxes.items() if ink.mark is not False]
        return unreadable(sure, marked, _reason(boxes.values(), DOUBTFUL))
    return filled(on, sure) if on else Verdict(State.EMPTY, None, sure)


def _telling(inks: Iterable[Ink]) -> Ink:
    """Choose the box that tells most: the one in doubt, else one that is marked, else the first."""
    return max(inks, key=lambda ink: (ink.doubt is not None, ink.mark is not False))


def _reason(inks: Iterable[Ink], usual: str) -> str:
    return next((SENTENCES[ink.doubt] for ink in inks if ink.doubt is not None), usual)


def _named(field: Field, ink: Ink) -> Value:
    """Value a choice that a form of another make holds as text: the state that is on."""
    text = ink.text.strip()
    if not text:
        return Verdict(State.EMPTY, None, ink.confidence).of(field, ink, "")
    known = [o.value for o in field.options if text in {o.value, o.label}]
    if known and ink.source in {Source.ACROFORM, Source.TEXT}:
        return filled(known[0] if field.kind is Kind.ENUM else (known[0],), ink.confidence).of(field, ink, text)
    return unreadable(ink.confidence, known, DOUBTFUL).of(field, ink, text)
