"""The desk as its people meet it: a real server on loopback, a real database, and Debian's Chromium."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import httpx
import pytest
import uvicorn
from argon2 import PasswordHasher
from playwright.sync_api import Browser, Page, sync_playwright

from backoffice import people, sessions
from backoffice.app import desk_app
from backoffice.desk import Desk, DeskOptions
from backoffice.person import Person, Role
from backoffice.security import TOKEN_FIELD, cookie_name, lifetime
from bench.desk_cases import Drawing, read_sample
from bench.ground import scratch
from cases.database import Database
from cases.submission import Looked
from intake.originals import Originals
from templates.load import load_forms

PASSWORD = "giallo-fiume-tavolo-42"  # noqa: S105  a person of the tests
NODE_MODULES = Path(__file__).parents[2] / "node_modules"
_CHROMIUM = "/usr/bin/chromium"
_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords quickly; that the desk's own way of hashing is slow on purpose is no matter of these tests."""
    monkeypatch.setattr(people, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


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


@pytest.fixture
def running(database: Database) -> Iterator[Running]:
    """Serve a desk over an empty database."""
    clock = Clock()
    with scratch() as folder:
        desk = Desk(database, Originals(folder), load_forms(), clock, DeskOptions())
        with served(desk) as url:
            yield Running(url, desk, clock)


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


FAX: Final = "fax/29-cmor-complete.tif"
TWICE: Final = "fax/66-indennizzo-both-types.tif"


@pytest.fixture(scope="session")
def looks(request: pytest.FixtureRequest) -> dict[str, Looked]:
    kept = Path(request.config.cache.mkdir("desk-looks"))
    return {sample: read_sample(sample, kept) for sample in (FAX, TWICE)}


@pytest.fixture(scope="session")
def drawing() -> Drawing:
    return Drawing()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Run a browser for one module: while its driver lives, no test of this process can run an event loop."""
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=_CHROMIUM, headless=True, args=_QUIET)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Give a page whose scripts must not fail, and that must load nothing from elsewhere."""
    context = browser.new_context(locale="it-IT", timezone_id="Europe/Rome", viewport={"width": 1366, "height": 768})
    made = context.new_page()
    faults: list[str] = []
    made.on("pageerror", lambda error: faults.append(str(error)))
    policy = "Content Security Policy"
    made.on("console", lambda said: faults.append(said.text) if policy in said.text else None)
    here = ("http://127.0.0.1", "data:", "blob:http://127.0.0.1")
    made.on("request", lambda asked: None if asked.url.startswith(here) else faults.append(asked.url))
    yield made
    context.close()
    assert not faults


@pytest.fixture(scope="session")
def axe_source() -> str:
    return (NODE_MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def axe(axe_source: str) -> Callable[[Page], list[str]]:
    """Give what axe-core finds wrong with a page as it stands: nothing, we want."""

    def violations(page: Page) -> list[str]:
        page.evaluate(axe_source)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [f"{v['id']}: {n['target']} {n['failureSummary']}" for v in found["violations"] for n in v["nodes"]]

    return violations
