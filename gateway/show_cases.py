"""How cases, the queue and the state of the work look in the terminal."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cases.case import Case, CaseState
from cases.contract import CaseOut, FieldOut
from cases.queue import Counts, Refusal, Trouble
from cases.sources import SourceState
from checks.context import ROME
from checks.validation import Severity
from gateway.show import OUTCOME_STYLE, SIGNS, STATES, console
from jobs.facts import Facts
from parsers.reading import State
from templates.form import Form

STATE_WORDS: Mapping[CaseState, str] = {
    CaseState.QUEUED: "ready, in the queue",
    CaseState.WAITING_CLERK: "waits for a clerk",
    CaseState.WAITING_CUSTOMER: "waits for the customer",
    CaseState.HELD: "held until its date",
    CaseState.REFUSAL_PROPOSED: "refusal to be confirmed",
    CaseState.LINKED: "belongs to another case",
    CaseState.REFUSED: "refused",
    CaseState.HANDED_OVER: "handed over",
    CaseState.CLOSED: "closed",
}


def cases(title: str, listed: Sequence[Case]) -> None:
    """Show a list of cases, oldest first."""
    out = console()
    out.print(f"[bold]{title}[/bold] ({len(listed)})")
    if not listed:
        out.print("  none")
        return
    table = _table("number", "received", "by", "form", "outcome", "why")
    for case in listed:
        style = OUTCOME_STYLE.get(case.outcome, "")
        outcome = f"[{style}]{case.outcome.value}[/{style}]" if style else case.outcome.value
        table.add_row(case.number, when(case.received_at), case.channel.value, case.form or "–", outcome, _why(case))
    out.print(table)


def _why(case: Case) -> str:
    if case.hold_until:
        return ", ".join(filter(None, [f"until {case.hold_until.isoformat()}", *case.reasons]))
    return escape(", ".join(case.reasons))


def case(shown: CaseOut, form: Form | None) -> None:
    """Show one case whole: values, findings, files."""
    out = console()
    submission = shown.submission
    out.print(f"[bold]{shown.number}[/bold]  {escape(form.title) if form else 'no known form'}")
    out.print(f"  {STATE_WORDS[CaseState(shown.state)]}; outcome {submission.outcome.value}")
    sender = f" from {escape(shown.sender)}" if shown.sender else ""
    out.print(f"  received {when(shown.received_at)} by {shown.channel.value}{sender}")
    for file in submission.files:
        out.print(f"  file {escape(file.name)}  [dim]sha256 {file.sha256[:16]}…[/dim]")
    if form:
        out.print(_fields(form, submission.fields))
    for finding in submission.findings:
        sign, style = SIGNS[Severity(finding.severity)]
        out.print(f"  [{style}]{sign}[/{style}] {escape(finding.message)}")


def _fields(form: Form, fields: Mapping[str, FieldOut]) -> Table:
    table = _table("§", "field", "value", "read by", "")
    for field in form.fields.values():
        value = fields.get(field.name)
        if value is not None and value.state not in (State.EMPTY, State.NOT_APPLICABLE):
            sure = f"{value.source.value} {value.confidence:.2f}"
            table.add_row(field.section, escape(field.label), escape(_plain(value)), sure, STATES[value.state])
    return table


def _plain(value: FieldOut) -> str:
    if isinstance(value.value, list):
        return ", ".join(value.value)
    return value.raw if value.value is None else str(value.value)


def status(counts: Counts, sources: Sequence[SourceState], troubles: Sequence[Trouble], facts: Facts) -> None:
    """Show how the work stands."""
    out = console()
    received = ", ".join(f"{n} by {channel.value}" for channel, n in counts.receipts.items()) or "nothing yet"
    out.print(f"[bold]Taken in[/bold]: {received}")
    if counts.unread:
        oldest = f", the oldest received {when(counts.oldest_unread)}" if counts.oldest_unread else ""
        out.print(f"  [yellow]{counts.unread} wait to be read[/yellow]{oldest}, for {lasting(facts.oldest_unread_s)}")
    for state, n in counts.cases.items():
        out.print(f"  {n:5d}  {STATE_WORDS[state]}")
    for reason, n in counts.refused.items():
        out.print(f"  {n:5d}  no case: {escape(reason)}")
    _sources(out, sources)
    _troubles(out, troubles)
    _machine(out, facts)


def _machine(out: Console, facts: Facts) -> None:
    """Show what an operator watches: workers, what failed, the disk, and the one number."""
    out.print("[bold]Machine[/bold]")
    under_way = f", the longest job under way for {lasting(facts.longest_doing_s)}" if facts.longest_doing_s else ""
    out.print(f"  {facts.workers} workers alive, {facts.waiting_jobs} jobs waiting{under_way}")
    if facts.quarantined or facts.failed_jobs:
        out.print(
            f"  {facts.quarantined} could not be read ('gateway quarantine list'), {facts.failed_jobs} jobs failed"
        )
    share = facts.disk_free_bytes / max(1, facts.disk_bytes)
    style = "red" if share < _TIGHT else ""
    free = f"{facts.disk_free_bytes / 1e9:.1f} GB of the disk free ({share:.0%})"
    out.print(f"  [{style}]{free}[/{style}]" if style else f"  {free}")
    _daily(out, facts)
    style = "red" if facts.unaccounted else "green"
    lines = f"[dim]{facts.ledger_lines} lines; 'gateway ledger' looks closer[/dim]"
    out.print(f"[{style}]Unaccounted for: {facts.unaccounted}[/{style}]  {lines}")


def _daily(out: Console, facts: Facts) -> None:
    if facts.register_day:
        out.print(f"  daily register written up to {facts.register_day}")
    if facts.register_behind:
        out.print(f"  [yellow]{facts.register_behind} finished days of the register are still to be written[/yellow]")


def lasting(seconds: float) -> str:
    """Show how long something has lasted, in the largest unit that fits.

    >>> lasting(59.0), lasting(7200.0), lasting(200_000.0)
    ('59 s', '2 h', '2 d')
    """
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return f"{int(seconds)} s"


_TIGHT = 0.05
"""Below this share of the disk an operator should look."""


def _sources(out: Console, sources: Sequence[SourceState]) -> None:
    out.print("[bold]Sources[/bold]")
    for source in sources:
        last = f"last success {when(source.succeeded_at)}" if source.succeeded_at else "no success yet"
        out.print(f"  {escape(source.source)}: {last}, {source.taken} taken in")
        if source.failure:
            out.print(f"    [red]x failed {source.failures} times in a row:[/red] {escape(source.failure)}")
    if not sources:
        out.print("  none asked yet; 'gateway collect' asks all of them once")


def _troubles(out: Console, troubles: Sequence[Trouble]) -> None:
    if troubles:
        out.print("[bold]Troubles[/bold], newest first")
    for trouble in troubles:
        out.print(f"  {when(trouble.at)} {escape(trouble.kind)} {escape(trouble.subject)}: {escape(trouble.message)}")


def refusals(listed: Sequence[Refusal]) -> None:
    """Show what came in and became no case."""
    out = console()
    out.print(f"[bold]No case, and why[/bold] ({len(listed)})")
    for refusal in listed:
        out.print(f"  {refusal.channel.value} {escape(refusal.name or refusal.delivery)}: {escape(refusal.message)}")


def when(instant: datetime) -> str:
    """Show an instant on the desk's own clock."""
    return instant.astimezone(ROME).strftime("%Y-%m-%d %H:%M")


def _table(*headings: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table
