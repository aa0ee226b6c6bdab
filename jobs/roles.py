"""What each sheet of a delivery is: form page, attachment, blank, cover, separator, duplicate, or unsure."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import numpy as np

from cases.transcript import Sheet
from pages.page import Page
from parsers.covers import announced_pages
from parsers.papers import same_text
from parsers.reading import PageUse, Paper, Role
from templates.form import Match
from templates.sort import Bundle, Leaf

Papers = Mapping[Page, Paper]
"""What each sheet that is no form page shows itself to be."""

EMPTY_ROLES = frozenset({Role.BLANK, Role.COVER, Role.SEPARATOR})
"""Sheets that carry nothing of a request."""


def letters(leaves: Sequence[Leaf], papers: Papers) -> list[list[Leaf]]:
    """Part a delivery where a separator sheet lies; sheets that carry nothing make no letter of their own."""
    parted: list[list[Leaf]] = [[]]
    for page, match in leaves:
        if match is None and papers[page].role is Role.SEPARATOR and _carries(parted[-1], papers):
            parted.append([])
        parted[-1].append((page, match))
    if len(parted) > 1 and not _carries(parted[-1], papers):
        empty = parted.pop()
        parted[-1] += empty
    return [letter for letter in parted if letter]


def _carries(letter: Sequence[Leaf], papers: Papers) -> bool:
    return any(match is not None or papers[page].role not in EMPTY_ROLES for page, match in letter)


def repeated(loose: Sequence[Page], papers: Papers) -> dict[Page, Page]:
    """Find the loose sheets that repeat an earlier one: the same picture, or the same words and figures."""
    found: dict[Page, Page] = {}
    for at, page in enumerate(loose):
        if papers[page].role not in EMPTY_ROLES:
            earlier = (other for other in loose[:at] if other not in found and papers[other].role not in EMPTY_ROLES)
            same = next((other for other in earlier if _same(page, other, papers)), None)
            found |= {page: same} if same is not None else {}
    return found


def _same(one: Page, other: Page, papers: Papers) -> bool:
    """Two bills of two suppliers may share nearly all their words: what is named differently is not the same."""
    alike = papers[one].code == papers[other].code and same_text(papers[one].text, papers[other].text)
    return np.array_equal(one.picture, other.picture) or alike


def page_uses(bundle: Bundle, papers: Papers) -> tuple[PageUse, ...]:
    """Give every sheet of a bundle its role: form pages first, then their duplicates, then the rest as they came."""
    forms = [_form_page(page, match) for page, match in chain(bundle.sheets, bundle.delega)]
    doubles = [_form_page(*double.sheet, same_as=double.kept[0]) for double in bundle.doubles]
    again = repeated(bundle.loose, papers)
    return (*forms, *doubles, *(_loose(page, papers[page], again.get(page)) for page in bundle.loose))


def _form_page(page: Page, match: Match, same_as: Page | None = None) -> PageUse:
    role = Role.FORM if same_as is None else Role.DUPLICATE
    return PageUse(
        page.file,
        page.number,
        match.page,
        match.quality,
        match.residual_mm,
        match.form.code,
        role,
        same_as=_ref(same_as),
        form_kind=page.form_kind,
    )


def _loose(page: Page, paper: Paper, same_as: Page | None) -> PageUse:
    role = paper.role if same_as is None else Role.DUPLICATE
    code = paper.code if paper.role is Role.ATTACHMENT else ""
    same, kind = _ref(same_as), page.form_kind
    return PageUse(page.file, page.number, None, 0.0, role=role, paper=code, same_as=same, form_kind=kind)


def _ref(page: Page | None) -> tuple[str, int] | None:
    return (page.file, page.number) if page is not None else None


def seen_sheets(bundle: Bundle) -> tuple[Sheet, ...]:
    """Note how each sheet of a bundle lies, for its transcript."""
    laid = (*bundle.sheets, *bundle.delega, *(double.sheet for double in bundle.doubles))
    forms = [Sheet(p.digest, p.number, m.form.key, m.page, m.quality, m.residual_mm, m.how) for p, m in laid]
    return (*forms, *(Sheet(p.digest, p.number, "", None, 0.0, None, "") for p in bundle.loose))


def attached(bundle: Bundle, papers: Papers) -> list[Paper]:
    """Give the attachments of a bundle, and what may be one; a sheet that came twice counts once."""
    again = repeated(bundle.loose, papers)
    kept = (papers[page] for page in bundle.loose if page not in again)
    return [paper for paper in kept if paper.role not in EMPTY_ROLES]


def doubts(bundle: Bundle, papers: Papers) -> Iterator[str]:
    """Say in Italian what a clerk must decide about the sheets of a bundle."""
    yield from dict.fromkeys(told for page in _all_pages(bundle) for told in page.doubts)
    for double in bundle.doubles:
        if double.differing:
            yield _two_versions(*double.sheet, double.kept[0], double.differing)
    if bundle.mixed and bundle.form is not None:
        yield (
            f"Sono arrivati più moduli «{bundle.form.title}» e non è certo quali pagine vanno insieme: "
            "controllare che siano tutte della stessa persona."
        )
    for page in bundle.loose:
        told = announced_pages(papers[page].text) if papers[page].role is Role.COVER else 0
        came = sum(1 for other in _all_pages(bundle) if other.file == page.file)
        if told > came:
            yield f"La copertina annuncia {told} pagine, ne sono arrivate {came}: controllare se qualcosa si è perso."


def _two_versions(page: Page, match: Match, kept: Page, differing: Sequence[str]) -> str:
    labels = [match.form.fields[name].label for name in differing if name in match.form.fields]
    told = f" ({', '.join(labels[:4])})" if labels else ""
    places = f"{kept.file} foglio {kept.number} e {page.file} foglio {page.number}"
    return f"La pagina {match.page} del modulo è arrivata in due versioni diverse{told}: {places}. Guardare quale vale."


def _all_pages(bundle: Bundle) -> Iterator[Page]:
    laid = chain(bundle.sheets, bundle.delega, (double.sheet for double in bundle.doubles))
    return chain((page for page, _ in laid), bundle.loose)
