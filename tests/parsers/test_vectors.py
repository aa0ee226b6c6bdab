"""The vectors of the domain's value formats, kind by kind."""

from datetime import date

import pytest

from parsers.fields import (
    amount,
    email,
    iban,
    municipality,
    pdr,
    phone,
    places,
    pod,
    postal_code,
    province,
    registered_letter,
    tax_code,
    vat,
)
from parsers.fields import date as dates
from parsers.fields.identity import Disagreement, disagreements, given_name_letters, surname_letters
from parsers.fields.parsed import Context
from parsers.fields.tax_code_shape import birth_dates, plain, sex

TODAY = date(2026, 11, 20)
NOW = Context(TODAY)
BIRTH = Context(TODAY, birth=True)
OMOCODIC = (
    "RSSMRA80A01H50MM", "RSSMRA80A01H5LMX", "RSSMRA80A01HRLMS", "RSSMRA80A0MHRLMK", "RSSMRA80ALMHRLMV",
    "RSSMRA8LALMHRLMG", "RSSMRAULALMHRLMD",
)  # fmt: skip


@pytest.mark.parametrize(
    ("code", "which", "birth", "place"),
    [
        ("RSSMRA80A01H501U", "M", date(1980, 1, 1), "Roma"),
        ("RSSMRA80A41H501Y", "F", date(1980, 1, 1), "Roma"),
        ("DSMNCL75C02A345Y", "M", date(1975, 3, 2), "L'Aquila"),
        ("FOXBAX99T71Z110Z", "F", date(1999, 12, 31), "Francia"),
        ("DPRMGR50M49H223V", "F", date(1950, 8, 9), "Reggio nell'Emilia"),
        ("SMPGFR00B29F839F", "M", date(2000, 2, 29), "Napoli"),
    ],
)
def test_a_valid_code_says_who_it_is_of(code: str, which: str, birth: date, place: str) -> None:
    assert tax_code.parse(code, NOW).value == code
    assert sex(code) == which
    assert birth in birth_dates(code, TODAY)
    assert places.by_code(plain(code)[11:15])[0].name == place


@pytest.mark.parametrize("code", OMOCODIC)
def test_omocodic_forms_are_valid_and_say_the_same(code: str) -> None:
    assert tax_code.parse(code, NOW).value == code
    assert plain(code)[:15] == "RSSMRA80A01H501"
    assert tax_code.has_omocodia(code)


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("RSSMRA80A01H50MU", "controllo"),
        ("RSSMRA80A01H501V", "controllo"),
        ("RSSMRA8OA01H501U", "fuori posto"),
        ("R5SMRA80A01H501U", "fuori posto"),
        ("RSSMRA80F01H501G", "fuori posto"),
        ("RSSMRA80B30H501X", "data di nascita"),
        ("RSSMRA99B29H501B", "data di nascita"),
        ("RSSMRA80A72H501G", "data di nascita"),
        ("RSSMRA80A01Z999Y", "luogo di nascita"),
        ("RSSMRA80A01A000C", "luogo di nascita"),
        ("RSSMRA80A01H501", "16 caratteri"),
        ("ÙSSMRA80A01H501U", "fuori posto"),
    ],
)
def test_a_wrong_code_says_what_is_wrong(code: str, word: str) -> None:
    found = tax_code.parse(code, NOW)
    assert found.value is None
    assert word in found.reason


@pytest.mark.parametrize("code", ["RSSMRA8OA01H501U", "R5SMRA80A01H501U"])
def test_a_letter_in_a_digits_place_is_proposed_and_not_put_right(code: str) -> None:
    assert tax_code.parse(code, NOW).proposals == ("RSSMRA80A01H501U",)


@pytest.mark.parametrize(
    "raw", ["rssmra 80a01 h501u", "R S S M R A 8 0 A 0 1 H 5 0 1 U", "RSS.MRA.80A01.H501-U", "RSSMRA|80A01_H501U"]
)
def test_marks_between_the_cells_do_not_count(raw: str) -> None:
    assert tax_code.parse(raw, NOW).value == "RSSMRA80A01H501U"


def test_the_century_comes_from_the_birth_date() -> None:
    assert tax_code.parse("RSSMRA15A01H501G", NOW).value
    assert disagreements("RSSMRA15A01H501G", birth_date=date(1915, 1, 1)) == ()
    assert disagreements("RSSMRA20A01H501G", birth_date=date(1920, 1, 1)) == ()
    assert disagreements("RSSMRA20A01H501G", birth_date=date(2020, 1, 1)) == ()


