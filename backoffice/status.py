"""The state of the system: nothing lost, every source heard, work going on. And the trail of who did what."""

from datetime import datetime, timedelta
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from backoffice.desk import TheDesk
from backoffice.health import Health
from backoffice.person import Role
from backoffice.screen import show
from backoffice.security import Anyone, MaybePerson, Watcher
from backoffice.words import ago
from cases.audit import audit, trail, trail_tip
from cases.queue import Queue
from cases.sources import Sources, SourceState

router = APIRouter()
_LATE: Final = timedelta(minutes=30)
_UNREAD_LATE_S: Final = 3600.0
_DISK_LOW: Final = 0.05
_PER_PAGE: Final = 100


@router.get("/stato")
def status(request: Request, desk: TheDesk, person: Anyone) -> HTMLResponse:
    """Show how the system fares. Messages of failures are for those who keep it."""
    now = desk.now()
    keeper = person.is_any(Role.SUPERVISOR, Role.ADMINISTRATOR)
    health = desk.health()
    sources = [(source, *_source_state(source, now)) for source in Sources(desk.database).all()]
    troubles = Queue(desk.database).troubles(10) if keeper else ()
    with desk.database.transaction() as session:
        tip = trail_tip(session)
    return show(
        request,
        "status.html",
        person,
        health=health,
        parts_of=_parts(health),
        sources=sources,
        troubles=troubles,
        keeper=keeper,
        tip=tip,
    )


@router.get("/registro")
def register(
    request: Request, desk: TheDesk, person: Watcher, oggetto: str = "", chi: str = "", prima: int = 0
) -> HTMLResponse:
    """Show the trail of who saw and who changed what; that somebody looks at it is on the trail, too."""
    with desk.database.transaction() as session:
        lines = trail(session, oggetto[:100], chi[:100], max(0, min(prima, 2**62)), _PER_PAGE)
        audit(session, person.actor, "saw_trail", oggetto[:100], desk.now())
    return show(request, "trail.html", person, lines=lines, subject=oggetto, actor=chi, per_page=_PER_PAGE)


@router.get("/accessibilita")
def accessibility(request: Request, person: MaybePerson) -> HTMLResponse:
    """Show the statement of accessibility; it is open to everybody."""
    return show(request, "accessibility.html", person)


def _source_state(source: SourceState, now: datetime) -> tuple[str, str]:
    """Give how a source fares: good, warn or bad, and in words."""
    if source.failures:
        times = "1 volta" if source.failures == 1 else f"{source.failures} volte di seguito"
        return "bad", f"Non risponde ({times})"
    if source.succeeded_at is None:
        return "warn", "Mai sentita"
    if now - source.succeeded_at > _LATE:
        return "warn", f"Sentita {ago(now - source.succeeded_at)} fa"
    return "good", "In ordine"


def _parts(health: Health) -> list[tuple[str, str, str, str]]:
    """Give the parts of the machinery: name, state, words, and what to do."""
    late = health.oldest_unread_s > _UNREAD_LATE_S
    waits = ago(timedelta(seconds=health.oldest_unread_s))
    low = bool(health.disk_bytes) and health.disk_free_bytes < _DISK_LOW * health.disk_bytes
    return [
        ("Lettori attivi", "good" if health.workers else "warn", str(health.workers), "'gateway run' li avvia."),
        (
            "Da leggere",
            "warn" if late else "good",
            f"{health.unread}, il più vecchio da {waits}" if health.unread else "niente",
            "Se cresce, aggiungere lettori (workers).",
        ),
        ("Lavori in fila", "good", str(health.waiting_jobs), ""),
        (
            "Lavori falliti",
            "bad" if health.failed_jobs else "good",
            str(health.failed_jobs),
            "'gateway status' dice quali e perché.",
        ),
        (
            "In quarantena",
            "warn" if health.quarantined else "good",
            str(health.quarantined),
            "'gateway quarantine' li elenca; un operatore ha una pratica per ciascuno.",
        ),
        (
            "Spazio su disco",
            "bad" if low else "good",
            f"{health.disk_free_bytes / 1e9:.0f} GB liberi".replace(".", ","),
            "Liberare spazio: sotto la soglia la posta non viene più ritirata.",
        ),
    ]
