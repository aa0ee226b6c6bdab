"""How keeping and forgetting look in the terminal."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.markup import escape
from sqlalchemy import select
from sqlmodel import Session, col

from cases.erase import Erasure
from cases.register import RegisterNumber
from cases.tables import CaseRow
from gateway.backup import Manifest
from gateway.show import console
from jobs.forget import Forgotten

Plan = Sequence[tuple[Erasure, Sequence[str]]]
"""What is to be erased, with the register numbers that it concerns."""


def plan(session: Session, asked: Sequence[Erasure]) -> Plan:
    """Find the cases that each erasure concerns: all that came in the same delivery."""
    query = select(col(CaseRow.receipt_id), col(CaseRow.year), col(CaseRow.number))
    rows = session.execute(
        query.where(col(CaseRow.receipt_id).in_([e.receipt_id for e in asked])).order_by(col(CaseRow.id))
    )
    numbers: dict[int, list[str]] = {}
    for receipt_id, year, number in rows:
        numbers.setdefault(receipt_id, []).append(str(RegisterNumber(year, number)))
    return [(erasure, numbers.get(erasure.receipt_id, [])) for erasure in asked]


def planned(found: Plan, *, dry_run: bool) -> None:
    """Show what is erased, or would be."""
    out = console()
    for erasure, numbers in found:
        what = " and ".join(name for name, on in (("original", erasure.original), ("values", erasure.values)) if on)
        verb = "would erase" if dry_run else "erases"
        out.print(f"{verb} {what} of receipt {erasure.receipt_id}: {', '.join(numbers) or 'no case'}")
    if not found:
        out.print("Nothing is due.")


def forgotten(done: Sequence[Forgotten]) -> None:
    """Show what was erased, and where a person must still remove a copy."""
    out = console()
    for one in done:
        for place in one.elsewhere:
            out.print(f"[yellow]![/yellow] the mail itself is still in the mailbox: remove {escape(place)} there")
    if done:
        out.print(f"{len(done)} deliveries erased, {sum(one.copies for one in done)} files removed.")
        out.print("Backups made before still hold them; a restore forgets them again (erasures.jsonl).")


def backed_up(made: Manifest, folder: Path) -> None:
    """Show what a backup holds."""
    out = console()
    out.print(f"Backed up: {len(made.files)} files, {made.tables.get('case_', 0)} cases -> {escape(str(folder))}")
    out.print("Keep the keys of encryption elsewhere: they are not in it.")


def restored(made: Manifest, home: Path, erased_again: int, damaged: Sequence[str], following: str) -> None:
    """Show what came back; ``following`` is the number at which the register goes on."""
    out = console()
    out.print(f"Restored the backup of {made.made_at} into {escape(str(home))}: {made.tables.get('case_', 0)} cases.")
    out.print("Letters that may have left before wait: see 'gateway letters list', then release or drop each.")
    out.print(
        f"The register goes on at {following}. If numbers were given after the backup (look at the last letters that "
        f"were sent), enter them before anything is taken in: 'gateway register lost', see docs/operating.md."
    )
    if erased_again:
        out.print(f"{erased_again} deliveries that were erased since were erased again.")
    for digest in damaged:
        out.print(f"[red]x[/red] the original {digest} is damaged in this backup: take it from another one")


def keys(counted: Mapping[str, int], known: Sequence[str]) -> None:
    """Show which keys are in use."""
    out = console()
    for which in dict.fromkeys([*known, *counted]):
        state = "" if which in known or not which else "  [red]not at hand[/red]"
        first = "  (for new originals)" if known and which == known[0] else ""
        out.print(f"{which or 'in plain'}: {counted.get(which, 0)} originals{first}{state}")
