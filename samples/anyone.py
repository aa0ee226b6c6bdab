"""What an invented person writes on any form at all: by the kind of each field, and the words of its name and label."""

import unicodedata
from datetime import date, timedelta
from random import Random

from parsers.reading import Content
from samples.answers import Answers
from samples.people import DISTRIBUTORS, SUPPLIERS, Person, invent
from templates.form import Field, Form, Kind

ANSWERED = 0.88
SIGNED = 0.85
TICKED = 0.6
OTHERS = ("deleg", "erede", "rappresent", "coniuge", "familiare")
"""Words of a second person."""
WORDS = ("prova", "esempio", "contatore", "bolletta", "lettura", "conguaglio", "fornitura", "richiesta", "interno")


def dice(seed: int, form: Form, number: int) -> Random:
    """Give the randomness of one copy of a form."""
    return Random(f"{seed}/{form.key}/{number}")


def fill_any(form: Form, rng: Random) -> Answers:
    """Invent answers for a form; the same state of ``rng`` gives the same ones. Some optional fields stay empty."""
    people = invent(rng), invent(rng)
    answers: Answers = {}
    for section in form.sections:
        for field in section.fields:
            if field.required_when == "always" or rng.random() < ANSWERED:
                words = _words(f"{field.name} {field.label}")
                second = any(word in f"{words} {_words(section.title)}" for word in OTHERS)
                answers[field.name] = _fitting(field, _answer(field, words, people[second], rng))
    return answers


def _words(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return " ".join(plain.replace("_", " ").replace("/", " ").split())


def _fitting(field: Field, value: Content) -> Content:
    """Leave out what the cells cannot hold; people then write nothing, or elsewhere."""
    room = field.cells or field.max_length
    length = len(value) if isinstance(value, str) and field.kind not in {Kind.DATE, Kind.ENUM, Kind.PHONE} else 0
    return None if room and length > room else value


def _answer(field: Field, words: str, who: Person, rng: Random) -> Content:
    birth = any(word in words for word in ("nascita", "birth", "nato", "nata"))
    plain: dict[Kind, Content] = {
        Kind.TAX_CODE: who.tax_code,
        Kind.POD: who.pod if len(who.pod) <= (field.cells or 99) else who.pod[:13] + "0",
        Kind.PDR: who.pdr,
        Kind.POSTAL_CODE: who.home.postal_code,
        Kind.MUNICIPALITY: who.birth_place if birth else who.home.municipality,
        Kind.PROVINCE: who.birth_province if birth else who.home.province,
        Kind.STREET_NUMBER: who.home.number,
        Kind.PHONE: who.mobile,
        Kind.EMAIL: who.pec if "pec" in words or "certificata" in words else who.email,
        Kind.YEAR: str(rng.randint(2019, 2026)),
        Kind.INTEGER: str(rng.randint(1, 9)),
        Kind.AMOUNT: f"{rng.randint(5, 2500)}.{rng.randrange(100):02d}",
        Kind.VAT: _vat(rng),
        Kind.DATE: (who.birth_date if birth else date(2026, 6, 30) - timedelta(days=rng.randrange(500))).isoformat(),
        Kind.LIST: (f"FT{rng.randrange(10**5):05d}", f"FT{rng.randrange(10**5):05d}"),
        Kind.TICK: rng.random() < TICKED,
        Kind.INK: rng.random() < SIGNED,
    }
    if field.kind in plain:
        return plain[field.kind]
    if field.kind is Kind.NAME:
        return _name(words, who)
    if field.kind in {Kind.ENUM, Kind.TICKS}:
        return _choice(field, rng)
    return _text(field, words, who, rng)


def _name(words: str, who: Person) -> str:
    surname, given = "cognome" in words or "surname" in words, "given" in words or " nome" in f" {words}"
    if surname and not given:
        return who.surname
    return who.given_name if given and not surname else f"{who.surname} {who.given_name}"


def _choice(field: Field, rng: Random) -> Content:
    values = [option.value for option in field.options]
    if field.kind is Kind.ENUM:
        return rng.choice(values)
    chosen = set(rng.sample(values, rng.randint(1, max(1, len(values) // 2))))
    return tuple(value for value in values if value in chosen)


def _text(field: Field, words: str, who: Person, rng: Random) -> str:
    if field.kind is Kind.LONG_TEXT:
        # About half of the room: nobody fills a box to its last corner.
        room = int(field.box.width / 2.2) * field.lines // 2
        text = " ".join(rng.choice(WORDS) for _ in range(max(2, min(60, room // 9))))
        return f"{text.capitalize()}."
    known = {
        "luogo": f"{who.home.municipality}, {date(2026, 5, 1) + timedelta(days=rng.randrange(60)):%d/%m/%Y}",
        "via": f"{who.home.street} {who.home.number}",
        "indirizzo": f"{who.home.street} {who.home.number}",
        "street": who.home.street,
        "cliente": who.customer_code,
        "contratt": who.contract_number,
        "fornitore": rng.choice(SUPPLIERS),
        "venditore": rng.choice(SUPPLIERS),
        "supplier": rng.choice(SUPPLIERS),
        "distribut": rng.choice(DISTRIBUTORS),
        "ragione": f"{who.surname} Esempio S.n.c.",
    }
    found = next((value for word, value in known.items() if word in words), rng.choice(WORDS).capitalize())
    room = field.cells or field.max_length
    return found[:room].strip() if room else found


def _vat(rng: Random) -> str:
    stem = f"0{rng.randrange(10**6):06d}001"
    doubled = [int(c) if i % 2 == 0 else sum(divmod(2 * int(c), 10)) for i, c in enumerate(stem)]
    return stem + str(-sum(doubled) % 10)
