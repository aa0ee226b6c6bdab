import json
from datetime import date
from random import Random

import phonenumbers
import pytest
from codicefiscale import codicefiscale
from email_validator import validate_email
from stdnum.it import codicefiscale as stdnum_tax_code
from stdnum.it import iva

from samples.answers import answer
from samples.people import DISTRIBUTORS, SUPPLIERS, Person, invent, tax_code
from samples.situation import PROCEDURES, Wish, imagine

SEEDS = range(150)


@pytest.fixture(scope="module")
def people() -> list[Person]:
    return [invent(Random(seed)) for seed in SEEDS]


def test_the_same_seed_gives_the_same_person_and_another_seed_another() -> None:
    assert invent(Random(7)) == invent(Random(7))
    assert invent(Random(7)) != invent(Random(8))


def test_tax_codes_are_valid_and_agree_with_the_person(people: list[Person]) -> None:
    for person in people:
        assert stdnum_tax_code.is_valid(person.tax_code), person
        decoded = codicefiscale.decode(person.tax_code)
        assert decoded["gender"] == person.sex
        assert decoded["birthdate"].date() == person.birth_date
        assert decoded["birthplace"]["province"] in {person.birth_province, "EE"} or person.birth_province != "EE"
        assert decoded["birthplace"]["name"].casefold() == person.birth_place.casefold()


def test_known_vectors_of_the_tax_code() -> None:
    assert tax_code("D'Esempio", "Nicolò", "M", date(1975, 3, 2), "L'Aquila") == "DSMNCL75C02A345Y"
    assert tax_code("De Prova", "Maria Grazia", "F", date(1950, 8, 9), "Reggio nell'Emilia") == "DPRMGR50M49H223V"


def test_ways_to_be_reached_are_valid_and_plainly_invented(people: list[Person]) -> None:
    for person in people:
        for number in (person.mobile, person.phone):
            assert phonenumbers.is_valid_number(phonenumbers.parse(number)), number
        for address in (person.email, person.pec):
            assert validate_email(address, check_deliverability=False).normalized == address
            assert address.rpartition("@")[2] in {"example.com", "example.org"}


def test_supply_points_have_their_shape(people: list[Person]) -> None:
    for person in people:
        assert person.pod.startswith("IT")
        assert person.pod[5] == "E"
        assert len(person.pod) in {14, 15}
        assert len(person.pdr) == 14
        assert person.pdr.isdigit()
    assert {len(p.pod) for p in people} == {14, 15}


def test_people_vary_in_what_readers_stumble_over(people: list[Person]) -> None:
    names = " ".join(p.full_name for p in people)
    assert "'" in names
    assert any(c in names for c in "òèé")
    assert any(" " in p.given_name for p in people)
    assert any(p.birth_province == "EE" for p in people)
    assert {"NA", "NO"} <= {p.home.province for p in people}
    assert any(p.home.number == "SNC" for p in people)
    assert {p.sex for p in people} == {"M", "F"}


def test_companies_are_invented() -> None:
    invented = ("Esempio", "Fittizi", "Inventat", "Immaginari", "Prova", "Fantasia", "Fiaba", "Finto")
    assert all(any(word in name for word in invented) for name in (*SUPPLIERS, *DISTRIBUTORS))


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_answers_are_the_same_for_the_same_situation_and_fit_the_contract(procedure: str) -> None:
    case = imagine(Random(5), procedure, Wish(delegate=True))
    values = answer(case)
    assert values == answer(imagine(Random(5), procedure, Wish(delegate=True)))
    assert json.loads(json.dumps(values))["holder_tax_code"] == case.holder.tax_code
    if "vat_number" in values:
        assert iva.is_valid(str(values["vat_number"]))
