"""The jigsaw over invented sheets: which belong together, whatever their order; the comparing has a test of its own."""

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pages.page import Page
from templates.form import Form, Match
from templates.likeness import Compared, Likeness, Sheet
from templates.sort import Bundle, Leaf, sort


def form(code: str) -> Form:
    return Form(code, "2026-01", code, date(2026, 1, 1), None, True, 3, 210.0, 297.0, ())


FORMS = {code: form(code) for code in ("CMOR", "BONUS", "DELEGA")}
BLACK = np.zeros((2, 2), dtype=np.uint8)


def sheet(file: str, number: int, code: str = "", slot: int = 0, by: str = "Ada", quality: float = 1.0) -> Leaf:
    """Invent a sheet; who filled it stands in its digest."""
    page = Page(file, by, number, BLACK, 200, 200)
    return page, Match(FORMS[code], slot, np.eye(3), 0.1, quality, "code") if code else None


def told(one: Sheet, other: Sheet) -> Compared:
    """Compare invented sheets by who filled them: "?" wrote too little, "Ada*" is Ada who changed something."""
    names = {one[0].digest, other[0].digest}
    if "?" in names:
        return Compared(Likeness.BARE)
    if len(names) == 1:
        return Compared(Likeness.SAME)
    return Compared(Likeness.ALTERED, ("x",)) if len({n.rstrip("*") for n in names}) == 1 else Compared(Likeness.OTHER)


def sorted_(sheets: list[Leaf]) -> tuple[Bundle, ...]:
    return sort(sheets, told)


def shape(sheets: list[Leaf]) -> list[tuple[str, list[int], int, list[str]]]:
    return [
        (
            bundle.form.code if bundle.form else "",
            [match.page for _, match in bundle.sheets],
            len(bundle.delega),
            [f"{page.file}{page.number}" for page in bundle.loose],
        )
        for bundle in sorted_(sheets)
    ]


def owners(sheets: list[Leaf]) -> list[tuple[list[str], bool]]:
    return [([page.digest for page, _ in bundle.sheets], bundle.mixed) for bundle in sorted_(sheets)]


def test_shuffled_pages_over_two_files_are_one_submission() -> None:
    sheets = [sheet("b", 1, "CMOR", 3), sheet("b", 2, "CMOR", 1), sheet("a", 1, "CMOR", 2), sheet("a", 2)]
    assert shape(sheets) == [("CMOR", [1, 2, 3], 0, ["a2"])]


def test_two_people_in_two_files_are_two_submissions() -> None:
    sheets = [sheet("a", n, "CMOR", n) for n in (1, 2, 3)] + [sheet("b", n, "CMOR", n, "Ugo") for n in (1, 2, 3)]
    assert owners(sheets) == [(["Ada"] * 3, False), (["Ugo"] * 3, False)]


def test_two_people_in_one_file_are_two_submissions_also_backwards() -> None:
    pages = [("CMOR", n, by) for by in ("Ada", "Ugo") for n in (1, 2, 3)]
    for order in (pages, pages[::-1]):
        sheets = [sheet("a", at, code, n, by) for at, (code, n, by) in enumerate(order, 1)]
        assert sorted(owners(sheets)) == [(["Ada"] * 3, False), (["Ugo"] * 3, False)]


def test_pages_of_two_people_that_lie_mixed_are_for_a_clerk() -> None:
    order = [(1, "Ada"), (1, "Ugo"), (2, "Ada"), (2, "Ugo"), (3, "Ada"), (3, "Ugo")]
    assert all(mixed for _, mixed in owners([sheet("a", at, "CMOR", *one) for at, one in enumerate(order, 1)]))


def test_somebody_elses_page_that_is_missing_is_for_a_clerk() -> None:
    order = [(1, "Ada"), (2, "Ada"), (3, "Ada"), (1, "Ugo"), (3, "Ugo")]
    assert [mixed for _, mixed in owners([sheet("a", at, "CMOR", *one) for at, one in enumerate(order, 1)])] == [1, 1]


def test_a_page_that_came_twice_is_a_duplicate_and_the_better_one_is_kept() -> None:
    sheets = [sheet("a", n, "CMOR", n) for n in (1, 2, 3)]
    sheets += [sheet("b", 1, "CMOR", 2, quality=0.5), sheet("b", 2, "CMOR", 1, quality=1.0)]
    (bundle,) = sorted_(sheets)
    assert [f"{p.file}{p.number}" for p, _ in bundle.sheets] == ["a1", "a2", "a3"]
    assert [(d.sheet[0].number, d.differing) for d in bundle.doubles] == [(2, ()), (1, ())]
    (better,) = sorted_([sheet("a", 1, "CMOR", 1, quality=0.5), sheet("b", 1, "CMOR", 1)])
    assert better.sheets[0][0].file == "b"


