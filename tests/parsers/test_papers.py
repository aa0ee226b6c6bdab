"""Naming papers by their words and file names, with the slips of an engine."""

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.identity_document import IdentityDocument, identity_document
from parsers.paper_words import FILE_WORDS, PAPERS
from parsers.papers import UNSURE, name_paper, name_stranger
from parsers.stranger_words import STRANGERS

TEXTS = {
    "id_copy_holder": "REPUBBLICA ITALIANA CARTA DI IDENTITÀ CA00000AA Comune di rilascio Prova Scadenza 01.02.2030",
    "delegation_signed": "DELEGA alla presentazione della richiesta. Il sottoscritto delega il Sig. Prova Esempio",
    "complaint_copy": "Spett.le Luce. Oggetto: reclamo scritto. Il sottoscritto presenta reclamo. Saluti",
    "complaint_sending_proof": "Ricevuta di avvenuta consegna. Il messaggio Reclamo è stato consegnato nella casella",
    "complaint_answer_copy": "Oggetto: risposta al Suo reclamo. In risposta al Suo reclamo Le comunichiamo che",
    "bill_cmor": "Bolletta n. 12 Spesa per la materia energia Altre partite: Corrispettivo CMOR Totale da pagare",
    "bill_latest": "Bolletta n. 12 Periodo di fatturazione Spesa per la materia energia Totale da pagare Scadenza",
    "payment_proof": "Banca di Prova. Ricevuta di pagamento - bonifico eseguito. Beneficiario Luce di Prova",
    "contract_paper": "Lettera di conferma del contratto. Le confermiamo l'attivazione della fornitura",
    "isee_attestation": "Attestazione ISEE ordinario. Indicatore della situazione economica. Protocollo DSU",
    "asl_certificate": "Azienda Sanitaria Locale. Si certifica che utilizza un'apparecchiatura elettromedicale",
    "bonus_letter": "Comunicazione di ammissione al bonus sociale. SGAte",
    "heir_declaration": "Dichiarazione di erede del deceduto Prova Esempio",
}
COLUMNS = """Da:+390115550254 07/10/2026 08:50 Pag. 4/7
CARTA DI IDENTITÀ
Nato il
Rilasciata il
Scadenza
CA00000AA
06.02.1997 a Prova
17.11.2015
15.11.2025"""
"""A card as engines read it, labels first and values after them, under the line of a fax machine."""
ARRIVALS = {
    "smart_info": "SMART Info - Modulo richiesta informazioni su CMOR: chi ha richiesto il corrispettivo",
    "conciliation": "Servizio Conciliazione. Domanda di conciliazione ai sensi del TICO",
    "supplier_complaint": "Luce di Prova. Modulo reclami. Modulo per l'inoltro del reclamo scritto",
    "bonus_application": "Modulo A. Domanda per l'ammissione al regime di compensazione. Nucleo familiare. ISEE",
    "other_sector": "Il servizio idrico ha fatturato un consumo di acqua anomalo",
    "letter": "Spettabile Sportello, vi chiedo di aiutarmi con la bolletta che non capisco. Grazie.",
    "not_a_request": "Offerta imperdibile! Sconto del 50% sul toner. Per non ricevere la newsletter clicca qui",
    "empty": " . \n 1 ",
    "unknown": "Come da accordi telefonici resto in attesa. Cordiali saluti, Mario Rossi",
}


@pytest.mark.parametrize("code", TEXTS)
def test_papers_are_named_by_their_words(code: str) -> None:
    found, sure, evidence = name_paper(TEXTS[code], "scan0001.pdf")
    assert found == code
    assert sure >= 0.5
    assert evidence


