"""Invented people whose data agree with each other; no one of them exists.

Names are drawn from lists of common ones, telephone numbers hold runs of zeros, mail addresses end in
example.com or example.org, and companies carry plainly invented names.
"""

import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Literal

from codicefiscale import codicefiscale

from samples.places import FOREIGN_BIRTHPLACES, STREETS, TOWNS


def _names(row: str) -> tuple[str, ...]:
    return tuple(row.split("|"))


_SURNAMES = _names(
    "Rossi|Russo|Ferrari|Esposito|Bianchi|Romano|Colombo|Ricci|Marino|Greco|Bruno|Gallo|Conti|De Luca|"
    "Mancini|Costa|Giordano|Rizzo|Lombardi|Moretti|Barbieri|Fontana|Santoro|Mariani|Rinaldi|Caruso|Galli|"
    "Leone|Longo|Gentile|Martinelli|Vitale|Serra|Coppola|De Santis|D'Angelo|Marchetti|Parisi|Villa|Fabbri|"
    "Dell'Acqua|Lo Presti|Nicolò|D'Amico|Di Prova|Mulè|Fò|Zanchetta|Quaglia|Ghezzi"
)
_WOMEN = _names(
    "Maria|Anna|Giulia|Francesca|Paola|Laura|Rosa|Chiara|Elena|Lucia|Maria Grazia|Anna Maria|Noemi|Zoè|"
    "Teresa|Maria Josè|Beatrice|Carmela|Ilaria|Wanda"
)
_MEN = _names(
    "Mario|Giuseppe|Luca|Andrea|Francesco|Nicolò|Gian Carlo|Antonio|Davide|Marco|Pier Luigi|Salvatore|"
    "Giosuè|Paolo|Matteo|Gianfranco|Ugo|Jacopo|Stefano|Enzo"
)
_SEXES: dict[str, Literal["M", "F"]] = {"M": "M", "F": "F"}
SUPPLIERS = (
    "Luce d'Esempio S.p.A.",
    "Fiamma Fittizia S.r.l.",
    "Energia Inventata S.p.A.",
    "Gas Immaginario S.r.l.",
    "Corrente di Prova S.p.A.",
    "Lampadina Fantasia S.r.l.",
    "Volt & Fiaba S.p.A.",
    "Kilowatt Finto Energia S.r.l.",
)
DISTRIBUTORS = (
    "Rete Fittizia Distribuzione S.p.A.",
    "Reti d'Esempio S.r.l.",
    "Distribuzione Immaginaria S.p.A.",
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody lives, or where energy is used."""

    street: str
    number: str
    postal_code: str
    municipality: str
    province: str


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person with a home, a supply and ways to be reached.

    ``tax_code`` agrees with name, sex, birth date and birthplace. Phones are E.164.
    """

    surname: str
    given_name: str
    sex: str
    birth_date: date
    birth_place: str
    birth_province: str
    tax_code: str
    home: Address
    mobile: str
    phone: str
    email: str
    pec: str
    pod: str
    pdr: str
    customer_code: str
    contract_number: str
    card_number: str

    @property
    def full_name(self) -> str:
        """Given name and surname, as on an envelope."""
        return f"{self.given_name} {self.surname}"


def invent_address(rng: Random) -> Address:
    """Draw an address whose CAP, comune and province belong together."""
    town = rng.choice(TOWNS)
    number = rng.choice((str(rng.randint(1, 199)), str(rng.randint(1, 40)), f"{rng.randint(1, 60)}/B", "SNC"))
    return Address(rng.choice(STREETS), number, town.postal_code, town.name, town.province)


def invent(rng: Random, *, surname: str = "") -> Person:
    """Draw a person; the same state of ``rng`` gives the same person."""
    sex = rng.choice("MF")
    given = rng.choice(_WOMEN if sex == "F" else _MEN)
    family = surname or rng.choice(_SURNAMES)
    born = date(1938, 1, 1) + timedelta(days=rng.randrange(365 * 66))
    place, province = _birthplace(rng)
    mail = _mailbox(given, family)
    digits = f"{rng.randrange(10**9):09d}"
    return Person(
        surname=family,
        given_name=given,
        sex=sex,
        birth_date=born,
        birth_place=place,
        birth_province=province,
        tax_code=tax_code(family, given, sex, born, place),
        home=invent_address(rng),
        mobile=f"+393{rng.choice('234')}{rng.randrange(10)}000{rng.randrange(10**4):04d}",
        phone=f"+39{rng.choice(('06', '02', '011'))}5550{rng.randrange(10**4):04d}",
        email=f"{mail}@example.com",
        pec=f"{mail}.pec@example.org",
        pod=rng.choice((f"IT001E9{digits[:7]}", f"IT002E9{digits[:6]}A", f"IT023E9{digits[:8]}")),
        pdr=f"00{rng.choice(('99', '88'))}{digits}{rng.randrange(10)}",
        customer_code=f"{rng.randrange(10**9):09d}",
        contract_number=f"{rng.choice('ACKZ')}{rng.choice('BDLX')}-{rng.randrange(10**7):07d}",
        card_number=f"C{rng.choice('ABY')}{digits[:5]}{rng.choice('ABCXZ')}{rng.choice('DEFTV')}",
    )


def with_home(person: Person, home: Address) -> Person:
    """Move a person, for a family under one roof."""
    return replace(person, home=home)


def tax_code(surname: str, given_name: str, sex: str, born: date, place: str) -> str:
    """Compute the codice fiscale of 16 characters; ``place`` is an official comune or state name."""
    code = codicefiscale.encode(
        lastname=surname, firstname=given_name, gender=_SEXES[sex], birthdate=f"{born:%d/%m/%Y}", birthplace=place
    )
    return str(code)


def _birthplace(rng: Random) -> tuple[str, str]:
    if rng.random() < 0.15:
        return rng.choice(FOREIGN_BIRTHPLACES), "EE"
    town = rng.choice(TOWNS)
    return town.name, town.province


def _mailbox(given: str, family: str) -> str:
    plain = unicodedata.normalize("NFKD", f"{given}.{family}").encode("ascii", "ignore").decode()
    return "".join(c for c in plain.lower() if c.isalnum() or c == ".")
