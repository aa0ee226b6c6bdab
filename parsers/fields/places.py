"""Comuni and foreign states with their cadastral codes, from the data of python-codicefiscale."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from codicefiscale import data

from parsers.fields.folding import fold, key, squeeze

ALIASES = {
    "reggioemilia": "reggionellemilia", "reggiodellemilia": "reggionellemilia", "reggioe": "reggionellemilia",
    "reggiocalabria": "reggiodicalabria", "reggioc": "reggiodicalabria", "aquila": "laquila", "spezia": "laspezia",
    "romacapitale": "roma", "usa": "statiunitidamerica", "statiuniti": "statiunitidamerica",
    "inghilterra": "regnounito", "granbretagna": "regnounito",
}  # fmt: skip
"""Names in daily use, by key, for which the official list has another."""

SAINTS = re.compile(r"\b(?:sant'|ss\.?\s|s\.\s*|(?:santissimo|santissima|santi|santo|santa|san|sto\.?|sta\.?|s)\s+)")
PARTICLES = re.compile(
    r"(?<=[ \-'])(Di|Del|Dello|Della|Dei|Degli|Delle|Da|Dal|Dalla|In|Al|Allo|Alla|Ai|Alle|Con|E|Ed|Sul|Sullo|Sulla|"
    r"Sui|Sulle|Per|Tra|Fra|A|Nel|Nella|D|Dell|Nell|Dall|All|Sull|De|Ne)(?=[ ']|$)"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A comune or a foreign state. ``province`` is EE for a state; an ended comune is not ``active``."""

    code: str
    name: str
    province: str
    active: bool


def find(name: str) -> tuple[Place, ...]:
    """List the places of this name, active ones first; an abbreviated saint finds every saint of the name.

    >>> [p.code for p in find("REGGIO EMILIA")], [p.province for p in find("Castro") if p.active]
    (['H223'], ['BG', 'LE'])
    """
    for spelling in (name, *_halves(name)):
        folded = key(spelling)
        found = _index().get(ALIASES.get(folded, folded)) or _saints().get(saintless(spelling))
        if found:
            return found
    return ()


@cache
def codes() -> frozenset[str]:
    """List every cadastral code that is or was in use."""
    return frozenset(place.code for place in _places())


def by_code(code: str) -> tuple[Place, ...]:
    """List the names that a cadastral code has had, active ones first.

    >>> by_code("H501")[0].name
    'Roma'
    """
    return _by_code().get(code, ())


def names() -> Mapping[str, tuple[Place, ...]]:
    """Give all places by folded key."""
    return _index()


def official(name: str) -> str:
    """Write the particles inside a name small, as the official list does.

    >>> official("Reggio Nell'Emilia")
    "Reggio nell'Emilia"
    """
    return PARTICLES.sub(lambda found: found[0].lower(), name)


def saintless(name: str) -> str:
    """Fold a name with its saints abbreviated, or to "" where there is none.

    >>> saintless("S. Giovanni Rotondo") == saintless("San Giovanni Rotondo")
    True
    """
    folded = fold(name)
    short = SAINTS.sub("s*", folded)
    return "".join(c for c in short if c.isalnum() or c == "*") if short != folded else ""


def _halves(name: str) -> tuple[str, ...]:
    """Split Bolzano/Bozen, and drop a province in brackets."""
    bare = re.sub(r"\(.*?\)|,.*$", "", squeeze(name))
    return (bare, *(half for half in re.split(r"[/\-]", bare) if key(half)))


@cache
def _places() -> tuple[Place, ...]:
    rows: list[dict[str, Any]] = [*data.get_municipalities_data(), *data.get_countries_data()]
    rows += [*data.get_data("municipalities-patch.json"), *data.get_data("countries-patch.json")]
    return tuple(Place(r["code"], official(r["name"]), r["province"], bool(r["active"])) for r in rows)


@cache
def _index() -> dict[str, tuple[Place, ...]]:
    pairs = [(key(place.name), place) for place in _places()]
    slugs = [*data.get_municipalities_data(), *data.get_countries_data()]
    pairs += [
        (slug.replace("-", ""), p) for p, row in zip(_places(), slugs, strict=False) for slug in row["name_slugs"]
    ]
    return _grouped(pairs)


@cache
def _saints() -> dict[str, tuple[Place, ...]]:
    return _grouped((short, place) for place in _places() if (short := saintless(place.name)))


@cache
def _by_code() -> dict[str, tuple[Place, ...]]:
    return _grouped((place.code, place) for place in _places())


def _grouped(pairs: Iterable[tuple[str, Place]]) -> dict[str, tuple[Place, ...]]:
    groups: defaultdict[str, dict[Place, None]] = defaultdict(dict)
    for name, place in pairs:
        groups[name][place] = None
    return {name: tuple(sorted(found, key=lambda p: not p.active)) for name, found in groups.items() if name}
