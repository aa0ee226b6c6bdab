"""IBAN, found on bills and bonus papers; no form field asks for one."""

from stdnum import iban as registry

from parsers.fields import checksums
from parsers.fields.folding import code
from parsers.fields.parsed import Context, Parsed, Parts, refuse

NATIONAL_CIN = ("IT", "SM")


def compact(raw: str) -> str:
    """Strip separators, upper case.

    >>> compact("IT60 X054 2811 1010 0000 0123 456")
    'IT60X0542811101000000123456'
    """
    return code(raw)


def parse(raw: str, context: Context) -> Parsed:  # noqa: ARG001 - each kind has the same verbs
    """Take an IBAN whose length, structure and mod 97 fit its country, and in Italy the national CIN too."""
    number = compact(raw)
    if not number.isascii() or not registry.is_valid(number):
        return refuse("L'IBAN non è valido: quello italiano ha 27 caratteri; rileggerlo dalla bolletta.")
    if number.startswith(NATIONAL_CIN) and cin(number[5:]) != number[4]:
        return refuse("La lettera di controllo dell'IBAN (la quinta) non torna: rileggerlo dalla bolletta.")
    return Parsed(number)


def format(value: Parts) -> str:  # noqa: A001 - each kind has the same verbs
    """Show in groups of four.

    >>> format("IT60X0542811101000000123456")
    'IT60 X054 2811 1010 0000 0123 456'
    """
    text = str(value)
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def cin(account: str) -> str:
    """Compute the CIN of ABI, CAB and account: the letter sum of the codice fiscale over 22 characters.

    >>> cin("0542811101000000123456")
    'X'
    """
    return checksums.letter(account)
