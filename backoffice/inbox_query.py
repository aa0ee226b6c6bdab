"""The address of the list: which view, which filters, from which place on. Every part can be bookmarked."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import Depends

from backoffice.words import CHANNELS, FORMS, OUTCOMES
from cases.waiting import START, Place, Sought, View

VIEWS: Final = {
    "attesa": (View.WAITING, "Da lavorare"),
    "mie": (View.MINE, "In mano a me"),
    "cliente": (View.CUSTOMER, "Attendono il cliente"),
    "sospese": (View.HELD, "Sospese"),
    "pronte": (View.QUEUED, "Pronte"),
    "tutte": (View.OPEN, "Tutte le aperte"),
}
NO_FORM: Final = "nessuno"


@dataclass(frozen=True, slots=True)
class InboxQuery:
    """What the address of the list says; what it says wrongly counts as not said."""

    vista: str = "attesa"
    modulo: str = ""
    canale: str = ""
    esito: str = ""
    motivo: str = ""
    cerca: str = ""
    """What is searched for, sealed."""
    dopo: str = ""
    prima: str = ""

    def but(self, **others: str) -> str:
        """Give the address of the list with other parts; a change of what is listed starts at its beginning."""
        told = replace(self, **{"dopo": "", "prima": "", **others})
        parts = {name: getattr(told, name) for name in self.__slots__}
        kept = {name: value for name, value in parts.items() if value and (name, value) != ("vista", "attesa")}
        return "/?" + urlencode(kept) if kept else "/"

    @property
    def way(self) -> str:
        """The address itself."""
        return self.but(dopo=self.dopo, prima=self.prima)

    @property
    def narrowed(self) -> bool:
        """Whether something narrows the view."""
        return bool(self.modulo or self.canale or self.esito or self.motivo or self.cerca)

    def sought(self, actor: str) -> Sought:
        """Give what to list, all but what is searched for."""
        form = "" if self.modulo == NO_FORM else self.modulo or None
        return Sought(VIEWS[self.vista][0], form, self.canale, self.esito, self.motivo, None, actor)


def _query(
    vista: str = "attesa",
    modulo: str = "",
    canale: str = "",
    esito: str = "",
    motivo: str = "",
    cerca: str = "",
    dopo: str = "",
    prima: str = "",
) -> InboxQuery:
    return InboxQuery(
        vista if vista in VIEWS else "attesa",
        modulo if modulo in {*FORMS, NO_FORM} else "",
        canale if canale in CHANNELS else "",
        esito if esito in OUTCOMES else "",
        motivo[:100] if motivo.replace("_", "").isascii() and motivo.isprintable() else "",
        cerca[:1000],
        dopo,
        prima,
    )


TheQuery = Annotated[InboxQuery, Depends(_query)]


def place_in(text: str) -> Place:
    """Read a place of the order from an address; the beginning, for what is none."""
    at, _, number = text.partition("_")
    try:
        whole, micro = divmod(int(at), 1_000_000)
        case_id = int(number)
        if not 0 <= case_id < 2**63:
            return START
        return Place(datetime.fromtimestamp(whole, UTC).replace(microsecond=micro), case_id)
    except (ValueError, OverflowError, OSError):
        return START


def place_out(place: Place) -> str:
    """Write a place for an address.

    >>> place_in(place_out(Place(datetime(2026, 11, 20, 9, 30, 0, 123457, UTC), 7))).ripe_at.microsecond
    123457
    """
    whole = int(place.ripe_at.replace(microsecond=0).timestamp())
    return f"{whole * 1_000_000 + place.ripe_at.microsecond}_{place.case_id}"
