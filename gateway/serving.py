"""The web application: what is served, wired to the same database and originals as everything else."""

import os
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

from fastapi import FastAPI

from api.app import serve_under
from api.gate import Gate
from backoffice.app import desk_app
from backoffice.case_work import CaseWork
from backoffice.desk import Desk, DeskOptions
from backoffice.health import Health
from backoffice.oidc import OidcOptions
from cases.correction_second import Sampling
from gateway.desk_settings import OidcSettings
from gateway.settings import BadSettings, Settings
from gateway.watch import Slow
from jobs.app import Wiring
from jobs.defer import ask_again
from jobs.drawing import drawer, listener
from jobs.facts import gather
from jobs.letters import sweep_letters
from jobs.reconcile import quick_number
from jobs.register import register
from jobs.showing import shower
from letters.post import Letters
from templates.load import load_forms


def application(wiring: Wiring, settings: Settings) -> FastAPI:
    """Give the application that ``gateway serve`` runs: each room's own application under its path."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    serve_under(app, gate(wiring, settings))
    # Paths are tried from the top. The desk takes all that is left, so it stays last.
    app.mount("/", desk_app(desk(wiring, settings)))
    return app


def gate(wiring: Wiring, settings: Settings) -> Gate:
    """Give what the API works with."""
    return Gate(
        wiring.database,
        wiring.originals,
        register,
        load_forms(),
        shower(settings.limits),
        settings.api.options(inside=settings.webhooks.allow_inside),
        wiring.now,
    )


def desk(wiring: Wiring, settings: Settings) -> Desk:
    """Give what the screens of the desk work with."""
    told = settings.desk
    return Desk(
        database=wiring.database,
        originals=wiring.originals,
        forms=load_forms(),
        now=wiring.now,
        health=_health(wiring, settings),
        letters=Letters(wiring.database, wiring.letters) if wiring.letters else None,
        letters_due=partial(sweep_letters, wiring),
        options=DeskOptions(
            origin=told.public_url,
            secure=told.public_url.startswith("https://"),
            hosts=("127.0.0.1", "localhost", *filter(None, (urlsplit(told.public_url).hostname,))),
            idle=timedelta(minutes=told.idle_minutes),
            longest=timedelta(hours=told.longest_hours),
            claim=timedelta(minutes=told.claim_minutes),
            refusals_by_two=told.refusals_by_two,
            oidc=_oidc(told.oidc),
        ),
        work=CaseWork(
            settings.checks,
            drawer(settings.limits),
            listener(settings.limits),
            ask_again,
            Sampling(told.second_share, tuple(kind.value for kind in told.second_kinds)),
        ),
    )


def _oidc(told: OidcSettings | None) -> OidcOptions | None:
    if told is None:
        return None
    try:
        return OidcOptions(told.issuer, told.client_id, told.secret(os.environ), told.name_claim)
    except ValueError as error:
        raise BadSettings(str(error)) from error


def _health(wiring: Wiring, settings: Settings) -> Callable[[], Health]:
    """Let the desk ask how the machinery fares; the number of the ledger is counted once a minute at most."""
    number = Slow(lambda: quick_number(wiring.database, wiring.originals))

    def health() -> Health:
        facts = gather(wiring.database, settings.originals_folder, number(), wiring.now())
        return Health(
            unaccounted=facts.unaccounted,
            ledger_lines=facts.ledger_lines,
            workers=facts.workers,
            waiting_jobs=facts.waiting_jobs,
            failed_jobs=facts.failed_jobs,
            unread=facts.unread,
            oldest_unread_s=facts.oldest_unread_s,
            quarantined=facts.quarantined,
            disk_free_bytes=facts.disk_free_bytes,
            disk_bytes=facts.disk_bytes,
        )

    return health