def test_two_versions_of_one_page_are_one_submission_with_a_question() -> None:
    sheets = [sheet("a", n, "CMOR", n) for n in (1, 2, 3)]
    for by, slot in (("Ada*", 2), ("Ugo", 3)):
        (bundle,) = sorted_([*sheets, sheet("b", 1, "CMOR", slot, by)])
        assert [bool(double.differing) for double in bundle.doubles] == [True]


def test_bare_pages_of_two_people_go_to_each() -> None:
    order = [(1, "Ada"), (2, "Ada"), (3, "?"), (1, "Ugo"), (2, "Ugo"), (3, "?")]
    bundles = sorted_([sheet("a", at, "CMOR", *one) for at, one in enumerate(order, 1)])
    assert [[page.number for page, _ in bundle.sheets] for bundle in bundles] == [[1, 2, 3], [4, 5, 6]]


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
        sheet("c", 2, "DELEGA", 1, "Ugo"),
    ]
    assert [entry[2] for entry in shape(sheets)] == [1, 1]


def test_no_form_page_is_one_bundle_without_a_form() -> None:
    assert shape([sheet("a", 1), sheet("a", 2, "DELEGA", 1)]) == [("", [], 1, ["a1"])]
    assert shape([]) == [("", [], 0, [])]


DRAWN = st.tuples(
    st.sampled_from("abc"), st.sampled_from(["", "CMOR", "BONUS", "DELEGA"]), st.integers(1, 3),
    st.sampled_from(["Ada", "Ada*", "Ugo", "?"]),
)  # fmt: skip


@given(st.lists(DRAWN, max_size=12))
def test_every_sheet_is_in_one_bundle_and_only_papers_are_shared(drawn: list[tuple[str, str, int, str]]) -> None:
    sheets = [sheet(file, number, code, slot, by) for number, (file, code, slot, by) in enumerate(drawn, 1)]
    bundles = sorted_(sheets)
    laid = [page.number for b in bundles for page, _ in (*b.sheets, *b.delega, *(d.sheet for d in b.doubles))]
    assert sorted(laid) == [page.number for page, match in sheets if match]
    assert {page.number for b in bundles for page in b.loose} == {page.number for page, match in sheets if not match}
    for bundle in bundles:
        slots = [match.page for _, match in bundle.sheets]
        assert len(slots) == len(set(slots))
        assert all(double.kept in (*bundle.sheets, *bundle.delega) for double in bundle.doubles)


WHOLE = [("CMOR", 1), ("CMOR", 2), ("CMOR", 3), ("BONUS", 1), ("BONUS", 2), ("BONUS", 3)]


@given(
    order=st.permutations(range(6)),
    files=st.lists(st.sampled_from("abc"), min_size=6, max_size=6),
    papers=st.lists(st.integers(0, 6), max_size=4),
    again=st.lists(st.integers(0, 5), max_size=4),
)
def test_any_order_any_files_and_any_doubles_give_the_same_submissions(
    order: list[int], files: list[str], papers: list[int], again: list[int]
) -> None:
    pages = [(files[i], *WHOLE[i]) for i in order] + [(files[-1 - i], *WHOLE[i]) for i in again]
    for place in papers:
        pages.insert(place, ("c", "", 0))
    bundles = sorted_([sheet(file, number, code, slot) for number, (file, code, slot) in enumerate(pages, 1)])
    found = sorted((b.form.code, [match.page for _, match in b.sheets]) for b in bundles if b.form)
    assert found == [("BONUS", [1, 2, 3]), ("CMOR", [1, 2, 3])]
    assert sum(len(b.doubles) for b in bundles) == len(again)
    assert not any(b.mixed or any(d.differing for d in b.doubles) for b in bundles)


@given(order=st.permutations(range(5)), seen=st.integers(0, 3))
def test_one_form_among_papers_is_the_same_in_any_order(order: list[int], seen: int) -> None:
    pages = [sheet("a", n, "CMOR", n) if n <= 3 else sheet("a", n) for n in range(1, 6)]
    (bundle,) = sorted_([pages[i] for i in order] + ([pages[seen - 1]] if seen else []))
    assert [page.number for page, _ in bundle.sheets] == [1, 2, 3]
    assert {page.number for page in bundle.loose} == {4, 5}
