"""The web application: what is served, wired to the same database and originals as everything else."""

from datetime import timedelta
from urllib.parse import urlsplit

from fastapi import FastAPI

from backoffice.app import desk_app
from backoffice.desk import Desk, DeskOptions
from gateway.settings import Settings
from jobs.app import Wiring
from templates.load import load_forms


def application(wiring: Wiring, settings: Settings) -> FastAPI:
    """Give the application that ``gateway serve`` runs: each room's own application under its path."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    # Paths are tried from the top. The desk takes all that is left, so it stays last.
    app.mount("/", desk_app(desk(wiring, settings)))
    return app


def desk(wiring: Wiring, settings: Settings) -> Desk:
    """Give what the screens of the desk work with."""
    told = settings.desk
    return Desk(
        database=wiring.database,
        originals=wiring.originals,
        forms=load_forms(),
        now=wiring.now,
        options=DeskOptions(
            origin=told.public_url,
            secure=told.public_url.startswith("https://"),
            hosts=("127.0.0.1", "localhost", "[::1]", *filter(None, (urlsplit(told.public_url).netloc,))),
            idle=timedelta(minutes=told.idle_minutes),
            longest=timedelta(hours=told.longest_hours),
            claim=timedelta(minutes=told.claim_minutes),
        ),
    )
