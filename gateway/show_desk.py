"""Show the desk's people and the audit trail in the terminal."""

from collections.abc import Sequence

from rich.table import Table

from backoffice.tables import PersonRow
from cases.audit import Told
from gateway.show import console


def people(known: Sequence[PersonRow]) -> None:
    """Show who may sign in."""
    table = Table("name", "shown as", "roles", "signs in by", "since", box=None)
    for row in known:
        ways = [way for way, has in (("password", row.password), ("single sign-on", row.subject)) if has]
        state = " and ".join(ways) or "single sign-on, never yet"
        if row.disabled_at:
            state = f"no longer, since {row.disabled_at:%Y-%m-%d}"
        table.add_row(row.name, row.shown, ", ".join(row.roles), state, f"{row.made_at:%Y-%m-%d}")
    console().print(table)


def trail(lines: Sequence[Told]) -> None:
    """Show lines of the audit trail, newest first."""
    table = Table("line", "at", "who", "did", "to", "said", box=None)
    for line in lines:
        table.add_row(str(line.seq), f"{line.at:%Y-%m-%d %H:%M:%S}", line.actor, line.action, line.subject, line.said)
    console().print(table)
