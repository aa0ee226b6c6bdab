"""The words of post that is no form of ours: wrong forms, advertising, and letters that ask for something."""

from parsers.clues import Clue, clues

STRANGERS: dict[str, tuple[Clue, ...]] = {
    "smart_info": clues("""
        1.2 smart info
        0.9 modulo richiesta informazioni
        0.7 richiesta informazioni
        0.7 chi ha richiesto
    """),
    "conciliation": clues("""
        1.2 domanda di conciliazione
        1.2 servizio conciliazione
        1.0 procedura di conciliazione
        1.0 tico
        0.5 conciliazione
    """),
    "supplier_complaint": clues("""
        1.2 modulo reclami
        1.1 modulo di reclamo
        1.1 modulo reclamo
        1.0 modulo per l'inoltro del reclamo
        0.7 inoltro del reclamo
        0.6 reclamo scritto
        0.5 presento reclamo
        0.5 presenta reclamo
    """),
    "bonus_application": clues("""
        1.2 domanda per l'ammissione
        1.0 chiede l'ammissione al regime di compensazione
        0.8 regime di compensazione
        0.7 modulo a
        0.7 sgate
        0.4 composizione del nucleo familiare
        0.3 attestazione isee
    """),
    "other_sector": clues("""
        1.0 servizio idrico
        0.8 bonus idrico
        0.8 bonus acqua
        0.7 codice utenza idrica
        0.8 teleriscaldamento
        0.8 telecalore
        0.8 tassa rifiuti
        0.7 gestione rifiuti
        0.5 acquedotto
        0.4 acqua
        0.4 rifiuti
    """),
}

ADVERTISING = clues("""
    1.0 newsletter
    0.8 offerta imperdibile
    0.8 promozione
    0.7 sconto del
    0.6 clicca
    0.5 cancellati
    0.5 approfitta
    0.4 solo per questo mese
    0.4 offerta
""")

ASKING = clues("""
    1.0 vi chiedo
    0.8 chiedo
    0.8 chiediamo
    0.8 aiutarmi
    0.8 aiuto
    0.6 richiesta
    0.6 sottoscritt
    0.6 spettabile sportello
    0.5 problema
    0.5 bollett
    0.5 fornitura
    0.5 reclamo
    0.5 fornitore
    0.4 rimborso
    0.4 contratto
    0.4 bonus
""")
