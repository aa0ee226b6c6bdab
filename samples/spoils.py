"""The ways in which a complete request is spoiled, each with the outcome that the rules give it."""

from collections.abc import Callable
from datetime import date, timedelta

from codicefiscale import codicefiscale

from samples.answers import papers_needed
from samples.draft import Draft

Spoil = Callable[[Draft], None]


def nothing(draft: Draft) -> None:
    """Leave the request complete."""


def without(*names: str) -> Spoil:
    """Leave required fields empty."""

    def spoil(draft: Draft) -> None:
        draft.drop(*names)
        draft.expect("INCOMPLETE", *names)

    return spoil


def without_paper(code: str) -> Spoil:
    """Leave a required paper out."""

    def spoil(draft: Draft) -> None:
        draft.papers.pop(code, None)
        if code == "delegation_signed":
            draft.delegation = None
        draft.expect("INCOMPLETE", code)

    return spoil


def without_contacts(draft: Draft) -> None:
    """Leave every way to reach the customer out."""
    names = ("holder_mobile", "holder_phone", "holder_email", "holder_pec")
    draft.drop(*names)
    draft.expect("INCOMPLETE", *names)


def without_specifics(draft: Draft) -> None:
    """Leave section I empty."""
    required = {
        "CMOR": ("cmor_reason", "cmor_amount", "cmor_bill_number", "cmor_bill_date"),
        "BONUS": ("bonus_kind", "bonus_year", "bonus_application_date"),
        "DOPPIA": ("switch_date", "double_period_from", "double_period_to", "bill_numbers_old", "bill_numbers_new"),
        "INDENNIZZO": ("indemnity_standard", "indemnity_event_date"),
    }[draft.case.procedure]
    optional = [n for n in draft.values if n.startswith(("cmor_", "bonus_", "indemnity_"))]
    draft.drop(*required, *optional)
    draft.expect("INCOMPLETE", *required)


def non_domestic(draft: Draft) -> None:
    """Ask as a business."""
    draft.values |= {
        "customer_type": "non_domestic",
        "business_name": f"{draft.case.holder.surname} Esempio S.n.c.",
        "vat_number": "12345670017",
        "supply_use": "other_use",
    }
    draft.expect("NOT_ADMISSIBLE", "channel_not_for_customer_type")


def ripristino(draft: Draft) -> None:
    """Ask for RIPRISTINO as a business."""
    draft.expect("NOT_ADMISSIBLE", "channel_not_for_customer_type")


def ripristino_domestic(draft: Draft) -> None:
    """Ask for RIPRISTINO as a household."""
    draft.drop("business_name", "vat_number")
    draft.values |= {"customer_type": "domestic", "supply_use": "domestic_use"}
    draft.expect("NOT_ADMISSIBLE", "procedure_not_for_domestic")


def held(draft: Draft) -> None:
    """Come before day 41."""
    sent = draft.case.complaint or draft.case.day
    draft.expect("HELD_UNTIL", "wait_not_over", hold_until=sent + timedelta(days=41))


def held_and_incomplete(draft: Draft) -> None:
    """Come before day 41, answered, without the answer's copy."""
    held(draft)
    until = draft.hold_until
    draft.papers.pop("complaint_answer_copy")
    draft.expect("INCOMPLETE", "complaint_answer_copy", hold_until=until)


def wrong_tax_code(draft: Draft) -> None:
    """Write a wrong check letter."""
    code = draft.case.holder.tax_code
    draft.raw["holder_tax_code"] = code[:-1] + chr((ord(code[-1]) - 65 + 1) % 26 + 65)
    draft.expect("MANUAL_REVIEW", "field_invalid")


def as_above(draft: Draft) -> None:
    """Give the supply's address as the holder's, in two words."""
    rest = ("street_number", "postal_code", "municipality", "province")
    draft.wording |= {"supply_street": "come sopra", **{f"supply_{part}": "" for part in rest}}


def omocodia(draft: Draft) -> None:
    """Give the customer a codice fiscale in which a digit became a letter, because another person had the same."""
    omocodes = codicefiscale.decode(draft.case.holder.tax_code)["omocodes"]
    draft.values["holder_tax_code"] = omocodes[1]


def heir(draft: Draft) -> None:
    """Ask as the heir of a holder who died, with the declaration."""
    draft.values |= {"heir_request": True, "deceased_holder_name": f"Anselmo {draft.case.holder.surname}"}
    draft.values["attachment_ticks"] = (*papers_needed(draft.case, draft.values), "heir_declaration")
    draft.papers["heir_declaration"] = {}


def professional(draft: Draft) -> None:
    """Act through somebody who looks like a law firm."""
    draft.values["delegate_surname"] = "Studio Legale Esempio"
    draft.expect("MANUAL_REVIEW", "professional_delegate_signal")


def both_types(draft: Draft) -> None:
    """Tick both types of customer."""
    draft.ticks["customer_type"] = ("domestic", "non_domestic")
    draft.expect("MANUAL_REVIEW", "customer_type_unclear")


def expired(draft: Draft) -> None:
    """Send a card that expired the day before."""
    draft.papers["id_copy_holder"] = {"expires": (draft.case.day - timedelta(days=1)).isoformat()}
    draft.expect("MANUAL_REVIEW", "id_expired")


def last_day(draft: Draft) -> None:
    """Send a card on its last day."""
    draft.papers["id_copy_holder"] = {"expires": draft.case.day.isoformat()}


def paper_card(draft: Draft) -> None:
    """Send a paper card."""
    draft.papers["id_copy_holder"] = {"expires": "2028-05-01", "kind": "paper"}
    if draft.case.day >= date(2026, 8, 3):
        draft.expect("MANUAL_REVIEW", "paper_id_card")


def lost_page(draft: Draft) -> None:
    """Lose the second page."""
    draft.lost = (2,)
    draft.expect("INCOMPLETE", "page_missing")


def blank(draft: Draft) -> None:
    """Send the form empty."""
    draft.blank = True
    draft.papers.clear()
    draft.delegation = None
    draft.expect("INCOMPLETE", "form_blank")


def stranger(kind: str, outcome: str, *reasons: str) -> Spoil:
    """Send another paper instead of the form."""

    def spoil(draft: Draft) -> None:
        draft.stranger = kind
        draft.papers.clear()
        draft.delegation = None
        draft.expect(outcome, *reasons)

    return spoil


def later_complaint(draft: Draft) -> None:
    """Date the complaint after arrival."""
    draft.drop("complaint_received_date")
    late = draft.case.day + timedelta(days=11)
    draft.raw["complaint_sent_date"] = f"{late:%d%m%Y}"
    draft.expect("MANUAL_REVIEW", "complaint_after_receipt")


def undated_complaint(draft: Draft) -> None:
    """Give no date of the complaint."""
    draft.drop("complaint_sent_date")
    draft.expect("MANUAL_REVIEW", "complaint_date_on_copy")


def without_type(draft: Draft) -> None:
    """Tick no type of customer."""
    draft.drop("customer_type")
    draft.expect("MANUAL_REVIEW", "customer_type_unclear")


def business_signal(draft: Draft) -> None:
    """Write a P.IVA on a domestic form."""
    draft.values["vat_number"] = "12345670017"
    draft.expect("MANUAL_REVIEW", "non_domestic_signal")


def struck(draft: Draft) -> None:
    """Strike out zones where nothing applies."""
    draft.drop(*[n for n in draft.values if n.startswith("mailing_")])
    draft.raw |= {"mailing_street": "---", "mailing_municipality": "---"}
