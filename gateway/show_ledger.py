"""How the ledger looks in the terminal."""

from collections.abc import Mapping, Sequence

from rich.markup import escape
from rich.table import Table

from cases.bins import Bin, Kind
from cases.chain import Tip
from gateway.show import console
from jobs.reconcile import Statement

_WORDS: Mapping[Bin, str] = {
    Bin.USED: "used in a case",
    Bin.ATTACHMENT: "attachment of a case",
    Bin.BLANK: "blank",
    Bin.COVER: "cover or separator sheet",
    Bin.DUPLICATE: "duplicate of another",
    Bin.RECEIPT: "receipt, bounce or automatic reply",
    Bin.REFUSED: "refused, with its reason",
    Bin.WAITING: "waiting for a person",
    Bin.LEFT_OUT: "left out: nobody needs it",
    Bin.ASTRAY: "in no bin",
}


def statement(stated: Statement, end: Tip) -> None:
    """Show the whole ledger, the one number last."""
    out = console()
    kinds = (Kind.MESSAGE, Kind.FILE, Kind.PAGE)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("bin")
    for kind in kinds:
        table.add_column(f"{kind.value}s", justify="right")
    bins = stated.books.bins
    for bin_, words in _WORDS.items():
        counts = [bins.get((kind, bin_), 0) for kind in kinds]
        if any(counts):
            table.add_row(words, *(str(n) if n else "–" for n in counts))
    out.print(table)
    out.print(f"{stated.books.in_work} taken in and not settled yet; {stated.books.cases} cases")
    for census in stated.censuses:
        out.print(f"  {escape(census.source)}: {len(census.done)} done, {census.waiting} waiting there")
    for unknown in stated.unknown:
        out.print(f"  [yellow]! not asked:[/yellow] {escape(unknown)}")
    out.print(f"[dim]tip {end}[/dim]", soft_wrap=True)
    for found in stated.discrepancies:
        out.print(f"[red]x[/red] {escape(found.wrong)}\n    {escape(found.remedy)}", soft_wrap=True)
    style = "red" if stated.unaccounted else "green"
    out.print(f"[bold {style}]Unaccounted for: {stated.unaccounted}[/bold {style}]")


def chain(end: Tip, noted: int, wrong: Sequence[str], where: str) -> None:
    """Show what following the chain gave."""
    out = console()
    for sentence in wrong:
        out.print(f"[red]x[/red] {escape(sentence)}", soft_wrap=True)
    if wrong:
        out.print("Nobody may change the ledger: find out who did, and restore the last good backup beside it.")
        return
    out.print(f"[green]The chain is whole:[/green] {end.count} lines, {noted} noted tips fit ({escape(where)}).")
    out.print(f"tip {end}", soft_wrap=True)
