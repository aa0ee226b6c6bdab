"""The shipped forms: each has every field that the rules name, and says that it is a facsimile."""

from datetime import date
from pathlib import Path

import pytest

from templates.form import Form, Kind
from templates.load import Library, load_forms, shipped_forms
from templates.publish import form_as_json
from templates.soundness import SYNTHETIC

ADDRESS = ("street", "street_number", "postal_code", "municipality", "province")


def address(prefix: str) -> set[str]:
    return {f"{prefix}_{part}" for part in ADDRESS}


HOLDER = {
    "holder_surname",
    "holder_given_name",
    "holder_birth_date",
    "holder_birth_place",
    "holder_birth_province",
    "holder_tax_code",
}
EVERYWHERE = (
    HOLDER
    | address("holder")
    | address("mailing")
    | address("delegate")
    | address("supply")
    | {"holder_sex", "holder_mobile", "holder_phone", "holder_email", "holder_pec"}
    | {"heir_request", "deceased_holder_name", "customer_type", "business_name", "vat_number"}
    | {"delegate_surname", "delegate_given_name", "delegate_tax_code", "delegate_relationship"}
    | {"delegate_relationship_other", "delegate_not_professional", "delegation_attached"}
    | {"delegate_phone", "delegate_email"}
    | {"supply_service", "supply_pod", "supply_pdr", "supply_use", "customer_code", "supply_contract_number"}
    | {"procedure", "subcases", "description", "attachment_ticks", "privacy_acknowledged"}
    | {"sign_place", "sign_date", "signature_present"}
)
COMPLAINT = {
    "complaint_sent_date",
    "complaint_recipient",
    "complaint_means",
    "complaint_answered",
    "complaint_answer_date",
    "complaint_received_date",
}
OWN = {
    "BONUS": {"supplier_current", "distributor", "bonus_kind", "bonus_year", "bonus_application_date"}
    | {"bonus_application_office", "bonus_request_number", "isee_protocol", "bonus_household_size"},
    "RIPRISTINO": COMPLAINT
    | {"supplier_contested", "supplier_previous", "contract_number", "contract_discovered_date"}
    | {"contract_activation_date"},
    "CMOR": COMPLAINT
    | {"supplier_current", "supplier_previous", "cmor_reason", "cmor_amount", "cmor_bill_number", "cmor_bill_date"}
    | {"cmor_bill_due_date", "cmor_paid_date", "cmor_paid_amount"},
    "DOPPIA": COMPLAINT
    | {"supplier_current", "supplier_previous", "switch_date", "double_period_from", "double_period_to"}
    | {"bill_numbers_old", "bill_numbers_new"},
    "INDENNIZZO": COMPLAINT
    | {"supplier_current", "distributor", "indemnity_standard", "indemnity_event_date", "indemnity_amount"}
    | {"indemnity_bill"},
}
SUBCASES = {
    "BONUS": {"application_refused", "not_paid", "recovery_disputed"},
    "RIPRISTINO": {"contract_not_concluded"},
    "CMOR": {"charge_error", "not_cancelled"},
    "DOPPIA": {"double_billing"},
    "INDENNIZZO": {"indemnity_not_paid"},
}
PAPERS = {
    "BONUS": {"bill_latest", "isee_attestation", "asl_certificate", "bonus_letter"},
    "RIPRISTINO": {"contract_paper"},
    "CMOR": {"bill_cmor", "payment_proof"},
    "DOPPIA": {"bill_old", "bill_new"},
    "INDENNIZZO": {"bills_after_complaint"},
}
ANY_PAPERS = {"id_copy_holder", "delegation_signed", "id_copy_delegate", "heir_declaration"}
COMPLAINT_PAPERS = {"complaint_copy", "complaint_sending_proof", "complaint_answer_copy"}
DELEGA = (
    HOLDER
    | address("holder")
    | {"holder_mobile", "delegate_surname", "delegate_given_name", "delegate_tax_code", "delegate_birth_date"}
    | {"delegate_birth_place", "delegate_birth_province", "delegate_relationship", "delegate_not_professional"}
    | {"procedure", "supply_pod", "supply_pdr", "sign_place", "sign_date"}
    | {"signature_present", "delegate_signature_present"}
)

LIBRARY = load_forms()
REQUESTS = sorted(OWN)
ALL = [*REQUESTS, "DELEGA"]


def of(code: str) -> Form:
    return LIBRARY.get(code, "2026-01")


def test_six_forms_are_shipped() -> None:
    assert sorted(form.code for form in LIBRARY) == sorted(ALL)
    assert len(LIBRARY) == 6


