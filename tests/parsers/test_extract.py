"""From inks to values: each state, each kind of source, and never more or less than one value a field."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.ink import Ink, Presence, Source
from ocr.medium import Medium
from pages.page import Box
from parsers.acceptance import Acceptance
from parsers.calibration import Calibration, Step
from parsers.evidence import Manner
from parsers.extract import extract
from parsers.reading import State, Value
from templates.form import Field, Form, Kind, Option, Section
from tests.parsers.lattice_of import lattice_of

TODAY = date(2026, 11, 20)
BOX = Box(10, 10, 50, 8)


def field(name: str, kind: Kind, *options: str) -> Field:
    boxes = tuple(Option(o, o.upper(), 1, BOX) for o in options)
    return Field(name, name, kind, "A", 1, BOX, options=boxes)


FIELDS = (
    *(field(kind.value, kind) for kind in Kind if kind not in {Kind.ENUM, Kind.TICKS}),
    field("customer_type", Kind.ENUM, "domestic", "non_domestic"),
    field("subcases", Kind.TICKS, "not_paid", "recovery_disputed", "application_refused"),
    field("holder_birth_province", Kind.PROVINCE),
    field("holder_birth_date", Kind.DATE),
    *(field(f"{who}_street", Kind.TEXT) for who in ("holder", "supply")),
    *(field(f"{who}_street_number", Kind.STREET_NUMBER) for who in ("holder", "supply")),
    *(field(f"{who}_postal_code", Kind.POSTAL_CODE) for who in ("holder", "supply")),
    *(field(f"{who}_municipality", Kind.MUNICIPALITY) for who in ("holder", "supply")),
    *(field(f"{who}_province", Kind.PROVINCE) for who in ("holder", "supply")),
)
PERSON = (
    field("holder_tax_code", Kind.TAX_CODE),
    field("holder_surname", Kind.NAME),
    field("holder_given_name", Kind.NAME),
)
SURE = (Step(0.9, 0.001, 0.9),)
BOUNDS = Acceptance(
    Calibration(
        {
            Manner.WORDS: {
                "confidence": 1.0,
                "votes same": 4.0,
                "votes alike": 4.0,
                "votes differs": -3.0,
                "listed": 3.0,
            },
            Manner.PATTERN: {
                "confidence": 1.0,
                "checked": 3.0,
                "penalty": -1.0,
                "votes same": 4.0,
                "votes differs": -9.0,
            },
            Manner.BLOCK: {"confidence": 1.0},
        },
        dict.fromkeys(Medium, SURE),
    )
)
FORM = Form("CMOR", "1", "Prova", date(2026, 1, 1), None, True, 1, 210, 297, (Section("A", "Prova", FIELDS),))


def ink(zone: str, text: str = "", **more: object) -> Ink:
    told = {"presence": Presence.INK if text else Presence.EMPTY, "source": Source.OCR, "confidence": 0.99} | more
    return Ink(zone=zone, file="a.pdf", page=1, box=BOX, text=text, **told)  # type: ignore[arg-type]


def form_value(zone: str, text: str) -> Ink:
    return ink(zone, text, source=Source.ACROFORM, confidence=1.0)


def box(zone: str, *, mark: bool | None) -> Ink:
    return ink(zone, source=Source.MARK, mark=mark, presence=Presence.INK if mark else Presence.EMPTY)


def value(*inks: Ink) -> Value:
    return extract(FORM, inks, TODAY, BOUNDS)[inks[0].zone.split(".")[0]]


def test_every_field_gets_one_value_in_the_order_of_the_form() -> None:
    values = extract(FORM, [], TODAY)
    assert list(values) == list(FORM.fields)
    assert {(v.state, v.confidence, v.file) for v in values.values()} == {(State.EMPTY, 0.0, "")}


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("tax_code", "rssmra80a01h501u", "RSSMRA80A01H501U"),
        ("date", "03041980", "1980-04-03"),
        ("amount", "1.234,56", "1234.56"),
        ("list", "A1, A2", ("A1", "A2")),
        ("phone", "06 5555 5555", "+390655555555"),
        ("province", "NO", "NO"),
        ("municipality", "FORLI'", "Forlì"),
        ("name", " ROSSI ", "ROSSI"),
    ],
)
def test_form_values_are_normalized(kind: str, text: str, expected: object) -> None:
    found = value(form_value(kind, text))
    assert (found.state, found.value, found.raw, found.source) == (State.FILLED, expected, text, Source.ACROFORM)
    assert (found.file, found.page, found.box) == ("a.pdf", 1, BOX)


def test_a_wrong_form_value_is_invalid_with_its_raw_text_and_proposals() -> None:
    found = value(form_value("tax_code", "RSSMRA8OA01H501U"))
    assert (found.state, found.value, found.raw) == (State.INVALID, None, "RSSMRA8OA01H501U")
    assert found.proposals == ("RSSMRA80A01H501U",)
    assert found.reason


@pytest.mark.parametrize("text", ["N/A", "n.a.", "—", "/", "nessuno", "---"])
def test_marks_for_not_applicable(text: str) -> None:
    assert value(form_value("text", text)).state is State.NOT_APPLICABLE
    assert value(ink("text", text)).state is State.NOT_APPLICABLE


@pytest.mark.parametrize(("text", "sign"), [("NA", "NA"), ("NO", "NO"), ("n.a.", "NA")])
def test_napoli_and_novara_are_provinces(text: str, sign: str) -> None:
    assert value(form_value("province", text)).value == sign
    assert value(ink("province", text, lattice=lattice_of(text.upper()))).value == sign
    assert value(form_value("province", "/")).state is State.NOT_APPLICABLE


def test_the_ink_test_comes_before_the_reading() -> None:
    assert value(ink("name", "ROSSI", presence=Presence.EMPTY)).state is State.EMPTY
    assert value(ink("name", "ROSSI", presence=Presence.STRUCK)).state is State.NOT_APPLICABLE
    assert value(ink("name", "", presence=Presence.INK)).state is State.UNREADABLE
    assert value(ink("name", "", presence=Presence.DOUBTFUL)).state is State.UNREADABLE


def test_clear_codes_are_taken_and_unclear_ones_asked_about() -> None:
    clear = value(ink("tax_code", "RSSMRA80A01H501U", lattice=lattice_of("RSSMRA80A01H501U")))
    assert (clear.state, clear.value) == (State.FILLED, "RSSMRA80A01H501U")
    shaky = value(ink("pdr", "00123466789012", lattice=lattice_of("00123456789012", {7: ("6", 0.45)}), confidence=0.5))
    assert (shaky.state, shaky.value) == (State.UNREADABLE, None)
    assert shaky.proposals[0] == "00123456789012"


def test_a_failed_check_with_a_cheap_repair_is_a_doubt_about_the_reading() -> None:
    lattice = lattice_of("RSSMRA80A01H507U", {14: ("1", 0.3)})
    found = value(ink("tax_code", "RSSMRA80A01H507U", lattice=lattice, confidence=0.95))
    assert (found.state, found.proposals[0]) == (State.UNREADABLE, "RSSMRA80A01H501U")


def test_a_clearly_written_wrong_code_is_the_customers() -> None:
    found = value(ink("tax_code", "RSSMRA80A01H501V", lattice=lattice_of("RSSMRA80A01H501V")))
    assert (found.state, found.value) == (State.INVALID, None)
    assert "controllo" in found.reason
    swapped = value(ink("pod", "00123456789012", lattice=lattice_of("00123456789012")))
    assert swapped.state is State.INVALID
    assert "PDR" in swapped.reason


def test_two_readers_of_a_code_without_check_digit() -> None:
    lattice = lattice_of("00197")
    assert value(ink("postal_code", "00197", lattice=lattice, others=("00197",))).confidence > 0.99
    differ = value(ink("postal_code", "00197", lattice=lattice, others=("00187",)))
    assert (differ.state, differ.proposals) == (State.UNREADABLE, ("00197", "00187"))
    # An empty second reading says nothing.
    assert value(ink("postal_code", "00197", lattice=lattice, others=("",))).value == "00197"


def test_a_date_in_words_is_read_though_no_pattern_knows_it() -> None:
    found = value(ink("date", "3 aprile 2025", lattice=lattice_of("3 aprile 2025")))
    assert (found.state, found.value) == (State.FILLED, "2025-04-03")


def test_an_impossible_date_is_invalid() -> None:
    found = value(ink("date", "31/04/2025", lattice=lattice_of("31/04/2025")))
    assert (found.state, found.raw) == (State.INVALID, "31/04/2025")


def test_the_birth_is_known_by_the_name_of_the_field() -> None:
    assert value(form_value("holder_birth_province", "EE")).value == "EE"
    assert value(form_value("province", "EE")).state is State.INVALID
    assert value(form_value("holder_birth_date", "03/04/2027")).state is State.INVALID


def test_free_text_takes_spaces_and_accents_from_the_second_reader() -> None:
    assert value(ink("text", "int.3 scala B", others=("int. 3 scala B",), confidence=0.5)).value == "int. 3 scala B"
    assert value(ink("name", "NICOLO", others=("NICOLÒ",), confidence=0.5)).value == "NICOLÒ"
    differ = value(ink("name", "ROSSI", others=("RUSSI",), confidence=0.9))
    assert (differ.state, differ.proposals) == (State.UNREADABLE, ("ROSSI", "RUSSI"))


def test_an_official_name_needs_less_confidence() -> None:
    assert value(ink("municipality", "CEFALU'", confidence=0.5)).value == "Cefalù"
    assert value(ink("municipality", "CEFALX", confidence=0.5)).state is State.UNREADABLE
    helped = value(ink("municipality", "CEFALX", confidence=0.7, others=("CEFALU",)))
    assert (helped.state, helped.proposals[0]) == (State.UNREADABLE, "Cefalù")


def test_enum() -> None:
    on, off = box("customer_type.domestic", mark=True), box("customer_type.non_domestic", mark=False)
    assert value(on, off).value == "domestic"
    assert value(replace(on, mark=False), off).state is State.EMPTY
    both = value(on, replace(off, mark=True))
    assert both.state is State.INVALID
    assert "più caselle barrate" in both.reason
    assert value(on, replace(off, mark=None)).state is State.UNREADABLE


def test_ticks_follow_the_order_of_the_form() -> None:
    found = value(
        *(
            box(f"subcases.{o}", mark=o != "recovery_disputed")
            for o in ("application_refused", "not_paid", "recovery_disputed")
        )
    )
    assert found.value == ("not_paid", "application_refused")
    assert value(box("subcases.not_paid", mark=False)).state is State.EMPTY
    assert value(box("subcases.not_paid", mark=None)).state is State.UNREADABLE


def test_a_single_tick_and_a_signature() -> None:
    assert value(box("tick", mark=True)).value is True
    off = value(box("tick", mark=False))
    assert (off.state, off.value) == (State.EMPTY, False)
    assert value(box("ink", mark=True)).value is True
    assert value(box("ink", mark=None)).state is State.UNREADABLE


def test_come_sopra_is_the_holders_address() -> None:
    home = {
        "street": "Via Verdi",
        "street_number": "12/A",
        "postal_code": "00185",
        "municipality": "Roma",
        "province": "RM",
    }
    inks = [form_value(f"holder_{part}", text) for part, text in home.items()]
    values = extract(FORM, [*inks, form_value("supply_street", "come sopra")], TODAY)
    assert {part: values[f"supply_{part}"].value for part in home} == home
    assert values["supply_street"].raw == "come sopra"


def test_of_a_sheet_that_came_twice_the_better_one_counts() -> None:
    assert value(ink("name"), ink("name", "ROSSI")).value == "ROSSI"
    assert value(ink("name", "RQSSI", confidence=0.7), ink("name", "ROSSI", confidence=0.98)).value == "ROSSI"


zones = [zone for f in FIELDS for zone in ([f.name] if not f.options else [f"{f.name}.{o.value}" for o in f.options])]
any_ink = st.builds(
    ink,
    zone=st.sampled_from(zones),
    text=st.text(max_size=20),
    source=st.sampled_from(Source),
    presence=st.sampled_from(Presence),
    confidence=st.floats(0, 1),
    mark=st.sampled_from([True, False, None]),
    others=st.lists(st.text(max_size=20), max_size=2).map(tuple),
    lattice=st.none() | st.text(alphabet="0123456789ABEIOTR/.,", max_size=18).map(lattice_of),
)


@settings(max_examples=30)
@given(st.lists(any_ink, max_size=12))
def test_any_ink_gives_one_value_a_field(inks: list[Ink]) -> None:
    values = extract(FORM, inks, TODAY)
    assert list(values) == list(FORM.fields)
    for found in values.values():
        assert found.state in {State.FILLED, State.EMPTY, State.NOT_APPLICABLE} or found.reason.endswith(".")
        assert 0 <= found.confidence <= 1


def test_nothing_is_taken_unseen_when_no_error_is_borne() -> None:
    found = extract(FORM, [ink("text", "Via Verdi")], TODAY, replace(BOUNDS, budget=0.0))["text"]
    assert (found.state, found.proposals) == (State.UNREADABLE, ("Via Verdi",))
    assert found.evidence is not None
    assert found.evidence.medium is Medium.DIGITAL


def test_a_point_for_the_comma_and_a_1_for_the_i_are_the_readers_slips() -> None:
    amount = ink("amount", "2734.28", lattice=lattice_of("2734.28", {4: (",", 0.05)}))
    assert (value(amount).state, value(amount).value) == (State.FILLED, "2734.28")
    pod = ink("pod", "1T002E1234567A", lattice=lattice_of("1T002E1234567A", {0: ("I", 0.02)}))
    assert (value(pod).state, value(pod).value) == (State.FILLED, "IT002E1234567A")


def test_a_province_that_looks_like_another_text_is_asked_about() -> None:
    found = value(ink("province", "10", lattice=lattice_of("10")))
    assert (found.state, found.value) == (State.UNREADABLE, None)
    assert "TO" in found.proposals
    assert value(ink("province", "XX", lattice=lattice_of("XX"))).state is State.INVALID


def test_the_l_of_a_legal_form_is_no_i() -> None:
    found = value(ink("text", "Lampadina Fantasia S.r.I."))
    assert (found.value, found.raw) == ("Lampadina Fantasia S.r.l.", "Lampadina Fantasia S.r.I.")
    # What the customer typed himself is left alone.
    assert value(form_value("text", "Prova S.r.I.")).value == "Prova S.r.I."


def test_a_code_that_the_rest_of_the_form_bears_out_is_worth_more() -> None:
    weights = {"confidence": 1.0, "backing borne_out": 3.0, "backing contrary": -6.0}
    bounds = Acceptance(Calibration(dict.fromkeys(Manner, weights), dict.fromkeys(Medium, SURE)))
    shaky = ink("holder_tax_code", "RSSMRA80A01H501U", lattice=lattice_of("RSSMRA80A01H501U", {3: ("N", 0.3)}))
    person = [form_value("holder_surname", "Rossi"), form_value("holder_given_name", "Mario")]
    form = replace(FORM, sections=(Section("A", "Prova", PERSON),))
    alone = extract(form, [shaky], TODAY, bounds)["holder_tax_code"]
    assert (alone.state, alone.proposals[0]) == (State.UNREADABLE, "RSSMRA80A01H501U")
    borne_out = extract(form, [shaky, *person], TODAY, bounds)["holder_tax_code"]
    assert (borne_out.state, borne_out.value) == (State.FILLED, "RSSMRA80A01H501U")
    other = [form_value("holder_surname", "Verdi"), form_value("holder_given_name", "Mario")]
    sure = ink("holder_tax_code", "RSSMRA80A01H501U", lattice=lattice_of("RSSMRA80A01H501U"))
    assert extract(form, [sure, *other], TODAY, bounds)["holder_tax_code"].state is State.UNREADABLE


def test_a_cap_of_another_province_is_asked_about() -> None:
    weights = {"confidence": 1.0, "backing contrary": -9.0}
    bounds = Acceptance(Calibration(dict.fromkeys(Manner, weights), dict.fromkeys(Medium, SURE)))
    cap = ink("holder_postal_code", "20100", lattice=lattice_of("20100"))
    assert extract(FORM, [cap], TODAY, bounds)["holder_postal_code"].value == "20100"
    found = extract(FORM, [cap, form_value("holder_province", "NO")], TODAY, bounds)["holder_postal_code"]
    assert (found.state, found.proposals) == (State.UNREADABLE, ("20100",))


def test_a_date_that_could_only_be_offered_as_it_was_read_backs_nothing() -> None:
    form = replace(FORM, sections=(Section("A", "Prova", (*PERSON, field("holder_birth_date", Kind.DATE))),))
    code = ink("holder_tax_code", "RSSMRA80A01H501U", lattice=lattice_of("RSSMRA80A01H501U"))
    by_hand = ink("holder_birth_date", "l genn. ottanta", source=Source.HANDPRINT, confidence=0.4)
    values = extract(form, [code, by_hand, form_value("holder_surname", "Rossi")], TODAY, BOUNDS)
    assert values["holder_birth_date"].proposals == ("l genn. ottanta",)
    assert values["holder_tax_code"].value == "RSSMRA80A01H501U"
