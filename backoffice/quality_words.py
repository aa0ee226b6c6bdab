"""How the kinds and sources of fields read in Italian."""

from typing import Final

from templates.form import Kind

KINDS: Final[dict[str, str]] = {
    Kind.NAME: "Nome",
    Kind.TEXT: "Testo",
    Kind.LONG_TEXT: "Descrizione",
    Kind.LIST: "Elenco",
    Kind.DATE: "Data",
    Kind.YEAR: "Anno",
    Kind.INTEGER: "Numero",
    Kind.AMOUNT: "Importo",
    Kind.TAX_CODE: "Codice fiscale",
    Kind.VAT: "Partita IVA",
    Kind.POD: "POD",
    Kind.PDR: "PDR",
    Kind.POSTAL_CODE: "CAP",
    Kind.MUNICIPALITY: "Comune",
    Kind.PROVINCE: "Provincia",
    Kind.STREET_NUMBER: "Numero civico",
    Kind.PHONE: "Telefono",
    Kind.EMAIL: "E-mail",
    Kind.ENUM: "Una casella",
    Kind.TICKS: "Più caselle",
    Kind.TICK: "Casella",
    Kind.INK: "Firma",
}
SOURCES: Final[dict[str, str]] = {
    "acroform": "Modulo digitale",
    "text": "Testo del file",
    "ocr": "Scansione",
    "handprint": "Scritto a mano",
    "mark": "Caselle",
    "clerk": "Operatore",
}
