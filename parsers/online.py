"""What was typed online, as the inks of the form's zones: so the same parsers value it as everything else."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from intake.online import Answer, OnlineForm
from ocr.ink import Ink, Presence, Source
from parsers.fields import amount
from templates.form import Field, Form, Kind

_DECIMAL = re.compile(r"[0-9]{1,12}\.[0-9]{2}")
_MARKS = frozenset({Kind.TICK, Kind.INK})
_CHOICES = frozenset({Kind.ENUM, Kind.TICKS})


@dataclass(frozen=True, slots=True)
class Typed:
    """A form filled online, and the inks that stand for what was typed."""

    told: OnlineForm
    form: Form
    inks: tuple[Ink, ...]


def typed(find: Callable[[str, str], Form], raw: bytes) -> Typed:
    """Read the typed part of an online submission. Raises ``NotOnline``, or ``KeyError`` for an unknown form."""
    told = OnlineForm.read(raw)
    form = find(told.form, told.edition)
    return Typed(told, form, typed_inks(told, form))


def typed_inks(told: OnlineForm, form: Form) -> tuple[Ink, ...]:
    """Give an ink for every zone of the form: what was left out is an empty one."""
    struck = frozenset(told.struck_sections)
    return tuple(
        ink
        for field in form.fields.values()
        for ink in _inks(field, told.fields.get(field.name), struck=field.section in struck)
    )


def misfits(told: OnlineForm, form: Form) -> Iterator[tuple[str, str]]:
    """Find what cannot be an answer to this form: the place, and why. Whether a value is right the checks say."""
    for name, answer in told.fields.items():
        field = form.fields.get(name)
        why = _misfit(field, answer) if field else "the form has no such field"
        if why:
            yield f"fields.{name}", why
    sections = {section.letter for section in form.sections}
    for letter in told.struck_sections:
        if letter not in sections:
            yield "struck_sections", f"the form has no section {letter}"
    codes = {attachment.code for attachment in form.attachments}
    for code in sorted(set(told.attachments.values()) - codes):
        yield "attachments", f"the form knows no attachment {code}: {', '.join(sorted(codes))}"


def _misfit(field: Field, answer: Answer) -> str:
    options = {option.value for option in field.options}
    if field.kind in _MARKS:
        return "" if isinstance(answer, bool) else "write true or false"
    if field.kind is Kind.ENUM:
        known = isinstance(answer, str) and answer in options
        return "" if known else f"write one of {', '.join(sorted(options))}"
    if field.kind is Kind.TICKS:
        known = isinstance(answer, list) and set(answer) <= options
        return "" if known else f"write a list of {', '.join(sorted(options))}"
    if isinstance(answer, list):
        return "" if field.kind is Kind.LIST else "write one text"
    return "write a text" if isinstance(answer, bool) else ""


def _inks(field: Field, answer: Answer | None, *, struck: bool) -> Iterator[Ink]:
    if field.kind in _MARKS:
        yield _mark(field, field.name, on=answer is True, struck=struck)
    elif field.kind in _CHOICES:
        chosen = set(answer) if isinstance(answer, list) else {answer}
        for option in field.options:
            yield _mark(field, f"{field.name}.{option.value}", on=option.value in chosen, struck=struck)
    else:
        text = _italian(field, "; ".join(answer) if isinstance(answer, list) else str(answer or ""))
        presence = Presence.STRUCK if struck else Presence.INK if text.strip() else Presence.EMPTY
        yield Ink(field.name, "", 0, field.box, Source.ONLINE, presence, text="" if struck else text)


def _italian(field: Field, text: str) -> str:
    """Write an amount as people do where a program sent it as the contract has it: 1234.50 is no 123450."""
    return amount.format(text) if field.kind is Kind.AMOUNT and _DECIMAL.fullmatch(text) else text


def _mark(field: Field, zone: str, *, on: bool, struck: bool) -> Ink:
    presence = Presence.STRUCK if struck else Presence.INK if on else Presence.EMPTY
    return Ink(zone, "", 0, field.box, Source.ONLINE, presence, mark=on and not struck)
