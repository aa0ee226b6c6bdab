"""Return sheets by every channel: is the code read, is the sheet laid over its form, is what was typed on it read.

``python -m bench.return_sheets --count 40`` writes the table of docs/measures.md. Sheets are drawn by lot: the form,
what it asks for, the hand and the noise; none is in the samples.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Final

import numpy as np

from cases.wilson import wilson
from intake.receipt import Channel
from jobs.look import look_here
from jobs.post import Post
from parsers.reading import Content, Reading, State
from samples.channels.named import CHANNELS, PHOTOS, send
from samples.degrade import draw_pages
from samples.files import jpeg, tiff
from samples.scenarios import SCENARIOS
from samples.typed import draw_hand, print_form
from templates.form import Form, Kind
from templates.load import load_forms
from templates.slip import SLIP_FORM, write_slip
from templates.slip_form import TooMuch, slip_form

_KEY: Final = bytes(range(32))
_AT: Final = datetime(2026, 11, 20, tzinfo=UTC)
_CODES: Final = ("CMOR", "DOPPIA", "BONUS", "INDENNIZZO", "RIPRISTINO")
_LAID: Final = ("scan-200", "fax-fine", "fax-standard", "fax-of-copy", "copy-3", "photo", "photo-small", "turned")
_DPI: Final = 300


def sheet(rng: Random) -> tuple[Form, dict[str, Content]]:
    """Draw a return sheet by lot, and what is to be typed on it."""
    scenario = SCENARIOS["complete-delegate"]
    while True:
        code = rng.choice([code for code in _CODES if code in scenario.procedures])
        form = next(form for form in load_forms() if form.code == code)
        stated = scenario.draft(rng, code).stated
        known = [name for name in form.fields if stated.get(name) is not None]
        asked = rng.sample(known, min(len(known), rng.randint(3, 10)))
        slip = write_slip(form, (_AT.year, rng.randint(1, 999_999)), asked, _KEY)
        try:
            laid = slip_form(slip, load_forms())
        except TooMuch:
            continue
        if laid is None:
            raise LookupError(f"the sheet {slip.text} has no form")
        return laid, {name: stated[name] for name in asked}


def come_back(form: Form, values: dict[str, Content], channel: str, rng: Random) -> Reading | None:
    """Type on a sheet, send it through a channel, and read it as the gateway does; None where it was not known."""
    drawn = draw_pages(print_form(form, values, draw_hand(rng), rng), _DPI)[0]
    sent = send(channel, drawn, rng)
    if channel.startswith("fax"):
        raw, name, way = (
            tiff([np.asarray(sent.picture)], (round(sent.dpi[0]), round(sent.dpi[1]))),
            "1.tif",
            Channel.FAX,
        )
    else:
        stated = 72 if channel in PHOTOS else round(sent.dpi[0])
        raw, name, way = jpeg(sent.picture, stated, 85), "1.jpg", Channel.POST
    looked = look_here(Post(name, raw, way, _AT, _AT.date()))
    readings = [one.reading for one in looked.submissions]
    return next((one for one in readings if (one.form, one.edition) == (SLIP_FORM, form.edition)), None)


def scored(channel: str, count: int, seed: int) -> Counter[str]:
    """Send so many sheets through a channel; count sheets known, and fields right, asked of a clerk and wrong.

    Paragraphs are not counted: no decision hangs on a letter of theirs.
    """
    tally: Counter[str] = Counter(sheets=count)
    for number in range(count):
        rng = Random(f"return/{seed}/{channel}/{number}")
        form, values = sheet(rng)
        reading = come_back(form, values, channel, rng)
        if reading is None:
            continue
        tally["known"] += 1
        for name, truth in values.items():
            if form.fields[name].kind is Kind.LONG_TEXT:
                continue
            read = reading.values.get(name)
            if read is None or read.state is not State.FILLED:
                tally["asked"] += 1
            else:
                tally["right" if _same(read.value, truth) else "wrong"] += 1
    return tally


def _same(read: Content, truth: Content) -> bool:
    """Compare values; the order of ticks says nothing."""
    return set(read) == set(truth) if isinstance(read, tuple) and isinstance(truth, tuple) else read == truth


def told(channel: str, tally: Counter[str]) -> str:
    """Give a row of the table."""
    low, high = wilson(tally["known"], tally["sheets"])
    fields = tally["right"] + tally["asked"] + tally["wrong"]
    known = f"{tally['known']} of {tally['sheets']} ({low:.0%} to {high:.0%})"
    return f"| {channel} | {known} | {tally['right']} of {fields} | {tally['asked']} | {tally['wrong']} |"


def main(argv: Sequence[str]) -> int:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description="Send return sheets through every channel and read them.")
    parser.add_argument("--count", type=int, default=40, help="sheets a channel")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--channel", action="append", choices=sorted(CHANNELS), help="only this channel")
    asked = parser.parse_args(argv)
    channels: Iterable[str] = asked.channel or _LAID
    print(
        "| channel | known and laid (95 % interval) | fields right | asked of a clerk | wrong |\n|---|---|---|---|---|"
    )
    for channel in channels:
        print(told(channel, scored(channel, asked.count, asked.seed)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
