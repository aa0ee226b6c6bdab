"""Desk: what the screens work with. ``gateway.serving`` makes it; routes ask for it as ``TheDesk``."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request

from backoffice.case_work import CaseWork
from backoffice.health import Health
from backoffice.oidc import OidcOptions
from cases.database import Database
from intake.originals import Originals
from letters.post import Letters
from templates.load import Library


@dataclass(frozen=True, slots=True)
class DeskOptions:
    """How the desk is reached, and how long things last."""

    origin: str = ""
    """Scheme and host that clerks type; empty: whatever host of ``hosts`` they asked for, by http."""
    secure: bool = False
    """The desk is reached by https only."""
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    idle: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=10)
    claim: timedelta = timedelta(minutes=15)
    refusals_by_two: bool = False
    """Whoever proposed a refusal cannot confirm it."""
    oidc: OidcOptions | None = None
    """The single sign-on, when there is one."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What all screens share."""

    database: Database
    originals: Originals
    forms: Library
    now: Callable[[], datetime]
    options: DeskOptions = field(default_factory=DeskOptions)
    health: Callable[[], Health] = field(default=Health)
    """How the machinery behind the desk fares; ``gateway.serving`` asks the rooms that know."""
    letters: Letters | None = None
    """The letters to customers; None where they are switched off."""
    letters_due: Callable[[], object] = field(default=bool)
    """Put letters that were let go into the queue."""
    work: CaseWork = field(default_factory=CaseWork)


def _desk(request: Request) -> Desk:
    desk = request.app.state.desk
    if not isinstance(desk, Desk):
        raise TypeError(f"no desk was wired: {desk!r}")
    return desk


TheDesk = Annotated[Desk, Depends(_desk)]
