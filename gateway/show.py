"""What a person sees in the terminal: progress while it works, then a summary that can be read at a glance."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from cases.submission import Submission
from checks.validation import Finding, Outcome, Severity
from gateway.trying import Tried, submissions
from parsers.reading import PageUse, Role, State, Value
from templates.form import Field, Form
from templates.load import load_forms

T = TypeVar("T")

OUTCOME_STYLE = {
    Outcome.READY: "green",
    Outcome.INCOMPLETE: "yellow",
    Outcome.HELD_UNTIL: "yellow",
    Outcome.MANUAL_REVIEW: "magenta",
    Outcome.NOT_ADMISSIBLE: "red",
    Outcome.WRONG_FORM: "red",
    Outcome.NOT_A_REQUEST: "dim",
}
# A sign beside each colour: colour alone must not carry the meaning.
SIGNS = {
    Severity.MISSING: ("+", "yellow"),
    Severity.INVALID: ("x", "red"),
    Severity.DOUBTFUL: ("?", "magenta"),
    Severity.REFUSAL: ("!", "red"),
    Severity.NOTE: ("i", "dim"),
}
STATES = {
    State.FILLED: "",
    State.EMPTY: "empty",
    State.UNREADABLE: "? unreadable",
    State.INVALID: "x invalid",
    State.NOT_APPLICABLE: "not applicable",
}


def console() -> Console:
    """Give the console for standard output; wide enough to be read when the output goes to a file."""
    return Console(emoji=False, width=None if sys.stdout.isatty() else 110, highlight=False)


@contextmanager
def progress(total: int, what: str = "Reading", *, quiet: bool = False) -> Iterator[Callable[[T], T]]:
    """Show a bar on standard error while ``total`` steps are done; each step is passed through the function given."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bar = Progress(
        *columns, console=Console(emoji=False, stderr=True), transient=True, disable=quiet or not sys.stderr.isatty()
    )
    with bar:
        task = bar.add_task(what, total=total)

        def step(done: T) -> T:
            bar.advance(task)
            return done

        yield step


def complain(sentences: Sequence[str]) -> None:
    """Print sentences on standard error."""
    for sentence in sentences:
        print(sentence, file=sys.stderr)


def tried(results: Sequence[Tried], unopened: Sequence[str], *, brief: bool = False) -> None:
    """Show what ``gateway try`` read."""
    out = console()
    for result in results:
        for submission in submissions(result):
            _submission(out, result.name, submission, brief=brief)
    complain(unopened)


def _submission(out: Console, name: str, shown: Submission, *, brief: bool) -> None:
    reading, validation = shown.reading, shown.validation
    form = load_forms().get(reading.form, reading.edition) if reading.form else None
    out.print(f"[bold]{escape(name)}[/bold]  {escape(form.title) if form else 'no known form'}")
    out.print(_verdict(shown))
    if form and not brief:
        out.print(_values(form, validation.values))
    for page in reading.pages:
        if page.role is not Role.FORM:
            out.print(f"  {_role_words(page)}  ({escape(page.file)}, page {page.page})")
    for finding in validation.findings:
        out.print(_finding(finding))
    out.print()


def _verdict(shown: Submission) -> Text:
    validation = shown.validation
    line = Text("  ")
    line.append(validation.outcome.value, style=f"bold {OUTCOME_STYLE.get(validation.outcome, '')}".strip())
    if validation.hold_until:
        line.append(f" until {validation.hold_until.isoformat()}")
    if validation.reasons:
        line.append(f": {', '.join(validation.reasons)}")
    if shown.reading.pages:
        line.append(f"   {_page_words(shown)}", style="dim")
    return line


def _role_words(page: PageUse) -> str:
    """Say what a sheet is that is no page of the form."""
    if page.same_as:
        return f"duplicate of {escape(page.same_as[0])}, page {page.same_as[1]}"
    return f"attachment: {escape(page.paper)}" if page.role is Role.ATTACHMENT else page.role.value


def _page_words(shown: Submission) -> str:
    laid = [p for p in shown.reading.pages if p.role is Role.FORM]
    words = f"{len(laid)} form page{'s' if len(laid) != 1 else ''}"
    loose = len(shown.reading.pages) - len(laid)
    if loose:
        words += f", {loose} other page{'s' if loose != 1 else ''}"
    if shown.reading.missing_pages:
        words += f", missing: page {', '.join(map(str, shown.reading.missing_pages))}"
    return words


def _values(form: Form, values: Mapping[str, Value]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=True, header_style="dim")
    for heading in ("  §", "field", "value", "read by", ""):
        table.add_column(heading, overflow="fold")
    for field in form.fields.values():
        value = values.get(field.name)
        if value is not None and _worth_a_line(value):
            table.add_row(f"  {field.section}", escape(field.label), _value_text(field, value), *_how(value))
    return table


def _worth_a_line(value: Value) -> bool:
    return value.state not in (State.EMPTY, State.NOT_APPLICABLE)


def _value_text(field: Field, value: Value) -> str:
    labels = {option.value: option.label for option in field.options}
    if isinstance(value.value, tuple):
        return escape(", ".join(labels.get(v, v) for v in value.value))
    if value.value is True:
        return "yes"
    if isinstance(value.value, str):
        return escape(labels.get(value.value, value.value))
    return f"[dim]{escape(value.raw)}[/dim]"


def _how(value: Value) -> tuple[str, str]:
    sure = "" if value.confidence >= 0.9995 else f" {value.confidence:.2f}"
    return f"[dim]{value.source.value}{sure}[/dim]", STATES[value.state]


def _finding(finding: Finding) -> Text:
    sign, style = SIGNS[finding.severity]
    line = Text(f"  {sign} ", style=style)
    line.append(finding.message, style="default")
    return line


def forms(known: Sequence[Form]) -> None:
    """Show the list of forms."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("form", "edition", "title", "pages", "valid"):
        table.add_column(heading)
    for form in known:
        until = form.valid_to.isoformat() if form.valid_to else "…"
        table.add_row(
            form.code, form.edition, form.title, str(form.page_count), f"{form.valid_from.isoformat()} – {until}"
        )
    console().print(table)


def form(shown: Form) -> None:
    """Show one form field by field."""
    out = console()
    out.print(f"[bold]{shown.key}[/bold]  {escape(shown.title)}, {shown.page_count} pages")
    out.print(f"[dim]{escape(shown.notice)}[/dim]")
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("§", "name", "label", "kind", "page", "left, top, width x height mm", "boxes", "required when"):
        table.add_column(heading, overflow="fold")
    for field in shown.fields.values():
        box = field.box
        place = f"{box.left:.1f}, {box.top:.1f}, {box.width:.1f} x {box.height:.1f}"
        table.add_row(
            field.section,
            field.name,
            escape(field.label),
            field.kind.value,
            str(field.page),
            place,
            str(field.cells or ""),
            escape(field.required_when),
        )
    out.print(table)


@contextmanager
def counter(what: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on standard error that is told how many are done of how many; a line each ten where no one looks."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bar = Progress(
        *columns, console=Console(emoji=False, stderr=True), transient=True, disable=quiet or not sys.stderr.isatty()
    )
    said = -1
    with bar:
        task = bar.add_task(what, total=None)

        def tell(done: int, total: int) -> None:
            nonlocal said
            bar.update(task, completed=done, total=total)
            if bar.disable and not quiet and done // 10 > said:
                said = done // 10
                print(f"{what}: {done} of {total}", file=sys.stderr)

        yield tell
