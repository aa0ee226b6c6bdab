"""Propose a definition: sheets of places and words into sections of fields, each guess with its reason."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from templates.draft.choices import choices
from templates.draft.guess import Guess, folded, guess
from templates.draft.headings import headings, title_of
from templates.draft.labels import Label, clean, is_starred, label_of, of_head
from templates.draft.names import slug, unique
from templates.draft.order import reading_order
from templates.draft.place import Phrase, Place, Shape, Sheet, around
from templates.form import Kind

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
EXCLUSIVE = ({"si", "no"}, {"m", "f"}, {"maschio", "femmina"}, {"uomo", "donna"})
NAMELESS = {Kind.DATE: "data", Kind.AMOUNT: "importo", Kind.STREET_NUMBER: "civico", Kind.MUNICIPALITY: "luogo"}
"""Names of fields of whose label only small words would be left: "nato il"."""
CUSTOM_LABEL = "(senza etichetta)"


@dataclass(frozen=True, slots=True)
class OptionGuess:
    """One tick box of a proposed choice."""

    value: str
    label: str
    place: Place


@dataclass(frozen=True, slots=True)
class FieldGuess:
    """One proposed field; ``reasons`` say in plain words what was guessed, and by what."""

    name: str
    label: str
    kind: Kind
    place: Place
    required: bool
    reasons: tuple[str, ...]
    options: tuple[OptionGuess, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionGuess:
    """A proposed section."""

    letter: str
    title: str
    fields: tuple[FieldGuess, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A whole proposed definition. ``remarks`` are for the person who edits it."""

    title: str
    sections: tuple[SectionGuess, ...]
    sheets: tuple[Sheet, ...]
    anchors: tuple[str, ...]
    remarks: tuple[str, ...] = ()


@dataclass(slots=True)
class _Growing:
    """The proposal while sections and names are handed out."""

    title: str
    titles: list[str] = field(default_factory=list)
    sections: list[list[FieldGuess]] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def begin(self, title: str) -> None:
        """Begin a section; one without fields gives its place to the next, and beyond Z all goes into the last."""
        if self.sections and not self.sections[-1]:
            self.titles[-1] = title
        elif len(self.sections) < len(LETTERS):
            self.titles.append(title)
            self.sections.append([])

    def add(self, field: FieldGuess) -> None:
        """Put a field into the section that was begun last."""
        self.sections[-1].append(field)

    def name(self, label: str, fallback: str) -> str:
        """Hand a name out."""
        if not self.sections:
            self.begin(self.title)
        prefix = slug(self.titles[-1].split(" ")[-1], "") if self.titles else ""
        given = unique(slug(label, fallback), self.taken, prefix)
        self.taken.add(given)
        return given


def propose(found: Sequence[Sheet], remarks: Sequence[str] = ()) -> Proposal:
    """Propose a definition from what was found on every page."""
    sheets = tuple(found)
    title = next((text for sheet in sheets if (text := title_of(sheet))), "") or "Modulo"
    growing = _Growing(title)
    heads: list[str] = []
    for sheet in sheets:
        heads += _sheet(sheet, growing)
    sections = tuple(
        SectionGuess(letter, head, tuple(fields))
        for letter, head, fields in zip(LETTERS, growing.titles, growing.sections, strict=False)
        if fields
    )
    anchors = tuple(dict.fromkeys([title, *heads]))[:4]
    return Proposal(title, sections, sheets, anchors, tuple(remarks))


def _sheet(sheet: Sheet, growing: _Growing) -> list[str]:
    """Walk down a page: headings begin sections, places become fields. Answers its headings."""
    groups = {id(group[0]): group for group in choices(sheet)}
    labels = {id(p): label_of(p, sheet) for p in sheet.places if p.shape is not Shape.TICK}
    first = {key: _asked(group, sheet) for key, group in groups.items()}
    beside = [label_of(p, sheet, tick=True).phrase for p in sheet.places if p.shape is Shape.TICK]
    phrases = [*(label.phrase for label in [*labels.values(), *first.values()]), *beside]
    heads = headings(sheet, [phrase for phrase in phrases if phrase is not None])
    begun = {id(head) for head in heads}
    for item in reading_order(sheet):
        if isinstance(item, Phrase):
            if id(item) in begun:
                growing.begin(clean(item.text))
        elif id(item) in groups:
            growing.add(_choice(groups[id(item)], first[id(item)], sheet, growing))
        elif item.shape is not Shape.TICK:
            growing.add(_written(item, labels[id(item)], growing))
    return [clean(head.text) for head in heads]


