"""A comune, or for a birth also an ended comune or a foreign state."""

from collections.abc import Sequence
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from parsers.fields import places
from parsers.fields.folding import key, squeeze
from parsers.fields.parsed import Context, Parsed, Parts, refuse
from parsers.fields.places import Place
from parsers.fields.provinces import zones

MOST_EDITS = 2
EDITS_PER_LETTER = 1 / 3


def compact(raw: str) -> str:
    """Trim to the name as written, without the lines of the boxes.

    >>> compact("_ROMA_ ")
    'ROMA'
    """
    return squeeze(squeeze(raw).strip(" _|.,;:·"))


def parse(raw: str, context: Context) -> Parsed:
    """Give the official name of a known comune; keep an unknown name, with a unique near one as a proposal.

    >>> from datetime import date
    >>> parse("FORLI'", Context(date(2026, 1, 1))).value
    'Forlì'
    """
    name = compact(raw)
    if not any(c.isalpha() for c in name):
        return refuse("Il comune va scritto in lettere, per esempio Roma.")
    known = candidates(name, birth=context.birth)
    titles = tuple(dict.fromkeys(place.name for place in known))
    if len(titles) == 1:
        return Parsed(titles[0])
    if titles:
        return Parsed(name, proposals=titles[:4])
    near = nearest(name)
    return Parsed(name, proposals=(near,) if near else ())


def format(value: Parts) -> str:  # noqa: A001 - each kind has the same verbs
    """Show as it is."""
    return str(value)


def candidates(name: str, *, birth: bool = False) -> tuple[Place, ...]:
    """List the places of a name: active comuni, or for a birth and where there is none, any."""
    found = places.find(name)
    active = tuple(p for p in found if p.active and (birth or p.province != "EE"))
    return active or found


def nearest(name: str) -> str:
    """Find the one active comune within two edits (and a third of the letters), or "" if none or several."""
    wanted = key(name)
    most = min(MOST_EDITS, int(len(wanted) * EDITS_PER_LETTER))
    hits = process.extract(wanted, _active_names(), scorer=Levenshtein.distance, score_cutoff=most, limit=2)
    if not hits or (len(hits) > 1 and hits[0][1] == hits[1][1]):
        return ""
    return places.names()[hits[0][0]][0].name


def birth_codes(name: str, province: str = "") -> frozenset[str]:
    """List the cadastral codes that a birthplace can mean, narrowed by its province where one fits.

    >>> birth_codes("Castro", "LE")
    frozenset({'M261'})
    """
    found = places.find(name)
    fitting = [p for p in found if p.province == province] or found
    return frozenset(p.code for p in fitting)


def is_homonym(name: str) -> bool:
    """Tell whether several active comuni have this name, so that the province is needed.

    >>> is_homonym("Castro"), is_homonym("Roma")
    (True, False)
    """
    return len({p.code for p in places.find(name) if p.active and p.province != "EE"}) > 1


def provinces_of(name: str) -> frozenset[str]:
    """List the provinces of the comuni of this name, ended ones only where none is active."""
    return frozenset(p.province for p in candidates(name))


def fits_province(name: str, province: str) -> bool | None:
    """Tell whether a comune lies in a province; None where the comune is not in the list."""
    found = frozenset(p.province for p in places.find(name))
    return province in found if found else None


def fits_postal_code(cap: str, provinces: Sequence[str] | frozenset[str]) -> bool | None:
    """Tell whether a CAP begins with a zone of one of these provinces; None where no zone is known.

    >>> fits_postal_code("00197", ["RM"]), fits_postal_code("20100", ["RM"])
    (True, False)
    """
    known = frozenset().union(*(zones(p) for p in provinces))
    return cap[:2] in known if known else None


@cache
def _active_names() -> tuple[str, ...]:
    return tuple(n for n, found in places.names().items() if found[0].active and found[0].province != "EE")
