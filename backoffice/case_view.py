"""The case as its screen shows it: sections, fields with what can be said about them, sheets. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from backoffice.case_order import MUST, Item, Status, findings_on, items, status_of
from backoffice.case_sheets import SheetView, sheet_views
from backoffice.case_words import SIGNS, SOURCES, STATUS
from cases.correction import ON, Act, Correction, Target
from cases.correction_case import OpenCase
from cases.paper import ABOVE_MM
from checks.validation import Finding, Severity
from ocr.ink import Source
from pages.page import Box
from parsers.kinds import PARSERS
from parsers.reading import State, Value
from templates.form import Field, Form, Kind

_MARGIN_MM: Final = 1.6
_MOST_CHOICES: Final = 5
_AREAS: Final = frozenset({Kind.LONG_TEXT, Kind.LIST})


@dataclass(frozen=True, slots=True)
class Choice:
    """A box that can be ticked."""

    value: str
    label: str
    on: bool


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field on the screen. ``text`` is what its input holds; ``proposed`` tells that this is only a proposal.

    ``choices`` are the boxes of a ticked field; ``ways`` the texts that one key puts into the input, best first.
    ``sheet`` is the place of its sheet among all, -1 where none shows it; ``box`` its zone on the form, in mm.
    """

    name: str
    label: str
    section: str
    kind: Kind
    text: str
    status: Status
    word: str
    sign: str
    messages: tuple[str, ...]
    proposed: bool
    choices: tuple[Choice, ...]
    ways: tuple[str, ...]
    seen: int
    sheet: int
    box: Box
    page_size: tuple[float, float]
    source: str
    raw: str
    by: str
    act: str
    doubts: tuple[str, ...]
    hint: str = ""
    conflict: str = ""

    @property
    def must(self) -> bool:
        """Tell whether the case waits for a word on it."""
        return self.status in MUST

    @property
    def input(self) -> str:
        """Say how it is typed: ``line``, ``area``, ``one`` of its boxes, ``many``, or a single ``mark``."""
        if self.kind in (Kind.TICK, Kind.INK):
            return "mark"
        if self.kind in (Kind.ENUM, Kind.TICKS):
            return "one" if self.kind is Kind.ENUM else "many"
        return "area" if self.kind in _AREAS else "line"