def _asked(group: Sequence[Place], sheet: Sheet) -> Label:
    """Find the question that a group of tick boxes answers: the words left of or above its first box."""
    if len(group) == 1:
        return Label("")
    first = group[0]
    if first.head is not None:
        return of_head(first, first.head)
    bare = Place(first.page, first.box, Shape.BOX, "")
    own = [label_of(tick, sheet, tick=True).phrase for tick in sheet.places if tick.shape is Shape.TICK]
    others = Sheet(
        sheet.page, sheet.width_mm, sheet.height_mm, sheet.places,
        tuple(p for p in sheet.phrases if not any(p is phrase for phrase in own)),
    )  # fmt: skip
    return label_of(bare, others)


def _written(place: Place, label: Label, growing: _Growing) -> FieldGuess:
    kind = guess(place, label.text or place.widget)
    text = label.text or clean(place.widget) or CUSTOM_LABEL
    before = growing.sections[-1][-1].label if growing.sections and growing.sections[-1] else ""
    born = kind.kind is Kind.DATE and folded(label.text) == "il" and folded(before).startswith("nat")
    fallback = NAMELESS.get(kind.kind, f"campo_{place.page}")
    name = growing.name("data di nascita" if born else _named(place, label) or place.widget, fallback)
    return FieldGuess(name, text, kind.kind, place, is_starred(label.phrase), tuple(_reasons(place, label, kind)))


def _named(place: Place, label: Label) -> str:
    """Give the words of a name; in a column of several, its row ends it."""
    return f"{clean(place.head.text)} {place.row}" if place.head and place.row else label.text


def _reasons(place: Place, label: Label, kind: Guess) -> Iterator[str]:
    yield f"found as {place.found}"
    yield f"label: {label.where}" if label.where else "label: NONE FOUND, write it"
    yield f"kind: {kind.why}"
    if is_starred(label.phrase):
        yield "required: its label has a star"


def _choice(group: Sequence[Place], asked: Label, sheet: Sheet, growing: _Growing) -> FieldGuess:
    if len(group) == 1:
        label = label_of(group[0], sheet, tick=True)
        name = growing.name(label.text or group[0].widget, f"casella_{group[0].page}")
        reasons = (f"found as {group[0].found}", f"label: {label.where or 'NONE FOUND, write it'}")
        return FieldGuess(name, label.text or CUSTOM_LABEL, Kind.TICK, group[0], is_starred(label.phrase), reasons)
    options = tuple(_options(group, sheet))
    kind, why = _sort(group, options, asked)
    name = growing.name(_named(group[0], asked) or group[0].group, f"scelta_{group[0].page}")
    spot = Place(group[0].page, around([tick.box for tick in group]), Shape.TICK, "", widget=group[0].group)
    where = asked.where or "NONE FOUND, write it"
    why_so = (f"{len(group)} boxes together ({group[0].found})", f"label: {where}", f"kind: {why}")
    return FieldGuess(name, asked.text or CUSTOM_LABEL, kind, spot, is_starred(asked.phrase), why_so, options)


def _options(group: Sequence[Place], sheet: Sheet) -> Iterator[OptionGuess]:
    values: set[str] = set()
    labels: set[str] = set()
    for number, tick in enumerate(group, 1):
        label = label_of(tick, sheet, tick=True)
        text = label.text or tick.state or f"casella {number}"
        if text in labels:
            text = f"{text} ({number})"
        value = unique(slug(text, f"scelta_{number}", digits=True), values)
        values.add(value)
        labels.add(text)
        yield OptionGuess(value, text, tick)


def _sort(group: Sequence[Place], options: Sequence[OptionGuess], asked: Label) -> tuple[Kind, str]:
    words = {folded(option.label) for option in options}
    if group[0].group:
        return Kind.ENUM, "radio buttons: one of them"
    if words in EXCLUSIVE or "una sola" in folded(asked.text):
        return Kind.ENUM, "one excludes the other"
    if group[0].found == "a small circle":
        return Kind.ENUM, "circles usually mean one of them; write ticks if several may be marked"
    return Kind.TICKS, "several may be marked; write enum if only one may"
