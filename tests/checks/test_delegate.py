from dataclasses import replace

import pytest

from checks.validation import Outcome, Severity
from ocr.ink import Source
from parsers.reading import Content, Paper, Reading, State, Value
from tests.checks.desk import COMPLETE, DELEGATE, PAPERS, alter, check, found, reading, value

LETTER = (
    "Il sottoscritto Mario Rossi, nato a Roma, delega la signora Maria Grazia De Prova a presentare per suo conto la "
    "richiesta allo Sportello. Roma, 10 novembre 2026. In fede"
)
SIGNED = {name: value(name, c) for name, c in (COMPLETE | DELEGATE | {"delegate_signature_present": True}).items()}


def delegated(
    more: dict[str, Content] | None = None, papers: tuple[str, ...] = (*PAPERS, "delegation_signed")
) -> Reading:
    return replace(
        reading(COMPLETE | DELEGATE | (more or {}), papers), delega=SIGNED if "delegation_signed" in papers else {}
    )


def with_letter(text: str) -> Reading:
    given = delegated(papers=PAPERS)
    return replace(given, papers=(*given.papers, Paper("delegation_signed", "d.pdf", 1, 0.9, text=text)))


def test_a_delegate_with_delega_and_identity_document() -> None:
    assert check(delegated()).outcome is Outcome.READY
    assert check(with_letter(LETTER)).outcome is Outcome.READY


def test_without_delega_it_is_incomplete() -> None:
    result = check(delegated(papers=PAPERS))
    assert (result.outcome, result.reasons) == (Outcome.INCOMPLETE, ("delegation_signed",))


def test_without_the_holders_document_it_is_incomplete() -> None:
    result = check(delegated(papers=("complaint_copy", "bill_cmor", "delegation_signed")))
    assert (result.outcome, result.reasons) == (Outcome.INCOMPLETE, ("id_copy_holder",))


def test_a_delega_of_one_name_without_any_tick_is_a_delegate_case() -> None:
    result = check(reading(COMPLETE | {"delegate_surname": "De Prova"}))
    assert result.outcome is Outcome.INCOMPLETE
    assert {"delegation_signed", "delegate_not_professional", "delegate_given_name"} <= set(result.reasons)


def test_ink_in_section_c_is_a_delegate_too() -> None:
    ink = Value("delegate_surname", None, "", State.UNREADABLE, 0.1, Source.OCR)
    assert ("attachment_missing", "delegation_signed") in found(check(alter(reading(), ink)))


def test_the_declaration_is_missing() -> None:
    result = check(delegated({"delegate_not_professional": None}))
    assert (result.outcome, result.reasons) == (Outcome.INCOMPLETE, ("delegate_not_professional",))


@pytest.mark.parametrize(
    "more",
    [
        {"delegate_surname": "Avv. De Prova"},
        {"delegate_surname": "Studio De Prova"},
        {"delegate_relationship": "C.A.F. di Prova"},
        {"delegate_email": "prova@pec.ordineavvocatiprova.example.com"},
        {"delegate_tax_code": "12345670017"},
    ],
)
def test_signs_of_a_professional_go_to_a_clerk_and_are_no_refusal(more: dict[str, Content]) -> None:
    given = delegated(more)
    result = check(given)
    assert result.outcome is Outcome.MANUAL_REVIEW
    assert "professional_delegate_signal" in result.reasons
    assert not found(result, Severity.REFUSAL)
    settled = check(given, delegate_professional=False)
    assert "professional_delegate_signal" not in settled.reasons


def test_the_same_delegate_on_many_cases() -> None:
    assert check(delegated(), delegate_cases=4).outcome is Outcome.READY
    assert "professional_delegate_signal" in check(delegated(), delegate_cases=5).reasons


def test_the_senders_address_is_a_sign_only_where_a_delegate_acts() -> None:
    sender = "segreteria@studiolegaleprova.example.com"
    assert "professional_delegate_signal" in check(delegated(), sender=sender).reasons
    assert check(reading(), sender=sender).outcome is Outcome.READY


def test_the_delega_names_somebody_else() -> None:
    other = {**SIGNED, "delegate_tax_code": value("delegate_tax_code", "FOXBAX99T71Z110Z")}
    other["delegate_surname"] = value("delegate_surname", "Fo")
    assert "delegation_names_differ" in check(replace(delegated(), delega=other)).reasons
    assert "delegation_names_differ" in check(with_letter(LETTER.replace("De Prova", "Bianchi Verdi"))).reasons


def test_the_delega_is_not_signed_or_not_filled() -> None:
    bare = {name: v for name, v in SIGNED.items() if name != "signature_present"}
    result = check(replace(delegated(), delega=bare))
    assert (result.outcome, result.reasons) == (Outcome.INCOMPLETE, ("delegation_signed",))
    assert ("delegation_unsigned", "delegation_signed") in found(result, Severity.MISSING)
    blank = {"signature_present": SIGNED["signature_present"]}
    assert ("delegation_names_missing", "delegation_signed") in found(check(replace(delegated(), delega=blank)))
    faint = Value("signature_present", None, "", State.UNREADABLE, 0.3, Source.MARK)
    assert "delegation_signature_unclear" in check(replace(delegated(), delega={**SIGNED, faint.field: faint})).reasons


def test_a_delega_that_cannot_be_read() -> None:
    assert check(with_letter("~~ ..")).reasons == ("delegation_illegible",)


def test_a_delega_without_a_delegate() -> None:
    result = check(reading(papers=(*PAPERS, "delegation_signed")))
    assert (result.outcome, result.reasons) == (Outcome.MANUAL_REVIEW, ("delegation_without_delegate",))


def test_holder_and_delegate_are_the_same() -> None:
    assert "delegate_is_holder" in check(delegated({"delegate_tax_code": "RSSMRA80A01H501U"})).reasons


def test_unsorted_papers_are_never_lost() -> None:
    result = check(reading(papers=("id_copy_holder", "complaint_copy", "unsure")))
    assert (result.outcome, result.reasons) == (Outcome.MANUAL_REVIEW, ("attachment_unsorted",))
    assert "1 foglio" in result.findings[0].message


def test_the_paper_counts_and_not_the_tick() -> None:
    ticked = COMPLETE | {"attachment_ticks": ("bill_cmor", "complaint_copy")}
    result = check(reading(ticked, ("id_copy_holder", "complaint_copy")))
    assert (result.outcome, result.reasons) == (Outcome.INCOMPLETE, ("bill_cmor",))
    assert "barrato" in result.findings[0].message
    untold = check(reading(COMPLETE | {"attachment_ticks": ()}))
    assert untold.outcome is Outcome.READY
    assert found(untold, Severity.NOTE) == {("paper_without_tick", "attachment_ticks")}
    assert "attachment_ticks" in check(reading(COMPLETE | {"attachment_ticks": None}, ())).reasons


def test_the_delega_counts_and_not_its_tick() -> None:
    assert check(delegated({"delegation_attached": False})).outcome is Outcome.READY
    bare = check(delegated({"delegation_attached": False}, PAPERS))
    assert set(bare.reasons) == {"delegation_attached", "delegation_signed"}


def test_a_paper_may_stand_for_another() -> None:
    assert check(reading(papers=("id_copy_holder", "complaint_copy", "bill_latest"))).outcome is Outcome.READY