@pytest.mark.parametrize("code", TEXTS)
@pytest.mark.parametrize("seed", range(5))
def test_a_slip_in_thirty_letters_does_not_matter(code: str, seed: int) -> None:
    assert name_paper(smudged(TEXTS[code], Random(seed)), "scan0001.pdf")[0] == code


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("documento_delegato.pdf", "id_copy_delegate"),
        ("Carta d'identità fronte.jpg", "id_copy_holder"),
        ("RECLAMO.PDF", "complaint_copy"),
        ("ricevuta-invio.pdf", "complaint_sending_proof"),
        ("fattura_vecchio_fornitore.pdf", "bill_old"),
        ("IMG_0001.jpg", UNSURE),
        ("societa.pdf", UNSURE),
    ],
)
def test_a_file_name_is_weaker_evidence(file: str, code: str) -> None:
    found, sure, _ = name_paper("", file)
    assert found == code
    assert sure <= 0.5


def test_words_win_over_the_file_name_and_the_name_tells_alike_papers_apart() -> None:
    assert name_paper(TEXTS["payment_proof"], "reclamo.pdf")[0] == "payment_proof"
    assert name_paper(TEXTS["id_copy_holder"], "documento_delegato.pdf")[0] == "id_copy_delegate"
    assert name_paper(TEXTS["bill_latest"], "fattura nuovo fornitore.pdf")[0] == "bill_new"
    assert name_paper(TEXTS["bill_cmor"], "bollette.pdf")[0] == "bill_cmor"


@pytest.mark.parametrize("text", ["", "Foglio con parole qualunque che non dicono nulla di particolare", "||| .. 12"])
def test_what_says_nothing_is_unsure(text: str) -> None:
    assert name_paper(text, "scan.pdf") == (UNSURE, 0.0, "")


@pytest.mark.parametrize("kind", ARRIVALS)
def test_strangers(kind: str) -> None:
    assert name_stranger(ARRIVALS[kind]) == kind


@pytest.mark.parametrize(
    ("text", "document"),
    [
        (TEXTS["id_copy_holder"], IdentityDocument("cie", "CA00000AA", date(2030, 2, 1))),
        (
            "Carta d'identità AA 1234567 valida fino al 1/5/2028",
            IdentityDocument("paper", "AA1234567", date(2028, 5, 1)),
        ),
        ("PASSAPORTO Passport YA1234567", IdentityDocument("passport", "YA1234567")),
        ("PATENTE DI GUIDA U1A23B456C 4b 03.04.2031", IdentityDocument("licence", "U1A23B456C", date(2031, 4, 3))),
        ("CARTA DI IDENTITÀ illeggibile", IdentityDocument("unknown")),
        (
            "C<ITACA00000AA3<<<<<<<<<<<<<<<\n8001014M3002013ITA<<<<<<<<<<<6",
            IdentityDocument("cie", "CA00000AA", date(2030, 2, 1)),
        ),
        (COLUMNS, IdentityDocument("cie", "CA00000AA", date(2025, 11, 15))),
        ("CARTA DI IDENTITÀ Scadenza Prova 06.02.1997 Rilasciata 17.11.2020", IdentityDocument("unknown")),
        ("Bolletta n. AA1234567 del 01.02.2025", None),
        ("CARTA DI IDENTITÀ CA00000AA Scadenza 31.02.2030", IdentityDocument("cie", "CA00000AA")),
    ],
)
def test_identity_documents(text: str, document: IdentityDocument | None) -> None:
    assert identity_document(text) == document


@given(text=st.text(max_size=200), file=st.text(max_size=30))
def test_any_text_gets_a_name(text: str, file: str) -> None:
    code, sure, _ = name_paper(text, file)
    assert code in {*PAPERS, *FILE_WORDS, "id_copy_holder", "bill_cmor", "bill_latest", UNSURE}
    assert 0 <= sure < 1
    assert name_stranger(text) in {*STRANGERS, "letter", "not_a_request", "empty", "unknown"}
    identity_document(text)


def smudged(text: str, rng: Random) -> str:
    """Change one letter in thirty, as an engine does on a bad copy."""
    slips = {"e": "c", "l": "1", "o": "0", "i": "l", "n": "m", "c": "e", "a": "o", "r": "n"}
    return "".join(slips.get(c, c) if rng.random() < 1 / 30 else c for c in text)
