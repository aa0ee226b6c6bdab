"""Contents of form fields: names, addresses, codes, dates, amounts, sentences, and strings that mean nothing."""

from collections.abc import Callable
from random import Random
from string import ascii_uppercase, digits

from training.lines.codes import amount, date, iban, noise, number, phone, pod, tax_code
from training.lines.words import Words, invented

_MAIL = (
    "example.com",
    "example.org",
    "posta.example",
    "mail.example",
    "pec.example.it",
    "libero.example",
    "gmail.example",
    "azienda.example",
)


class Texts:
    """Draws field contents from one side's words. The same generator state gives the same text."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._kinds: dict[str, tuple[int, Callable[[Random], str]]] = {
            "name": (12, self._name),
            "company": (6, self._company),
            "address": (12, self._address),
            "town": (9, self._town),
            "tax_code": (8, tax_code),
            "pod": (5, pod),
            "digits": (12, number),
            "date": (7, date),
            "amount": (8, amount),
            "phone": (5, phone),
            "email": (6, self._email),
            "iban": (3, iban),
            "sentence": (7, self._sentence),
            "short": (7, self._short),
            "noise": (12, noise),
        }

    def draw(self, rng: Random) -> tuple[str, str]:
        """Draw a kind and a text of it."""
        kind = rng.choices(list(self._kinds), [weight for weight, _ in self._kinds.values()])[0]
        text = self._kinds[kind][1](rng)
        return kind, " ".join(text.split())[:44].rstrip() or "0"

    def _word(self, rng: Random, words: tuple[str, ...], new: float = 0.25) -> str:
        return invented(rng) if rng.random() < new else rng.choice(words)

    def _name(self, rng: Random) -> str:
        given = " ".join(self._word(rng, self._words.given) for _ in range(rng.choice((1, 1, 2))))
        surname = self._word(rng, self._words.surnames)
        return _cased(rng, rng.choice((given, surname, f"{given} {surname}", f"{surname} {given}")))

    def _company(self, rng: Random) -> str:
        parts = [self._word(rng, self._words.companies) for _ in range(rng.randint(1, 3))]
        if rng.random() < 0.3:
            parts.append(self._word(rng, self._words.surnames))
        return _cased(rng, " ".join([*parts, rng.choice(self._words.legal_forms)]))

    def _address(self, rng: Random) -> str:
        road = f"{rng.choice(self._words.roads)} {self._word(rng, self._words.streets)}"
        number = self._house(rng)
        tail = rng.choice(
            ("", "", f", {number}", f" {number}", f" n. {number}", f", {number} - int. {rng.randint(1, 30)}")
        )
        if rng.random() < 0.1:
            tail += f" - {rng.randint(10, 98980):05d} {self._word(rng, self._words.towns)}"
        return _cased(rng, road + tail)

    def _house(self, rng: Random) -> str:
        number = str(rng.randint(1, 350))
        return rng.choice(
            (
                number,
                number,
                f"{number}/{rng.choice('ABCDEF')}",
                f"{number}{rng.choice('abc')}",
                "SNC",
                f"{number} bis",
                f"{number}/{rng.randint(1, 20)}",
                "s.n.c.",
                f"Km {number},{rng.randint(100, 900)}",
            )
        )

    def _town(self, rng: Random) -> str:
        town = self._word(rng, self._words.towns, 0.15)
        return _cased(
            rng,
            rng.choice(
                (
                    town,
                    town,
                    f"{town} ({rng.choice(self._words.provinces)})",
                    f"{town} {rng.choice(self._words.provinces)}",
                )
            ),
        )

    def _email(self, rng: Random) -> str:
        one = self._word(rng, self._words.given, 0.4).lower().replace(" ", "").replace("'", "")
        two = self._word(rng, self._words.surnames, 0.4).lower().replace(" ", "").replace("'", "")
        bare = (
            one + rng.choice((".", "_", "-", "")) + two + rng.choice(("", "", str(rng.randint(0, 1999))))
        ).translate(_PLAIN)
        host = rng.choice(
            (
                rng.choice(_MAIL),
                f"{invented(rng).lower().translate(_PLAIN)}.{rng.choice(('it', 'com', 'eu', 'org', 'net'))}",
            )
        )
        return f"{bare}@{host}" if rng.random() < 0.9 else f"{bare}@{host}".upper()

    def _sentence(self, rng: Random) -> str:
        words = [
            self._word(rng, self._words.sentence, 0.1).lower()
            if rng.random() < 0.5
            else self._word(rng, self._words.sentence, 0)
            for _ in range(rng.randint(2, 7))
        ]
        if rng.random() < 0.4:
            words.insert(rng.randrange(len(words)), rng.choice((date, amount, number))(rng))
        if rng.random() < 0.4:
            place = rng.randrange(len(words))
            words[place] = rng.choice(
                (
                    f"({words[place]})",
                    f"{words[place]},",
                    f"{words[place]};",
                    f"{words[place]}:",
                    f'"{words[place]}"',
                    f"{words[place]} -",
                )
            )
        text = " ".join(words) + rng.choice(("", "", ".", "?", "!", " ..."))
        return text.upper() if rng.random() < 0.2 else text[:1].upper() + text[1:]

    def _short(self, rng: Random) -> str:
        return rng.choice(
            (
                self._house(rng),
                rng.choice(self._words.provinces),
                str(rng.randint(1900, 2030)),
                str(rng.randint(0, 99)),
                f"{rng.randint(1, 9999)} {rng.choice(('kWh', 'Smc', 'mc', 'kW', 'gg', 'EUR', 'mesi', 'giorni'))}",
                f"{rng.randint(1, 12)}/{rng.randint(2015, 2027)}",
                f"{rng.randint(0, 100)}%",
                f"{rng.randint(1, 30)}°",
                f"n. {rng.randint(1, 99999)}",
                f"N° {rng.randint(1, 99999)}",
                f"Prot. {rng.randint(1, 9999)}/{rng.randint(2015, 2027)}",
                rng.choice(
                    (
                        "SI",
                        "NO",
                        "sì",
                        "no",
                        "Sì",
                        "N.D.",
                        "n.d.",
                        "M",
                        "F",
                        "ITALIA",
                        "IT",
                        "EE",
                        "X",
                        "-",
                        "nessuno",
                        "idem",
                    )
                ),
                f"{rng.choice('ABCDEFG')}{rng.randint(1, 99)}",
                "".join(rng.choices(ascii_uppercase + digits, k=rng.randint(1, 4))),
            )
        )


_PLAIN = str.maketrans("àèéìòùüöçñß", "aeeiouuocns")


def _cased(rng: Random, text: str) -> str:
    choice = rng.random()
    if choice < 0.5:
        return text
    if choice < 0.85:
        upper = text.upper()
        return upper if rng.random() < 0.6 else _apostrophes(upper)
    return text.lower() if choice < 0.95 else _apostrophes(text)


def _apostrophes(text: str) -> str:
    """Write accents as typists without an accent key do: FORLI'."""
    pairs = zip("àèéìòùÀÈÉÌÒÙ", ("a'", "e'", "e'", "i'", "o'", "u'", "A'", "E'", "E'", "I'", "O'", "U'"), strict=True)
    for sign, plain in pairs:
        text = text.replace(sign, plain)
    return text
