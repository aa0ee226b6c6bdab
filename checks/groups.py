"""Groups: demands on several fields together, such as one of four contacts, or a whole address or none of it."""

from collections.abc import Callable, Iterator

from checks.request import Request
from checks.validation import Finding, Severity
from checks.wording import names
from ocr.ink import Source
from parsers.reading import State
from templates.form import Need, Section


def groups(request: Request) -> Iterator[Finding]:
    """Find the groups of which too little is written."""
    for section in request.form.sections:
        for need in section.needs:
            if (
                not any(request.lost(name) for name in need.fields)
                and request.sure(need.when)
                and request.holds(need.when)
            ):
                yield from _MODES[need.mode](request, section, need)


def _one(request: Request, section: Section, need: Need) -> Iterator[Finding]:
    if any(request.state(name) is State.FILLED for name in need.fields):
        return
    first = next((name for name in need.fields if request.written(name) and not _given_up(request, name)), "")
    if not first:
        told = f"Sezione {section.letter} – {need.label}: manca. Compilarne almeno uno."
        yield Finding("group_missing", section.letter, need.fields[0], Severity.MISSING, told)
    elif request.state(first) is State.UNREADABLE:
        told = (
            f"Sezione {section.letter} – {need.label}: scritto, ma non leggibile con certezza. Confrontare l'immagine."
        )
        yield Finding("group_unreadable", section.letter, first, Severity.DOUBTFUL, told)


def _given_up(request: Request, name: str) -> bool:
    """Tell whether a clerk could not read it either."""
    value = request.value(name)
    return request.state(name) is State.UNREADABLE and value is not None and value.source is Source.CLERK


def _all_or_none(request: Request, section: Section, need: Need) -> Iterator[Finding]:
    gaps = [name for name in need.fields if not request.written(name)]
    if not gaps or len(gaps) == len(need.fields):
        return
    if any(request.state(name) is State.UNREADABLE and not _given_up(request, name) for name in need.fields):
        # Specks, or a stroke through the group, are no half-filled group: the customer is not asked on their strength.
        told = f"Sezione {section.letter} – {need.label}: compilato o barrato? Confrontare l'immagine."
        yield Finding("group_unreadable", section.letter, gaps[0], Severity.DOUBTFUL, told)
        return
    labels = names([request.fields[name].label for name in gaps if name in request.fields])
    told = f"Sezione {section.letter} – {need.label}: compilato solo in parte; manca {labels.rstrip('.')}. Completarlo."
    yield Finding("group_partial", section.letter, gaps[0], Severity.MISSING, told)


_MODES: dict[str, Callable[[Request, Section, Need], Iterator[Finding]]] = {"one": _one, "all_or_none": _all_or_none}
