"""The daily register as PDF/A: the same day gives the same bytes, whenever and by whomever it is printed."""

from collections.abc import Mapping
from typing import Any

from cases.register_day import WAYS, Day
from letters.typeset import faces, long_date, looks, typeset


def as_pdf(day: Day) -> bytes:
    """Set a day of the register as PDF/A-2a."""
    return typeset(as_html(day), identifier(day))


def identifier(day: Day) -> bytes:
    """Give what a day's PDF is known by: 32 hexadecimal digits of its digest."""
    return day.digest[:32].encode()


def as_html(day: Day) -> str:
    """Set a day as one HTML page."""
    view: Mapping[str, Any] = {
        "body": day.body,
        "day": day.day,
        "date": long_date(day.day),
        "lines": day.lines,
        "annulled": day.annulled,
        "ways": WAYS,
        "digest": day.digest,
        "faces": faces(),
    }
    return looks().get_template("daily.html.j2").render(view)
