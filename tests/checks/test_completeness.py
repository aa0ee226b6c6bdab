from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.request import Request
from checks.validate import validate
from checks.validation import Outcome, Severity
from checks.wording import cure, where
from ocr.ink import Source
from parsers.handwritten import BY_HAND
from parsers.reading import Reading, State, Value
from parsers.verdict import NOT_CLEAR, READERS_DIFFER
from tests.checks.desk import (
    BONUS,
    COMPLETE,
    DELEGATE,
    PAPERS,
    alter,
    check,
    context,
    found,
    reading,
    small_form,
    value,
)

MISSING, DOUBTFUL, INVALID, NOTE = Severity.MISSING, Severity.DOUBTFUL, Severity.INVALID, Severity.NOTE


def spoilt(name: str, state: State, source: Source = Source.OCR, reason: str = "") -> Value:
    return Value(name, None, "x?", state, 0.3, source, reason=reason)


def test_a_complete_request_is_ready() -> None:
    result = check(reading())
    assert (result.outcome, result.reasons, result.findings) == (Outcome.READY, (), ())


REQUIRED = [f.name for f in small_form().fields.values() if f.required_when == "always"]


TOLD_OTHERWISE = {"customer_type", "complaint_sent_date", "attachment_ticks"}


@pytest.mark.parametrize("name", [n for n in REQUIRED if n not in TOLD_OTHERWISE])
def test_every_required_field_left_empty_is_missing(name: str) -> None:
    result = check(reading(COMPLETE | {name: None}))
    assert ("field_missing", name) in found(result, MISSING)
    assert result.outcome is Outcome.INCOMPLETE
    assert name in result.reasons


def test_all_gaps_are_told_at_once() -> None:
    gaps = {"holder_surname", "supply_pod", "description", "signature_present"}
    result = check(reading(COMPLETE | dict.fromkeys(gaps)))
    assert set(result.reasons) == gaps


def test_the_message_names_section_label_and_cure() -> None:
    (finding,) = check(reading(COMPLETE | {"supply_pod": None})).findings
    assert finding.section == "D"
    assert finding.message == (
        "Sezione D – Codice POD: manca. Si trova sulla bolletta; inizia con IT e ha 14 o 15 caratteri."
    )


def test_a_field_is_named_so_that_it_is_found() -> None:
    result = check(reading(COMPLETE | {"holder_birth_province": None, "mailing_street": "Via di Prova"}))
    told = " ".join(f.message for f in result.findings)
    assert "Sezione A – Prov. di nascita: manca" in told
    form = small_form()
    assert where(replace(form.fields["holder_birth_province"], label="Prov.")) == "Sezione A – Prov. (nascita)"
    assert where(form.fields["mailing_street"]) == "Sezione A – Via/Piazza (recapito)"
    boxes = replace(form.fields["customer_type"], label="Barrare una sola casella")
    assert (where(boxes), cure(boxes)) == ("Sezione B", "Barrare una sola casella.")
    assert cure(replace(boxes, label="Tipo", hint="Come in bolletta.")) == "Come in bolletta."


def test_unreadable_is_for_a_clerk_and_never_missing() -> None:
    result = check(alter(reading(), spoilt("supply_pod", State.UNREADABLE)))
    assert found(result) == {("field_unreadable", "supply_pod")}
    assert (result.outcome, result.reasons) == (Outcome.MANUAL_REVIEW, ("field_unreadable",))
    assert result.values["supply_pod"].state is State.UNREADABLE


@pytest.mark.parametrize("reason", ["", "La foto è mossa.", NOT_CLEAR, READERS_DIFFER, BY_HAND])
def test_the_clerk_is_told_once_to_compare_with_the_image(reason: str) -> None:
    result = check(alter(reading(), spoilt("supply_pod", State.UNREADABLE, reason=reason)))
    assert result.findings[0].message.casefold().count("confrontare con l'immagine") == 1


