"""A desk that is being served to its tests, and the people who sign in at it."""

import socket
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import httpx
import uvicorn
from playwright.sync_api import Page

from backoffice import people, sessions
from backoffice.app import desk_app
from backoffice.desk import Desk
from backoffice.person import Person, Role
from backoffice.security import TOKEN_FIELD, cookie_name, lifetime

PASSWORD = "giallo-fiume-tavolo-42"  # noqa: S105  a person of the tests
FAX: Final = "fax/29-cmor-complete.tif"
TWICE: Final = "fax/66-indennizzo-both-types.tif"


class Clock:
    """The desk's clock, which a test may turn on."""

    def __init__(self) -> None:
        self.offset = datetime.now(UTC) - datetime.now(UTC)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.offset


@dataclass(frozen=True)
class Running:
    """A desk that is being served."""

    url: str
    desk: Desk
    clock: Clock

    def add(self, name: str, *roles: Role, shown: str = "") -> Person:
        """Make a person who can sign in with ``PASSWORD``."""
        person = Person(0, name, shown or name.title(), frozenset(roles))
        with self.desk.database.transaction() as session:
            return sessions.as_person(people.add(session, person, PASSWORD, self.desk.now()))

    def client(self, person: Person | None = None) -> httpx.Client:
        """Give an HTTP client as a browser on the desk would be, signed in as a person."""
        cookies = {cookie_name(self.desk): self._token(person)} if person else {}
        headers = {"Origin": self.url}
        return httpx.Client(base_url=self.url, headers=headers, cookies=cookies, trust_env=False, timeout=30)

    def sign_in(self, page: Page, person: Person) -> None:
        """Sign a browser page in without the form."""
        page.context.add_cookies([{"name": cookie_name(self.desk), "value": self._token(person), "url": self.url}])

    def csrf(self, client: httpx.Client) -> dict[str, str]:
        """Give the field that every form of the client's session carries."""
        with self.desk.database.transaction() as session:
            token = client.cookies[cookie_name(self.desk)]
            person = sessions.seen(session, token, lifetime(self.desk), self.desk.now())
        assert person is not None
        return {TOKEN_FIELD: person.token}

    def _token(self, person: Person) -> str:
        with self.desk.database.transaction() as session:
            row = people.named(session, person.name)
            assert row is not None
            return sessions.begin(session, row, self.desk.now())


class served:  # noqa: N801  reads as a verb
    def __init__(self, desk: Desk) -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._listener = listener
        self._server = uvicorn.Server(uvicorn.Config(desk_app(desk), log_config=None, access_log=False, lifespan="off"))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listener]})

    def __enter__(self) -> str:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        return self.url

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._listener.close()
