"""``gateway serve``: the desk and the API on this machine."""

import signal
import sys
from types import FrameType
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI

from backoffice.statics import missing_front_end
from gateway import show
from gateway.exits import Exit
from gateway.log import start_logs
from gateway.options import Home
from gateway.serving import application
from gateway.settings import Settings, load_settings
from gateway.wiring import opened

app = typer.Typer()
_PORT = 8080


@app.command()
def serve(
    home: Home = None,
    port: Annotated[int, typer.Option("--port", help="Port on 127.0.0.1; else desk.port, or 8080.")] = 0,
) -> None:
    """Serve the clerk's desk and the API. Ends with Ctrl-C."""
    settings = load_settings(home)
    start_logs(settings.log_file)
    if missing := missing_front_end():
        show.complain([f"{missing} is not installed: run './bootstrap', which fetches what the desk shows."])
        raise typer.Exit(Exit.UNAVAILABLE)
    signal.signal(signal.SIGTERM, _leave)  # uvicorn gives the signal on to us once it has closed
    try:
        with opened(settings) as wiring:
            _listen(application(wiring, settings), settings, port or settings.desk.port or _PORT)
    except KeyboardInterrupt:
        raise typer.Exit(Exit.OK) from None


def _listen(served: FastAPI, settings: Settings, port: int) -> None:
    host = settings.desk.host
    print(f"The desk is at {settings.desk.public_url or f'http://{host}:{port}'}/  Stop with Ctrl-C.", flush=True)
    uvicorn.run(
        served,
        host=host,
        port=port,
        log_config=None,
        access_log=False,  # addresses and searches are personal data; who saw what is in the audit trail
        server_header=False,
        proxy_headers=bool(settings.desk.proxies),
        forwarded_allow_ips=list(settings.desk.proxies),
        timeout_graceful_shutdown=10,
    )


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(Exit.OK)