def test_what_the_clerk_cannot_read_either_is_asked_again() -> None:
    result = check(alter(reading(), spoilt("supply_pod", State.UNREADABLE, Source.CLERK)))
    assert (result.outcome, result.reasons) == (Outcome.INCOMPLETE, ("supply_pod",))


def test_invalid_waits_for_a_clerk_who_may_confirm_it() -> None:
    wrong = spoilt("supply_pod", State.INVALID, reason="Il codice POD ha 13 caratteri.")
    result = check(alter(reading(), wrong))
    assert (result.outcome, result.reasons) == (Outcome.MANUAL_REVIEW, ("field_invalid",))
    assert result.findings[0].message == "Sezione D – Codice POD: Il codice POD ha 13 caratteri."
    confirmed = check(alter(reading(), replace(wrong, source=Source.CLERK)))
    assert (confirmed.outcome, confirmed.reasons) == (Outcome.INCOMPLETE, ("supply_pod",))


def test_an_invalid_optional_field_is_reported_too() -> None:
    result = check(alter(reading(), spoilt("holder_email", State.INVALID)))
    assert ("field_invalid", "holder_email") in found(result, INVALID)


def test_an_unreadable_optional_field_on_which_nothing_hangs_is_a_note() -> None:
    result = check(alter(reading(), spoilt("customer_code", State.UNREADABLE)))
    assert found(result, NOTE) == {("field_unreadable", "customer_code")}
    assert result.outcome is Outcome.READY


def test_an_unreadable_tick_on_which_papers_hang_is_doubtful() -> None:
    result = check(alter(reading(), spoilt("heir_request", State.UNREADABLE)))
    assert found(result) == {("field_unreadable", "heir_request")}


def test_a_strike_through_a_required_field_is_missing() -> None:
    result = check(alter(reading(), spoilt("holder_surname", State.NOT_APPLICABLE)))
    assert found(result, MISSING) == {("field_struck", "holder_surname")}
    assert "barrato" in result.findings[0].message


def test_a_strike_through_an_optional_field_is_fine() -> None:
    assert check(alter(reading(), spoilt("supply_pdr", State.NOT_APPLICABLE))).outcome is Outcome.READY


@pytest.mark.parametrize("province", ["NA", "NO"])
def test_napoli_and_novara_are_provinces(province: str) -> None:
    place = {"NA": ("Napoli", "80121"), "NO": ("Novara", "28100")}[province]
    home = {"holder_municipality": place[0], "holder_province": province, "holder_postal_code": place[1]}
    assert check(reading(COMPLETE | home)).outcome is Outcome.READY


def test_low_confidence_is_not_empty() -> None:
    assert check(alter(reading(), value("holder_street", "Via", confidence=0.01))).outcome is Outcome.READY


def test_conditional_fields_follow_their_condition() -> None:
    gas = COMPLETE | {"supply_service": "gas", "supply_pod": None, "supply_pdr": "00123456789012"}
    result = check(reading(gas))
    assert result.outcome is Outcome.READY
    assert result.values["supply_pod"].state is State.NOT_APPLICABLE
    assert check(reading(gas | {"supply_service": "both"})).reasons == ("supply_pod",)
    assert set(check(reading(COMPLETE | {"supply_service": "both"})).reasons) == {"supply_pdr"}


def test_final_states() -> None:
    values = check(reading()).values
    assert values["delegate_surname"].state is State.NOT_APPLICABLE  # its condition is false
    assert values["holder_email"].state is State.EMPTY  # merely optional
    assert values["supply_pod"].state is State.FILLED
    assert set(values) == set(small_form().fields)


def test_a_condition_over_an_unreadable_field_stays_open() -> None:
    given = alter(reading(COMPLETE | {"supply_pod": None}), spoilt("supply_service", State.UNREADABLE))
    result = check(given)
    assert found(result) == {("field_unreadable", "supply_service")}
    assert result.values["supply_pod"].state is State.EMPTY


