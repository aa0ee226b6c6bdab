"""The scenarios: complete requests and each kind of defect, with the outcome that the rules give them."""

from dataclasses import dataclass
from datetime import date
from random import Random

from samples import spoils
from samples.draft import Draft, complete
from samples.situation import Wish, imagine

ALL = ("CMOR", "BONUS", "DOPPIA", "INDENNIZZO")
COMPLAINED = ("CMOR", "DOPPIA", "INDENNIZZO")


@dataclass(frozen=True, slots=True)
class Scenario:
    """One kind of post: what to wish for, how to spoil it, on which procedures, and what it proves."""

    name: str
    proves: str
    wish: Wish
    spoil: spoils.Spoil
    procedures: tuple[str, ...] = ALL

    def draft(self, rng: Random, procedure: str = "") -> Draft:
        """Draft one submission of this kind."""
        draft = complete(imagine(rng, procedure or rng.choice(self.procedures), self.wish))
        self.spoil(draft)
        return draft


_NO_DELEGATE = Wish(delegate=False)
_UNANSWERED = Wish(delegate=False, answered=False)
_EARLY = Wish(delegate=False, answered=False, waited=39)

SCENARIOS = {
    s.name: s
    for s in (
        Scenario("complete", "a complete request goes straight to the queue", _NO_DELEGATE, spoils.nothing),
        Scenario("complete-answered", "an answer and its copy", Wish(answered=True), spoils.nothing, COMPLAINED),
        Scenario(
            "complete-delegate", "a delegate of the family with a signed delega", Wish(delegate=True), spoils.nothing
        ),
        Scenario("complete-gas", "gas only: PDR and no POD", Wish(delegate=False, service="gas"), spoils.nothing),
        Scenario("complete-both", "both services: POD and PDR", Wish(delegate=False, service="both"), spoils.nothing),
        Scenario("struck-out", "zones struck out where nothing applies", _NO_DELEGATE, spoils.struck),
        Scenario("no-contacts", "section A without any way to be reached", _NO_DELEGATE, spoils.without_contacts),
        Scenario("no-description", "section H empty", _NO_DELEGATE, spoils.without("description")),
        Scenario("no-supplier", "section E empty", _NO_DELEGATE, spoils.without("supplier_current"), ("INDENNIZZO",)),
        Scenario("no-specifics", "section I empty", _NO_DELEGATE, spoils.without_specifics),
        Scenario("no-privacy", "section M not ticked", _NO_DELEGATE, spoils.without("privacy_acknowledged")),
        Scenario("no-signature", "section N without a signature", _NO_DELEGATE, spoils.without("signature_present")),
        Scenario("no-customer-type", "section B empty", _NO_DELEGATE, spoils.without_type),
        Scenario("no-id-copy", "no copy of the identity card", _NO_DELEGATE, spoils.without_paper("id_copy_holder")),
        Scenario(
            "no-complaint-copy",
            "no copy of the complaint",
            _NO_DELEGATE,
            spoils.without_paper("complaint_copy"),
            COMPLAINED,
        ),
        Scenario(
            "no-answer-copy",
            "answered, but the answer is not there (W14)",
            Wish(delegate=False, answered=True, waited=50),
            spoils.without_paper("complaint_answer_copy"),
            COMPLAINED,
        ),
        Scenario(
            "no-delega", "a delegate without delega", Wish(delegate=True), spoils.without_paper("delegation_signed")
        ),
        Scenario(
            "no-declaration",
            "a delegate who does not declare not to be a professional",
            Wish(delegate=True),
            spoils.without("delegate_not_professional"),
        ),
        Scenario("non-domestic", "a business on a paper channel", _NO_DELEGATE, spoils.non_domestic),
        Scenario("ripristino", "RIPRISTINO by a business", _NO_DELEGATE, spoils.ripristino, ("RIPRISTINO",)),
        Scenario(
            "ripristino-domestic",
            "RIPRISTINO by a household",
            _NO_DELEGATE,
            spoils.ripristino_domestic,
            ("RIPRISTINO",),
        ),
        Scenario("day-39", "day 39 after the complaint (W1)", _EARLY, spoils.held, COMPLAINED),
        Scenario(
            "day-40",
            "day 40 after the complaint (W2)",
            Wish(delegate=False, answered=False, waited=40),
            spoils.held,
            COMPLAINED,
        ),
        Scenario(
            "day-41",
            "day 41 after the complaint (W3)",
            Wish(delegate=False, answered=False, waited=41),
            spoils.nothing,
            COMPLAINED,
        ),
        Scenario(
            "early-answer",
            "an answer with its copy opens at once (W12)",
            Wish(delegate=False, answered=True, waited=24),
            spoils.nothing,
            COMPLAINED,
        ),
        Scenario(
            "early-answer-no-copy",
            "an answer without its copy, before day 41 (W13)",
            Wish(delegate=False, answered=True, waited=24),
            spoils.held_and_incomplete,
            COMPLAINED,
        ),
        Scenario(
            "late-complaint",
            "a complaint dated after arrival (W17)",
            _UNANSWERED,
            spoils.later_complaint,
            COMPLAINED,
        ),
        Scenario(
            "undated-complaint",
            "no complaint date, copy there (W19)",
            _NO_DELEGATE,
            spoils.undated_complaint,
            COMPLAINED,
        ),
        Scenario("wrong-tax-code", "a codice fiscale with a wrong last letter", _NO_DELEGATE, spoils.wrong_tax_code),
        Scenario("as-above", "the supply's address is given as come sopra", _NO_DELEGATE, spoils.as_above),
        Scenario("omocodia", "an omocodic codice fiscale is valid", _NO_DELEGATE, spoils.omocodia),
        Scenario("heir", "an heir with the declaration", _NO_DELEGATE, spoils.heir),
        Scenario("professional-signal", "a delegate who looks like a firm", Wish(delegate=True), spoils.professional),
        Scenario("both-types", "domestic and non-domestic ticked", _NO_DELEGATE, spoils.both_types),
        Scenario("business-signal", "a P.IVA on a domestic form", _NO_DELEGATE, spoils.business_signal),
        Scenario("expired-id", "a card that expired the day before", _NO_DELEGATE, spoils.expired),
        Scenario("last-day-id", "a card on its last day", _NO_DELEGATE, spoils.last_day),
        Scenario(
            "paper-card-before",
            "a paper card on 2 August 2026",
            Wish(delegate=False, received=date(2026, 8, 2)),
            spoils.paper_card,
        ),
        Scenario(
            "paper-card-after",
            "a paper card on 3 August 2026",
            Wish(delegate=False, received=date(2026, 8, 3)),
            spoils.paper_card,
        ),
        Scenario("lost-page", "page 2 never arrived", _NO_DELEGATE, spoils.lost_page),
        Scenario("blank", "an empty form", _NO_DELEGATE, spoils.blank),
        Scenario(
            "smart-info", "SMART Info instead", _NO_DELEGATE, spoils.stranger("smart_info", "WRONG_FORM", "smart_info")
        ),
        Scenario(
            "conciliation",
            "Conciliazione instead",
            _NO_DELEGATE,
            spoils.stranger("conciliation", "WRONG_FORM", "conciliation"),
        ),
        Scenario(
            "supplier-complaint",
            "a supplier's complaint form instead",
            _NO_DELEGATE,
            spoils.stranger("supplier_complaint", "WRONG_FORM", "supplier_complaint"),
        ),
        Scenario(
            "bonus-application",
            "an application for the bonus instead",
            _NO_DELEGATE,
            spoils.stranger("bonus_application", "WRONG_FORM", "bonus_application"),
        ),
        Scenario("water", "about water", _NO_DELEGATE, spoils.stranger("other_sector", "WRONG_FORM", "other_sector")),
        Scenario(
            "letter",
            "a free letter without a form",
            _NO_DELEGATE,
            spoils.stranger("letter", "INCOMPLETE", "form_missing"),
        ),
        Scenario(
            "advert", "advertising", _NO_DELEGATE, spoils.stranger("not_a_request", "NOT_A_REQUEST", "not_a_request")
        ),
    )
}
