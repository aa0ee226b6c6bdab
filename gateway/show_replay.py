"""What ``gateway replay`` shows: each difference on a line of its own, then the sums."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gateway.replaying import Totals
from gateway.show import console
from jobs.compare import CaseDiff, Change, FieldDiff, Replayed, View

# A sign beside each colour: colour alone must not carry the meaning.
SIGNS = {
    Change.SAME: ("=", "dim"),
    Change.BETTER: ("+", "green"),
    Change.CHANGED: ("~", "yellow"),
    Change.LOST: ("-", "red"),
}
LONGEST = 60


def differences(found: Sequence[Replayed]) -> None:
    """Show every case that would be another."""
    out = console()
    for one in found:
        if one.failure:
            out.print(f"receipt {one.receipt}: [red]! not replayed[/red]: {escape(one.failure)}")
        for case in one.cases:
            if not case.same or case.fields:
                _case(out, case, one)


def totals(sums: Totals, *, complete: bool) -> None:
    """Show the sums of a run."""
    out = console()
    told = ", ".join(f"{n} {change.replace('_', ' ')}" for change, n in sums.fields.items())
    out.print(f"{sums.intakes} intakes, {sums.failed} not replayed; {sums.cases} cases, {sums.cases_same} the same")
    out.print(f"fields: {told}; outcomes that change: {sums.outcomes_changed}")
    if sums.clerk_agrees + sums.clerk_differs:
        out.print(f"fields that a clerk typed: {sums.clerk_agrees} read alike now, {sums.clerk_differs} not")
    if not complete:
        out.print("Stopped. The same command with --resume goes on from here.")


def _case(out: Console, case: CaseDiff, one: Replayed) -> None:
    form = case.form_was if case.form_was == case.form_now else f"{case.form_was or 'none'} → {case.form_now or 'none'}"
    outcome = case.outcome_was or "no case"
    if case.outcome_was != case.outcome_now:
        outcome += f" → {case.outcome_now or 'no case'}"
    out.print(f"[bold]{case.number or 'a new case'}[/bold]  {escape(form)}  {outcome}")
    for name, (was, now) in one.versions.items():
        out.print(f"  [dim]{escape(name)}: {escape(was or 'unknown')} → {escape(now or 'none')}[/dim]")
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("  ", "field", "was", "would be", "clerk"):
        table.add_column(heading, overflow="fold")
    for diff in case.fields:
        sign, style = SIGNS[diff.change]
        table.add_row(f"  [{style}]{sign}[/{style}]", diff.field, _view(diff.was), _view(diff.now), _clerk(diff))
    if case.fields:
        out.print(table)


def _view(view: View) -> str:
    value = "" if view.value is None else str(view.value)
    short = value if len(value) <= LONGEST else value[: LONGEST - 1] + "…"
    how = f"{view.state} {view.source} {view.confidence:.2f}" if view.state else "not there"
    return f"{escape(short)} [dim]{how}[/dim]".strip()


def _clerk(diff: FieldDiff) -> str:
    return "" if diff.agrees is None else f"{escape(str(diff.clerk))} ({'agrees' if diff.agrees else 'differs'})"