def test_section_f_may_be_empty_for_a_bonus() -> None:
    assert check(reading(BONUS, ("id_copy_holder",), "BONUS")).outcome is Outcome.READY


def test_one_of_several_contacts() -> None:
    result = check(reading(COMPLETE | {"holder_mobile": None}))
    assert found(result, MISSING) == {("group_missing", "holder_mobile")}
    assert "Recapiti" in result.findings[0].message
    assert check(reading(COMPLETE | {"holder_mobile": None, "holder_email": "a@example.com"})).outcome is Outcome.READY


def test_an_unreadable_only_contact_is_doubtful() -> None:
    result = check(alter(reading(COMPLETE | {"holder_mobile": None}), spoilt("holder_email", State.UNREADABLE)))
    assert ("group_unreadable", "holder_email") in found(result, DOUBTFUL)
    assert not found(result, MISSING)


def test_an_only_contact_that_the_clerk_cannot_read_either_is_asked_again() -> None:
    given_up = spoilt("holder_email", State.UNREADABLE, Source.CLERK)
    result = check(alter(reading(COMPLETE | {"holder_mobile": None}), given_up))
    assert (result.outcome, result.reasons) == (Outcome.INCOMPLETE, ("holder_mobile",))
    assert check(alter(reading(), given_up)).outcome is Outcome.READY


def test_all_or_none_of_the_mailing_address() -> None:
    result = check(reading(COMPLETE | {"mailing_street": "Via di Prova", "mailing_municipality": "Roma"}))
    assert found(result, MISSING) == {("group_partial", "mailing_street_number")}
    assert "manca N., CAP e Prov. Completarlo." in result.findings[0].message


def test_a_missing_page_is_asked_for_once() -> None:
    first = {name: v for name, v in reading().values.items() if small_form().fields[name].page == 1}
    result = check(replace(reading(), values=first, missing_pages=(2,)))
    assert found(result) == {("page_missing", "")}
    assert (result.outcome, result.reasons) == (Outcome.INCOMPLETE, ("page_missing",))
    assert "Pagina 2" in result.findings[0].message
    assert "sezioni F, G, H, I, L, M e N" in result.findings[0].message


def test_with_its_page_the_customer_type_is_asked_for_once() -> None:
    second = {name: v for name, v in reading().values.items() if small_form().fields[name].page == 2}
    result = check(replace(reading(), values=second, missing_pages=(1,)))
    assert found(result) == {("page_missing", "")}


def test_a_blank_form_is_one_finding() -> None:
    result = check(reading({}, ()))
    assert (result.outcome, result.reasons) == (Outcome.INCOMPLETE, ("form_blank",))
    assert len(result.findings) == 1
    assert check(reading({"procedure": "CMOR"}, ())).reasons == ("form_blank",)


def test_a_form_with_one_word_is_not_blank() -> None:
    assert len(check(reading({"holder_surname": "Rossi"}, ())).findings) > 20


def test_customer_code_for_an_unknown_pod() -> None:
    result = check(reading(COMPLETE | {"supply_pod": None, "customer_code": "C123"}))
    assert (result.outcome, result.reasons) == (Outcome.MANUAL_REVIEW, ("customer_code_only",))


def test_a_pdr_in_the_pod_box_proposes_the_swap() -> None:
    gas = COMPLETE | {"supply_service": "gas", "supply_pod": None}
    wrong = Value("supply_pod", None, "00123456789012", State.INVALID, 1.0, Source.OCR, reason="Sembra un PDR.")
    result = check(alter(reading(gas), wrong))
    assert ("pod_pdr_swapped", "supply_pdr") in found(result, DOUBTFUL)
    assert not found(result, MISSING)


