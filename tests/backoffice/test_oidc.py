"""Single sign-on against a real provider on loopback: who is let in, and what is refused."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from pydantic import SecretStr

from backoffice import people
from backoffice.desk import DeskOptions
from backoffice.oidc import Begun, OidcFailed, OidcOptions, address, begin, identity
from backoffice.person import Role
from bench.desk_cases import Drawing, in_doubt
from cases.database import Database
from cases.queue import Queue
from cases.submission import Looked
from tests.backoffice.case_desk import FAX, case_desk
from tests.backoffice.running import Running, served

Axe = Callable[[Page], list[str]]


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    argv = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce"]
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while not _answers(port):
            assert time.monotonic() < until
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/jwks", trust_env=False).is_success
    except httpx.ConnectError:
        return False


@pytest.fixture
def joined(running: Running, provider: str) -> Iterator[Running]:
    """Serve the desk a second time, with the single sign-on."""
    oidc = OidcOptions(provider, "scrivania", SecretStr("segreto"))
    desk = replace(running.desk, options=replace(running.desk.options, oidc=oidc))
    with served(desk) as url:
        yield Running(url, desk, running.clock)


def _person_there(provider: str, sub: str, name: str) -> None:
    answer = httpx.put(f"{provider}/users/{sub}", json={"preferred_username": name}, trust_env=False)
    assert answer.is_success


def _through(client: httpx.Client, sub: str) -> httpx.Response:
    """Go to the provider as a person does, and come back to the desk's door."""
    away = client.get("/accesso/unico?verso=/stato")
    assert away.status_code == 303
    said = httpx.post(away.headers["location"], data={"sub": sub}, trust_env=False)
    assert said.status_code in {302, 303}
    return client.get(said.headers["location"])


def test_a_person_comes_in_by_the_providers_word_and_is_known_again(joined: Running, provider: str) -> None:
    joined.add("anna", Role.CLERK)
    _person_there(provider, "id-1", "anna")
    with joined.client() as client:
        inside = _through(client, "id-1")
        assert (inside.status_code, inside.headers["location"]) == (303, "/stato")
        assert client.get("/stato").status_code == 200
    with joined.desk.database.transaction() as session:
        row = people.named(session, "anna")
        assert row is not None
        assert row.subject == f"{provider} id-1"
    _person_there(provider, "id-1", "altro-nome")
    with joined.client() as client:
        assert _through(client, "id-1").status_code == 303
    _person_there(provider, "id-2", "anna")
    with joined.client() as client:
        stranger = _through(client, "id-2")
        assert stranger.status_code == 403
        assert "non è abilitata" in stranger.text


def test_who_is_not_on_the_list_or_no_longer_stays_outside(joined: Running, provider: str) -> None:
    _person_there(provider, "id-3", "nessuno")
    joined.add("piero", Role.CLERK)
    _person_there(provider, "id-4", "piero")
    with joined.client() as client:
        assert _through(client, "id-3").status_code == 403
        assert _through(client, "id-4").status_code == 303
        with joined.desk.database.transaction() as session:
            row = people.named(session, "piero")
            assert row is not None
            people.disable(session, row, joined.desk.now())
        assert _through(client, "id-4").status_code == 403
        assert client.get("/stato").status_code == 401


def test_a_return_that_was_not_begun_here_is_refused(joined: Running, provider: str) -> None:
    joined.add("anna", Role.CLERK)
    _person_there(provider, "id-5", "anna")
    with joined.client() as attacker, joined.client() as victim:
        away = attacker.get("/accesso/unico")
        said = httpx.post(away.headers["location"], data={"sub": "id-5"}, trust_env=False)
        link = said.headers["location"]
        assert victim.get(link).status_code == 403
        victim.get("/accesso/unico")
        assert victim.get(link).status_code == 403
        assert attacker.get(link).status_code == 303
        assert attacker.get(link).status_code == 403


def test_a_word_for_another_sign_in_or_another_client_does_not_hold(provider: str) -> None:
    back = "http://127.0.0.1:1/ritorno"
    options = OidcOptions(provider, "scrivania", SecretStr("segreto"))

    def code(begun: Begun) -> str:
        said = httpx.post(address(options, begun, back), data={"sub": "id-6"}, trust_env=False)
        return httpx.URL(said.headers["location"]).params["code"]

    begun = begin()
    assert identity(options, begun, code(begun), back).subject == f"{provider} id-6"
    with pytest.raises(OidcFailed, match="does not hold"):
        identity(options, replace(begun, nonce="another"), code(begin()), back)
    with pytest.raises(OidcFailed, match="did not answer"):
        identity(options, begun, "no such code", back)
    with pytest.raises(OidcFailed, match="another issuer"):
        address(replace(options, issuer=provider + "/"), begun, back)


def test_a_provider_that_is_away_is_said_and_the_password_still_works(running: Running) -> None:
    gone = OidcOptions("http://localhost:9", "scrivania", SecretStr("segreto"))
    desk = replace(running.desk, options=replace(running.desk.options, oidc=gone))
    with served(desk) as url, Running(url, desk, running.clock).client() as client:
        answer = client.get("/accesso/unico")
        assert answer.status_code == 503
        assert "non risponde" in answer.text
        assert "Nome utente" in answer.text
    with running.client() as client:
        assert client.get("/accesso/unico").status_code == 404


def test_the_whole_way_in_the_browser(joined: Running, provider: str, browser: Browser) -> None:
    joined.add("anna", Role.CLERK, shown="Anna Verdi")
    _person_there(provider, "id-7", "anna")
    context = browser.new_context()
    page = context.new_page()
    page.route("https://**", lambda route: route.abort())  # the provider's own page wants a style sheet of others
    page.goto(joined.url + "/?canale=fax")
    page.get_by_role("link", name="Accesso unico dell'ente").click()
    page.locator("input[name=sub]").fill("id-7")
    page.keyboard.press("Enter")
    expect(page).to_have_url(joined.url + "/?canale=fax")
    expect(page.locator(".desk-me")).to_contain_text("Anna Verdi")
    context.close()


def test_what_was_typed_is_kept_through_a_single_sign_on(
    database: Database, drawing: Drawing, looks: dict[str, Looked], provider: str, page: Page, axe: Axe
) -> None:
    oidc = OidcOptions(provider, "scrivania", SecretStr("segreto"))
    with case_desk(database, drawing, options=DeskOptions(oidc=oidc)) as desk:
        number = desk.settle(FAX, in_doubt(looks[FAX]))
        _person_there(provider, "id-8", "anna")
        page.context.route("https://**", lambda route: route.abort())
        desk.open(page, number)
        page.keyboard.press("Control+A")
        page.keyboard.type("MIO VALORE")
        desk.running.clock.offset += desk.running.desk.options.idle + timedelta(minutes=1)
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("non va perso")
        assert axe(page) == []
        page.get_by_role("button", name="Accesso fatto: continua").press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("non risulta ancora fatto")
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Accesso unico dell'ente").press("Enter")
        tab = opened.value
        tab.locator("input[name=sub]").fill("id-8")
        tab.keyboard.press("Enter")
        expect(tab.locator(".desk-me")).to_contain_text("Anna")
        page.get_by_role("button", name="Accesso fatto: continua").press("Enter")
        expect(page.get_by_role("button", name="Continua")).to_be_focused()
        assert axe(page) == []
        page.keyboard.press("Enter")
        expect(page.locator("#i-holder_surname")).to_have_value("MIO VALORE")
        case = Queue(database).case(number)
    assert case is not None
    assert case.published().submission.fields["holder_surname"].value == "MIO VALORE"
