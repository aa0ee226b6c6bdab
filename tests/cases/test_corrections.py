from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from bench.stubs import delivery
from cases.case import CaseState, Event
from cases.correction import MOST_CHARS, Act, Correction, Refused, Target, corrected_value
from cases.correction_store import Corrections, NotOpen, OpenCase, Stale
from cases.correction_tables import CorrectionRow
from cases.database import Database
from cases.erase import Erasure, erase
from cases.moves import move
from cases.register import RegisterNumber
from cases.store import Store, admit
from cases.submission import Looked, Submission
from cases.tables import CaseRow, ReceiptRow, StepRow
from cases.waiting import START, Sought, next_after
from checks.context import Context
from checks.validate import validate
from checks.validation import Outcome, Severity
from intake.receipt import Channel
from ocr.ink import Source
from parsers.reading import PageUse, Reading, Role, State, Value
from templates.form import Field, Kind
from templates.load import Library, load_forms
from tests.checks.desk import alter, reading, small_form

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ANNA, BRUNO = "clerk:anna", "clerk:bruno"
FORMS = Library((small_form(),))
FIRST = RegisterNumber(2026, 1)


def unread(name: str, *proposals: str) -> Value:
    return Value(name, None, "R0SSI", State.UNREADABLE, 0.4, Source.OCR, reason="Non chiaro.", proposals=proposals)


def wrong(name: str, raw: str = "99/99/2026") -> Value:
    return Value(name, None, raw, State.INVALID, 0.9, Source.OCR, reason="La data non esiste.")


