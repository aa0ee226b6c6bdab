"""The desk's application: its routers, its safety, its files."""

from typing import Final

from fastapi import Depends, FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from backoffice import (
    case,
    case_ahead,
    case_decide,
    case_fields,
    case_links,
    case_named,
    case_paper,
    dashboard,
    glyphs,
    inbox,
    letters,
    phone,
    quality,
    sign_in,
    sign_in_oidc,
    status,
)
from backoffice.case_bench import bench_of
from backoffice.desk import Desk
from backoffice.faults import WithinSize, add_faults
from backoffice.headers import SafeHeaders
from backoffice.security import refuse_forged
from backoffice.statics import add_statics

ROUTERS = (
    sign_in.router,
    sign_in_oidc.router,
    inbox.router,
    phone.router,
    letters.router,
    dashboard.router,
    status.router,
    case.the_next,
    case.router,
    case_fields.router,
    case_ahead.router,
    case_decide.router,
    case_links.router,
    case_named.router,
    case_paper.router,
    quality.router,
    glyphs.router,
)
"""One line for each part of the desk."""


MOST_BYTES: Final = 2_000_000
"""Of a request: what people type is small, and nothing is uploaded here."""


def desk_app(desk: Desk) -> FastAPI:
    """Give the desk's application."""
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(refuse_forged)],
    )
    app.state.desk = desk
    app.state.bench = bench_of(desk)
    for router in ROUTERS:
        app.include_router(router)
    add_statics(app)
    add_faults(app)
    app.add_middleware(WithinSize, most=MOST_BYTES)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(desk.options.hosts), www_redirect=False)
    app.add_middleware(SafeHeaders, secure=desk.options.secure)
    return app
