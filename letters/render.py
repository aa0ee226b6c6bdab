"""Render: the words of a letter -> a tagged PDF/A (A4), its address in the window of a DL envelope.

The segnatura is not set here: the register number is taken last, and stamped (``letters.segnatura``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from letters.house import House
from letters.markup import blocks
from letters.matter import Matter
from letters.recipient import Recipient, Way
from letters.typeset import faces, long_date, looks, typeset
from letters.words import Words


@dataclass(frozen=True, slots=True)
class Printed:
    """What is printed of one letter: its words, to whom, by whom, on which day, about which case."""

    words: Words
    to: Recipient
    house: House
    on: date
    number: str
    subject: str


def printed(words: Words, matter: Matter, to: Recipient, house: House, on: date) -> Printed:
    """Put together what a letter's PDF shows; ``on`` is its day in Rome."""
    return Printed(words, to, house, on, matter.number, matter.subject)


def as_html(letter: Printed) -> str:
    """Set a letter as one HTML page that needs nothing from outside but our fonts; every word is escaped."""
    view: Mapping[str, Any] = {
        "title": letter.words.title,
        "number": letter.number,
        "subject": letter.subject,
        "house": letter.house,
        "to": _window(letter),
        "date": long_date(letter.on),
        "blocks": blocks(letter.words.text),
        "faces": faces(),
        "css": _css(letter.house.notice),
    }
    return looks().get_template("letter.html.j2").render(view)


def as_pdf(letter: Printed) -> bytes:
    """Set a letter as a PDF with tags, title and language."""
    return typeset(as_html(letter))


def _window(letter: Printed) -> tuple[str, ...]:
    """Give the lines in the window; a fax names nobody, a mail shows the address it goes to."""
    to = letter.to
    if to.way is Way.FAX:
        return (f"Fax {to.to}",)
    return tuple(line for line in (to.name, *to.lines, to.to if not to.lines else "") if line)


def _css(notice: str) -> Markup:
    """Give the style sheet, with the notice as a CSS string: what could end the string or the sheet is left out."""
    look = files("letters").joinpath("looks/letter.css").read_text(encoding="utf-8")
    quoted = "".join(c for c in notice if c not in '"\\\\<>' and c.isprintable())
    return Markup(look.replace("string(notice)", f'"{quoted}"'))  # noqa: S704  our own file, and the string made harmless
