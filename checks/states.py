"""States: the one state in which each field of the form ends."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from checks.request import Request
from checks.validation import Finding, Severity
from ocr.ink import Source
from parsers.reading import State, Value
from templates.form import Field


def final_values(request: Request, findings: Iterable[Finding]) -> Mapping[str, Value]:
    """Give every field of the form one value with its final state, and keep what else was read.

    What no sheet showed is empty. An empty field whose condition is false is not applicable; a merely optional one
    stays empty. A filled one that a rule found invalid is invalid, its raw text kept.
    """
    wrong = {f.field: f.message for f in findings if f.severity is Severity.INVALID}
    final = dict(request.reading.values)
    for name, field in request.fields.items():
        final[name] = _final(request, field, wrong.get(name, ""))
    return final


def _final(request: Request, field: Field, wrong: str) -> Value:
    value = request.value(field.name)
    if value is None:
        value = Value(field.name, None, "", State.EMPTY, 0.0, Source.OCR)
    if value.state is State.FILLED and wrong:
        return replace(value, value=None, state=State.INVALID, reason=wrong)
    if value.state is State.EMPTY and _does_not_apply(request, field):
        return replace(value, state=State.NOT_APPLICABLE)
    return value


def _does_not_apply(request: Request, field: Field) -> bool:
    condition = field.required_when
    return condition != "never" and request.sure(condition) and not request.holds(condition)
