"""Door to the letters' texts: a case -> the words of its letter, by the Jinja2 templates of ``texts``."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from checks.calendar import NUMBER, hours_in_words
from checks.validation import Outcome
from checks.wording import day
from intake.receipt import Channel
from letters.house import House
from letters.items import WHOLE_FORM, Group, Item, grouped, items
from letters.letter import TITLES, LetterCode
from letters.matter import Matter
from letters.reasons import Reason, reasons, wrong_form
from letters.recipient import Recipient, Way
from templates.form import Form

_CHANNELS: Final[Mapping[Channel, str]] = {
    Channel.EMAIL: "per e-mail",
    Channel.PEC: "con PEC",
    Channel.FAX: "via fax",
    Channel.POST: "per posta",
    Channel.ONLINE: "dal Portale",
}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one letter: its title, the subject line of a mail, and the text in the signs of ``markup``."""

    title: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a text must know of the sheet that goes along: whether there is one, and whether it is to be signed."""

    goes_along: bool = False
    signed: bool = False


@dataclass(frozen=True, slots=True)
class _View:
    """What the templates see."""

    name: str
    subject: str
    channel: str
    received_on: str
    protocol: str
    number: str
    toll_free: str
    hours: str
    ways: tuple[str, ...]
    groups: tuple[Group, ...]
    with_sheet: bool
    sheet_signed: bool
    whole_form: bool
    fields_wanted: bool
    papers_wanted: bool
    hold_until: str
    reasons: tuple[Reason, ...]
    paths: tuple[str, ...]
    came: str
    right: str
    again: bool


def write(
    code: LetterCode, matter: Matter, to: Recipient, house: House, form: Form | None, sheet: Sheet | None = None
) -> Words:
    """Write a letter about a case to somebody; by fax without any personal detail."""
    wanted = asked(matter, form, to.way)
    view = _view(matter, to, house, grouped(wanted, form), sheet or Sheet(), wanted)
    text = _environment().get_template(f"{code.value.lower()}.j2").render(l=view)
    return Words(TITLES[code], subject_line(code, matter), tidy(text))


def asked(matter: Matter, form: Form | None, way: Way) -> tuple[Item, ...]:
    """Give what the customer is asked for in a letter that goes by some way; nothing while a clerk has yet to look."""
    if matter.payload["outcome"] != Outcome.INCOMPLETE:
        return ()
    return items(matter.payload, form, bare=way is Way.FAX)


def subject_line(code: LetterCode, matter: Matter) -> str:
    """Give the subject of a mail, and of the register: procedure and reference.

    No name of the customer stands in it, and no word of health or income.
    """
    about = f" – {matter.subject}" if matter.subject else ""
    return f"SMART Help – {TITLES[code]}{about} – pratica {matter.number}"


def tidy(text: str) -> str:
    """Take the empty lines out that templates leave."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    kept = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
    return "\n".join(kept).strip() + "\n"


def _view(
    matter: Matter, to: Recipient, house: House, groups: tuple[Group, ...], sheet: Sheet, wanted: tuple[Item, ...]
) -> _View:
    wrong, told = wrong_form(matter.reasons), reasons(matter.reasons)
    return _View(
        name="" if to.way is Way.FAX else to.name,
        subject=matter.subject,
        channel=_CHANNELS[matter.channel],
        received_on=day(matter.received_on),
        protocol=matter.protocol,
        number=matter.number,
        toll_free=NUMBER,
        hours=hours_in_words(),
        ways=house.ways(matter.channel),
        groups=groups,
        with_sheet=sheet.goes_along,
        sheet_signed=sheet.signed,
        whole_form=any(item.rule in WHOLE_FORM for item in wanted),
        fields_wanted=any(not item.paper for item in wanted),
        papers_wanted=any(item.paper for item in wanted),
        hold_until=day(matter.hold_until) if matter.hold_until else "",
        reasons=told,
        paths=tuple(dict.fromkeys(reason.path for reason in told)),
        came=wrong.came,
        right=wrong.right,
        again=wrong.again,
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("letters", "texts"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701  the text is plain; what is set as HTML is escaped there
    )
