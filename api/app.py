"""The API as one application, to be mounted under /api."""

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from api import cases, claims, documents, schema, submissions, webhooks
from api.bounds import Bounds
from api.gate import Gate, Guard
from api.problem import answer_problems, answer_unknown
from api.rate import Rate

PREFIX = "/v1"
_LARGE = f"{PREFIX}/submissions"


def routed() -> FastAPI:
    """Give the API with its ways, without what lies behind them: enough to describe it."""
    app = FastAPI(
        title="Sportello gateway",
        version=schema.API_VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    for room in (submissions, cases, documents, claims, webhooks, schema):
        app.include_router(room.router, prefix=PREFIX)
    app.add_api_route(f"{PREFIX}/openapi.json", _description, include_in_schema=False)
    app.openapi = lambda: schema.describe(app)  # type: ignore[method-assign]  # FastAPI's own way to extend it
    return app


def build(gate: Gate) -> FastAPI:
    """Build the API over its gate."""
    app = routed()
    app.state.gate = gate
    app.state.guard = Guard(Rate.of(gate.options.rate), Rate.of(gate.options.strangers))
    answer_problems(app)
    options = gate.options
    app.add_middleware(
        Bounds, most=lambda path: options.submission_bytes if path.endswith(_LARGE) else options.request_bytes
    )
    return app


def _description(request: Request) -> JSONResponse:
    return JSONResponse(request.app.openapi())


def serve_under(app: FastAPI, gate: Gate) -> None:
    """Serve the queue's API under ``/api`` of another application."""
    app.mount("/api", build(gate))
    answer_unknown(app)
