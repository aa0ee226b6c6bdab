"""Places of invented people: real towns, so that comune, province, CAP and birthplace code agree."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Town:
    """A comune with its province and one CAP that belongs to it."""

    name: str
    province: str
    postal_code: str


TOWNS = tuple(
    Town(*row.split("|"))
    for row in (
        "Roma|RM|00185",
        "Milano|MI|20131",
        "Torino|TO|10134",
        "Napoli|NA|80137",
        "Novara|NO|28100",
        "L'Aquila|AQ|67100",
        "Reggio nell'Emilia|RE|42121",
        "Forlì|FC|47121",
        "Cantù|CO|22063",
        "Cefalù|PA|90015",
        "Nardò|LE|73048",
        "Cuorgnè|TO|10082",
        "San Giovanni Rotondo|FG|71013",
        "Santarcangelo di Romagna|RN|47822",
        "Castel San Giovanni|PC|29015",
        "Sesto San Giovanni|MI|20099",
        "Martina Franca|TA|74015",
        "Vibo Valentia|VV|89900",
        "Aosta|AO|11100",
        "Matera|MT|75100",
        "Siena|SI|53100",
        "Ragusa|RG|97100",
        "Nuoro|NU|08100",
        "Sassari|SS|07100",
        "Gorizia|GO|34170",
        "Chioggia|VE|30015",
        "Schio|VI|36015",
        "Fano|PU|61032",
        "Imola|BO|40026",
        "Empoli|FI|50053",
        "Viareggio|LU|55049",
        "Tivoli|RM|00019",
        "Pozzuoli|NA|80078",
        "Termoli|CB|86039",
        "Potenza|PZ|85100",
        "Crotone|KR|88900",
        "Bitonto|BA|70032",
        "Voghera|PV|27058",
        "Pinerolo|TO|10064",
        "Lecce|LE|73100",
    )
)

FOREIGN_BIRTHPLACES = ("Francia", "Albania", "Romania", "Marocco", "Germania", "Argentina", "Svizzera", "Filippine")

STREETS = (
    "Via Giuseppe Verdi",
    "Piazza Garibaldi",
    "Viale dei Tigli",
    "Corso Italia",
    "Via XX Settembre",
    "Vicolo del Forno",
    "Via dell'Università",
    "Largo delle Ginestre",
    "Via San Rocco",
    "Strada dei Mulini",
    "Via Aldo Moro",
    "Località Poggio Alto",
    "Via Città di Castello",
    "Via Quattro Novembre",
    "Piazza della Libertà",
    "Via Fratelli Cervi",
)
