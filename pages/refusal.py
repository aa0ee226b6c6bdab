"""The reasons for which a file cannot be opened, each with the sentence that says what to do next."""

from typing import Final

from pages.page import Unreadable

MESSAGES: Final = {
    "empty": "Il file è vuoto. Chiedere al mittente di inviarlo di nuovo.",
    "foreign": "Il file non è un PDF né un'immagine leggibile (TIFF, JPEG, PNG). "
    "Chiedere il modulo in PDF, oppure una scansione o una foto.",
    "encrypted": "Il PDF è protetto da password e non si apre. Chiedere al mittente una copia senza password.",
    "truncated": "Il file è incompleto: manca una parte in fondo. Chiedere al mittente di inviarlo di nuovo.",
    "damaged": "Il file è danneggiato e non si apre. Chiedere al mittente di salvarlo e inviarlo di nuovo.",
    "no_pages": "Il file non contiene pagine. Chiedere al mittente di inviare il modulo compilato.",
    "oversize": "Il file supera i limiti di dimensione o di numero di pagine. "
    "Chiedere una scansione a 200-300 dpi, divisa in più file se necessario.",
    "xfa": "Il PDF è un modulo dinamico (XFA) che si vede solo con Adobe Reader. "
    "Chiedere al mittente di stamparlo in PDF, oppure di inviarne una scansione.",
}


def refuse(reason: str) -> Unreadable:
    """Make the error for a reason out of ``MESSAGES``."""
    return Unreadable(reason, MESSAGES[reason])
