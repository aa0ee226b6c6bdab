from dataclasses import replace
from datetime import date

import pytest

from checks.validation import Outcome, Severity
from parsers.reading import Content, Paper, Reading
from tests.checks.desk import COMPLETE, IDENTITY, check, found, reading

CIE = "REPUBBLICA ITALIANA CARTA DI IDENTITA CA00000AA COGNOME ROSSI NOME MARIO SCADENZA {}"
PAPER_CARD = "REPUBBLICA ITALIANA CARTA DI IDENTITA AA 0000000 COGNOME ROSSI NOME MARIO SCADENZA {}"


def with_document(*texts: str, **more: Content) -> Reading:
    given = reading(COMPLETE | {"complaint_sent_date": "2026-02-01", "sign_date": "2026-03-01"} | more)
    rest = tuple(p for p in given.papers if p.code != "id_copy_holder")
    cards = tuple(Paper("id_copy_holder", "id.pdf", n, 0.9, text=text) for n, text in enumerate(texts, 1))
    return replace(given, papers=(*rest, *cards))


@pytest.mark.parametrize(
    ("received", "text", "reasons"),
    [
        (date(2026, 8, 2), PAPER_CARD.format("01.05.2028"), ()),
        (date(2026, 8, 3), PAPER_CARD.format("01.05.2028"), ("paper_id_card",)),
        (date(2026, 9, 1), CIE.format("01.01.2030"), ()),
        (date(2026, 6, 15), CIE.format("14.06.2026"), ("id_expired",)),
        (date(2026, 6, 14), CIE.format("14.06.2026"), ()),
    ],
)
def test_vectors(received: date, text: str, reasons: tuple[str, ...]) -> None:
    result = check(with_document(text), received)
    assert result.reasons == reasons
    assert result.outcome is (Outcome.MANUAL_REVIEW if reasons else Outcome.READY)


def test_valid_is_asked_of_the_day_of_receipt_not_of_processing() -> None:
    given = with_document(CIE.format("14.06.2026"))
    assert check(given, date(2026, 6, 14), processed_on=date(2026, 7, 1)).outcome is Outcome.READY


def test_an_expired_document_that_a_clerk_confirms_is_asked_again() -> None:
    given = with_document(CIE.format("14.06.2026"))
    result = check(given, date(2026, 6, 15), confirmed=frozenset({("id_expired", "id_copy_holder")}))
    assert (result.outcome, result.reasons) == (Outcome.INCOMPLETE, ("id_copy_holder",))


def test_another_end_of_paper_cards_can_be_set() -> None:
    given = with_document(PAPER_CARD.format("01.05.2028"))
    assert check(given, date(2026, 8, 3), settings={"paper_card_ends": date(2027, 1, 1)}).outcome is Outcome.READY


def test_a_near_black_copy_is_there_but_unreadable() -> None:
    result = check(with_document(". ,:"), date(2026, 9, 1))
    assert result.reasons == ("id_unreadable",)
    assert not found(result, Severity.MISSING)


def test_what_is_no_document() -> None:
    text = "Tessera di un ordine professionale, rilasciata a Rossi Mario, iscritto dal 2001 con il numero 1234"
    assert check(with_document(text), date(2026, 9, 1)).reasons == ("id_not_recognised",)


def test_without_a_readable_expiry() -> None:
    text = "REPUBBLICA ITALIANA CARTA DI IDENTITA CA00000AA COGNOME ROSSI NOME MARIO NATO A ROMA"
    assert check(with_document(text), date(2026, 9, 1)).reasons == ("id_expiry_unread",)


def test_without_a_number_it_could_be_a_paper_card() -> None:
    text = "REPUBBLICA ITALIANA CARTA DI IDENTITA COGNOME ROSSI NOME MARIO SCADENZA 01.01.2030"
    assert check(with_document(text), date(2026, 8, 2)).outcome is Outcome.READY
    assert check(with_document(text), date(2026, 8, 3)).reasons == ("id_kind_unread",)


def test_front_and_back_on_two_sheets() -> None:
    front = "REPUBBLICA ITALIANA CARTA DI IDENTITA CA00000AA COGNOME ROSSI NOME MARIO"
    assert check(with_document(front, "CARTA DI IDENTITA retro SCADENZA 01.01.2030"), date(2026, 9, 1)).reasons == ()


def test_the_document_of_somebody_else() -> None:
    given = with_document(IDENTITY.replace("ROSSI", "BIANCHI"))
    assert check(given, date(2026, 9, 1)).reasons == ("id_of_another_person",)
    heir = with_document(IDENTITY.replace("ROSSI", "BIANCHI"), heir_request=True, deceased_holder_name="Rossi Mario")
    assert check(heir, date(2026, 9, 1)).outcome is Outcome.READY


def test_one_side_only_is_noted() -> None:
    front = check(with_document(CIE.format("01.01.2030")), date(2026, 9, 1))
    assert found(front, Severity.NOTE) == {("id_back_not_seen", "id_copy_holder")}
    back = check(with_document(CIE.format("01.01.2030") + " Codice fiscale RSSMRA80A01H501U"), date(2026, 9, 1))
    assert back.findings == ()
