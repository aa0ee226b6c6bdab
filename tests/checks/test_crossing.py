from datetime import date

import pytest

from checks.recipient import same_operator
from checks.validation import Outcome, Severity
from parsers.reading import Content
from tests.checks.desk import BONUS, COMPLETE, alter, check, found, reading, value

ABROAD: dict[str, Content] = {
    "holder_surname": "Fo", "holder_given_name": "Ba", "holder_birth_date": "1999-12-31",
    "holder_birth_place": "Francia", "holder_birth_province": "EE", "holder_tax_code": "FOXBAX99T71Z110Z",
}  # fmt: skip


@pytest.mark.parametrize(
    ("more", "rule", "field"),
    [
        ({"holder_surname": "Bianchi"}, "tax_code_mismatch", "holder_tax_code"),
        ({"holder_given_name": "Luca"}, "tax_code_mismatch", "holder_tax_code"),
        ({"holder_birth_date": "1980-01-02"}, "tax_code_mismatch", "holder_tax_code"),
        ({"holder_sex": "F"}, "tax_code_mismatch", "holder_tax_code"),
        ({"holder_birth_place": "Napoli"}, "tax_code_mismatch", "holder_tax_code"),
        ({"holder_birth_province": "EE"}, "birth_province_mismatch", "holder_birth_province"),
        ({"holder_province": "MI"}, "address_mismatch", "holder_province"),
        ({"supply_postal_code": "20100"}, "address_mismatch", "supply_postal_code"),
        ({"sign_date": "2026-11-21"}, "date_in_future", "sign_date"),
        ({"sign_date": "2026-09-30"}, "signed_before_complaint", "sign_date"),
        ({"complaint_recipient": "Altra Compagnia"}, "complaint_recipient_mismatch", "complaint_recipient"),
    ],
)
def test_contradictions_go_to_a_clerk(more: dict[str, Content], rule: str, field: str) -> None:
    result = check(reading(COMPLETE | more))
    assert (rule, field) in found(result, Severity.DOUBTFUL)
    assert result.outcome is Outcome.MANUAL_REVIEW
    assert not any("RSSMRA80A01H501U" in f.message for f in result.findings)


def test_the_mismatch_names_what_differs() -> None:
    (finding,) = check(reading(COMPLETE | {"holder_surname": "Bianchi", "holder_sex": "F"})).findings
    assert "cognome e sesso" in finding.message


@pytest.mark.parametrize(
    "more",
    [
        {"holder_tax_code": "RSSMRA80A01H50MM"},
        {"holder_tax_code": "RSSMRA15A01H501G", "holder_birth_date": "1915-01-01"},
        ABROAD,
        {"sign_date": "2026-11-20"},
        {"supplier_previous": "non noto", "complaint_recipient": "Altra Compagnia"},
    ],
)  # fmt: skip
def test_what_only_looks_odd_passes(more: dict[str, Content]) -> None:
    assert check(reading(COMPLETE | more)).outcome is Outcome.READY


def test_a_state_abroad_needs_ee() -> None:
    abroad = {"holder_birth_place": "Francia", "holder_birth_province": "RM", "holder_tax_code": None}
    assert ("birth_province_mismatch", "holder_birth_province") in found(check(reading(COMPLETE | abroad)))


def test_a_comune_that_is_nearly_another_goes_to_a_clerk() -> None:
    given = alter(reading(), value("supply_municipality", "Rona", proposals=("Roma",)))
    assert ("address_mismatch", "supply_municipality") in found(check(given), Severity.DOUBTFUL)


@pytest.mark.parametrize(
    ("code", "to", "right"),
    [
        ("CMOR", "Esempio Energia", True),
        ("CMOR", "Prova Luce", False),
        ("DOPPIA", "Prova Luce", True),
        ("DOPPIA", "ESEMPIO ENERGIA SRL", True),
        ("INDENNIZZO", "Prova Luce spa", True),
        ("INDENNIZZO", "Esempio Energia", False),
    ],
)
def test_who_must_have_had_the_complaint(code: str, to: str, *, right: bool) -> None:
    result = check(reading(COMPLETE | {"procedure": code, "complaint_recipient": to}, form=code))
    assert ("complaint_recipient_mismatch" not in result.reasons) is right


def test_operators_are_compared_without_their_legal_form() -> None:
    assert same_operator("Società Esempio Energia S.p.A.", "esempio energia")
    assert not same_operator("Esempio Energia S.p.A.", "Prova Energia S.p.A.")


@pytest.mark.parametrize(
    ("kind", "subcase", "applied", "tagged"),
    [
        ("economic", "application_refused", "2021-01-01", True),
        ("economic", "application_refused", "2020-12-31", False),
        ("economic", "not_paid", "2024-01-01", False),
        ("physical", "application_refused", "2024-01-01", False),
    ],
)
def test_the_economic_bonus_after_2020_is_tagged(kind: str, subcase: str, applied: str, *, tagged: bool) -> None:
    values = BONUS | {"bonus_kind": kind, "subcases": (subcase,), "bonus_application_date": applied}
    result = check(reading(values, ("id_copy_holder",), "BONUS"))
    assert (("bonus_economic_after_2020", "bonus_application_date") in found(result, Severity.NOTE)) is tagged
    assert result.outcome is Outcome.READY


def test_an_edition_that_was_not_valid_goes_to_a_clerk() -> None:
    values = COMPLETE | {"complaint_sent_date": "2025-10-01", "sign_date": "2025-12-01"}
    result = check(reading(values), date(2025, 12, 31))
    assert (result.outcome, result.reasons) == (Outcome.MANUAL_REVIEW, ("edition_not_valid",))


def test_doubts_of_the_reading_are_passed_on() -> None:
    result = check(reading(doubts=("La pagina 2 è arrivata due volte.",)))
    assert (result.outcome, result.reasons) == (Outcome.MANUAL_REVIEW, ("reading_doubt",))
    assert result.findings[0].message == "La pagina 2 è arrivata due volte."
