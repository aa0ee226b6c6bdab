"""Contents that have a form of their own: codes, dates, amounts, numbers, and strings that mean nothing."""

from random import Random
from string import ascii_letters, ascii_uppercase, digits

from training.lines.words import word_lists

SIGNS = "/.,;:-()@€°'\"&+%*#!?=_<>[]{}|\\^~$§"
ACCENTED = "àèéìòùÀÈÉÌÒÙ"
FOREIGN = "áíóúâêîôûëïçñäöüßÁÍÓÚÂÊÎÔÛËÏÇÑÄÖÜ"


def some(rng: Random, signs: str, count: int) -> str:
    """Draw so many of these signs."""
    return "".join(rng.choices(signs, k=count))


def tax_code(rng: Random) -> str:
    """Draw the shape of a codice fiscale."""
    text = (
        some(rng, ascii_uppercase, 6)
        + some(rng, digits, 2)
        + rng.choice("ABCDEHLMPRST")
        + some(rng, digits, 2)
        + rng.choice("ABCDEFGHILMZ")
        + some(rng, digits, 3)
        + rng.choice(ascii_uppercase)
    )
    if rng.random() < 0.08:
        place = rng.choice((6, 7, 9, 10, 12, 13, 14))
        text = text[:place] + rng.choice("LMNPQRSTUV") + text[place + 1 :]
    if rng.random() < 0.12:
        text = f"{text[:6]} {text[6:11]} {text[11:]}"
    return text.lower() if rng.random() < 0.08 else text


def pod(rng: Random) -> str:
    """Draw a POD."""
    text = f"IT{some(rng, digits, 3)}E{some(rng, digits, 8)}" + rng.choice(
        ("", "", "", "", rng.choice(digits), rng.choice(ascii_uppercase))
    )
    return rng.choice((text, text, text, text.lower(), f"{text[:5]} {text[5:]}", f"{text[:2]} {text[2:5]} {text[5:]}"))


def number(rng: Random) -> str:
    """Draw a number as bills and contracts have it."""
    count = rng.choice((3, 4, 5, 5, 5, 6, 7, 8, 9, 10, 11, 11, 11, 12, 13, 14, 14, 14, 14, 14))
    return some(rng, digits, count)


def date(rng: Random) -> str:
    """Draw a date as people write it."""
    day, month, year = rng.randint(1, 31), rng.randint(1, 12), rng.randint(1925, 2030)
    stroke = rng.choice("///.-")
    return rng.choice(
        (
            f"{day:02d}{stroke}{month:02d}{stroke}{year}",
            f"{day:02d}{stroke}{month:02d}{stroke}{year}",
            f"{day:02d}/{month:02d}/{year}",
            f"{day}{stroke}{month}{stroke}{year}",
            f"{day:02d}{stroke}{month:02d}{stroke}{year % 100:02d}",
            f"{day:02d}{month:02d}{year}",
            f"{day} {rng.choice(word_lists()['months'])} {year}",
            f"{day:02d} / {month:02d} / {year}",
            f"{rng.choice(word_lists()['months'])} {year}",
        )
    )


def amount(rng: Random) -> str:
    """Draw an amount of money."""
    whole, cents = int(10 ** rng.uniform(0, 5)), rng.randint(0, 99)
    grouped = f"{whole:,}".replace(",", ".")
    text = rng.choice((f"{whole},{cents:02d}", f"{grouped},{cents:02d}", str(whole), f"{whole}.{cents:02d}"))
    return rng.choice(
        (
            text,
            text,
            text,
            f"€ {text}",
            f"{text} €",
            f"euro {text}",
            f"€{text}",
            f"{text} EUR",
            f"{text} euro",
            f"-{text}",
        )
    )


def phone(rng: Random) -> str:
    """Draw a telephone number."""
    mobile = "3" + some(rng, digits, 2)
    line = "0" + some(rng, digits, rng.randint(1, 3))
    area, rest = rng.choice((mobile, mobile, line)), some(rng, digits, rng.choice((6, 7, 7)))
    return (
        rng.choice(("", "", "", "+39 ", "0039 ", "+39")) + area + rng.choice(("", "", " ", "/", "-", ".", " / ")) + rest
    )


def iban(rng: Random) -> str:
    """Draw the shape of an IBAN."""
    text = f"IT{some(rng, digits, 2)}{rng.choice(ascii_uppercase)}{some(rng, digits, 22)}"
    return text if rng.random() < 0.6 else " ".join(text[i : i + 4] for i in range(0, 27, 4))


def noise(rng: Random) -> str:
    """Put characters together at random: who has learnt these does not read words that are not there."""
    pool = rng.choice(
        (
            digits,
            ascii_uppercase,
            ascii_letters,
            ascii_letters + digits,
            ascii_uppercase + digits,
            ascii_letters + digits + SIGNS,
            digits + SIGNS,
            ascii_letters + ACCENTED,
            ACCENTED + FOREIGN + ascii_letters,
            SIGNS + ACCENTED,
            "Il1|!i/j'.,:;lI1ItfrJ",
            "O0oQDC6G8B",
            "5Ss2Zz8B3",
            "rnmnuvwyrn",
            "-.,'\"°:;_ ",
            "lIiìíl1àèéìòù",
        )
    )
    text = some(rng, pool, rng.randint(1, 18))
    if rng.random() < 0.4 and len(text) > 4:
        for _ in range(rng.randint(1, 3)):
            place = rng.randint(1, len(text) - 1)
            text = f"{text[:place]} {text[place:]}"
    return text
