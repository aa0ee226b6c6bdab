"""What a person sees of a simulated form: expected accuracy by channel and field, then advice."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.markup import escape
from rich.table import Table

from cases.wilson import wilson
from gateway.show import console
from gateway.simulate import Count, Tally
from templates.advice import Advice
from templates.form import Form

MOST_COSTLY = 8
COSTLY = 0.05
"""A field is costly when more than this share of it is not read right."""


def simulation(form: Form, tallies: Sequence[Tally], advice: Sequence[Advice], copies: int) -> None:
    """Print the expectation."""
    out = console()
    out.print(f"[bold]{form.key}[/bold]  {escape(form.title)}: {copies} invented copies on each way")
    out.print(_channels(tallies))
    out.print(_fields(form, tallies))
    for name, share in _costly(tallies):
        out.print(f"  costly: {name}, {share:.0%} not read without a clerk")
    for one in advice:
        out.print(f"  advice: {escape(one.field)} (page {one.page}): {escape(one.sentence)}")
    if not advice:
        out.print("  advice: none; its places are kind to pens, faxes and readers")


def as_json(form: Form, tallies: Sequence[Tally], advice: Sequence[Advice], copies: int) -> dict[str, Any]:
    """Give the expectation as data."""
    return {
        "form": form.code,
        "edition": form.edition,
        "copies": copies,
        "ways": [_way(tally) for tally in tallies],
        "advice": [{"field": a.field, "page": a.page, "sentence": a.sentence} for a in advice],
    }


def _way(tally: Tally) -> dict[str, Any]:
    fields = {name: _counted(count) for name, count in tally.fields.items()}
    return {"way": tally.way, "sheets": _counted(tally.sheets), "all": _counted(tally.whole), "fields": fields}


def _counted(count: Count) -> Mapping[str, object]:
    low, high = wilson(count.right, count.total)
    wrong = wilson(count.wrong, count.total)
    return {
        "right": count.right,
        "clerk": count.clerk,
        "wrong": count.wrong,
        "right_95": [round(low, 4), round(high, 4)],
        "wrong_95": [round(wrong[0], 4), round(wrong[1], 4)],
    }


def _channels(tallies: Sequence[Tally]) -> Table:
    table = Table("way", "sheets known", "fields right", "asked of a clerk", "silently wrong", box=None, pad_edge=False)
    for tally in tallies:
        whole, sheets = tally.whole, tally.sheets
        mistaken = f", {sheets.wrong} taken for another form" if sheets.wrong else ""
        table.add_row(
            tally.way,
            f"{sheets.right} of {sheets.total}{mistaken}",
            _share(whole.right, whole.total),
            _share(whole.clerk, whole.total),
            _share(whole.wrong, whole.total),
        )
    return table


def _share(part: int, total: int) -> str:
    low, high = wilson(part, total)
    return f"{part / max(1, total):.1%} ({low:.1%}-{high:.1%})"


def _fields(form: Form, tallies: Sequence[Tally]) -> Table:
    table = Table("field", "kind", *(t.way for t in tallies), box=None, pad_edge=False)
    for name, item in form.fields.items():
        table.add_row(name, item.kind.value, *(_cell(tally.fields[name]) for tally in tallies))
    return table


def _cell(count: Count) -> str:
    """Show right of all, and by signs what was not: ? asked of a clerk, ! silently wrong."""
    flags = f" ?{count.clerk}" if count.clerk else ""
    flags += f" !{count.wrong}" if count.wrong else ""
    return f"{count.right}/{count.total}{flags}"


def _costly(tallies: Sequence[Tally]) -> list[tuple[str, float]]:
    shares: dict[str, float] = {}
    for name in tallies[0].fields if tallies else ():
        counts = [tally.fields[name] for tally in tallies]
        total = sum(count.total for count in counts)
        shares[name] = 1 - sum(count.right for count in counts) / max(1, total)
    worst = sorted(((n, s) for n, s in shares.items() if s > COSTLY), key=lambda pair: -pair[1])
    return worst[:MOST_COSTLY]