def test_eleven_digits_are_a_tax_code_too() -> None:
    assert tax_code.parse("97123450153", NOW).value == "97123450153"
    assert tax_code.parse("80123450589", NOW).value == "80123450589"
    assert tax_code.parse("97123450154", NOW).value is None
    assert tax_code.needs_review("97123450153")
    # Luhn is right, the office 101 is not in the list: a question, no error.
    assert tax_code.parse("12345671015", NOW).value == "12345671015"
    assert tax_code.needs_review("12345671015")
    assert not tax_code.needs_review("12345670017")


@pytest.mark.parametrize(
    ("surname", "given", "letters"),
    [
        ("D'Esempio", "Nicolò", "DSMNCL"),
        ("Fo", "Ba", "FOXBAX"),
        ("De Prova", "Maria Grazia", "DPRMGR"),
        ("Esempio", "Gianfranco", "SMPGFR"),
        ("ROSSI", "mario", "RSSMRA"),
    ],
)
def test_names_are_encoded(surname: str, given: str, letters: str) -> None:
    assert surname_letters(surname) + given_name_letters(given) == letters


def test_each_contradiction_of_a_code_is_named() -> None:
    found = disagreements(
        "RSSMRA80A01H501U", surname="Bianchi", given_name="Anna", birth_date=date(1981, 1, 1), sex_ticked="F",
        birth_place="Napoli",
    )  # fmt: skip
    assert found == tuple(Disagreement)
    assert disagreements("RSSMRA80A01H50MM", birth_date=date(1980, 1, 1), birth_place="ROMA", sex_ticked="M") == ()
    assert disagreements("DPRMGR50M49H223V", birth_place="Reggio Emilia", birth_date=date(1950, 8, 9)) == ()


def test_homonyms_need_the_province() -> None:
    assert {n for n in ("Castro", "Livo", "Peglio", "Samone", "San Teodoro") if municipality.is_homonym(n)} == {
        "Castro", "Livo", "Peglio", "Samone", "San Teodoro",
    }  # fmt: skip
    assert municipality.birth_codes("Castro", "BG") == {"C337"}
    assert municipality.birth_codes("Castro") == {"C337", "M261"}


@pytest.mark.parametrize("raw", ["12345670017", "IT12345670017", "it 1234567 001 7"])
def test_vat_numbers(raw: str) -> None:
    assert vat.parse(raw, NOW).value == "12345670017"


@pytest.mark.parametrize(
    "raw", ["12345670018", "12345671015", "1234567001", "00000000000", "123456700l7", "١٢٣٤٥٦٧٠٠١٧"]
)
def test_wrong_vat_numbers(raw: str) -> None:
    assert vat.parse(raw, NOW).value is None


def test_a_letter_in_a_vat_number_is_proposed() -> None:
    assert vat.parse("123456700l7", NOW).proposals == ("12345670017",)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("IT001E12345678", "IT001E12345678"),
        ("IT001E123456789", "IT001E123456789"),
        ("IT001E12345678A", "IT001E12345678A"),
        ("IT002E1234567A", "IT002E1234567A"),
        ("it 002 E 1234567-A", "IT002E1234567A"),
    ],
)
def test_pods(raw: str, value: str) -> None:
    assert pod.parse(raw, NOW).value == value


@pytest.mark.parametrize(
    "raw", ["IT002E1234567", "IT001E1234567890", "IT002F1234567A", "1T002E1234567A", "12345678901234"]
)
def test_wrong_pods(raw: str) -> None:
    assert pod.parse(raw, NOW).value is None


def test_pod_repairs_touch_the_fixed_positions_only() -> None:
    assert pod.parse("1T0O2F1234567A", NOW).proposals == ("IT002E1234567A",)
    assert pod.parse("lT0O2E123456OA", NOW).proposals == ("IT002E123456OA",)
    assert pod.parse("12345678901234", NOW).proposals == ()
    assert "PDR" in pod.parse("12345678901234", NOW).reason
    assert pod.same("IT001E12345678", "it001e123456789")


@pytest.mark.parametrize("raw", ["00123456789012", "IT00123456789012", "0012 3456 7890 12"])
def test_pdrs(raw: str) -> None:
    assert pdr.parse(raw, NOW).value == "00123456789012"


