"""Recipient: to whom a letter goes, and by which way. In doubt to the holder, and in doubt by post."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import phonenumbers

from checks.validation import Severity
from intake.receipt import Channel
from letters.mail import BadAddress, checked
from letters.matter import Matter


class Way(StrEnum):
    """The ways out of the house."""

    EMAIL = "email"
    PEC = "pec"
    FAX = "fax"
    PRINT = "print"


class Role(StrEnum):
    """Who gets the letter."""

    HOLDER = "holder"
    DELEGATE = "delegate"
    SENDER = "sender"
    """Whoever wrote, where no name could be read."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient. ``to`` is a mail address or a fax number in E.164, ``lines`` an address for the window."""

    role: Role
    way: Way
    name: str
    to: str = ""
    lines: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not (self.to or self.lines):
            raise ValueError("a recipient needs an address")


@dataclass(frozen=True, slots=True)
class NoWay:
    """Nobody can be written to without a person's help; ``reason`` is a code of ``WITHHELD``."""

    reason: str


WITHHELD: Final[Mapping[str, str]] = {
    "unread": "Non si sa chi ha scritto: la lettura è fallita. Leggere l'originale e rispondere a mano.",
    "online": "La richiesta è arrivata dal Portale, che avvisa da sé chi l'ha presentata.",
    "machine": "Ha scritto un sistema automatico: non si risponde.",
    "own_address": "Il mittente è un nostro indirizzo: non si risponde.",
    "no_address": "Non c'è un indirizzo certo del destinatario: completarlo e rilasciare la lettera.",
    "too_many": "Allo stesso indirizzo sono già partite molte lettere: guardare perché, poi rilasciarla.",
    "nothing_asked": "Non risulta niente da chiedere: guardare la pratica e scrivere a mano, se serve.",
    "superseded": "La pratica è andata avanti: questa lettera non serve più.",
    "refusal_unconfirmed": "La non ammissibilità non è confermata: prima decidere sulla pratica.",
    "no_door": "Per questa via non si possono mandare lettere: impostarla, oppure scegliere un'altra via.",
    "held_by_clerk": "Trattenuta da un operatore: quando va bene, rilasciarla.",
    "given_up": "Un operatore ha deciso di non inviarla.",
    "cut_short": "Non si sa se è partita: guardare se è arrivata, poi rimandarla o segnarla come arrivata.",
    "restored": "Il sistema è stato ripristinato da una copia: guardare se era già partita, poi rilasciarla.",
    "look_first": "Da guardare prima di mandarla: poi rilasciarla.",
    "whole_code": "Nel testo c'è un codice personale per intero: toglierlo, poi rilasciare la lettera.",
}
"""Why a letter does not go out by itself, with what a clerk does about it."""

_MACHINES: Final = re.compile(
    r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|non-?rispondere|bounces?|posta-certificata|daemon|root"
    r"|listserv|majordomo|owner-.*|.*-(?:request|bounces?|owner|relay))(?:\+.*)?@",
    re.IGNORECASE,
)
"""Addresses that nobody reads, or that would answer an answer (RFC 3834, section 2)."""
_ORDER_RULES: Final = ("delegation", "id_", "delegate_is_holder", "professional_delegate")
_OPEN: Final = frozenset({Severity.MISSING, Severity.INVALID, Severity.DOUBTFUL, Severity.REFUSAL})


def recipient(matter: Matter, own: frozenset[str], *, pec: bool) -> Recipient | NoWay:
    """Say to whom and how a letter about a case goes.

    ``own`` are our own addresses, lower case; ``pec`` tells whether we can send certified mail. The delegate is
    written to only when delega and the holder's document are in order; else the holder is.
    """
    if matter.channel is Channel.ONLINE:
        return NoWay("online")
    if matter.safe:
        return NoWay(matter.safe)
    if "look_failed" in matter.reasons:
        return NoWay("unread")
    who = Role.DELEGATE if matter.delegate_acts and delegate_in_order(matter) else Role.HOLDER
    found = [way for way in _ways(matter, who, pec=pec) if not _refused(way, own)]
    return found[0] if found else NoWay(_why(matter, own))


