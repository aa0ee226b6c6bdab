"""Try a form before it is handed out: fill it, send it, read it by the real readers, and count what comes back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from rapidfuzz.fuzz import ratio

from intake.receipt import Document
from ocr.ink import Ink
from ocr.read import Reader, standard_reader
from pages.open import open_pages
from pages.page import Unreadable
from parsers.extract import extract
from parsers.reading import Content, State, Value
from parsers.sound import is_sound
from samples.anyone import dice, fill_any
from samples.sent import WAYS, send_filled
from templates.form import Form, Kind, Match
from templates.identify import Identifier

DAY = date(2026, 7, 1)
"""The day of receipt: the invented dates lie before it."""
WORDS = frozenset({Kind.NAME, Kind.TEXT, Kind.MUNICIPALITY, Kind.LIST, Kind.STREET_NUMBER, Kind.EMAIL})
ALIKE = 95.0
"""A paragraph counts as right when so many of a hundred characters are: its words are read by people."""
RIGHT, CLERK, WRONG = "right", "clerk", "wrong"


@dataclass(frozen=True, slots=True)
class Count:
    """What came back of one field on one way, or of all fields: right, asked of a clerk, silently wrong."""

    right: int = 0
    clerk: int = 0
    wrong: int = 0

    @property
    def total(self) -> int:
        """All that was counted."""
        return self.right + self.clerk + self.wrong

    def plus(self, verdict: str) -> "Count":
        """Count one more."""
        return Count(self.right + (verdict == RIGHT), self.clerk + (verdict == CLERK), self.wrong + (verdict == WRONG))


@dataclass(slots=True)
class Tally:
    """Counts of one way: by field, and of its sheets (right: known again; clerk: not known; wrong: another form)."""

    way: str
    fields: dict[str, Count] = field(default_factory=dict)
    sheets: Count = field(default_factory=Count)

    @property
    def whole(self) -> Count:
        """All fields together."""
        counts = self.fields.values()
        return Count(sum(c.right for c in counts), sum(c.clerk for c in counts), sum(c.wrong for c in counts))


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """The real readers, with the form among all others that are known."""

    identifier: Identifier
    reader: Reader

    @classmethod
    def of(cls, library: "Forms") -> "Desk":
        """Set up with the shipped engines."""
        return cls(Identifier(library), standard_reader(check=is_sound))


@dataclass(frozen=True, slots=True)
class Forms:
    """All forms among which a sheet is told, as the identifier takes them."""

    forms: tuple[Form, ...]


def simulate(
    form: Form, desk: Desk, ways: Sequence[str], copies: int, seed: int, step: Callable[[None], None]
) -> list[Tally]:
    """Send ``copies`` of a form on each way; ``step`` is called after each copy. The same seed gives the same post."""
    tallies = []
    for way in ways:
        tally = Tally(way, {name: Count() for name in form.fields})
        for number in range(copies):
            rng = dice(seed, form, number)
            answers = fill_any(form, rng)
            values = _read(form, desk, send_filled(form, answers, WAYS[way], rng), tally)
            for name in form.fields:
                tally.fields[name] = tally.fields[name].plus(judge(form, name, answers.get(name), values.get(name)))
            step(None)
        tallies.append(tally)
    return tallies


def _read(form: Form, desk: Desk, files: Sequence[tuple[str, bytes]], tally: Tally) -> Mapping[str, Value]:
    """Read the files of one copy; fields of sheets that were not known again have no value."""
    inks: list[Ink] = []
    laid: set[int] = set()
    for name, content in files:
        for verdict, page, found in _sheets(form, desk, name, content):
            tally.sheets = tally.sheets.plus(verdict)
            inks += found
            laid |= {page} if verdict == RIGHT else set()
    values = extract(form, inks, DAY)
    return {name: value for name, value in values.items() if form.fields[name].page in laid}


def _sheets(form: Form, desk: Desk, name: str, content: bytes) -> Iterator[tuple[str, int, tuple[Ink, ...]]]:
    try:
        pages = open_pages(Document(name, "", content))
    except Unreadable:
        yield CLERK, 0, ()
        return
    for page in pages:
        match = desk.identifier.lay(page)
        if not isinstance(match, Match):
            yield CLERK, 0, ()
        elif match.form.key != form.key:
            yield WRONG, 0, ()
        else:
            yield RIGHT, match.page, desk.reader.read(page, match)


def judge(form: Form, name: str, truth: Content, value: Value | None) -> str:
    """Judge one field: exactly right, asked of a clerk, or silently wrong. Letters count, their case does not."""
    if value is None or value.state in {State.UNREADABLE, State.INVALID}:
        return CLERK
    read = value.value if value.state is State.FILLED else None
    if truth in (None, False, "", ()):
        return RIGHT if read in (None, False) else WRONG
    return RIGHT if same(form.fields[name].kind, truth, read) else WRONG


def same(kind: Kind, truth: Content, read: Content) -> bool:
    """Tell whether a reading is what was written."""
    if kind is Kind.LONG_TEXT:
        return ratio(_folded(truth), _folded(read)) >= ALIKE
    return _folded(truth) == _folded(read) if kind in WORDS else truth == read


def _folded(content: Content) -> str:
    text = "; ".join(content) if isinstance(content, tuple) else str(content or "")
    return " ".join(text.casefold().replace("’", "'").split())