@pytest.mark.parametrize("raw", ["123456789012", "0123456789012", "1,23457E+12", "IT001E12345678"])
def test_wrong_pdrs(raw: str) -> None:
    assert pdr.parse(raw, NOW).value is None


def test_pdr_reasons_name_the_damage() -> None:
    assert pdr.parse("0123456789012", NOW).proposals == ("00123456789012",)
    assert "foglio di calcolo" in pdr.parse("1,23457E+12", NOW).reason
    assert "POD" in pdr.parse("IT001E12345678", NOW).reason


@pytest.mark.parametrize("raw", ["IT60X0542811101000000123456", "SM86U0322509800000000270100"])
def test_ibans(raw: str) -> None:
    assert iban.parse(raw, NOW).value == raw


@pytest.mark.parametrize(
    "raw", ["IT60X0542811101000000123457", "IT65A0542811101000000123456", "IT60X05428111010000001234560"]
)
def test_wrong_ibans(raw: str) -> None:
    assert iban.parse(raw, NOW).value is None


def test_postal_codes() -> None:
    assert postal_code.parse("00197", NOW).value == "00197"
    assert postal_code.parse("20100", NOW).value == "20100"
    assert postal_code.parse("197", NOW).value is None
    assert postal_code.parse("0197", NOW).proposals == ("00197",)
    assert municipality.fits_postal_code("00197", municipality.provinces_of("Roma"))
    assert municipality.fits_postal_code("80100", ["RM"]) is False
    assert municipality.fits_postal_code("80100", []) is None


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("NA", "NA"),
        ("(na)", "NA"),
        ("Napoli", "NA"),
        ("NO", "NO"),
        ("FO", "FC"),
        ("PS", "PU"),
        ("CI", "CI"),
        ("n.a.", "NA"),
    ],
)
def test_provinces(raw: str, value: str) -> None:
    assert province.parse(raw, NOW).value == value


def test_abroad_is_a_birth_province_only() -> None:
    assert province.parse("EE", BIRTH).value == "EE"
    assert province.parse("EE", NOW).value is None
    assert province.parse("ZA", BIRTH).value == "ZA"
    assert province.parse("XX", BIRTH).value is None


def test_every_province_of_the_lexicon_is_known() -> None:
    signs = {p.province for found in places.names().values() for p in found}
    assert [s for s in signs if province.parse(s, BIRTH).value is None] == []
    assert len({p.province for found in places.names().values() for p in found if p.active} - {"EE"}) == 107


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("FORLI'", "Forlì"),
        ("forlì", "Forlì"),
        ("Reggio Emilia", "Reggio nell'Emilia"),
        ("REGGIO CALABRIA", "Reggio di Calabria"),
        ("Bolzano/Bozen", "Bolzano"),
        ("Bozen", "Bolzano"),
        ("S. Giovanni Rotondo", "San Giovanni Rotondo"),
        ("L’AQUILA", "L'Aquila"),
        ("SANT'ANGELO LODIGIANO", "Sant'Angelo Lodigiano"),
        ("S.Angelo Lodigiano", "Sant'Angelo Lodigiano"),
        ("Roma (RM)", "Roma"),
        ("Castro", "Castro"),
    ],
)
def test_municipalities_take_their_official_name(raw: str, value: str) -> None:
    assert municipality.parse(raw, NOW).value == value


def test_an_unknown_municipality_is_kept_and_a_near_one_proposed() -> None:
    found = municipality.parse("Gorley", NOW)
    assert (found.value, found.proposals) == ("Gorley", ("Gorle",))
    assert municipality.parse("Xyzzy", NOW).proposals == ()
    assert municipality.parse("Francia", BIRTH).value == "Francia"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("800.166.654", "+39800166654"),
        ("06 5555 5555", "+390655555555"),
        ("0039 333 1234567", "+393331234567"),
        ("333/1234567", "+393331234567"),
        ("(011) 5555555", "+390115555555"),
        ("02 1234567 int. 5", "+39021234567;ext=5"),
        ("06-12345", "+390612345"),
        ("+41 44 668 18 00", "+41446681800"),
    ],
)
def test_phone_numbers(raw: str, value: str) -> None:
    assert phone.parse(raw, NOW).value == value


@pytest.mark.parametrize("raw", ["6 55555555", "333 12345", "O55123456", "", "telefono"])
def test_wrong_phone_numbers(raw: str) -> None:
    assert phone.parse(raw, NOW).value is None


