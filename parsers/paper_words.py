"""The words by which papers tell what they are, folded: lower case, no accents."""

from parsers.clues import Clue, clues

CARD = clues("""
1.0 carta di identita
1.0 carta d'identita
0.5 repubblica italiana
1.0 passaporto
0.6 passport
1.0 patente di guida
0.6 identity card
0.4 ministero dell'interno
0.3 comune di rilascio
0.3 cittadinanza
0.3 statura
""")

PAPERS: dict[str, tuple[Clue, ...]] = {
    "delegation_signed": clues("""
        1.0 delega alla presentazione
        0.6 delega
        0.6 delego
        0.6 il delegante
        0.4 il delegato
        0.4 il sottoscritto delega
        0.4 conferisce delega
    """),
    "complaint_answer_copy": clues("""
        1.1 risposta al suo reclamo
        1.1 risposta al vostro reclamo
        1.1 riscontro al suo reclamo
        1.0 in riscontro alla sua
        0.9 risposta al reclamo
        0.9 in risposta al
        0.4 le comunichiamo
        0.3 servizio clienti
        0.3 gentile cliente
    """),
    "complaint_sending_proof": clues("""
        1.1 ricevuta di avvenuta consegna
        1.1 ricevuta di accettazione
        0.9 e stato consegnato nella casella
        0.8 raccomandata a/r
        0.7 accettazione raccomandata
        0.7 avviso di ricevimento
        0.7 rapporto di trasmissione
        0.5 raccomandata n
        0.4 identificativo messaggio
        0.4 esito ok
    """),
    "complaint_copy": clues("""
        1.0 reclamo scritto
        0.9 presenta reclamo
        0.9 presento reclamo
        0.9 modulo reclami
        0.7 oggetto: reclamo
        0.5 reclamo
        0.2 spett.le
        0.2 distinti saluti
    """),
    "payment_proof": clues("""
        1.1 ricevuta di pagamento
        1.1 quietanza di pagamento
        1.0 attestazione di pagamento
        0.9 bonifico eseguito
        0.9 bonifico sepa
        0.7 bollettino
        0.6 contabile
        0.4 beneficiario
        0.4 ordinante
        0.3 importo pagato
    """),
    "contract_paper": clues("""
        1.2 conferma del contratto
        1.0 lettera di benvenuto
        1.0 proposta di contratto
        0.9 condizioni generali di fornitura
        0.6 contratto n
        0.5 condizioni economiche
        0.4 attivazione della fornitura
    """),
    "isee_attestation": clues("""
        1.2 attestazione isee
        0.9 indicatore della situazione economica
        0.8 isee ordinario
        0.7 dichiarazione sostitutiva unica
        0.5 protocollo dsu
        0.4 indicatore isee
        0.4 isee
        0.3 nucleo familiare
    """),
    "asl_certificate": clues("""
        1.1 azienda sanitaria locale
        1.1 certificazione asl
        0.9 apparecchiature elettromedicali
        0.9 apparecchiatura elettromedicale
        0.8 disagio fisico
        0.5 si certifica che
        0.4 mantenimento in vita
    """),
    "bonus_letter": clues("""
        1.2 ammissione al bonus
        1.0 recupero del bonus
        1.0 bonus sociale accolta
        0.8 comunicazione di esito bonus
        0.5 sgate
        0.4 bonus sociale
    """),
    "heir_declaration": clues("""
        1.2 dichiarazione di erede
        1.1 dichiarazione sostitutiva di erede
        1.0 qualita di erede
        0.7 certificato di morte
        0.5 deceduto
        0.4 erede
    """),
}

BILL = clues("""
    0.6 totale da pagare
    0.6 periodo di fatturazione
    0.6 spesa per la materia energia
    0.6 spesa per la materia gas
    0.5 bolletta per la fornitura
    0.5 bolletta n
    0.5 fattura n
    0.4 letture e consumi
""")
"""What only a bill has: its own parts. Letters about a bill name it too, so its mere name proves nothing."""

BILL_NAMED = clues("""
    0.2 bolletta
    0.2 fattura
    0.2 scadenza
    0.2 punto di fornitura
""")

CMOR = clues("""
    1.0 corrispettivo cmor
    0.8 corrispettivo c mor
    0.6 cmor
    0.5 corrispettivo di morosita
""")

FILE_WORDS: dict[str, tuple[str, ...]] = {
    "id_copy_delegate": ("documento delegato", "ci delegato", "carta delegato", "identita delegato"),
    "id_copy_holder": (
        "carta identita", "carta d identita", "documento identita", "doc identita", "ci fronte", "ci retro", "cie",
        "passaporto", "patente",
    ),
    "delegation_signed": ("delega",),
    "complaint_answer_copy": ("risposta",),
    "complaint_sending_proof": ("ricevuta invio", "prova invio", "ricevuta pec", "raccomandata", "avvenuta consegna"),
    "complaint_copy": ("reclamo",),
    "bill_cmor": ("cmor",),
    "payment_proof": ("pagamento", "bonifico", "quietanza"),
    "bill_old": ("fattura vecchio", "vecchio fornitore"),
    "bill_new": ("fattura nuovo", "nuovo fornitore"),
    "bill_latest": ("ultima bolletta",),
    "bills_after_complaint": ("bollette",),
    "contract_paper": ("contratto",),
    "isee_attestation": ("isee", "dsu"),
    "asl_certificate": ("asl", "certificato medico"),
    "bonus_letter": ("lettera bonus", "ammissione bonus"),
    "heir_declaration": ("erede",),
}  # fmt: skip
