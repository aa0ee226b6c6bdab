from dataclasses import replace

from checks.bills import roles
from checks.request import Request
from checks.validate import validate
from checks.validation import Outcome
from parsers.reading import Content, Paper, Reading
from templates.form import Attachment, Form
from tests.checks.desk import ATTACHMENTS, COMPLETE, context, reading, small_form

OLD = "Esempio Energia S.r.l. Fattura n. B00000001 Periodo 01/05/2026 - 30/06/2026 Scadenza 25/07/2026"
NEW = "PROVA LUCE S.P.A. Bolletta per la fornitura Bolletta n. B00000002 emessa il 12/10/2026, già Esempio Energia"


def form_asking(*codes: str) -> Form:
    return replace(small_form(), attachments=(*ATTACHMENTS[:1], *(Attachment(c, c, "always") for c in codes)))


def with_bills(*texts: str, code: str = "bill_latest", **more: Content) -> Reading:
    given = reading(COMPLETE | more, ("id_copy_holder",))
    bills = tuple(Paper(code, f"b{n}.pdf", n, 0.9, text=text) for n, text in enumerate(texts, 1))
    return replace(given, papers=(*given.papers, *bills))


def test_seller_and_dates_tell_what_a_bill_is() -> None:
    shown = [roles(Request(with_bills(text), small_form(), context())) for text in (OLD, NEW)]
    assert shown[0] == {"bill_latest", "contract_paper", "bill_old"}
    assert shown[1] == {"bill_latest", "contract_paper", "bill_new", "bills_after_complaint"}


def test_the_bills_of_both_sellers() -> None:
    form = form_asking("bill_old", "bill_new")
    assert validate(with_bills(OLD, NEW), form, context()).outcome is Outcome.READY
    assert validate(with_bills(NEW), form, context()).reasons == ("bill_old",)
    assert validate(with_bills(), form, context()).reasons == ("bill_old", "bill_new")


def test_a_bill_that_shows_no_seller_is_looked_at() -> None:
    form = form_asking("bill_old", "bill_new")
    result = validate(with_bills(NEW, "Bolletta n. 3"), form, context())
    assert (result.outcome, result.reasons) == (Outcome.MANUAL_REVIEW, ("bill_unclear",))


def test_the_second_sheet_of_a_bill_is_no_other_bill() -> None:
    given = with_bills(NEW)
    second = Paper("bill_latest", "b1.pdf", 2, 0.8, text="Dettaglio importi")
    given = replace(given, papers=(*given.papers, second))
    assert validate(given, form_asking("bill_old", "bill_new"), context()).reasons == ("bill_old",)


def test_a_bill_of_after_the_complaint() -> None:
    form = form_asking("bills_after_complaint")
    assert validate(with_bills(NEW), form, context()).outcome is Outcome.READY
    assert validate(with_bills(OLD), form, context()).reasons == ("bill_unclear",)
    assert validate(with_bills(OLD, code="bills_after_complaint"), form, context()).outcome is Outcome.READY


def test_a_bill_without_a_cmor_line_is_looked_at() -> None:
    assert validate(with_bills(OLD), form_asking("bill_cmor"), context()).reasons == ("bill_unclear",)


def test_a_date_that_is_none_is_passed_over() -> None:
    text = OLD.replace("25/07/2026", "39/19/2026")
    assert validate(with_bills(text), form_asking("bills_after_complaint"), context()).reasons == ("bill_unclear",)
