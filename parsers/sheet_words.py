"""The words of sheets that carry nothing of a request: fax covers and separators."""

from parsers.clues import clues

COVER = clues("""
    0.8 telefax
    0.8 copertina fax
    0.8 copertina del fax
    0.8 frontespizio fax
    0.7 fax message
    0.7 messaggio fax
    0.7 trasmissione fax
    0.7 trasmissione via fax
    0.7 fax n
    0.6 inclusa la presente
    0.6 compresa la presente
    0.6 compresa la copertina
    0.6 inclusa la copertina
    0.6 questa inclusa
    0.5 numero di pagine
    0.5 numero pagine
    0.5 n. pagine
    0.5 n. pag
    0.5 totale pagine
    0.4 pagine trasmesse
    0.4 in caso di ricezione incompleta
    0.4 ricezione difettosa
    0.4 se la ricezione
    0.4 fac-simile a
    0.4 fax
    0.3 facsimile
    0.3 riservat
    0.2 destinatario
    0.2 mittente
    0.2 urgente
""")
"""Words of a fax's first sheet; a letter that was faxed has one or two of them, a cover several and their labels."""

SEPARATOR = clues("""
    1.2 foglio separatore
    1.2 pagina separatrice
    1.1 separatore
    1.1 separator sheet
    1.1 document separator
    1.0 separatore di documenti
    1.0 foglio di separazione
    1.0 pagina di separazione
    1.0 patch code
    1.0 patch t
    1.0 patcht
    1.0 nuovo documento
    0.9 inizio documento
    0.9 inizio pratica
    0.9 fine documento
    0.9 cambio documento
    0.9 divisore
""")
