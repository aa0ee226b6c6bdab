"""Take over a plan whose places are given: the form of a finished PDF, where nothing is laid out."""

from templates.broken import BrokenForm
from templates.form import Field, Kind, Option, Section
from templates.plan import CHOICES, FieldPlan, Plan, SectionPlan
from templates.rows import span


def take_places(plan: Plan) -> tuple[Section, ...]:
    """Make the sections of a plan in which every field has its page and box.

    Raises ``BrokenForm`` for a field without a place.
    """
    return tuple(Section(s.letter, s.title, _fields(s), s.needs) for s in plan.sections)


def refuse_places(plan: Plan) -> None:
    """Refuse places in a plan that is laid out: they would be lost in silence."""
    for section in plan.sections:
        for field in (f for row in section.rows for f in row.fields):
            if field.page or field.box or field.widget or any(o.page or o.box or o.widget for o in field.options):
                raise BrokenForm(
                    section.source,
                    f"section {section.letter}, field {field.name}",
                    "has a place, but this form is laid out by the program",
                    "Take page and box away, or write pages = N at the top and give every field its place.",
                )


def _fields(section: SectionPlan) -> tuple[Field, ...]:
    return tuple(_field(section, plan) for row in section.rows for plan in row.fields)


def _field(section: SectionPlan, plan: FieldPlan) -> Field:
    options = tuple(_option(section, plan, i) for i in range(len(plan.options)))
    on_page = [o.box for o in options if o.page == (plan.page or options[0].page)]
    box = plan.box or (span(on_page) if plan.kind in CHOICES and on_page else None)
    page = plan.page or (options[0].page if options else None)
    if page is None or box is None:
        raise _placeless(section, plan, "page and box")
    longest = plan.cells or plan.max_length
    lines = 1 if plan.kind in (Kind.TICK, Kind.INK) else plan.lines
    return Field(
        plan.name, plan.label, plan.kind, section.letter, page, box, plan.cells, lines, longest, plan.required_when,
        options, plan.hint, plan.widget,
    )  # fmt: skip


def _option(section: SectionPlan, plan: FieldPlan, index: int) -> Option:
    option = plan.options[index]
    page = option.page or plan.page
    if page is None or option.box is None:
        raise _placeless(section, plan, f"page and box for its option {option.value}")
    return Option(option.value, option.label, page, option.box, option.widget, option.state)


def _placeless(section: SectionPlan, plan: FieldPlan, lacks: str) -> BrokenForm:
    return BrokenForm(
        section.source,
        f"section {section.letter}, field {plan.name}",
        f"has no {lacks}",
        "Measure it on the sheet and write page = N, box = [left, top, width, height] in mm; with pages = N at the "
        "top, nothing is laid out.",
    )
