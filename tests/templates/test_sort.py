from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pages.page import Page
from templates.form import Form, Match
from templates.sort import sort


def form(code: str) -> Form:
    return Form(code, "2026-01", code, date(2026, 1, 1), None, True, 3, 210.0, 297.0, ())


FORMS = {code: form(code) for code in ("CMOR", "BONUS", "DELEGA")}
BLACK = np.zeros((2, 2), dtype=np.uint8)


def sheet(file: str, number: int, code: str = "", slot: int = 0) -> tuple[Page, Match | None]:
    page = Page(file, file, number, BLACK, 200, 200)
    return page, Match(FORMS[code], slot, np.eye(3), 0.1, 1.0, "code") if code else None


def shape(sheets: list[tuple[Page, Match | None]]) -> list[tuple[str, list[int], int, list[str]]]:
    return [
        (
            bundle.form.code if bundle.form else "",
            [match.page for _, match in bundle.sheets],
            len(bundle.delega),
            [f"{page.file}{page.number}" for page in bundle.loose],
        )
        for bundle in sort(sheets)
    ]


def test_shuffled_pages_over_two_files_are_one_submission() -> None:
    sheets = [sheet("b", 1, "CMOR", 3), sheet("b", 2, "CMOR", 1), sheet("a", 1, "CMOR", 2), sheet("a", 2)]
    assert shape(sheets) == [("CMOR", [1, 2, 3], 0, ["a2"])]


def test_a_slot_taken_twice_opens_another_submission_and_files_stay_together() -> None:
    sheets = [sheet("a", 1, "CMOR", 1), sheet("b", 1, "CMOR", 1), sheet("b", 2, "CMOR", 2), sheet("a", 2, "CMOR", 2)]
    assert [[page.file for page, _ in bundle.sheets] for bundle in sort(sheets)] == [["a", "a"], ["b", "b"]]


def test_papers_belong_to_the_form_before_them_and_files_of_papers_to_all() -> None:
    sheets = [
        sheet("a", 1, "CMOR", 1), sheet("a", 2), sheet("a", 3, "BONUS", 1), sheet("a", 4), sheet("b", 1),
    ]  # fmt: skip
    assert shape(sheets) == [("CMOR", [1], 0, ["a2", "b1"]), ("BONUS", [1], 0, ["a4", "b1"])]


def test_a_delegation_joins_the_procedure_even_if_it_comes_first() -> None:
    assert shape([sheet("a", 1, "DELEGA", 1), sheet("b", 1, "CMOR", 1)]) == [("CMOR", [1], 1, [])]


def test_two_delegations_go_to_two_submissions() -> None:
    sheets = [
        sheet("a", 1, "CMOR", 1),
        sheet("b", 1, "BONUS", 1),
        sheet("c", 1, "DELEGA", 1),
        sheet("c", 2, "DELEGA", 1),
    ]
    assert [entry[2] for entry in shape(sheets)] == [1, 1]


def test_no_form_page_is_one_bundle_without_a_form() -> None:
    assert shape([sheet("a", 1), sheet("a", 2, "DELEGA", 1)]) == [("", [], 1, ["a1"])]
    assert shape([]) == [("", [], 0, [])]


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["", "CMOR", "BONUS", "DELEGA"]), st.integers(1, 3)),
        max_size=12,
    )
)
def test_every_sheet_is_in_one_bundle_and_only_papers_are_shared(drawn: list[tuple[str, str, int]]) -> None:
    sheets = [sheet(file, number, code, slot) for number, (file, code, slot) in enumerate(drawn, 1)]
    bundles = sort(sheets)
    laid = [page.number for b in bundles for page, _ in (*b.sheets, *b.delega)]
    assert sorted(laid) == [page.number for page, match in sheets if match]
    assert {page.number for b in bundles for page in b.loose} == {page.number for page, match in sheets if not match}
    for bundle in bundles:
        slots = [match.page for _, match in bundle.sheets]
        assert len(slots) == len(set(slots))
