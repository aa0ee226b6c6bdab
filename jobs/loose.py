"""What a sheet that is no form page is: blank, separator, cover, or an attachment by its words."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from pages.blank import is_blank
from pages.codes import find_linear
from pages.page import Page
from pages.patch import has_patch
from parsers.covers import ENOUGH, cover, separator
from parsers.paper_detail import paper_detail
from parsers.papers import name_paper
from parsers.reading import Paper, Role
from parsers.registered_mail import registered_numbers

SURE = 0.95


def what_it_is(page: Page, read_text: Callable[[Page], str]) -> Paper:
    """Name one loose sheet. Cheap looks come first: words are read only where something is written."""
    if is_blank(page):
        return Paper(Role.BLANK.value, page.file, page.number, SURE, "nessuna scritta")
    if has_patch(page):
        return Paper(Role.SEPARATOR.value, page.file, page.number, SURE, "codice a barre di separazione")
    text = read_text(page)
    codes = (*(code.text for code in page.codes), *find_linear(page.picture, page.dpi_x, page.dpi_y))
    named = _by_codes(page, codes) or _by_form_of_sheet(page, text) or _by_words(page, text)
    return replace(named, posted=registered_numbers(text, codes))


def _by_codes(page: Page, codes: Sequence[str]) -> Paper | None:
    """Know a separator by a code on it that says so."""
    said = next((code for code in codes if separator(code).weight >= ENOUGH), None)
    return Paper(Role.SEPARATOR.value, page.file, page.number, SURE, f"codice «{said}»") if said else None


def _by_form_of_sheet(page: Page, text: str) -> Paper | None:
    for role, weigh in ((Role.SEPARATOR, separator), (Role.COVER, cover)):
        weighed = weigh(text)
        if weighed.weight >= ENOUGH:
            evidence = ", ".join(weighed.found[:3])
            return Paper(role.value, page.file, page.number, min(SURE, weighed.weight), evidence, text)
    return None


def _by_words(page: Page, text: str) -> Paper:
    code, confidence, evidence = name_paper(text, page.file)
    return Paper(code, page.file, page.number, confidence, evidence, text, paper_detail(code, text))
