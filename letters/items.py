"""Items: what is asked of the customer, all of it at once, in the form's own words under its section letters."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from checks.validation import Severity
from checks.wording import cure
from letters.privacy import NEUTRAL, is_telling, mask_codes
from templates.form import Form

_PLAIN_RULES: Final = frozenset(
    {"field_missing", "field_struck", "field_illegible", "group_missing", "group_partial", "attachment_missing"}
    | {"page_missing", "form_missing", "form_blank", "delegation_unsigned", "delegation_names_missing"}
)
"""Rules whose words never hold a value of the customer's: they may be faxed as they are."""
WHOLE_FORM: Final = frozenset({"form_missing", "form_blank"})
"""Rules that ask for the Modulo itself."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is asked for. ``section`` is a letter, "" for the form as a whole; ``paper`` tells a document."""

    rule: str
    section: str
    field: str
    text: str
    paper: bool = False

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("an item says what is asked for")


@dataclass(frozen=True, slots=True)
class Group:
    """The items of one section, under its letter and title."""

    heading: str
    items: tuple[Item, ...]


def items(payload: Mapping[str, Any], form: Form | None, *, bare: bool = False) -> tuple[Item, ...]:
    """Give what is asked for: gaps, and what a clerk confirmed as wrong; never what a clerk has yet to look at.

    ``payload`` is the submission as stored. ``bare`` leaves out all that was read of the customer: for a fax. A paper
    that is here already is not asked for, nor one that the form does not name.
    """
    came = {paper["code"] for paper in payload["papers"]}
    found = (_item(f, form, came, bare=bare) for f in payload["findings"] if _asks(f, payload["fields"]))
    return tuple({(i.section, i.text): i for i in found if i is not None}.values())


def grouped(wanted: Sequence[Item], form: Form | None) -> tuple[Group, ...]:
    """Put items under their sections, in the order of the form; what is of no section stands first."""
    titles = {s.letter: f"Sezione {s.letter} – {s.title}" for s in form.sections} if form else {}
    letters = sorted({item.section for item in wanted})
    return tuple(
        Group(titles.get(letter, f"Sezione {letter}" if letter else "Il modulo"), tuple(_of(wanted, letter)))
        for letter in letters
    )


def _of(wanted: Iterable[Item], letter: str) -> Iterator[Item]:
    return (item for item in wanted if item.section == letter)


def _asks(finding: Mapping[str, Any], fields: Mapping[str, Any]) -> bool:
    """Tell what is asked of the customer; an invalid value only once a clerk has typed or confirmed it."""
    severity = finding["severity"]
    by_clerk = fields.get(finding["field"], {}).get("source") == "clerk"
    return bool(severity == Severity.MISSING or (severity == Severity.INVALID and by_clerk))


def _item(finding: Mapping[str, Any], form: Form | None, came: set[str], *, bare: bool) -> Item | None:
    rule, name = finding["rule"], finding["field"]
    papers = {a.code for a in form.attachments} if form else set()
    if rule == "attachment_missing" and (name in came or name not in papers):
        return None
    text = mask_codes(_told(finding, form, bare=bare))
    if is_telling(text):
        text = "Un dato di questa sezione manca o va corretto."
    return Item(rule, finding["section"], name, text, paper=name in papers)


def _told(finding: Mapping[str, Any], form: Form | None, *, bare: bool) -> str:
    """Give the sentence without its section, which the heading says; neutral where the field's own name tells much."""
    message, name = str(finding["message"]), finding["field"]
    head, _, rest = message.partition(": ")
    head = head.removeprefix(f"Sezione {finding['section']}").removeprefix(" – ") if finding["section"] else head
    field = form.fields.get(name) if form else None
    if bare and finding["rule"] not in _PLAIN_RULES:
        rest = f"va corretto. {cure(field)}" if field else "va controllato e mandato di nuovo."
    if name in NEUTRAL:
        head = NEUTRAL[name]
        rest = rest if not is_telling(rest) else "manca o va corretto."
    return f"{head}: {rest}" if head and rest else (rest or message)
