"""The desk's application: its routers, its safety, its files."""

from typing import Final

from fastapi import Depends, FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from backoffice import dashboard, inbox, letters, phone, sign_in, sign_in_oidc, status
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
    for router in ROUTERS:
        app.include_router(router)
    add_statics(app)
    add_faults(app)
    app.add_middleware(WithinSize, most=MOST_BYTES)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(desk.options.hosts), www_redirect=False)
    app.add_middleware(SafeHeaders, secure=desk.options.secure)
    return app