@dataclass(frozen=True, slots=True)
class RuleView:
    """What the checks say of the case as a whole: all sentences of one rule, and what was decided on it."""

    name: str
    status: Status
    word: str
    sign: str
    messages: tuple[str, ...]
    seen: int
    by: str
    act: str

    @property
    def key(self) -> str:
        """Name it within its page."""
        return f"rule-{self.name}"

    @property
    def must(self) -> bool:
        """Tell whether the case waits for a word on it."""
        return self.status in MUST


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section of the form with its fields."""

    letter: str
    title: str
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """All that the screen shows of a case."""

    case: OpenCase = field(repr=False)
    todo: tuple[FieldView | RuleView, ...]
    missing: tuple[FieldView | RuleView, ...]
    sections: tuple[SectionView, ...]
    sheets: tuple[SheetView, ...]
    fields: Mapping[str, FieldView]

    @property
    def left(self) -> int:
        """Count what must still be decided."""
        return len(self.todo)

    @property
    def form(self) -> Form | None:
        """Give the form."""
        return self.case.now.form


def view_of(case: OpenCase) -> CaseView:
    """Make the view of a case."""
    form = case.now.form
    sheets = tuple(sheet_views(case))
    fields = {name: field_view(case, one, sheets) for name, one in form.fields.items()} if form else {}
    listed = items(case)
    shown = [(item, fields[item.field] if item.field else rule_view(case, item)) for item in listed]
    todo = tuple(view for item, view in shown if item.status in MUST)
    missing = tuple(view for item, view in shown if item.status not in MUST)
    sections = tuple(
        SectionView(s.letter, s.title, tuple(fields[f.name] for f in s.fields)) for s in (form.sections if form else ())
    )
    return CaseView(case, todo, missing, sections, sheets, fields)


def field_view(case: OpenCase, one: Field, sheets: Iterable[SheetView] = ()) -> FieldView:
    """Make the view of one field."""
    value = case.found.values.get(one.name)
    found = findings_on(case, one.name)
    status = status_of(value, found)
    said = case.now.of(Target.FIELD, one.name)
    text, proposed = _text(one, value, said)
    return FieldView(
        name=one.name,
        label=one.label,
        section=one.section,
        kind=one.kind,
        text=text,
        status=status,
        word=STATUS[status],
        sign=SIGNS[status],
        messages=tuple(dict.fromkeys(_told(f, one) for f in found)),
        proposed=proposed,
        choices=_choices(one, text),
        ways=_ways(case, one, value, text),
        seen=case.seen(Target.FIELD, one.name),
        sheet=_sheet(one, sheets),
        box=around(one),
        page_size=(case.now.form.page_width_mm, case.now.form.page_height_mm) if case.now.form else (210.0, 297.0),
        source=SOURCES[value.source] if value is not None and value.file else "",
        raw=_read(case, one),
        by=_name(said),
        act=said.act.value if said else "",
        doubts=tuple(f"{f.rule}:{f.field}" for f in found if f.severity is Severity.DOUBTFUL and not _own(f)),
        hint=one.hint,
    )


_OWN: Final = frozenset({"field_unreadable", "field_invalid"})


def _own(finding: Finding) -> bool:
    """Tell a finding that goes away with the value from one of a rule, which a person lets pass."""
    return finding.rule in _OWN


def rule_view(case: OpenCase, item: Item) -> RuleView:
    """Make the view of what one rule says of the whole case."""
    rule, _, about = item.rule.partition(":")
    told = tuple(dict.fromkeys(f.message for f in case.found.findings if (f.rule, f.field) == (rule, about)))
    said = case.now.of(Target.FINDING, item.rule)
    seen = case.seen(Target.FINDING, item.rule)
    act = said.act.value if said else ""
    return RuleView(item.rule, item.status, STATUS[item.status], SIGNS[item.status], told, seen, _name(said), act)


def settled_rules(case: OpenCase) -> tuple[RuleView, ...]:
    """List what a person let pass or asked of the customer, so that it can be taken back."""
    said = [name for (target, name), _ in case.now.said.items() if target is Target.FINDING]
    open_now = {item.rule for item in items(case) if item.status in MUST}
    return tuple(rule_view(case, Item(Status.OK, "", name)) for name in said if name not in open_now)


def content_text(one: Field, value: object) -> str:
    """Write a value as a clerk types it."""
    if value is None or value is False:
        return ""
    if value is True:
        return ON
    if one.kind in PARSERS and isinstance(value, str | tuple):
        return PARSERS[one.kind].format(value) if value else ""
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _text(one: Field, value: Value | None, said: Correction | None) -> tuple[str, bool]:
    """Give what the input holds, and whether it is a proposal that nobody has accepted."""
    if value is None or value.state in (State.EMPTY, State.NOT_APPLICABLE):
        return "", False
    if value.state is State.FILLED:
        return content_text(one, value.value), False
    if value.source is Source.CLERK:
        return (said.text if said and said.act in (Act.VALUE, Act.OVERRIDE) else ""), False
    return _proposal(one, value)


def _proposal(one: Field, value: Value) -> tuple[str, bool]:
    """Give what an input proposes for a field that the machine is not sure of."""
    if one.options:
        return _boxes_text(one, value)
    if value.state is State.UNREADABLE and value.proposals:
        return _shown(one, value.proposals[0]), True
    return value.raw, bool(value.raw)


def _boxes_text(one: Field, value: Value) -> tuple[str, bool]:
    """Propose boxes; where only one may be ticked and several may be, a proposal would be a guess."""
    if value.state is not State.UNREADABLE or (one.kind is Kind.ENUM and len(value.proposals) != 1):
        return "", False
    return ",".join(value.proposals), bool(value.proposals)


def _shown(one: Field, proposal: str) -> str:
    if one.kind is Kind.DATE and len(proposal) == len("2026-01-01") and proposal[4:5] == "-":
        return content_text(one, proposal)
    return proposal


def _ways(case: OpenCase, one: Field, value: Value | None, text: str) -> tuple[str, ...]:
    """List other texts for the input: repairs of the check, the readers' alternatives, and what was read bare."""
    if value is None or one.kind not in PARSERS:
        return ()
    basis = case.basis.reading.values.get(one.name)
    proposals = [*value.proposals, *(basis.proposals if basis else ())]
    heard = [told for ink in case.basis.transcript.inks if ink.get("zone") == one.name for told in _heard(ink)]
    raw = [basis.raw] if basis else []
    texts = [_shown(one, p) for p in proposals] + [t for t in (*heard, *raw) if t.strip()]
    return tuple(t for t in dict.fromkeys(texts) if t != text)[:_MOST_CHOICES]


def _heard(ink: Mapping[str, Any]) -> tuple[str, ...]:
    return (str(ink.get("text", "")), *(str(other) for other in ink.get("others", ())))


def _choices(one: Field, text: str) -> tuple[Choice, ...]:
    on = text.split(",")
    return tuple(Choice(o.value, o.label, o.value in on) for o in one.options)


def _read(case: OpenCase, one: Field) -> str:
    basis = case.basis.reading.values.get(one.name)
    return basis.raw if basis and basis.raw else ""


def _name(said: Correction | None) -> str:
    return said.actor.partition(":")[2] if said else ""


def _told(finding: Finding, one: Field) -> str:
    """Give the sentence without the name of the field, which stands above it already."""
    head, parted, rest = finding.message.partition(": ")
    named = parted and head.startswith("Sezione") and (one.label in head or "–" not in head)
    return rest[:1].upper() + rest[1:] if named else finding.message


def around(one: Field) -> Box:
    """Give the zone with a little paper around it; beside boxes to tick stand their labels."""
    right = 26.0 if one.options or one.kind is Kind.TICK else 0.0
    grown = one.box.inset(-_MARGIN_MM)
    top = max(0.0, one.box.top - ABOVE_MM)
    return Box(max(0.0, grown.left), top, grown.width + right, grown.bottom - top)


def _sheet(one: Field, sheets: Iterable[SheetView]) -> int:
    return next((s.at for s in sheets if s.flat and s.form_page == one.page), -1)