def test_no_message_shows_a_whole_code() -> None:
    raw = "IT001E1234567890"
    wrong = Value("supply_pod", None, raw, State.INVALID, 1.0, Source.OCR, reason=f"{raw} ha 16 caratteri.")
    (finding,) = check(alter(reading(), wrong)).findings
    assert raw not in finding.message
    assert "IT00…90" in finding.message


def test_a_clerk_may_let_a_doubt_pass() -> None:
    given = reading(COMPLETE | {"complaint_recipient": "Altra Luce"})
    doubt = ("complaint_recipient_mismatch", "complaint_recipient")
    assert check(given).outcome is Outcome.MANUAL_REVIEW
    assert check(given, accepted=frozenset({doubt})).outcome is Outcome.READY


def test_a_correction_by_a_clerk_is_checked_by_the_same_function() -> None:
    first = check(alter(reading(), spoilt("supply_pod", State.UNREADABLE)))
    read = value("supply_pod", "IT001E12345678", source=Source.CLERK)
    again = replace(reading(), values={**first.values, "supply_pod": read})
    assert check(again).outcome is Outcome.READY
    gas = {**first.values, "supply_service": value("supply_service", "gas", source=Source.CLERK)}
    assert ("field_struck", "supply_pdr") in found(check(replace(reading(), values=gas)), MISSING)


contents = st.one_of(
    st.text(max_size=12), st.booleans(), st.dates().map(str),
    st.sampled_from(["domestic", "gas", "yes", "CMOR", "IT001E12345678"]),
    st.lists(st.sampled_from(["CMOR", "DOPPIA", "charge_error"]), max_size=2).map(tuple),
)  # fmt: skip
bare = st.sampled_from([State.EMPTY, State.UNREADABLE, State.INVALID, State.NOT_APPLICABLE])


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    code = draw(st.sampled_from(["CMOR", "BONUS", "RIPRISTINO", "DOPPIA", "INDENNIZZO"]))
    base = dict(reading(COMPLETE | draw(st.sampled_from([{}, DELEGATE])), form=code).values)
    for name in draw(st.lists(st.sampled_from(sorted(base)), max_size=12, unique=True)):
        content, state = draw(contents), draw(st.one_of(st.none(), st.just("gone"), bare))
        kept = value(name, content) if state is None else spoilt(name, State(state)) if state != "gone" else None
        base.pop(name)
        if kept is not None:
            base[name] = kept
    return replace(
        reading(form=code, papers=draw(st.sampled_from([(), PAPERS, ("unsure",), (*PAPERS, "delegation_signed")]))),
        values=base,
        missing_pages=draw(st.sampled_from([(), (1,), (2,)])),
    )


@settings(max_examples=60)
@given(readings(), st.sampled_from(["", "RSSMRA80A01H501U"]))
def test_any_mix_of_states_gets_an_outcome(given_reading: Reading, sender: str) -> None:
    result = check(given_reading, sender=sender)
    assert set(small_form(given_reading.form).fields) <= set(result.values)
    assert (result.outcome is Outcome.READY) == (result.reasons == ())
    assert all(f.message.strip().endswith((".", "?")) for f in result.findings)


@settings(max_examples=60)
@given(readings())
def test_every_required_empty_field_yields_a_finding(given_reading: Reading) -> None:
    form = small_form(given_reading.form)
    result = validate(given_reading, form, context())
    if result.reasons == ("form_blank",):
        return
    request = Request(given_reading, form, context())
    told = {f.field for f in result.findings}
    for field in form.fields.values():
        if request.needs(field) and request.state(field.name) is State.EMPTY and not request.lost(field.name):
            assert field.name in told


def test_a_group_of_which_a_part_cannot_be_read_goes_to_a_clerk_not_to_the_customer() -> None:
    result = check(alter(reading(COMPLETE), spoilt("mailing_street", State.UNREADABLE)))
    assert result.outcome is Outcome.MANUAL_REVIEW
    assert not found(result, MISSING)