@pytest.mark.parametrize("code", REQUESTS)
def test_a_request_has_exactly_the_fields_of_the_rules(code: str) -> None:
    assert set(of(code).fields) == EVERYWHERE | OWN[code]


def test_the_delegation_names_both_persons_and_has_both_signatures() -> None:
    delega = of("DELEGA")
    assert set(delega.fields) == DELEGA
    assert {f.name for f in delega.fields.values() if f.kind is Kind.INK} == {
        "signature_present",
        "delegate_signature_present",
    }


@pytest.mark.parametrize("code", REQUESTS)
def test_sections_stand_in_the_order_of_their_letters(code: str) -> None:
    letters = "".join(section.letter for section in of(code).sections)
    assert letters == ("ABCDEGHILMN" if code == "BONUS" else "ABCDEFGHILMN")


@pytest.mark.parametrize("code", REQUESTS)
def test_the_form_asks_for_its_own_subject_and_papers(code: str) -> None:
    form = of(code)
    assert {o.value for o in form.fields["subcases"].options} == SUBCASES[code]
    procedures = [o.value for o in form.fields["procedure"].options]
    assert procedures[0] == code
    assert sorted(procedures) == REQUESTS
    expected = ANY_PAPERS | PAPERS[code] | (set() if code == "BONUS" else COMPLAINT_PAPERS)
    assert {a.code for a in form.attachments} == expected
    assert [o.value for o in form.fields["attachment_ticks"].options] == [a.code for a in form.attachments]


@pytest.mark.parametrize("code", REQUESTS)
def test_conditions_are_those_of_the_rules(code: str) -> None:
    fields = of(code).fields
    assert fields["supply_pod"].required_when == "supply_service in (electricity, both)"
    assert fields["vat_number"].required_when == "customer_type = non_domestic"
    assert fields["delegate_tax_code"].required_when == "delegate_acts"
    assert {fields[name].required_when for name in HOLDER | address("holder") | address("supply")} == {"always"}
    needs = {need.fields[0]: need for section in of(code).sections for need in section.needs}
    assert needs["holder_mobile"].mode == "one"
    assert set(needs["holder_mobile"].fields) == {"holder_mobile", "holder_phone", "holder_email", "holder_pec"}
    assert set(needs["mailing_street"].fields) == address("mailing")
    assert needs["mailing_street"].mode == "all_or_none"


@pytest.mark.parametrize("code", ALL)
def test_each_form_says_that_it_is_a_facsimile(code: str) -> None:
    form = of(code)
    assert form.synthetic
    assert form.notice == SYNTHETIC
    assert 1 <= form.page_count <= 4
    assert len(form.blank) < 300_000
    assert (form.valid_from, form.valid_to) == (date(2026, 1, 1), None)


@pytest.mark.parametrize("code", ALL)
def test_writing_areas_are_roomy(code: str) -> None:
    for field in of(code).fields.values():
        if field.cells:
            assert field.box.width / field.cells >= 5
            assert field.box.height >= 6.5
        elif field.kind is Kind.INK:
            assert field.box.width >= 75
            assert field.box.height >= 20
        elif not field.options and field.kind is not Kind.TICK:
            assert field.box.height / field.lines >= 8


def test_the_current_edition_is_the_newest_valid_one() -> None:
    assert LIBRARY.current("CMOR", date(2026, 1, 1)) is of("CMOR")
    with pytest.raises(KeyError, match="no edition of CMOR"):
        LIBRARY.current("CMOR", date(2025, 12, 31))
    with pytest.raises(KeyError, match="known: BONUS/2026-01"):
        LIBRARY.get("CMOR", "1999-01")


def test_an_older_edition_stays_valid_until_its_last_day() -> None:
    new, old = of("CMOR"), of("BONUS")
    assert Library((old, new)).current("BONUS", date(2030, 5, 5)) is old


def test_published_forms_are_plain_data() -> None:
    told = form_as_json(of("CMOR"))
    assert told["page_size_mm"] == [210.0, 297.0]
    fields = {field["name"]: field for field in told["fields"]}
    code = fields["holder_tax_code"]
    assert (code["section"], code["kind"], code["cells"], code["max_length"]) == ("A", "tax_code", 16, 16)
    assert set(code["box"]) == {"left", "top", "width", "height"}
    assert [o["value"] for o in fields["supply_service"]["options"]] == ["electricity", "gas", "both"]
    assert fields["signature_present"]["acroform"] is None
    assert {need["mode"] for need in told["needs"]} == {"one", "all_or_none"}


def test_every_definition_is_plain_text_without_coordinates() -> None:
    for file in Path(shipped_forms()).rglob("*.toml"):
        assert "box = [" not in file.read_text("utf-8")
