"""Words that Italian forms are filled with: lists of our own, and the names of comuni.

Every eighth word, by a hash of it, belongs to the test side and is never drawn in training.
"""

from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib.resources import files
from json import loads
from pathlib import Path
from random import Random

from training.lines.alphabet import CODES

TEST_SHARE = 8
CODAS = ("", "", "", "", "l", "n", "r", "s", "m", "t")
ENDS = ("", "à", "è", "é", "ì", "ò", "ù")
STRESSED = (60, 1, 1, 1, 1, 1, 1)
_LIST = Path(__file__).with_suffix(".txt")


def is_for_test(word: str) -> bool:
    """Tell whether a word is of the test side."""
    return sha256(word.lower().encode()).digest()[0] % TEST_SHARE == 0


class Words:
    """The words of one side: training, or test (``held_out``)."""

    def __init__(self, *, held_out: bool) -> None:
        self._held_out = held_out
        listed = word_lists()
        self.roads, self.legal_forms, self.provinces = listed["roads"], listed["legal_forms"], listed["provinces"]
        self.surnames = self._side(listed["surnames"])
        self.given = self._side(listed["given"])
        self.streets = self._side(listed["streets"])
        self.sentence = self._side(listed["sentence"])
        self.companies = self._side(listed["companies"])
        self.towns = self._side(towns())

    def _side(self, words: Iterable[str]) -> tuple[str, ...]:
        return tuple(word for word in words if is_for_test(word) == self._held_out)


def invented(rng: Random) -> str:
    """Invent a word of Italian syllables, so that no list is learnt by heart."""
    last = rng.choices(ENDS, STRESSED)[0]
    body = "".join(
        rng.choice(word_lists()["onsets"]) + rng.choice("aeiou") + rng.choice(CODAS) for _ in range(rng.randint(1, 3))
    )
    return (body + last).capitalize() if rng.random() < 0.8 else body + last


@cache
def word_lists() -> dict[str, tuple[str, ...]]:
    """Read the lists: a name in brackets, then words parted by strokes."""
    lists: dict[str, list[str]] = {}
    for line in _LIST.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            current = lists.setdefault(line.strip("[]"), [])
        elif line:
            current += line.split(" | ")
    return {name: tuple(words) for name, words in lists.items()}


@cache
def towns() -> tuple[str, ...]:
    """List the names of all comuni, living and suppressed, as the package python-codicefiscale has them."""
    content = files("codicefiscale").joinpath("data/municipalities.json").read_text(encoding="utf-8")
    names = {town["name"] for town in loads(content)}
    return tuple(sorted(name for name in names if all(sign in CODES for sign in name + name.upper())))