@dataclass
class Bench:
    database: Database
    corrections: Corrections

    def take(self, read: Reading, receipt: str = "fax:tray/1") -> RegisterNumber:
        arrived = delivery(receipt, received_at=datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
        with self.database.transaction() as session:
            receipt_id = admit(session, arrived, arrived.digest, NOW)
        assert receipt_id is not None
        context = Context(Channel.FAX, arrived.received_at, date(2026, 11, 20))
        found = validate(read, small_form() if read.form else None, context)
        looked = Looked((Submission(read, found),), looked_on=date(2026, 11, 20))
        return Store(self.database).settle(receipt_id, looked, NOW)[0]

    def say(self, name: str, act: Act = Act.VALUE, text: str = "", seen: int = 0, **more: str) -> OpenCase:
        return self.corrections.correct(
            FIRST, Correction(Target.FIELD, name, act, text, actor=more.pop("actor", ANNA), **more), seen, NOW
        )

    @property
    def row(self) -> CaseRow:
        with self.database.transaction() as session:
            row = session.scalars(select(CaseRow).order_by(col(CaseRow.id))).first()
            assert row is not None
            return row

    def steps(self) -> list[tuple[str, str, str]]:
        with self.database.transaction() as session:
            return [(s.event, s.state, s.actor) for s in session.scalars(select(StepRow).order_by(col(StepRow.id)))]


@pytest.fixture
def bench(database: Database) -> Bench:
    return Bench(database, Corrections(database, FORMS))


def test_a_clerks_value_is_parsed_checked_and_published_as_theirs(bench: Bench) -> None:
    bench.take(alter(reading(), unread("holder_surname", "ROSSI"), wrong("holder_birth_date")))
    assert bench.row.state == CaseState.WAITING_CLERK
    bench.say("holder_surname", text="rossi")
    after = bench.say("holder_birth_date", text="3 aprile 1980")
    told = bench.row.payload["fields"]
    assert (told["holder_surname"]["source"], told["holder_surname"]["state"]) == ("clerk", "filled")
    assert told["holder_birth_date"]["value"] == "1980-04-03"
    assert bench.row.outcome == after.found.outcome.value
    assert bench.steps()[-2:] == [("corrected", "waiting_clerk", ANNA)] * 2
    assert bench.row.version == 3


def test_what_was_there_before_is_kept_with_who_changed_it(bench: Bench) -> None:
    bench.take(alter(reading(), unread("holder_surname", "ROSSI")))
    bench.say("holder_surname", text="ROSSI")
    with bench.database.transaction() as session:
        kept = session.scalars(select(CorrectionRow)).one()
    assert (kept.actor, kept.was["state"], kept.was["raw"], kept.now["value"]) == (ANNA, "unreadable", "R0SSI", "ROSSI")


def test_finishing_sends_the_case_where_its_checks_say(bench: Bench) -> None:
    bench.take(alter(reading(), unread("holder_surname", "ROSSI")))
    after = bench.say("holder_surname", text="ROSSI")
    assert after.found.outcome is Outcome.READY
    done = bench.corrections.finish(FIRST, after.step, ANNA, NOW)
    assert done.case.state is CaseState.QUEUED
    assert bench.steps()[-1] == ("cleared", "queued", ANNA)


def test_a_case_with_open_doubts_is_not_finished(bench: Bench) -> None:
    bench.take(alter(reading(), unread("holder_surname", "ROSSI")))
    with pytest.raises(Refused, match="restano punti da decidere"):
        bench.corrections.finish(FIRST, 10**9, ANNA, NOW)
    assert bench.row.state == CaseState.WAITING_CLERK


@pytest.mark.parametrize(
    ("act", "state", "outcome"),
    [
        (Act.UNREADABLE, "unreadable", Outcome.INCOMPLETE),
        (Act.EMPTY, "empty", Outcome.INCOMPLETE),
        (Act.NOT_APPLICABLE, "not_applicable", Outcome.INCOMPLETE),
    ],
)
def test_a_clerk_who_sees_no_value_asks_the_customer(bench: Bench, act: Act, state: str, outcome: Outcome) -> None:
    bench.take(alter(reading(), unread("holder_surname", "ROSSI")))
    after = bench.say("holder_surname", act)
    assert bench.row.payload["fields"]["holder_surname"]["state"] == state
    assert after.found.outcome is outcome
    assert bench.corrections.finish(FIRST, after.step, ANNA, NOW).case.state is CaseState.WAITING_CUSTOMER


def test_a_wrong_value_that_a_clerk_confirms_is_asked_of_the_customer(bench: Bench) -> None:
    bench.take(alter(reading(), wrong("holder_birth_date")))
    after = bench.say("holder_birth_date", text="31/02/1980")
    assert after.found.values["holder_birth_date"].state is State.INVALID
    assert after.found.outcome is Outcome.INCOMPLETE


def test_an_override_holds_against_parser_and_rules_and_needs_a_reason(bench: Bench) -> None:
    bench.take(alter(reading(), wrong("holder_tax_code", "XXXX")))
    with pytest.raises(Refused, match="motivo"):
        bench.say("holder_tax_code", Act.OVERRIDE, "XXXX")
    after = bench.say("holder_tax_code", Act.OVERRIDE, "XXXX", reason="cittadino estero senza codice")
    assert after.found.values["holder_tax_code"].value == "XXXX"
    assert after.found.outcome is Outcome.READY
    notes = [f for f in after.found.findings if f.field == "holder_tax_code"]
    assert {f.severity for f in notes} <= {Severity.NOTE}


def test_undo_brings_back_what_stood_before(bench: Bench) -> None:
    bench.take(alter(reading(), unread("holder_surname", "ROSSI")))
    first = bench.say("holder_surname", text="ROSSI").seen(Target.FIELD, "holder_surname")
    second = bench.say("holder_surname", text="RUSSO", seen=first).seen(Target.FIELD, "holder_surname")
    about = Correction(Target.FIELD, "holder_surname", Act.VALUE, actor=ANNA)
    back = bench.corrections.undo(FIRST, about, second, NOW)
    assert back.found.values["holder_surname"].value == "ROSSI"
    back = bench.corrections.undo(FIRST, about, first, NOW)
    assert back.found.values["holder_surname"].state is State.UNREADABLE
    assert back.found.values["holder_surname"].source is Source.OCR
    with pytest.raises(Refused, match="niente da annullare"):
        bench.corrections.undo(FIRST, about, 0, NOW)


def test_nobodys_correction_is_overwritten(bench: Bench) -> None:
    bench.take(alter(reading(), unread("holder_surname", "ROSSI"), unread("holder_given_name", "ANNA")))
    bench.say("holder_surname", text="RUSSO", actor=BRUNO)
    with pytest.raises(Stale, match="bruno ha cambiato questo punto") as stale:
        bench.say("holder_surname", text="ROSSI")
    assert stale.value.open.found.values["holder_surname"].value == "RUSSO"
    bench.say("holder_given_name", text="ANNA")  # another field is no conflict
    assert bench.row.payload["fields"]["holder_surname"]["value"] == "RUSSO"


def test_a_case_that_another_changed_is_not_finished_unseen(bench: Bench) -> None:
    bench.take(alter(reading(), unread("holder_surname", "ROSSI"), unread("holder_given_name", "ANNA")))
    seen = bench.say("holder_surname", text="ROSSI").step
    bench.say("holder_given_name", text="ANNA", actor=BRUNO)
    with pytest.raises(Stale, match="bruno ha cambiato la pratica"):
        bench.corrections.finish(FIRST, seen, ANNA, NOW)


def test_a_queued_case_comes_back_to_the_clerks_when_it_is_corrected(bench: Bench) -> None:
    bench.take(reading())
    assert bench.row.state == CaseState.QUEUED
    bench.say("holder_surname", text="BIANCHI")
    assert bench.row.state == CaseState.WAITING_CLERK
    assert bench.steps()[-1][0] == "doubted"


def decide(act: Act, text: str = "", reason: str = "visto") -> Correction:
    return Correction(Target.CASE, "", act, text, reason, actor=ANNA)


def test_a_refusal_is_proposed_then_confirmed_or_taken_back(bench: Bench) -> None:
    bench.take(alter(reading(), unread("holder_surname", "ROSSI")))
    said = bench.corrections.correct(FIRST, decide(Act.REFUSE, "other_sector", "È una pratica idrica."), 0, NOW)
    assert said.found.outcome is Outcome.NOT_ADMISSIBLE
    proposed = bench.corrections.finish(FIRST, said.step, ANNA, NOW)
    assert proposed.case.state is CaseState.REFUSAL_PROPOSED
    back = bench.corrections.reject_refusal(FIRST, proposed.step, ANNA, NOW)
    assert back.case.state is CaseState.WAITING_CLERK
    again = bench.corrections.finish(FIRST, back.step, ANNA, NOW)
    refused = bench.corrections.confirm_refusal(FIRST, again.step, ANNA, NOW)
    assert refused.case.state is CaseState.REFUSED
    with pytest.raises(NotOpen, match="respinta"):
        bench.say("holder_surname", text="ROSSI")


def test_where_it_takes_two_whoever_proposed_a_refusal_cannot_confirm_it(bench: Bench) -> None:
    two = replace(bench.corrections, refusals_by_two=True)
    bench.take(alter(reading(), unread("holder_surname", "ROSSI")))
    said = two.correct(FIRST, decide(Act.REFUSE, "other_sector", "È una pratica idrica."), 0, NOW)
    proposed = two.finish(FIRST, said.step, ANNA, NOW)
    with pytest.raises(Refused, match="un'altra persona"):
        two.confirm_refusal(FIRST, proposed.step, ANNA, NOW)
    assert two.open(FIRST, NOW).case.state is CaseState.REFUSAL_PROPOSED
    back = two.reject_refusal(FIRST, proposed.step, ANNA, NOW)
    again = two.finish(FIRST, back.step, BRUNO, NOW)
    with pytest.raises(Refused, match="un'altra persona"):
        two.confirm_refusal(FIRST, again.step, BRUNO, NOW)
    assert two.confirm_refusal(FIRST, again.step, ANNA, NOW).case.state is CaseState.REFUSED


def test_where_it_takes_two_one_person_confirms_what_the_checks_proposed(bench: Bench) -> None:
    two = replace(bench.corrections, refusals_by_two=True)
    bench.take(alter(reading(), unread("holder_surname", "ROSSI")))
    with bench.database.transaction() as session:
        row = session.scalars(select(CaseRow)).one()
        move(session, row, Event.FOUND_INADMISSIBLE, NOW)
        step = session.scalars(select(StepRow.id).order_by(col(StepRow.id).desc())).first()
    assert two.confirm_refusal(FIRST, step or 0, ANNA, NOW).case.state is CaseState.REFUSED


def test_where_it_takes_two_the_next_case_is_no_refusal_of_ones_own(bench: Bench) -> None:
    bench.take(alter(reading(), unread("holder_surname", "ROSSI")))
    said = bench.corrections.correct(FIRST, decide(Act.REFUSE, "other_sector", "È una pratica idrica."), 0, NOW)
    bench.corrections.finish(FIRST, said.step, ANNA, NOW)
    with bench.database.transaction() as session:

        def found(who: str, *, two: bool) -> bool:
            return next_after(session, Sought(actor=who, others_refusals=two), NOW, after=START) is not None

        assert [found(ANNA, two=False), found(ANNA, two=True), found(BRUNO, two=True)] == [True, False, True]


def test_no_request_is_told_from_a_request_that_is_not_admissible(bench: Bench) -> None:
    bench.take(alter(reading(), unread("holder_surname")))
    said = bench.corrections.correct(FIRST, decide(Act.REFUSE, "not_a_request", "Pubblicità."), 0, NOW)
    assert said.found.outcome is Outcome.NOT_A_REQUEST


def test_a_referred_case_waits_for_the_supervisor_with_the_reason(bench: Bench) -> None:
    bench.take(reading())
    said = bench.corrections.correct(FIRST, decide(Act.REFER, reason="Due firme diverse?"), 0, NOW)
    assert (bench.row.state, bench.row.reasons) == ("waiting_clerk", ["referred"])
    assert "Due firme diverse?" in said.found.findings[0].message
    with pytest.raises(Refused):
        bench.corrections.finish(FIRST, said.step, ANNA, NOW)


def test_a_case_goes_into_the_queue_by_a_persons_word(bench: Bench) -> None:
    bench.take(alter(reading(), unread("holder_surname")))
    said = bench.corrections.correct(FIRST, decide(Act.FORCE, reason="Confermato al telefono."), 0, NOW)
    assert bench.corrections.finish(FIRST, said.step, ANNA, NOW).case.state is CaseState.QUEUED
    assert any(f["rule"] == "forced_by_clerk" for f in bench.row.payload["findings"])


def test_findings_are_let_pass_or_asked_of_the_customer(bench: Bench) -> None:
    bench.take(replace(reading(), doubts=("Una pagina è tagliata.",)))
    name = "reading_doubt:"
    asked = bench.corrections.correct(FIRST, Correction(Target.FINDING, name, Act.ASK, actor=ANNA), 0, NOW)
    assert asked.found.outcome is Outcome.INCOMPLETE
    stamp = asked.seen(Target.FINDING, name)
    passed = bench.corrections.correct(FIRST, Correction(Target.FINDING, name, Act.LET_PASS, actor=ANNA), stamp, NOW)
    assert passed.found.outcome is Outcome.READY


def test_a_sheet_becomes_what_a_clerk_says_it_is(bench: Bench) -> None:
    sheets = (PageUse("a.pdf", 1, 1, 0.9, form="CMOR", role=Role.FORM), PageUse("a.pdf", 2, None, 0.0))
    bench.take(replace(reading(papers=()), pages=sheets, missing_pages=(2,)))
    slot = Correction(Target.SHEET, "a.pdf#2", Act.SET, "form:CMOR/2026-01:2", actor=ANNA)
    after = bench.corrections.correct(FIRST, slot, 0, NOW)
    assert after.now.reading.missing_pages == ()
    assert [(p.role, p.form_page) for p in after.now.reading.pages] == [(Role.FORM, 1), (Role.FORM, 2)]
    paper = replace(slot, text="attachment:id_copy_holder")
    after = bench.corrections.correct(FIRST, paper, after.seen(Target.SHEET, "a.pdf#2"), NOW)
    assert after.now.reading.missing_pages == (2,)
    assert [p.code for p in after.now.reading.papers] == ["id_copy_holder"]
    blank = replace(slot, text="blank")
    after = bench.corrections.correct(FIRST, blank, after.seen(Target.SHEET, "a.pdf#2"), NOW)
    assert after.now.reading.papers == ()
    assert bench.row.payload["pages"][1]["role"] == "blank"


def test_a_clerk_says_which_form_it_is_and_types_it(bench: Bench) -> None:
    bench.take(Reading("", "", {}, pages=(PageUse("a.pdf", 1, None, 0.0),), stranger="unreadable"))
    named = Correction(Target.FORM, "", Act.SET, "CMOR/2026-01", actor=ANNA)
    after = bench.corrections.correct(FIRST, named, 0, NOW)
    assert (bench.row.form, after.now.reading.missing_pages) == ("CMOR", (1, 2))
    after = bench.say("holder_surname", text="ROSSI")
    assert after.found.values["holder_surname"].value == "ROSSI"


def test_what_is_said_holds_over_a_new_reading(bench: Bench) -> None:
    bench.take(alter(reading(), unread("holder_surname", "ROSSI")))
    bench.say("holder_surname", text="RUSSO")
    receipt = bench.row.receipt_id
    looked = Looked(
        (Submission(reading(), validate(reading(), small_form(), _context())),), looked_on=date(2026, 11, 20)
    )
    with bench.database.transaction() as session:
        session.get_one(ReceiptRow, receipt).state = "received"
    Store(bench.database).settle(receipt, looked, NOW + timedelta(hours=1))
    assert bench.corrections.open(FIRST, NOW).found.values["holder_surname"].value == "RUSSO"
    row = bench.row
    assert (row.state, row.payload["fields"]["holder_surname"]["value"]) == ("waiting_clerk", "RUSSO")


def _context() -> Context:
    return Context(Channel.FAX, datetime(2026, 11, 20, 9, 0, tzinfo=UTC), date(2026, 11, 20))


def test_erasing_takes_the_corrections_too(bench: Bench) -> None:
    bench.take(alter(reading(), unread("holder_surname", "ROSSI")))
    bench.say("holder_surname", text="ROSSI")
    with bench.database.transaction() as session:
        erase(session, Erasure(bench.row.receipt_id, "term over"), NOW)
    with bench.database.transaction() as session:
        assert session.scalars(select(CorrectionRow)).all() == []
    with pytest.raises(NotOpen, match="cancellato"):
        bench.say("holder_surname", text="ROSSI")


def test_a_field_that_the_form_does_not_have_is_refused(bench: Bench) -> None:
    bench.take(reading())
    with pytest.raises(Refused, match="non ha questo campo"):
        bench.say("no_such_field", text="x")


def test_a_text_beyond_all_measure_is_refused_whole() -> None:
    with pytest.raises(Refused, match="10000 caratteri"):
        Correction(Target.FIELD, "x", Act.VALUE, "x" * 10_000)


def test_an_unknown_case_is_a_key_error(bench: Bench) -> None:
    with pytest.raises(KeyError):
        bench.corrections.open(RegisterNumber(2026, 99), NOW)


FIELDS = [field for form in load_forms() for field in form.fields.values()]
MARKED = (Kind.ENUM, Kind.TICKS, Kind.TICK, Kind.INK)
TYPED = st.sampled_from([Act.VALUE, Act.OVERRIDE, Act.EMPTY])


@given(st.sampled_from(FIELDS), TYPED, st.text(max_size=MOST_CHARS))
def test_whatever_is_typed_becomes_one_value_of_a_clerk(field: Field, act: Act, text: str) -> None:
    value = corrected_value(field, None, Correction(Target.FIELD, field.name, act, text, "motivo"), NOW.date())
    assert value.source is Source.CLERK
    if act is Act.OVERRIDE and text.strip() and field.kind not in MARKED:
        assert value.state is State.FILLED
