"""Merge the readings of several deliveries into the one reading of their case. Pure.

What is sure wins over what is not. Two that are sure and differ are a question for the clerk, never a choice of ours.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from parsers.reading import ROLES, PageUse, Paper, Reading, Role, State, Value
from templates.slip import SLIP_FORM
from templates.sort import DELEGATION

LATER_WINS: Final = frozenset({"sign_date", "sign_place", "signature_present"})
"""Whoever fills the form a second time signs it on another day."""
UNITED: Final = frozenset({"attachment_ticks"})
"""Each form ticks the papers that went with it."""
_DIFFER: Final = "Gli invii uniti dicono cose diverse: guardare le due pagine e decidere."
_ONLY_WORDS: Final = "È arrivato un messaggio senza allegati: leggerlo e riportare quello che dice."
_BY_HAND: Final = "È tornato il foglio di integrazione, ma non si legge: riportare quello che vi è scritto."
RETURN_SHEET: Final = "return_sheet"
_RANK: Final = {State.FILLED: 3, State.INVALID: 2, State.UNREADABLE: 2, State.NOT_APPLICABLE: 1, State.EMPTY: 0}


def merge(own: Reading, more: Reading) -> Reading:
    """Add a later delivery to the reading of a case; its files must have names of their own."""
    if not own.form and more.form not in ("", SLIP_FORM):
        return _together(replace(more, stranger=""), own, own_first=False)
    return _together(own, more, own_first=True)


def _together(base: Reading, added: Reading, *, own_first: bool) -> Reading:
    """Lay ``added`` on the reading whose form it is."""
    same = added.form in (base.form, SLIP_FORM) and bool(base.form)
    first, second = (base, added) if own_first else (added, base)
    return replace(
        base,
        values=_values(base.values, added.values, answers=added.form == SLIP_FORM) if same else base.values,
        delega=_values(base.delega, added.delega, answers=False)
        if base.delega and added.delega
        else base.delega or added.delega,
        pages=_pages(first, second, base.form),
        papers=(*first.papers, *second.papers, *_forms_as_papers(base, added)),
        files=tuple(dict.fromkeys((*first.files, *second.files))),
        missing_pages=tuple(n for n in base.missing_pages if n in added.missing_pages or added.form != base.form),
        doubts=tuple(dict.fromkeys((*first.doubts, *second.doubts))),
    )


def brings_more(before: Reading, merged: Reading) -> bool:
    """Tell whether a delivery added anything to what was there: papers, pages, a value, a contradiction, a doubt."""
    papers = {p.code for p in merged.papers} - {p.code for p in before.papers} - set(ROLES)
    changed = [
        name
        for name, value in merged.values.items()
        if (was := before.values.get(name)) is None or (was.state, was.value) != (value.state, value.value)
    ]
    fewer = len(merged.missing_pages) < len(before.missing_pages)
    return bool(papers or fewer or merged.form != before.form or set(changed) - LATER_WINS - UNITED)


def joined_reading(reading: Reading, receipt_id: int, why: str) -> Reading:
    """Prepare the reading of an arrival for its case: names of its own, and a doubt where a person must read it."""
    doubts = reading.doubts
    if not reading.pages and not reading.files:
        doubts = (*doubts, _ONLY_WORDS)
    if why == RETURN_SHEET and reading.form != SLIP_FORM:
        doubts = (*doubts, _BY_HAND)
    return rename(replace(reading, doubts=doubts), receipt_id)


def _values(own: Mapping[str, Value], more: Mapping[str, Value], *, answers: bool) -> dict[str, Value]:
    """Lay values over values; ``answers`` says that the later ones are those that we asked for."""
    return {name: _value(name, own.get(name), more.get(name), answers=answers) for name in dict.fromkeys((*own, *more))}


def _value(name: str, own: Value | None, more: Value | None, *, answers: bool) -> Value:
    if own is None or more is None:
        return _known(own, more)
    if (name in LATER_WINS or (answers and more.state is State.FILLED)) and _rank(more) >= _rank(own):
        return more
    if own.state is State.FILLED and more.state is State.FILLED and own.value != more.value:
        return _both(name, own, more)
    return more if _rank(more) > _rank(own) else own


def _known(own: Value | None, more: Value | None) -> Value:
    value = own or more
    if value is None:
        raise ValueError("a name that stands in neither reading")
    return value


def _rank(value: Value) -> int:
    """Rank how much a value says; a box without a tick says as little as an empty field."""
    return 0 if value.value in (False, ()) else _RANK[value.state]


def _both(name: str, own: Value, more: Value) -> Value:
    """Unite ticks, let a tick win over none, and ask about anything else."""
    if name in UNITED and isinstance(own.value, tuple) and isinstance(more.value, tuple):
        return replace(own, value=tuple(dict.fromkeys((*own.value, *more.value))))
    if isinstance(own.value, bool) or isinstance(more.value, bool):
        return own if own.value else more
    told = tuple(dict.fromkeys(v for v in (_word(own), _word(more)) if v))
    return replace(own, value=None, state=State.UNREADABLE, confidence=0.0, reason=_DIFFER, proposals=told)


def _word(value: Value) -> str:
    return ", ".join(value.value) if isinstance(value.value, tuple) else str(value.value)


def _pages(first: Reading, second: Reading, form: str) -> tuple[PageUse, ...]:
    """Give all sheets; a form page that is there already came again, one of another form is a sheet to be looked at."""
    kept = {(p.form, p.form_page): p for p in first.pages if p.role is Role.FORM}
    return (*first.pages, *(_again(page, kept, form) for page in second.pages))


def _again(page: PageUse, kept: Mapping[tuple[str, int | None], PageUse], form: str) -> PageUse:
    if page.role is not Role.FORM or page.form == SLIP_FORM:
        return page
    same = kept.get((page.form, page.form_page))
    if same is not None:
        return replace(page, role=Role.DUPLICATE, same_as=(same.file, same.page))
    return page if page.form in (form, DELEGATION) else replace(page, role=Role.UNSURE, form_page=None, form="")


def _forms_as_papers(base: Reading, added: Reading) -> tuple[Paper, ...]:
    """Keep the sheets of another form as papers that a clerk looks at."""
    strange = [p for p in added.pages if p.role is Role.FORM and p.form not in (base.form, DELEGATION, SLIP_FORM)]
    return tuple(Paper("unsure", p.file, p.page, 0.0, evidence=f"modulo {p.form}") for p in strange)


def rename(reading: Reading, receipt_id: int) -> Reading:
    """Give every file of a delivery a name that no other delivery has."""

    def name(file: str) -> str:
        return joined_name(receipt_id, file) if file else file

    def sheet(page: PageUse) -> PageUse:
        same = (name(page.same_as[0]), page.same_as[1]) if page.same_as else None
        return replace(page, file=name(page.file), same_as=same)

    def value(one: Value) -> Value:
        return replace(one, file=name(one.file))

    return replace(
        reading,
        values={key: value(one) for key, one in reading.values.items()},
        delega={key: value(one) for key, one in reading.delega.items()},
        pages=tuple(map(sheet, reading.pages)),
        papers=tuple(replace(p, file=name(p.file)) for p in reading.papers),
        files=tuple(replace(f, name=name(f.name)) for f in reading.files),
    )


def joined_name(receipt_id: int, file: str) -> str:
    """Name a file of a delivery that was joined to a case.

    >>> joined_name(12, "bolletta.pdf")
    '@12/bolletta.pdf'
    """
    return f"@{receipt_id}/{file}"


def parted_name(file: str) -> tuple[int, str]:
    """Give the receipt and the file of a name in a case; the receipt is 0 for the case's own delivery.

    A mail may hold a file of such a name: whoever opens the receipt's original asks ``cases.whole.source_of`` first.

    >>> parted_name("@12/bolletta.pdf"), parted_name("modulo.pdf")
    ((12, 'bolletta.pdf'), (0, 'modulo.pdf'))
    """
    head, slash, rest = file.partition("/")
    number = head[1:]
    if slash and head.startswith("@") and number.isascii() and number.isdigit():
        return int(number), rest
    return 0, file
