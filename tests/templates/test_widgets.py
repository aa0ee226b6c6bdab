"""Form fields of a PDF of another make come under the names that its definition gives them."""

from datetime import date

import pytest

from pages.page import Box, FormValue
from templates.form import Field, Form, Kind, Option, Section
from templates.widgets import own_values, widget_names

BOX = Box(10, 10, 4, 4)
ANSWER = (Option("si", "Sì", 1, BOX, state="v1"), Option("no", "No", 1, BOX, state="v2"))
USES = (Option("casa", "Casa", 1, BOX, "Chk1", "On"), Option("altro", "Altro", 1, BOX, "Chk2"))
FIELDS = (
    Field("cognome", "Cognome", Kind.NAME, "A", 1, Box(10, 30, 80, 8), widget="Txt1"),
    Field("nome", "Nome", Kind.NAME, "A", 1, Box(10, 40, 80, 8)),
    Field("risposta", "Risposta", Kind.ENUM, "A", 1, BOX, options=ANSWER, widget="Rad1"),
    Field("uso", "Uso", Kind.TICKS, "A", 1, BOX, options=USES),
)
FORM = Form("P", "1", "P", date(2026, 1, 1), None, False, 1, 210, 297, (Section("A", "A", FIELDS),))


def named(*values: FormValue) -> dict[str, FormValue]:
    return {value.name: value for value in own_values(values, FORM)}


def test_texts_take_the_name_of_their_field() -> None:
    found = named(FormValue("Txt1", "Rossi"), FormValue("nome", "Mario"), FormValue("Other", "x"))
    assert {name: value.text for name, value in found.items()} == {"cognome": "Rossi", "nome": "Mario", "Other": "x"}


@pytest.mark.parametrize(("state", "option"), [("v1", "si"), ("v2", "no"), ("", ""), ("v9", "v9")])
def test_a_radio_group_is_on_as_its_option(state: str, option: str) -> None:
    assert named(FormValue("Rad1", on=state))["risposta"].on == option


@pytest.mark.parametrize(("state", "on"), [("On", "casa"), ("", ""), ("Off2", "")])
def test_a_check_box_of_its_own_is_on_as_its_option(state: str, on: str) -> None:
    assert named(FormValue("Chk1", on=state))["uso.casa"].on == on
    assert named(FormValue("Chk2", on="anything"))["uso.altro"].on == "altro"


def test_the_names_of_a_page_are_those_of_the_pdf() -> None:
    assert widget_names(FORM, 1) == {"Txt1", "nome", "Rad1", "risposta.si", "risposta.no", "Chk1", "Chk2", "uso"}
    assert widget_names(FORM, 2) == set()