def delegate_in_order(matter: Matter) -> bool:
    """Tell whether delega and the holder's document came, and nothing is open about them or the delegate."""
    came = {paper["code"] for paper in matter.payload["papers"]}
    open_ = any(_about_delegation(f) for f in matter.payload["findings"] if f["severity"] in _OPEN)
    return {"delegation_signed", "id_copy_holder"} <= came and not open_ and bool(matter.person("delegate"))


def _about_delegation(finding: Mapping[str, Any]) -> bool:
    name, rule = str(finding["field"]), str(finding["rule"])
    return name.startswith("delegat") or name == "id_copy_holder" or rule.startswith(_ORDER_RULES)


def _ways(matter: Matter, who: Role, *, pec: bool) -> Iterator[Recipient]:
    """Offer the reply channel if it is safe, then what the form says, then post."""
    name = matter.person(who)
    mine = {matter.text(f"{who}_{kind}").lower() for kind in ("email", "pec")} - {""}
    theirs_alone = not matter.delegate_acts or who is Role.DELEGATE or matter.sender.lower() in mine
    role = who if name else Role.SENDER
    if theirs_alone and matter.channel in {Channel.EMAIL, Channel.PEC} and "@" in matter.sender:
        by_pec = matter.channel is Channel.PEC and pec
        yield Recipient(role, Way.PEC if by_pec else Way.EMAIL, name, matter.sender)
    if theirs_alone and matter.channel is Channel.FAX and (number := fax_number(matter.sender)):
        yield Recipient(role, Way.FAX, name, number)
    if matter.channel is not Channel.POST:
        yield from _mail(matter, who, name, pec=pec)
    for where in ("mailing", "holder") if who is Role.HOLDER else ("delegate",):
        if name and (address := matter.address(where)) is not None:
            yield Recipient(who, Way.PRINT, name, lines=address.lines)
    yield from _mail(matter, who, name, pec=pec)


def _mail(matter: Matter, who: Role, name: str, *, pec: bool) -> Iterator[Recipient]:
    certified, plain = matter.text(f"{who}_pec"), matter.text(f"{who}_email")
    if certified and pec:
        yield Recipient(who, Way.PEC, name, certified)
    if plain:
        yield Recipient(who, Way.EMAIL, name, plain)


def _refused(way: Recipient, own: frozenset[str]) -> bool:
    if way.way not in {Way.EMAIL, Way.PEC}:
        return False
    return way.to.lower() in own or is_machine(way.to) or not can_be_mailed(way.to)


def can_be_mailed(address: str) -> bool:
    r"""Tell an address that may stand in a header from one that may not.

    >>> can_be_mailed("nome@example.com"), can_be_mailed("nome@example.com\r\nBcc: altri@example.com")
    (True, False)
    """
    try:
        checked(address)
    except BadAddress:
        return False
    return True


def is_machine(address: str) -> bool:
    """Tell an address that nobody reads.

    >>> is_machine("no-reply@example.com"), is_machine("norberto@example.com")
    (True, False)
    """
    return _MACHINES.match(address) is not None


def _why(matter: Matter, own: frozenset[str]) -> str:
    if matter.sender.lower() in own:
        return "own_address"
    return "machine" if is_machine(matter.sender) else "no_address"


def fax_number(sender: str) -> str:
    """Give a number that may be dialled in E.164, "" for none: a caller's number can be forged to cost money.

    >>> fax_number("06 5555 5555"), fax_number("+39 899 123456"), fax_number("")
    ('+390655555555', '', '')
    """
    try:
        number = phonenumbers.parse(sender, "IT")
    except phonenumbers.NumberParseException:
        return ""
    cheap = {phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE}
    if number.country_code != 39 or phonenumbers.number_type(number) not in cheap:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
