from dataclasses import replace
from datetime import date

import pytest

from checks.matrix import BrokenMatrix, Question, find, read_matrix, shipped_matrix
from checks.validation import Outcome, Severity
from intake.receipt import Channel
from ocr.ink import Source
from parsers.reading import Content, State, Value
from tests.checks.desk import BONUS, COMPLETE, DELEGATE, PAPERS, alter, check, found, reading

PROCEDURES = ["BONUS", "CMOR", "DOPPIA", "INDENNIZZO", "RIPRISTINO"]
BUSINESS: dict[str, Content] = {
    "customer_type": "non_domestic", "business_name": "Prova S.r.l.", "vat_number": "12345670017",
    "supply_use": "other_use",
}  # fmt: skip


def values(code: str, **more: Content) -> dict[str, Content]:
    base = BONUS if code == "BONUS" else COMPLETE
    who: dict[str, Content] = {"complaint_recipient": "Prova Luce", "supplier_contested": "Prova Luce"}
    who = who if code in {"RIPRISTINO", "INDENNIZZO"} else {}
    return {**base, "procedure": code, **who, **more}


@pytest.mark.parametrize("code", PROCEDURES[:4])
@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.PEC, Channel.FAX, Channel.POST])
def test_domestic_customers_are_admitted(code: str, channel: Channel) -> None:
    assert check(reading(values(code), form=code), channel=channel).outcome is Outcome.READY


@pytest.mark.parametrize("code", PROCEDURES[:4])
def test_domestic_customers_with_a_delegate_are_admitted(code: str) -> None:
    given = reading(values(code, **DELEGATE), (*PAPERS, "delegation_signed"), code)
    given = replace(given, delega=given.values)
    assert check(given).outcome is Outcome.READY, check(given).findings


@pytest.mark.parametrize("code", PROCEDURES)
@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.PEC, Channel.FAX, Channel.POST])
def test_others_use_the_portale(code: str, channel: Channel) -> None:
    result = check(reading(values(code, **BUSINESS), form=code), channel=channel)
    assert (result.outcome, result.reasons) == (Outcome.NOT_ADMISSIBLE, ("channel_not_for_customer_type",))


def test_others_are_admitted_online() -> None:
    result = check(reading(values("DOPPIA", **BUSINESS), form="DOPPIA"), channel=Channel.ONLINE)
    assert result.outcome is Outcome.READY


def test_ripristino_is_not_for_domestic_customers() -> None:
    result = check(reading(values("RIPRISTINO"), form="RIPRISTINO"))
    assert (result.outcome, result.reasons) == (Outcome.NOT_ADMISSIBLE, ("procedure_not_for_domestic",))


def test_a_refusal_stands_above_gaps_and_the_wait() -> None:
    result = check(reading(values("RIPRISTINO", supply_pod=None), form="RIPRISTINO"), date(2026, 10, 20))
    assert result.outcome is Outcome.NOT_ADMISSIBLE
    assert ("field_missing", "supply_pod") in found(result)
    assert result.hold_until is None


def test_a_professional_is_refused_only_by_a_clerks_word() -> None:
    given = reading(values("CMOR", **DELEGATE), (*PAPERS, "delegation_signed"))
    result = check(given, delegate_professional=True)
    assert (result.outcome, result.reasons) == (Outcome.NOT_ADMISSIBLE, ("professional_delegate",))
    assert check(reading(), delegate_professional=True).outcome is Outcome.READY


def test_heirs_are_admitted() -> None:
    result = check(reading(values("CMOR", heir_request=True, deceased_holder_name="Rossi Anna")))
    assert result.outcome is Outcome.READY
    assert check(reading(values("CMOR", heir_request=True))).reasons == ("deceased_holder_name",)


def test_no_customer_type_goes_to_a_clerk() -> None:
    result = check(reading(values("CMOR", customer_type=None)))
    assert (result.outcome, result.reasons) == (Outcome.MANUAL_REVIEW, ("customer_type_unclear",))


