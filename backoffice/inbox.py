"""The list: what waits for a person, ordered by what breaks first."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from backoffice.desk import TheDesk
from backoffice.screen import show
from backoffice.security import Clerk
from cases.queue import FOR_CLERK, Queue, Wanted

router = APIRouter()


@router.get("/")
def waiting(request: Request, desk: TheDesk, person: Clerk) -> HTMLResponse:
    """Show what waits for a clerk."""
    listed = Queue(desk.database).cases(Wanted(states=FOR_CLERK, limit=50))
    return show(request, "inbox.html", person, listed=listed)
