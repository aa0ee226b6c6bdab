"""How easily a password is guessed: the only user of zxcvbn. Its lists came with it; nothing is asked online.

zxcvbn 4.5 knows the passwords that leaked most, English words, names, dates, rows of keys and repeats, and counts how
many guesses whoever tries the likeliest first would need. It knows no Italian: it is told what offices here are fond
of.
"""

import threading
from collections.abc import Iterable
from typing import Final

from zxcvbn import zxcvbn

FEWEST_LOG10: Final = 10.0
"""Ten thousand million guesses: the author's bound for "safely unguessable" (https://github.com/dropbox/zxcvbn)."""
_LOOKED_AT: Final = 72
"""Characters; the time grows with the square of them, and more only make it harder to guess."""
_LOCAL: Final = (
    "acquirente", "acquirenteunico", "arera", "autorita", "benvenuto", "benvenuta", "bolletta", "buongiorno",
    "cambiami", "consumatore", "energia", "gas", "gateway", "inverno", "italia", "luce", "modulo", "parola",
    "passparola", "pratica", "pratiche", "prova", "roma", "scrivania", "segreta", "segreto", "smart", "smarthelp",
    "sportello", "sportelloenergia", "ufficio", "utente", "primavera", "estate", "autunno", "gennaio", "febbraio",
    "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
    "lunedi", "martedi", "mercoledi", "giovedi", "venerdi", "sabato", "domenica",
)  # fmt: skip
_ONE_AT_A_TIME: Final = threading.Lock()
"""zxcvbn puts the words that it is told into a table that all calls share."""


def guesses_log10(password: str, about: Iterable[str] = ()) -> float:
    """Give the power of ten of the guesses that a password needs; ``about`` are words that belong to its owner."""
    with _ONE_AT_A_TIME:
        told = zxcvbn(password[:_LOOKED_AT], user_inputs=[*about, *_LOCAL])
    return float(told["guesses_log10"])