def test_both_types_go_to_a_clerk() -> None:
    both = Value(
        "customer_type", None, "domestic, non_domestic", State.INVALID, 1.0, Source.MARK, reason="Due caselle."
    )
    result = check(alter(reading(), both))
    assert result.outcome is Outcome.MANUAL_REVIEW
    assert "customer_type_unclear" in result.reasons


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"vat_number": "12345670017"}, "vat_number"),
        ({"business_name": "Prova S.r.l."}, "business_name"),
        ({"supply_use": "other_use"}, "supply_use"),
        ({"holder_surname": "Condominio di Via Prova"}, "holder_surname"),
        ({"holder_tax_code": "97123450153"}, "holder_tax_code"),
    ],
)
@pytest.mark.parametrize("code", ["CMOR", "RIPRISTINO"])
def test_signs_of_a_business_on_a_domestic_form_go_to_a_clerk(code: str, more: dict[str, Content], field: str) -> None:
    result = check(reading(values(code, **more), form=code))
    assert result.outcome is Outcome.MANUAL_REVIEW
    assert ("non_domestic_signal", field) in found(result, Severity.DOUBTFUL)


def test_a_non_domestic_tick_with_domestic_use_goes_to_a_clerk() -> None:
    result = check(reading(values("CMOR", customer_type="non_domestic", supply_use="domestic_use")))
    assert result.outcome is Outcome.MANUAL_REVIEW
    assert "domestic_signal" in result.reasons


def test_two_procedures_ticked() -> None:
    result = check(reading(values("CMOR") | {"procedure": ("CMOR", "DOPPIA")}))
    assert (result.outcome, result.reasons) == (Outcome.MANUAL_REVIEW, ("two_procedures",))
    mixed = check(reading(values("CMOR") | {"procedure": ("CMOR", "RIPRISTINO")}))
    assert "eligibility_depends_on_procedure" in mixed.reasons


def test_another_procedure_than_the_form_is_for() -> None:
    assert "procedure_not_of_form" in check(reading(values("CMOR") | {"procedure": ("DOPPIA",)})).reasons


def test_the_day_of_receipt_in_rome_chooses_the_row() -> None:
    rows = read_matrix("""
        [[row]]
        procedures = ["RIPRISTINO"]
        customer_types = ["domestic"]
        channels = ["*"]
        delegate_kinds = ["*"]
        outcome = "admissible"
        valid_to = 2017-06-30
        source = "prova"
        [[row]]
        procedures = ["RIPRISTINO"]
        customer_types = ["domestic"]
        channels = ["*"]
        delegate_kinds = ["*"]
        outcome = "not_admissible"
        reason = "procedure_not_for_domestic"
        valid_from = 2017-07-01
        source = "prova"
    """)
    asked = Question("RIPRISTINO", "domestic", "alternative", "none")
    old, new = find(rows, asked, date(2017, 6, 30)), find(rows, asked, date(2017, 7, 1))
    assert old is not None
    assert new is not None
    assert (old.outcome, new.outcome) == ("admissible", "not_admissible")
    assert find(rows, replace(asked, customer_type="other"), date(2020, 1, 1)) is None


@pytest.mark.parametrize("customer", ["domestic", "non_domestic"])
@pytest.mark.parametrize("channel", ["alternative", "online"])
@pytest.mark.parametrize("delegate", ["none", "non_professional", "professional", "heir"])
@pytest.mark.parametrize("code", PROCEDURES)
def test_the_shipped_matrix_answers_every_question(code: str, delegate: str, channel: str, customer: str) -> None:
    row = find(shipped_matrix(), Question(code, customer, channel, delegate), date(2026, 11, 20))
    assert row is not None
    assert row.source


ROW = '[[row]]\nprocedures=["A"]\ncustomer_types=["*"]\nchannels=["*"]\ndelegate_kinds=["*"]\nsource="s"\n'


@pytest.mark.parametrize(
    "text",
    [
        "[[row",
        '[[row]]\nprocedures = ["A"]',
        ROW + 'outcome="maybe"',
        ROW + 'outcome="admissible"\nreason="x"',
        ROW + 'outcome="not_admissible"',
        ROW + 'outcome="admissible"\nvalid_from=2020-01-02\nvalid_to=2020-01-01',
    ],
)
def test_a_broken_matrix_stops_with_its_row(text: str) -> None:
    with pytest.raises(BrokenMatrix, match="eligibility matrix"):
        read_matrix(text)
