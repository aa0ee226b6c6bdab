"""Corrected: a reading with every decision of a person laid over it, and the checks run again by the same function."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from cases.correction import ON, Act, Correction, Target, corrected_value
from checks.context import Context
from checks.validate import validate
from checks.validation import Finding, Outcome, Severity, Validation
from parsers.reading import ROLES, PageUse, Paper, Reading, Role
from templates.form import Form
from templates.load import Library

BY_HAND: Final = "indicato da un operatore"
REFERRED: Final = "referred"
FORCED: Final = "forced_by_clerk"
NOT_A_REQUEST: Final = "not_a_request"
_OPEN: Final = (Severity.DOUBTFUL, Severity.INVALID)


@dataclass(frozen=True, slots=True)
class Corrected:
    """A reading as it stands after all decisions. ``said`` are those that hold, the last for each part."""

    reading: Reading
    form: Form | None
    said: Mapping[tuple[Target, str], Correction] = field(default_factory=dict)

    def of(self, target: Target, name: str) -> Correction | None:
        """Give the decision that holds about one part, None where nobody has said anything."""
        return self.said.get((target, name))


def corrected(read: Reading, said: Iterable[Correction], forms: Library, today: date) -> Corrected:
    """Lay decisions over what was read, in the order in which they were made; a person's word beats every machine's.

    ``today`` is the day of the first reading, by which the parsers go. A decision on a field that the form does not
    have is left out: the form was named anew.
    """
    held = {(one.target, one.name): one for one in said}
    named = held.get((Target.FORM, ""))
    reading = _with_form(read, named)
    for one in held.values():
        if one.target is Target.SHEET:
            reading = _with_sheet(reading, one)
    form = _form(reading, forms)
    if form is not None and named is not None:
        reading = replace(reading, missing_pages=_without_sheet(form, reading))
    fields = form.fields if form else {}
    values = dict(reading.values)
    for (target, name), one in held.items():
        if target is Target.FIELD and name in fields:
            values[name] = corrected_value(fields[name], reading.values.get(name), one, today)
    return Corrected(replace(reading, values=values), form, held)


def judge(now: Corrected, context: Context) -> Validation:
    """Run the checks over a corrected reading, and let a person's word on findings and on the whole case count."""
    professional = now.of(Target.DELEGATE, "")
    context = replace(
        context,
        delegate_professional=None if professional is None else professional.text == ON,
        accepted=context.accepted | _findings(now, Act.LET_PASS),
        confirmed=context.confirmed | _findings(now, Act.ASK),
    )
    found = validate(now.reading, now.form, context)
    if overridden := _overridden(now, found):
        found = validate(now.reading, now.form, replace(context, accepted=context.accepted | overridden))
    last = now.of(Target.CASE, "")
    return found if last is None else _decided(found, last)


def open_findings(found: Validation) -> tuple[Finding, ...]:
    """Give what somebody must still decide before the case can go on."""
    return tuple(f for f in found.findings if f.severity in _OPEN)


def _findings(now: Corrected, act: Act) -> frozenset[tuple[str, str]]:
    named = (
        name.partition(":") for (target, name), one in now.said.items() if target is Target.FINDING and one.act is act
    )
    return frozenset((rule, about) for rule, _, about in named)


def _overridden(now: Corrected, found: Validation) -> frozenset[tuple[str, str]]:
    """Name what the checks still say of fields whose value somebody let stand with a reason."""
    held = {name for (target, name), one in now.said.items() if target is Target.FIELD and one.act is Act.OVERRIDE}
    return frozenset((f.rule, f.field) for f in open_findings(found) if f.field in held)


def _decided(found: Validation, last: Correction) -> Validation:
    told = " ".join(last.reason.split())
    if last.act is Act.FORCE:
        note = Finding(FORCED, "", "", Severity.NOTE, f"In coda per decisione di un operatore: {told}")
        return Validation(Outcome.READY, (), (*found.findings, note), found.values)
    if last.act is Act.REFER:
        doubt = Finding(REFERRED, "", "", Severity.DOUBTFUL, f"Passata al responsabile: {told}")
        return replace(found, outcome=Outcome.MANUAL_REVIEW, reasons=(REFERRED,), findings=(doubt, *found.findings))
    why = last.text or "refused_by_clerk"
    refusal = Finding(why, "", "", Severity.REFUSAL, told)
    outcome = Outcome.NOT_A_REQUEST if why == NOT_A_REQUEST else Outcome.NOT_ADMISSIBLE
    return Validation(outcome, (why,), (refusal, *found.findings), found.values)


