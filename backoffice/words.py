"""The words of the desk: how instants, channels, states and reasons read in Italian."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from backoffice.person import Role

ROME: Final = ZoneInfo("Europe/Rome")
ROLES: Final = {
    Role.CLERK: "operatore",
    Role.SUPERVISOR: "supervisore",
    Role.PHONE: "operatore telefonico",
    Role.ADMINISTRATOR: "amministratore",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the navigation: where it leads, and who sees it."""

    way: str
    title: str
    roles: tuple[Role, ...]


NAVIGATION: Final = (
    Place("/", "Pratiche", (Role.CLERK, Role.SUPERVISOR)),
    Place("/telefono", "Telefono", (Role.PHONE, Role.CLERK, Role.SUPERVISOR)),
    Place("/andamento", "Andamento", (Role.SUPERVISOR, Role.ADMINISTRATOR)),
    Place("/stato", "Stato", tuple(Role)),
)


def instant(at: datetime | None) -> str:
    """Write an instant as people in Rome read it: ``26/11/2026 14:05``."""
    return at.astimezone(ROME).strftime("%d/%m/%Y %H:%M") if at else ""


def day(on: date | datetime | None) -> str:
    """Write a day: ``26/11/2026``."""
    if isinstance(on, datetime):
        on = on.astimezone(ROME).date()
    return on.strftime("%d/%m/%Y") if on else ""


FILTERS: Final[dict[str, Callable[..., Any]]] = {"instant": instant, "day": day}
