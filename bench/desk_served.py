"""A desk that is being served to a browser on loopback, for the benches that look at its pages."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from playwright.sync_api import Page, sync_playwright

from backoffice import people, sessions
from backoffice.app import desk_app
from backoffice.desk import Desk
from backoffice.person import Person
from backoffice.security import cookie_name

_CHROMIUM: Final = "/usr/bin/chromium"


@contextmanager
def served(desk: Desk) -> Iterator[str]:
    """Serve a desk; give its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(desk_app(desk), log_config=None, access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def let_in(desk: Desk, person: Person) -> tuple[str, str]:
    """Make a person and sign them in; give name and value of their cookie."""
    with desk.database.transaction() as session:
        row = people.add(session, person, "", desk.now())
        return cookie_name(desk), sessions.begin(session, row, desk.now())


@contextmanager
def browsed(address: str, cookie: tuple[str, str], width: int, height: int) -> Iterator[Page]:
    """Give a page of headless Chromium, signed in; width and height in CSS pixels."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        size = {"width": width, "height": height}
        context = browser.new_context(locale="it-IT", timezone_id="Europe/Rome", viewport=size)  # type: ignore[arg-type]
        context.add_cookies([{"name": cookie[0], "value": cookie[1], "url": address}])
        yield context.new_page()
        browser.close()
