"""The catalogue: one row for each piece of sample post, with what it proves."""

from collections.abc import Mapping, Sequence

from intake.receipt import Channel
from samples.sample import Sample

_HEAD = """# Catalogue of the sample post

Made by `python -m samples.make`; do not edit. All people, companies and papers are invented, every paper and form is
marked FAC-SIMILE. Beside each piece lies its truth (`NAME.truth.json`: outcome and every field, as the generator knows
them); trays also have the sidecar of the fax server or scanner (`NAME.json`).

| file | form | channel | way | outcome | what it proves |
|---|---|---|---|---|---|
"""


def catalogue(samples: Sequence[Sample], trays: Mapping[Channel, str]) -> str:
    """Write the catalogue as Markdown."""
    return _HEAD + "".join(_row(sample, trays) for sample in samples)


def _row(sample: Sample, trays: Mapping[Channel, str]) -> str:
    forms = ", ".join(s["form"] for s in sample.submissions if s["form"]) or "none"
    outcomes = ", ".join(_outcome(s) for s in sample.submissions) or f"NOT_A_REQUEST ({sample.kind})"
    tray = trays[sample.channel]
    cells = (f"`{tray}/{sample.name}`", forms, sample.channel.value, sample.mode, outcomes, sample.proves)
    return "| " + " | ".join(cells) + " |\n"


def _outcome(submission: Mapping[str, object]) -> str:
    reasons = submission["reasons"]
    named = ", ".join(reasons) if isinstance(reasons, list) else ""
    until = f" until {submission['hold_until']}" if submission["hold_until"] else ""
    return f"{submission['outcome']}{until}" + (f" ({named})" if named else "")
