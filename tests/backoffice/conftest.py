"""The desk as its people meet it: a real server on loopback, a real database, and Debian's Chromium."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser, Page, sync_playwright

from backoffice import people
from backoffice.desk import Desk, DeskOptions
from bench.desk_cases import Drawing, in_doubt, read_sample
from bench.ground import scratch
from cases.database import Database
from cases.register import RegisterNumber
from cases.submission import Looked
from intake.originals import Originals
from templates.load import load_forms
from tests.backoffice.case_desk import CaseDesk, case_desk
from tests.backoffice.running import FAX, TWICE, Clock, Running, served

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


@pytest.fixture
def running(database: Database) -> Iterator[Running]:
    """Serve a desk over an empty database."""
    clock = Clock()
    with scratch() as folder:
        desk = Desk(database, Originals(folder), load_forms(), clock, DeskOptions())
        with served(desk) as url:
            yield Running(url, desk, clock)


@pytest.fixture(scope="session")
def looks(request: pytest.FixtureRequest) -> dict[str, Looked]:
    kept = Path(request.config.cache.mkdir("desk-looks"))
    return {sample: read_sample(sample, kept) for sample in (FAX, TWICE)}


@pytest.fixture
def desk(database: Database, drawing: Drawing) -> Iterator[CaseDesk]:
    """Serve a desk on which cases are put, with a clerk."""
    with case_desk(database, drawing) as made:
        yield made


@pytest.fixture
def doubtful(desk: CaseDesk, looks: dict[str, Looked]) -> RegisterNumber:
    """Give a case with five doubtful fields."""
    return desk.settle(FAX, in_doubt(looks[FAX]))


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
