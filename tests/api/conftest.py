"""The API over an empty database, with a client for each scope and one for all."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import Client as Caller

from api.app import serve_under
from api.clients import Clients, Scope
from api.gate import Gate, Options
from bench.stubs import ARRIVED, delivery, submission
from cases.database import Database
from cases.store import Store, admit
from cases.submission import Looked
from checks.validation import Outcome
from intake.originals import Originals
from jobs.child import Limits
from jobs.register import register
from jobs.showing import shower
from templates.load import load_forms
from tests.api.live import serving
from tests.jobs.conftest import wiring

__all__ = ["wiring"]


@pytest.fixture
def gate(wiring: object, database: Database, tmp_path: Path) -> Gate:  # noqa: ARG001  it wires the process
    options = Options(rate="100000/minute", strangers="100000/minute")
    return Gate(database, Originals(tmp_path / "originals"), register, load_forms(), shower(Limits()), options)


@pytest.fixture
def app(gate: Gate) -> FastAPI:
    whole = FastAPI()
    serve_under(whole, gate)
    return whole


@pytest.fixture
def key(gate: Gate) -> str:
    return Clients(gate.database).add("desk", list(Scope), gate.now())


def calling(url: str, key: str) -> Caller:
    return Caller(base_url=f"{url}/api/v1", headers={"Authorization": f"Bearer {key}"}, timeout=60)


@pytest.fixture
def url(app: FastAPI) -> Iterator[str]:
    with serving(app) as at:
        yield at


@pytest.fixture
def caller(url: str, key: str) -> Iterator[Caller]:
    with calling(url, key) as client:
        yield client


@pytest.fixture
def narrow(gate: Gate) -> Iterator[Callable[..., Caller]]:
    """Give a caller whose key has these scopes only."""
    with ExitStack() as stack:

        def of(*scopes: Scope, options: Options | None = None) -> Caller:
            app = FastAPI()
            serve_under(app, replace(gate, options=options or gate.options))
            key = gate.clients.add(f"narrow-{len(gate.clients.all())}", list(scopes), gate.now())
            return stack.enter_context(calling(stack.enter_context(serving(app)), key))

        yield of


@pytest.fixture
def born(database: Database) -> Callable[..., None]:
    """Let cases be born, one after the other by arrival."""

    def bear(count: int, form: str = "CMOR", outcome: Outcome = Outcome.READY, first: int = 0) -> None:
        for at in range(first, first + count):
            arrived = delivery(f"{form}:{outcome}:{at}", received_at=ARRIVED + timedelta(minutes=at))
            with database.transaction() as session:
                receipt = admit(session, arrived, arrived.digest, ARRIVED)
            assert receipt is not None
            Store(database).settle(receipt, Looked((submission(outcome, form),)), ARRIVED)

    return bear
