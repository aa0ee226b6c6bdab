"""Slip form: the form that a return sheet is, laid out from its code alone; the same code gives the same sheet."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from templates import typeface
from templates.blank import draw_blank
from templates.form import Field, Form, Kind
from templates.layout import lay_out
from templates.plan import CHOICES, FieldPlan, OptionPlan, Plan, RowPlan, SectionPlan
from templates.rows import CELL_PITCH, CONTENT_WIDTH, GAP, SIGNATURE_WIDTH
from templates.slip import SLIP_FORM, Asked, Slip, asked_of

NEUTRAL_PAPERS: Final = {
    "isee_attestation": "Documento richiesto per il tipo di bonus indicato nella sezione I",
    "asl_certificate": "Documento richiesto per il tipo di bonus indicato nella sezione I",
}
"""Papers whose name tells of health or income: a sheet that may be faxed does not name them."""
_INSTRUCTIONS: Final = (
    "Scrivere in stampatello, con penna nera o blu: una lettera o cifra per casella. Poi mandare questo foglio per "
    "e-mail, fax o posta. Il riquadro in alto a destra lo porta alla pratica giusta: lasciarlo libero."
)
_PAPERS: Final = "Documenti da mandare insieme a questo foglio, in copia:"
_ALONE: Final = CHOICES | {Kind.TICK, Kind.LONG_TEXT, Kind.LIST}
_TEXT_WIDTH: Final = 88.0
_CONTEXT: Final = (("_birth_", "nascita"), ("mailing_", "recapito"))
"""What a name tells that a label on its own does not."""


class TooMuch(Exception):
    """What is asked for does not fit on one page: ask for the pages of the form again."""


def slip_form(slip: Slip, forms: Iterable[Form]) -> Form | None:
    """Make the form of a return sheet, with its blank; None when the form that it is a part of is not known here.

    Raises ``TooMuch``.
    """
    asked = asked_of(slip, forms)
    return _drawn(slip, asked) if asked else None


@lru_cache(maxsize=64)
def _drawn(slip: Slip, asked: Asked) -> Form:
    form = _laid_out(slip, asked)
    return replace(form, blank=draw_blank(form))


def _laid_out(slip: Slip, asked: Asked) -> Form:
    whole = asked.form
    plan = Plan(
        code=SLIP_FORM,
        edition=slip.text,
        title=f"Foglio di integrazione · pratica {slip.case}",
        valid_from=whole.valid_from,
        valid_to=whole.valid_to,
        synthetic=whole.synthetic,
        notice=whole.notice,
        desk=whole.desk,
        instructions=_INSTRUCTIONS,
        sections=tuple(_sections(asked)),
    )
    try:
        sheets = lay_out(plan, typeface)
    except ValueError as error:
        raise TooMuch(str(error)) from error
    if sheets.page_count > 1:
        raise TooMuch(f"{len(asked.fields)} fields take more than a page")
    return Form(
        code=plan.code,
        edition=plan.edition,
        title=plan.title,
        valid_from=plan.valid_from,
        valid_to=plan.valid_to,
        synthetic=plan.synthetic,
        page_count=1,
        page_width_mm=whole.page_width_mm,
        page_height_mm=whole.page_height_mm,
        sections=sheets.sections,
        attachments=asked.papers,
        notice=plan.notice,
        desk=plan.desk,
        printed=sheets.printed,
        mark=slip.text,
    )


def _sections(asked: Asked) -> Iterator[SectionPlan]:
    """Give the sections of the form as far as something of them is asked for, under their letters."""
    names = {field.name for field in asked.fields}
    for section in asked.form.sections:
        fields = [field for field in section.fields if field.name in names]
        papers = section.letter == "L" and bool(asked.papers)
        if fields or papers:
            note = _listed(asked) if papers else ""
            yield SectionPlan(section.letter, section.title, tuple(_rows(fields)), note)


def _listed(asked: Asked) -> str:
    labels = (NEUTRAL_PAPERS.get(paper.code, paper.label) for paper in asked.papers)
    return " ".join([_PAPERS, "; ".join(f"({at}) {label}" for at, label in enumerate(labels, 1)) + "."])


def _rows(fields: Sequence[Field]) -> Iterator[RowPlan]:
    """Set fields side by side as long as they fit; choices, ticks and paragraphs stand alone."""
    row: list[Field] = []
    for field in fields:
        if row and (field.kind in _ALONE or row[-1].kind in _ALONE or _width([*row, field]) > CONTENT_WIDTH):
            yield RowPlan(tuple(map(_plan, row)))
            row = []
        row.append(field)
    if row:
        yield RowPlan(tuple(map(_plan, row)))


def _width(fields: Sequence[Field]) -> float:
    return sum(map(_room, fields)) + GAP * (len(fields) - 1)


def _room(field: Field) -> float:
    label = typeface.width_mm(f"{_label(field)} *", "label")
    if field.cells:
        return max(field.cells * CELL_PITCH, label)
    return SIGNATURE_WIDTH if field.kind is Kind.INK else max(_TEXT_WIDTH, label)


def _plan(field: Field) -> FieldPlan:
    return FieldPlan(
        name=field.name,
        label=_label(field),
        kind=field.kind,
        required_when="never",
        cells=field.cells,
        lines=field.lines,
        max_length=field.max_length,
        height=field.box.height if field.kind is Kind.INK else 20.0,
        columns=1 if field.kind is Kind.TICKS else 0,
        hint=field.hint,
        options=tuple(OptionPlan(option.value, option.label) for option in field.options),
    )


def _label(field: Field) -> str:
    said = next((word for sign, word in _CONTEXT if sign in field.name and word not in field.label), "")
    return f"{field.label} ({said})" if said else field.label