def test_two_phone_numbers_are_split() -> None:
    found = phone.parse("06 55555555 / 333 1234567", NOW)
    assert (found.value, found.proposals) == ("+390655555555", ("+390655555555", "+393331234567"))


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("utente.prova@pec.example.com", "utente.prova@pec.example.com"),
        ("UTENTE.PROVA@EXAMPLE.COM", "UTENTE.PROVA@example.com"),
    ],
)
def test_addresses(raw: str, value: str) -> None:
    assert email.parse(raw, NOW).value == value


@pytest.mark.parametrize(
    "raw",
    [
        "utente.prova@example",
        "utente prova@example.com",
        "utente.prova@example.com.",
        "Utente Prova <utente@example.com>",
        "utente@example.test",
        "utente@example.invalid",
    ],
)
def test_wrong_addresses(raw: str) -> None:
    assert email.parse(raw, NOW).value is None


def test_address_repairs_are_offered() -> None:
    assert email.parse("Utente Prova <utente@example.com>", NOW).proposals == ("utente@example.com",)
    assert "utente_prova@example.com" in email.parse("utente prova@example.com", NOW).proposals
    assert email.same("UTENTE@example.com", "utente@EXAMPLE.com")


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("1.234,56", "1234.56"),
        ("1234,56", "1234.56"),
        ("1.234", "1234"),
        ("12,5", "12.5"),
        ("1.234.567,89", "1234567.89"),
        ("€ 1'234,50 euro", "1234.50"),
    ],
)
def test_amounts(raw: str, value: str) -> None:
    assert amount.parse(raw, NOW).value == value


@pytest.mark.parametrize("raw", ["1,234.56", "1234.56", "12.34", "1.234,5O", "1,234", "-12,50", "1e5", "NaN", "١٢"])
def test_wrong_amounts(raw: str) -> None:
    assert amount.parse(raw, NOW).value is None


def test_amount_repairs_are_offered() -> None:
    assert amount.parse("1.234,5O", NOW).proposals == ("1234.50",)
    assert amount.parse("1,234.56", NOW).proposals == ("1234.56",)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("03/04/2025", "2025-04-03"),
        ("3-4-25", "2025-04-03"),
        ("03.04.25", "2025-04-03"),
        ("3 apr. 2025", "2025-04-03"),
        ("3 aprile 2025", "2025-04-03"),
        ("1° gennaio 2025", "2025-01-01"),
        ("29/02/2028", "2028-02-29"),
        ("03041980", "1980-04-03"),
        ("0 3 0 4 1 9 8 0", "1980-04-03"),
        ("03 / 04 / 2025", "2025-04-03"),
        ("2025-04-03", "2025-04-03"),
    ],
)
def test_dates(raw: str, value: str) -> None:
    assert dates.parse(raw, NOW).value == value


@pytest.mark.parametrize(
    "raw", ["29/02/2025", "31/04/2025", "12/25/2025", "04/2025", "ieri", "due aprile 2025", "030425"]
)
def test_wrong_dates(raw: str) -> None:
    assert dates.parse(raw, NOW).value is None


def test_date_repairs_are_offered() -> None:
    assert dates.parse("12/25/2025", NOW).proposals == ("2025-12-25",)
    assert dates.parse("O3/O4/2025", NOW).proposals == ("2025-04-03",)
    assert dates.parse("030425", NOW).proposals == ("2025-04-03",)


@pytest.mark.parametrize(
    ("raw", "value"), [("3/4/68", "1968-04-03"), ("3/4/1915", "1915-04-03"), ("03/04/05", "2005-04-03")]
)
def test_births(raw: str, value: str) -> None:
    assert dates.parse(raw, BIRTH).value == value


@pytest.mark.parametrize("raw", ["03/04/2027", "21/11/2026", "01/01/1900"])
def test_wrong_births(raw: str) -> None:
    assert dates.parse(raw, BIRTH).value is None


def test_a_birth_of_unclear_century_is_a_question() -> None:
    assert dates.parse("3/4/15", BIRTH).proposals == ("2015-04-03", "1915-04-03")


def test_registered_letters() -> None:
    assert [registered_letter.check_digit(s) for s in ("47312482", "00000000", "00000003")] == ["9", "5", "1"]
    assert registered_letter.parse("RR 473 124 829 IT", NOW).value == "RR473124829IT"
    assert registered_letter.parse("RR473124820IT", NOW).value is None
    assert registered_letter.parse("123456789012", NOW).value == "123456789012"