def _form(reading: Reading, forms: Library) -> Form | None:
    known = {(form.code, form.edition): form for form in forms}
    return known.get((reading.form, reading.edition))


def _with_form(reading: Reading, said: Correction | None) -> Reading:
    if said is None:
        return reading
    code, _, edition = said.text.partition("/")
    return replace(reading, form=code, edition=edition, stranger="")


def _with_sheet(reading: Reading, said: Correction) -> Reading:
    """Let a sheet be what a person says: ``form:CODE/edition:2``, ``attachment:CODE``, or a role that is neither."""
    file, _, number = said.name.rpartition("#")
    sheet = (file, int(number))
    what, _, rest = said.text.partition(":")
    use = _use(sheet, what, rest, _known(reading, sheet))
    others = tuple(p for p in reading.pages if (p.file, p.page) != sheet)
    papers = tuple(p for p in reading.papers if (p.file, p.page) != sheet)
    if use.role is Role.ATTACHMENT:
        papers = (*papers, Paper(use.paper, *sheet, 1.0, BY_HAND, detail=_detail(reading.papers, sheet)))
    pages = tuple(sorted((*others, use), key=lambda p: _rank(reading.pages, p)))
    return replace(reading, pages=pages, papers=papers, missing_pages=_missing(reading, pages))


def _without_sheet(form: Form, reading: Reading) -> tuple[int, ...]:
    here = {p.form_page for p in reading.pages if p.role is Role.FORM and p.form == form.code}
    return tuple(n for n in range(1, form.page_count + 1) if n not in here)


def _use(sheet: tuple[str, int], what: str, rest: str, known: PageUse | None) -> PageUse:
    kind = known.form_kind if known else PageUse(*sheet, None, 0.0).form_kind
    if what == Role.FORM:
        key, _, page = rest.partition("@")[0].rpartition(":")
        same = known if known and known.form_page == int(page) and known.role is Role.FORM else None
        quality, residual = (same.quality, same.residual_mm) if same else (0.0, None)
        code = key.partition("/")[0]
        return PageUse(*sheet, int(page), quality, residual, code, Role.FORM, form_kind=kind)
    if what == Role.ATTACHMENT:
        return PageUse(*sheet, None, 0.0, role=Role.ATTACHMENT, paper=rest, form_kind=kind)
    role = ROLES[what] if what in ROLES and what != Role.DUPLICATE else Role.UNSURE
    return PageUse(*sheet, None, 0.0, role=role, form_kind=kind)


def _known(reading: Reading, sheet: tuple[str, int]) -> PageUse | None:
    return next((p for p in reading.pages if (p.file, p.page) == sheet), None)


def _detail(papers: Sequence[Paper], sheet: tuple[str, int]) -> str:
    return next((p.detail for p in papers if (p.file, p.page) == sheet), "")


def _rank(pages: Sequence[PageUse], page: PageUse) -> tuple[bool, int]:
    """Keep sheets where they stood; form pages stand first, as after the first reading."""
    places = [(p.file, p.page) for p in pages]
    at = places.index((page.file, page.page)) if (page.file, page.page) in places else len(places)
    return page.role is not Role.FORM, at


def _missing(reading: Reading, pages: Iterable[PageUse]) -> tuple[int, ...]:
    """Say which form pages lack: those that had lacked or whose sheet was taken away, but for those that are here."""
    pages = tuple(pages)
    here = {p.form_page for p in pages if p.role is Role.FORM and p.form == reading.form}
    before = {p.form_page for p in reading.pages if p.role is Role.FORM and p.form == reading.form}
    lacking = {*reading.missing_pages, *(n for n in before if n is not None)} - here
    return tuple(sorted(n for n in lacking if n is not None))
