"""Duplicates across channels, and papers that come later, on a real database."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from cases.balance import books
from cases.case import CaseState, Event
from cases.database import Database
from cases.due import Retention, due
from cases.erase import Erasure, erase, receipts_about, receipts_of
from cases.ledger import verify
from cases.link_tables import KeyRow
from cases.moves import move
from cases.register import RegisterNumber
from checks.validation import Outcome
from intake.receipt import Channel
from parsers.reading import FileUse, PageUse, Reading, Role, State
from templates.slip import SLIP_FORM, Slip, write_slip
from tests.cases.arrivals import BIANCHI, CAME, KEY, NOW, ROSSI, Desk, find, papers_alone, request
from tests.checks.desk import alter, small_form, value

ONE, TWO, THREE = (f"2026/000000{n}" for n in (1, 2, 3))
LATER = CAME + timedelta(days=2)
LINKED, QUEUED, WAITING, CLERK = (
    CaseState.LINKED, CaseState.QUEUED, CaseState.WAITING_CUSTOMER, CaseState.WAITING_CLERK,
)  # fmt: skip


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


# Duplicates


def test_the_same_request_by_mail_fax_and_post_is_one_case_with_three_numbers(desk: Desk) -> None:
    assert desk.come(request()) == [ONE]
    assert desk.come(request(file="fax.tif"), channel=Channel.FAX, at=LATER, sender="+39 06 1") == [TWO]
    assert desk.come(request(file="post.pdf"), channel=Channel.POST, at=LATER, sender="") == [THREE]
    assert desk.told(ONE) == (QUEUED, Outcome.READY, "")
    assert desk.told(TWO) == desk.told(THREE) == (LINKED, Outcome.DUPLICATE_OF, ONE)
    assert desk.links() == [("duplicate", "same_request")] * 2
    assert desk.queue() == [ONE]
    assert desk.case(ONE).received_at == CAME
    assert books(desk.database).discrepancies == ()
    assert verify(desk.database) == ()


def test_the_earliest_arrival_rules_even_if_it_is_read_last(desk: Desk) -> None:
    desk.come(request(), at=LATER)
    desk.come(request(file="post.pdf"), channel=Channel.POST, at=CAME)
    assert desk.case(ONE).received_at == CAME
    assert desk.told(TWO)[1] == Outcome.DUPLICATE_OF


@pytest.mark.parametrize(
    "change",
    [
        {"holder_tax_code": BIANCHI},
        {"supply_pod": "IT002E7654321B"},
        {"complaint_sent_date": "2026-09-30"},
    ],
)
def test_of_three_that_are_the_same_a_clerk_sees_both_sides(desk: Desk, change: dict[str, str]) -> None:
    desk.come(request())
    desk.come(request(**change))
    assert desk.told(TWO) == (CLERK, Outcome.MANUAL_REVIEW, "")
    assert "perhaps_same_case" in desk.rules(TWO)
    (told,) = (f["message"] for f in desk.case(TWO).payload["findings"] if f["rule"] == "perhaps_same_case")
    assert ONE in told
    assert desk.links() == [("maybe", "some_parts")]
    assert desk.told(ONE) == (QUEUED, Outcome.READY, "")


def unsure(read: Reading, *names: str) -> Reading:
    told = {n: str(read.values[n].value) for n in names}
    return alter(read, *(value(n, None, state=State.UNREADABLE, proposals=(v,)) for n, v in told.items()))


def test_what_is_not_sure_never_makes_a_duplicate_but_a_question(desk: Desk) -> None:
    desk.come(request())
    desk.come(unsure(request(file="fax.tif"), "holder_tax_code", "supply_pod"), channel=Channel.FAX, sender="+39 06 1")
    assert desk.told(TWO)[0] == CLERK
    assert desk.links() == [("maybe", "some_parts")]


def test_a_hand_written_fax_that_comes_twice_is_shown_with_its_first(desk: Desk) -> None:
    for n in (1, 2):
        desk.come(unsure(request(file=f"{n}.tif"), "holder_tax_code", "supply_pod", "complaint_sent_date"))
    assert desk.links() == [("maybe", "some_parts")]
    assert desk.join(TWO, ONE) == "duplicate"
    assert desk.told(TWO) == (LINKED, Outcome.DUPLICATE_OF, ONE)


def test_two_who_complained_on_one_day_have_nothing_to_do_with_each_other(desk: Desk) -> None:
    desk.come(request())
    other = {"holder_tax_code": BIANCHI, "holder_surname": "Bianchi", "holder_given_name": "Lucia"}
    desk.come(request(supply_pod="IT002E7654321B", **other), sender="b@example.com")
    assert desk.links() == []
    assert "perhaps_same_case" not in desk.rules(TWO)


def test_the_same_file_sent_again_is_a_duplicate_however_badly_it_reads(desk: Desk) -> None:
    bad = alter(request(), value("holder_tax_code", None, state=State.UNREADABLE, raw="RSSMR?"))
    desk.come(bad)
    desk.come(bad, channel=Channel.PEC, at=LATER, sender="b@pec.example.com")
    assert desk.told(TWO) == (LINKED, Outcome.DUPLICATE_OF, ONE)
    assert desk.links() == [("duplicate", "same_file")]


def test_a_blank_form_that_two_people_send_is_nobodys_duplicate(desk: Desk) -> None:
    nothing = dict.fromkeys(request().values)
    desk.come(request(papers=(), **nothing))
    desk.come(request(papers=(), **nothing), sender="b@example.com")
    assert desk.links() == []


def test_the_same_mail_in_two_mailboxes_is_one_case(desk: Desk) -> None:
    words = papers_alone()
    desk.come(words, message_id="<1@example.com>", words="Chiedo aiuto per il CMOR.")
    desk.come(words, message_id="<1@example.com>", words="Chiedo aiuto per il CMOR.", sender="b@example.com")
    assert desk.told(TWO)[0] == LINKED
    assert desk.links() == [("duplicate", "same_file")]


def test_a_message_id_alone_hides_no_request(desk: Desk) -> None:
    desk.come(request(), message_id="<1@example.com>")
    other = {"holder_tax_code": BIANCHI, "holder_surname": "Bianchi", "supply_pod": "IT002E7654321B"}
    desk.come(request(file="x.pdf", **other), message_id="<1@example.com>", sender="b@example.com")
    assert desk.told(TWO)[2] == ""


def test_a_second_sending_with_more_papers_is_an_integration(desk: Desk) -> None:
    desk.come(request(papers=("id_copy_holder", "bill_cmor")))
    assert desk.told(ONE) == (WAITING, Outcome.INCOMPLETE, "")
    desk.come(request(file="di nuovo.pdf"), at=LATER)
    assert desk.told(TWO) == (LINKED, Outcome.JOINED_TO, ONE)
    assert desk.told(ONE) == (QUEUED, Outcome.READY, "")
    case = desk.case(ONE)
    assert (case.received_at, case.completed_at) == (CAME, LATER)
    assert desk.steps(ONE) == ["born", "papers_came", "cleared"]
    assert [p["file"].partition("/")[2] for p in case.payload["papers"][2:]] == ["a.pdf"] * 3


def test_a_fax_of_two_pages_and_again_of_all_is_one_case(desk: Desk) -> None:
    desk.come(request(papers=(), pages=(1,), file="1.tif"), channel=Channel.FAX, sender="+39 06 1")
    desk.come(request(file="2.tif", pages=(1, 2)), channel=Channel.FAX, at=LATER, sender="+39 06 1")
    assert desk.told(TWO)[1] in {Outcome.JOINED_TO, Outcome.MANUAL_REVIEW}
    assert desk.links()[0][0] in {"joined", "maybe"}


def test_a_fax_in_two_calls_is_shown_to_a_clerk_with_its_other_half(desk: Desk) -> None:
    desk.come(request(papers=(), pages=(1,), file="1.tif"), channel=Channel.FAX, sender="+39 06 1")
    desk.come(request(papers=(), pages=(2,), file="2.tif"), channel=Channel.FAX, sender="+39 06 1", at=LATER)
    assert desk.links() == [("maybe", "sender")]
    assert desk.join(TWO, ONE) == "joined"
    assert desk.case(ONE).payload["missing_pages"] == []


@pytest.mark.parametrize("copies", [2, 5])
def test_copies_settled_at_the_same_instant_are_linked(desk: Desk, copies: int) -> None:
    receipts = [desk.take() for _ in range(copies)]
    looks = [desk.look((request(file=f"{n}.pdf"),), Channel.EMAIL, CAME, NOW) for n in range(copies)]
    start = threading.Barrier(copies)

    def settle(at: int) -> None:
        start.wait()
        desk.settle(receipts[at], looks[at])

    threads = [threading.Thread(target=settle, args=(at,)) for at in range(copies)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert desk.links() == [("duplicate", "same_request")] * (copies - 1)
    assert len(desk.queue()) == 1


def test_settling_again_links_nothing_twice(desk: Desk) -> None:
    desk.come(request())
    receipt = desk.take()
    looked = desk.look((request(file="2.pdf"),), Channel.EMAIL, CAME, NOW)
    assert desk.settle(receipt, looked) == desk.settle(receipt, looked) == [TWO]
    assert len(desk.links()) == 1


# Papers that come later


def incomplete(desk: Desk) -> None:
    desk.come(request(papers=("id_copy_holder", "bill_cmor")))
    assert desk.told(ONE)[1] == Outcome.INCOMPLETE


@pytest.mark.parametrize(
    ("words", "sender", "why"),
    [
        (f"Integrazione pratica {ONE}", "a@example.com", "number"),
        ("In riferimento al prot. n. 1/2026, Mario Rossi invia il reclamo", "altro@example.com", "number"),
        (f"Il sottoscritto, codice fiscale {ROSSI}, invia il reclamo", "altro@example.com", "person_and_procedure"),
        ("Mario Rossi, POD IT002E1234567A: ecco il reclamo", "altro@example.com", "supply_and_name"),
    ],
)
def test_a_paper_finds_its_case_by_what_is_written(desk: Desk, words: str, sender: str, why: str) -> None:
    incomplete(desk)
    desk.come(papers_alone("complaint_copy"), words=words, sender=sender, at=LATER)
    assert desk.told(TWO) == (LINKED, Outcome.JOINED_TO, ONE)
    assert desk.links() == [("joined", why)]
    assert desk.told(ONE) == (QUEUED, Outcome.READY, "")
    assert desk.case(ONE).completed_at == LATER
    assert books(desk.database).discrepancies == ()


def test_a_reply_to_our_letter_finds_its_case(desk: Desk) -> None:
    incomplete(desk)
    desk.answers["<lettera@example.org>"] = desk.case(ONE).id
    desk.come(papers_alone("complaint_copy"), references=("<lettera@example.org>",), sender="x@example.com")
    assert desk.links() == [("joined", "reply")]


def slip_of(number: int, *names: str, key: bytes = KEY) -> Slip:
    return write_slip(small_form(), (2026, number), names, key)


def answer(slip: Slip, papers: tuple[str, ...] = (), **values: str) -> Reading:
    """Give a return sheet with values, and papers behind it."""
    loose = papers_alone(*papers) if papers else Reading("", "", {})
    sheet = PageUse("foglio.tif", 1, 1, 0.9, form=SLIP_FORM, role=Role.FORM)
    made = {name: value(name, content) for name, content in values.items()}
    files = (*loose.files, FileUse("foglio.tif", "f" * 64))
    return replace(loose, form=SLIP_FORM, edition=slip.text, values=made, pages=(sheet, *loose.pages), files=files)


def test_a_return_sheet_brings_values_and_papers_to_its_case(desk: Desk) -> None:
    desk.come(request(papers=("id_copy_holder", "bill_cmor"), holder_municipality=None))
    assert desk.told(ONE)[1] == Outcome.INCOMPLETE
    sheet = answer(slip_of(1, "holder_municipality", "complaint_copy"), ("complaint_copy",), holder_municipality="Roma")
    desk.come(sheet, channel=Channel.FAX, sender="+39 06 9", at=LATER)
    assert desk.told(TWO) == (LINKED, Outcome.JOINED_TO, ONE)
    assert desk.links() == [("joined", "return_sheet")]
    assert desk.told(ONE) == (QUEUED, Outcome.READY, "")
    assert desk.case(ONE).payload["fields"]["holder_municipality"]["value"] == "Roma"


def test_a_return_sheet_that_somebody_else_made_goes_to_a_clerk(desk: Desk) -> None:
    incomplete(desk)
    sheet = answer(slip_of(1, "complaint_copy", key=b"another"), ("complaint_copy",))
    desk.come(sheet, channel=Channel.FAX, sender="+39 06 9")
    assert desk.links() == []
    assert desk.told(TWO)[0] == CLERK


def test_a_return_sheet_that_is_too_bad_to_lie_still_finds_its_case(desk: Desk) -> None:
    incomplete(desk)
    code = slip_of(1, "complaint_copy").text
    desk.come(papers_alone("complaint_copy"), codes=(code,), channel=Channel.FAX, sender="+39 06 9")
    assert desk.links() == [("joined", "return_sheet")]
    assert desk.told(ONE)[0] == CLERK


def test_a_number_that_nothing_else_speaks_for_goes_to_a_clerk(desk: Desk) -> None:
    incomplete(desk)
    desk.come(papers_alone("complaint_copy"), words=f"Pratica {ONE}", sender="altro@example.com")
    assert desk.told(TWO)[:2] == (CLERK, Outcome.MANUAL_REVIEW)
    assert desk.links() == [("maybe", "sender")]


def test_the_sender_alone_is_a_hint(desk: Desk) -> None:
    incomplete(desk)
    desk.come(papers_alone("complaint_copy"), words="Come richiesto.")
    assert desk.links() == [("maybe", "sender")]
    assert desk.told(ONE)[0] == WAITING


def test_another_persons_request_that_answers_our_letter_stands_by_itself(desk: Desk) -> None:
    incomplete(desk)
    desk.answers["<lettera@example.org>"] = desk.case(ONE).id
    other = {"holder_tax_code": BIANCHI, "holder_surname": "Bianchi", "supply_pod": "IT002E7654321B"}
    desk.come(request(file="b.pdf", **other), references=("<lettera@example.org>",), words=f"Pratica {ONE}")
    assert desk.told(TWO)[2] == ""
    assert "another_case_named" in {f["rule"] for f in desk.case(TWO).payload["findings"]}


def test_a_message_without_papers_is_read_by_a_clerk(desk: Desk) -> None:
    incomplete(desk)
    desk.come(papers_alone(), words=f"Pratica {ONE}: il reclamo l'ho mandato a voce.")
    assert desk.told(TWO)[1] == Outcome.JOINED_TO
    assert desk.told(ONE)[:2] == (CLERK, Outcome.MANUAL_REVIEW)


def test_two_sure_values_that_differ_are_a_question_and_a_clerks_word_stays(desk: Desk) -> None:
    incomplete(desk)
    desk.come(request(file="2.pdf", holder_street="Via Nuova"), at=LATER)
    field = desk.case(ONE).payload["fields"]["holder_street"]
    assert (field["state"], field["proposals"]) == ("unreadable", ["Via di Prova", "Via Nuova"])
    assert desk.told(ONE)[0] == CLERK


def test_a_case_handed_over_gets_the_paper_and_its_operator_is_told(desk: Desk) -> None:
    desk.come(request())
    with desk.database.transaction() as session:
        move(session, find(session, ONE), Event.TAKEN, NOW)
    desk.come(papers_alone("complaint_answer_copy"), words=f"Pratica {ONE}")
    assert desk.told(ONE) == (CaseState.HANDED_OVER, Outcome.READY, "")
    assert desk.steps(ONE)[-1] == "papers_added"
    assert "complaint_answer_copy" in {p["code"] for p in desk.case(ONE).payload["papers"]}


def test_papers_to_a_case_that_is_refused_go_to_a_clerk(desk: Desk) -> None:
    desk.come(request(customer_type="non_domestic", business_name="Prova S.r.l.", vat_number="12345670017"))
    with desk.database.transaction() as session:
        move(session, find(session, ONE), Event.REFUSAL_CONFIRMED, NOW)
    desk.come(papers_alone("complaint_copy"), words=f"Pratica {ONE}")
    assert desk.told(TWO)[0] == CLERK
    assert desk.links()[0][0] == "maybe"


def test_papers_join_through_what_is_linked_already(desk: Desk) -> None:
    desk.come(request(papers=("id_copy_holder", "bill_cmor")))
    desk.come(request(papers=("id_copy_holder", "bill_cmor"), file="2.pdf"))
    desk.come(papers_alone("complaint_copy"), words=f"Pratica {TWO}", at=LATER)
    assert desk.told(THREE) == (LINKED, Outcome.JOINED_TO, ONE)
    assert desk.told(ONE)[0] == QUEUED


def test_a_form_joins_the_letter_that_came_without_one(desk: Desk) -> None:
    desk.come(papers_alone("id_copy_holder"), words="Chiedo aiuto per il CMOR.")
    desk.answers["<lettera@example.org>"] = desk.case(ONE).id
    desk.come(request(file="modulo.pdf"), references=("<lettera@example.org>",), at=LATER)
    assert desk.told(TWO) == (LINKED, Outcome.JOINED_TO, ONE)
    case = desk.case(ONE)
    assert (case.form, case.state, case.completed_at) == ("CMOR", QUEUED, LATER)


# Bundles


def test_one_mail_with_two_requests_is_two_cases_that_share_their_papers(desk: Desk) -> None:
    second = request(file="gas.pdf", supply_pod="IT002E7654321B")
    assert desk.come(request(), second) == [ONE, TWO]
    assert desk.links() == []
    assert [desk.told(n)[1] for n in (ONE, TWO)] == [Outcome.READY, Outcome.READY]


def test_a_bundle_sent_twice_links_each_to_its_own(desk: Desk) -> None:
    second = {"holder_tax_code": BIANCHI, "holder_surname": "Bianchi", "supply_pod": "IT002E7654321B"}
    desk.come(request(), request(file="b.pdf", **second))
    numbers = desk.come(request(file="c.pdf"), request(file="d.pdf", **second), at=LATER)
    assert [desk.told(n)[2] for n in numbers] == [ONE, TWO]


# By a clerk's hand


def test_a_clerk_joins_and_splits_again(desk: Desk) -> None:
    incomplete(desk)
    desk.come(papers_alone("complaint_copy"), sender="x@example.com", at=LATER)
    assert desk.join(TWO, ONE) == "joined"
    assert desk.join(TWO, ONE) == "joined"
    assert desk.told(TWO) == (LINKED, Outcome.JOINED_TO, ONE)
    assert desk.told(ONE)[0] == QUEUED
    assert desk.split(TWO) == ONE
    assert desk.told(TWO) == (CLERK, Outcome.MANUAL_REVIEW, "")
    assert desk.told(ONE)[:2] == (WAITING, Outcome.INCOMPLETE)
    assert desk.case(ONE).completed_at is None
    assert not any("@" in p["file"] for p in desk.case(ONE).payload["papers"])
    assert desk.links() == []


# Forgetting


def test_what_is_joined_is_forgotten_together(desk: Desk) -> None:
    incomplete(desk)
    desk.come(papers_alone("complaint_copy"), words=f"Pratica {ONE}", at=LATER)
    desk.come(request(file="altro.pdf", holder_tax_code=BIANCHI, supply_pod="IT002E7654321B"), sender="b@example.com")
    with desk.database.transaction() as session:
        ours = list(receipts_of(session, RegisterNumber.parse(TWO)))
        assert ours == [desk.case(n).receipt_id for n in (ONE, TWO)]
        assert list(receipts_about(session, ROSSI)) == ours
        for receipt in ours:
            erase(session, Erasure(receipt, "art. 17"), NOW)
    assert desk.case(ONE).payload["fields"] == desk.case(TWO).payload["fields"] == {}
    with desk.database.transaction() as session:
        assert ROSSI not in session.scalars(select(col(KeyRow.value))).all()


def test_what_an_open_case_needs_is_not_due(desk: Desk) -> None:
    incomplete(desk)
    desk.come(papers_alone("id_copy_holder"), words=f"Pratica {ONE}", at=LATER)
    much_later = NOW + timedelta(days=400)
    with desk.database.transaction() as session:
        assert due(session, Retention(originals=30, values=30), much_later) == ()
        home = find(session, ONE)
        home.state = CaseState.CLOSED
        session.flush()
        assert len(due(session, Retention(originals=30, values=30), much_later)) == 2
