"""Doubt: why a value that a file carries may not be what its sender saw, each with the question for a clerk."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Doubt(StrEnum):
    """In what a carried value and the drawn page differ. The names are part of the published contract."""

    HIDDEN = "hidden"
    INVISIBLE = "invisible"
    STALE = "stale"
    CUT_OFF = "cut_off"
    COVERED = "covered"
    OVERLAID = "overlaid"
    STRUCK_THROUGH = "struck_through"
    TWO_VIEWS = "two_views"
    TWO_READERS = "two_readers"
    STATE = "state"
    SEVERAL_ON = "several_on"
    XFA = "xfa"
    DIGITAL_SIGNATURE = "digital_signature"


SENTENCES: Final[Mapping[Doubt, str]] = {
    Doubt.HIDDEN: "Il file contiene un valore che sul foglio non si vede: chi lo ha inviato può non saperlo. "
    "Confermarlo o lasciare vuoto il campo.",
    Doubt.INVISIBLE: "Il valore è scritto nel file, ma sul foglio è coperto o dello stesso colore della carta. "
    "Confermarlo o lasciare vuoto il campo.",
    Doubt.STALE: "Il valore nel file è diverso da quello che si vede sul foglio: scegliere quello giusto.",
    Doubt.CUT_OFF: "Sul foglio si vede solo una parte del valore: leggerlo per intero e confermarlo.",
    Doubt.COVERED: "Sopra il valore c'è un'annotazione o un segno: guardare il foglio e decidere.",
    Doubt.OVERLAID: "Nel campo ci sono due scritte una sull'altra: guardare il foglio e scegliere quella giusta.",
    Doubt.STRUCK_THROUGH: "La sezione è barrata, ma qui c'è scritto o segnato qualcosa: guardare il foglio e decidere.",
    Doubt.TWO_VIEWS: "Lo stesso campo compare più volte con valori diversi: scegliere quello giusto.",
    Doubt.TWO_READERS: "Due programmi leggono nel file valori diversi: guardare il foglio e scegliere quello giusto.",
    Doubt.STATE: "La casella è barrata nel file ma non sul foglio, o il contrario: guardare il foglio e decidere.",
    Doubt.SEVERAL_ON: "Sul foglio sono barrate più caselle di una scelta che ne ammette una: decidere quale vale.",
    Doubt.XFA: "Il modulo contiene il campo due volte (AcroForm e XFA) con valori diversi: scegliere quello giusto.",
    Doubt.DIGITAL_SIGNATURE: "Non c'è una firma sul foglio, ma il file ha una firma digitale: "
    "verificarla con il programma di firma e confermare.",
}
