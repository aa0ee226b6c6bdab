"""Who gets in and who does not: each test fails when the control that it is about is taken away."""

import re
import secrets
from collections.abc import Iterable, Iterator
from datetime import timedelta

import httpx
import pytest
from argon2 import PasswordHasher, extract_parameters
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from backoffice import people, security
from backoffice.app import ROUTERS
from backoffice.headers import POLICY
from backoffice.person import Person, Role
from cases.audit import trail
from tests.backoffice.running import PASSWORD, Running

OPEN = {"/accesso", "/accesso/continua", "/accesso/unico", "/accesso/unico/ritorno", "/accessibilita"}
"""What can be asked for without being signed in. Nothing else may be added without a thought."""


def _routes() -> list[APIRoute]:
    routes = list(_within(ROUTERS))
    assert len(routes) > 12
    return routes


def _within(routers: Iterable[object]) -> Iterator[APIRoute]:
    for router in routers:
        for route in getattr(router, "routes", ()):
            if isinstance(route, APIRoute):
                yield route
            else:  # a router within
                yield from _within([route.original_router])


def _calls(dependant: Dependant) -> Iterator[object]:
    yield dependant.call
    for inner in dependant.dependencies:
        yield from _calls(inner)


def _filled(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "1", path)


def test_every_route_but_the_open_ones_asks_who_it_is(running: Running) -> None:
    with running.client() as nobody:
        for route in _routes():
            calls = list(_calls(route.dependant))
            assert (security._signed_in in calls) != (route.path in OPEN), route.path
            if route.path in OPEN:
                continue
            for method in route.methods:
                answer = nobody.request(method, _filled(route.path))
                assert answer.status_code in {401, 422}, (method, route.path)
                assert "Accesso" in answer.text or "Dati non validi" in answer.text


def test_who_keeps_the_system_sees_no_case_and_who_answers_calls_decides_none(running: Running) -> None:
    ada, piero = running.add("ada", Role.ADMINISTRATOR), running.add("piero", Role.PHONE)
    with running.client(ada) as one, running.client(piero) as two:
        for client, free in (
            (one, ("/andamento", "/stato", "/registro", "/uscita")),
            (two, ("/telefono", "/stato", "/uscita")),
        ):
            token = running.csrf(client)
            for route in _routes():
                if route.path in OPEN or route.path == "/" or route.path.startswith(free):
                    continue
                for method in route.methods:
                    data = token if method == "POST" else None
                    assert client.request(method, _filled(route.path), data=data).status_code in {403, 422}, route.path
        assert one.get("/").headers["location"] == "/andamento"
        assert two.get("/").headers["location"] == "/telefono"


def test_a_change_needs_the_token_and_our_own_origin(running: Running) -> None:
    anna, piero = running.add("anna", Role.CLERK), running.add("piero", Role.CLERK)
    with running.client(anna) as client, running.client(piero) as other:
        mine, others = running.csrf(client), running.csrf(other)
        for data, headers in (
            ({}, {}),
            ({"csrf": ""}, {}),
            (others, {}),
            (mine, {"Origin": "https://example.com"}),
            (mine, {"Origin": "null"}),
            ({}, {"X-CSRF-Token": others["csrf"]}),
        ):
            assert client.post("/uscita", data=data, headers=headers).status_code == 403
        bare = httpx.Client(base_url=running.url, cookies=client.cookies, trust_env=False)
        assert bare.post("/uscita", data=mine).status_code == 403
        assert bare.post("/uscita", data=mine, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
        assert client.get("/stato").status_code == 200
        assert bare.post("/uscita", data=mine, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303
        bare.close()
        assert client.get("/stato").status_code == 401


def test_no_change_is_made_without_the_token_on_any_route(running: Running) -> None:
    with running.client(running.add("anna", Role.CLERK, Role.SUPERVISOR, Role.ADMINISTRATOR)) as client:
        for route in _routes():
            for method in route.methods - {"GET"}:
                if route.path not in OPEN:
                    assert client.request(method, _filled(route.path)).status_code in {403, 422}, route.path
        assert client.get("/stato").status_code == 200


def test_going_on_after_a_sign_in_elsewhere_only_asks_from_our_own_page(running: Running) -> None:
    anna = running.add("anna", Role.CLERK)
    form = {"verso": "/uscita", "kept.text": "<b>MIO</b>", "kept.": ""}
    with running.client(anna) as client:
        assert client.post("/accesso/continua", data=form, headers={"Origin": "https://example.com"}).status_code == 403
        asked = client.post("/accesso/continua", data=form)
        assert asked.status_code == 200
        assert 'action="/uscita"' in asked.text
        assert "&lt;b&gt;MIO&lt;/b&gt;" in asked.text
        away = client.post("/accesso/continua", data={**form, "verso": "//example.com/"})
        assert "example.com" not in away.text
        assert client.get("/stato").status_code == 200, "nothing was done by itself"
    with running.client() as nobody:
        refused = nobody.post("/accesso/continua", data=form)
        assert refused.status_code == 401
        assert "csrf" not in refused.text
        assert 'name="kept.text" value="&lt;b&gt;MIO&lt;/b&gt;"' in refused.text


def test_every_answer_carries_the_safe_headers(running: Running) -> None:
    with running.client(running.add("anna", Role.CLERK)) as client:
        for way in ("/", "/accesso", "/non-esiste", "/static/desk.css", "/vendor/htmx/htmx.min.js", "/registro"):
            headers = client.get(way).headers
            assert headers["content-security-policy"] == POLICY
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["x-frame-options"] == "DENY"
            assert headers["referrer-policy"] == "same-origin"
            kept = way.startswith(("/static", "/vendor"))
            assert headers["cache-control"] == ("public, max-age=86400" if kept else "no-store")
    assert "unsafe" not in POLICY


def test_what_a_page_loads_is_kept_for_a_year_under_the_mark_of_its_content(running: Running) -> None:
    with running.client() as client:
        page = client.get("/accesso").text
        ways = set(re.findall(r'(?:href|src)="(/(?:vendor|static)/[^"#]+)', page))
        assert {way.partition("?")[0] for way in ways} >= {"/vendor/htmx/htmx.min.js", "/vendor/svg/sprites.svg"}
        kept = {way: client.get(way).headers["cache-control"] for way in ways}
        assert set(kept.values()) == {"public, max-age=31536000, immutable"}, kept
        for way in ways:  # a mark of something else is no promise
            other = client.get(way.partition("?")[0] + "?0123456789ab").headers["cache-control"]
            assert other == "public, max-age=86400"


def test_another_host_name_is_refused(running: Running) -> None:
    with running.client() as client:
        assert client.get("/accesso", headers={"Host": "sportello.example.com"}).status_code == 400


@pytest.mark.parametrize(
    "way", ["/vendor/css/../../package.json", "/static/..%2fapp.py", "/vendor/htmx/%2e%2e/package.json"]
)
def test_only_what_is_meant_is_served(running: Running, way: str) -> None:
    with running.client() as client:
        assert client.get(way).status_code in {401, 404}


def test_a_session_ends_when_idle_when_old_and_when_it_is_left(running: Running) -> None:
    anna = running.add("anna", Role.CLERK)
    with running.client(anna) as client:
        running.clock.offset += timedelta(minutes=29)
        assert client.get("/stato").status_code == 200
        running.clock.offset += timedelta(minutes=29)
        assert client.get("/stato").status_code == 200
        running.clock.offset += timedelta(minutes=31)
        assert client.get("/stato").status_code == 401
    with running.client(anna) as client:
        for _ in range(29):
            running.clock.offset += timedelta(minutes=20)
            last = client.get("/stato").status_code
        assert last == 200
        running.clock.offset += timedelta(minutes=21)
        assert client.get("/stato").status_code == 401


def test_who_is_disabled_or_gets_another_password_is_out_at_once(running: Running) -> None:
    anna, piero = running.add("anna", Role.CLERK), running.add("piero", Role.CLERK)
    with running.client(anna) as one, running.client(piero) as two:
        with running.desk.database.transaction() as session:
            rows = [people.named(session, name) for name in ("anna", "piero")]
            assert rows[0] is not None
            assert rows[1] is not None
            people.disable(session, rows[0], running.desk.now())
            people.set_password(session, rows[1], "un'altra frase lunga 9")
        assert one.get("/stato").status_code == 401
        assert two.get("/stato").status_code == 401
        assert _try(one, "anna", PASSWORD).status_code == 422
        assert _try(two, "piero", PASSWORD).status_code == 422
        assert _try(two, "piero", "un'altra frase lunga 9").status_code == 303


def _try(client: httpx.Client, name: str, password: str, **more: str) -> httpx.Response:
    return client.post("/accesso", data={"name": name, "password": password, **more})


def test_sign_ins_that_fail_are_counted_and_nobody_learns_who_exists(running: Running) -> None:
    running.add("anna", Role.CLERK)
    with running.client() as client:
        wrong, unknown = _try(client, "anna", "sbagliata"), _try(client, "nessuno", "sbagliata")
        assert wrong.status_code == unknown.status_code == 422
        assert wrong.text.replace("anna", "") == unknown.text.replace("nessuno", "")
        for _ in range(4):
            assert _try(client, "ANNA ", "sbagliata").status_code == 422
        for name, password in (("anna", PASSWORD), ("anna", "sbagliata")):
            assert _try(client, name, password).status_code == 429
        for _ in range(4):
            assert _try(client, "nessuno", "sbagliata").status_code == 422
        assert _try(client, "nessuno", "sbagliata").status_code == 429
        running.clock.offset += timedelta(minutes=15)
        assert _try(client, "anna", PASSWORD).status_code == 303


def test_one_address_that_tries_many_names_is_stopped(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "_fits", lambda _hashed, _password: False)  # the hash is slow, and not what is tested
    with running.client() as client:
        codes = [_try(client, f"nome{n}", "sbagliata").status_code for n in range(people.PER_ADDRESS + 1)]
    assert codes == [422] * people.PER_ADDRESS + [429]


def test_the_session_changes_with_the_sign_in_and_is_nowhere_in_plain(running: Running) -> None:
    anna = running.add("anna", Role.CLERK)
    with running.client(anna) as client:
        before = client.cookies["scrivania"]
        answer = _try(client, "anna", PASSWORD)
        after = answer.cookies["scrivania"]
        cookie = answer.headers["set-cookie"]
    assert before != after
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    with running.desk.database.transaction() as session:
        kept = str(session.connection().exec_driver_sql("SELECT * FROM desk_session").all())
        assert after not in kept
        stored = people.named(session, "anna")
        assert stored is not None
        assert stored.password.startswith("$argon2id$")
        assert trail(session, actor="clerk:anna", limit=1)[0].action == "signed_in"


@pytest.mark.parametrize(
    "password", ["corta", "a" * 201, "aaaaaaaaaaaaaaa", "anna-anna-2026", "1111222211112222", "ANNA lunga frase"]
)
def test_passwords_that_are_soon_guessed_are_refused(password: str) -> None:
    with pytest.raises(people.BadPassword):
        people.check_password(password, "anna")
    people.check_password("cavallo batteria graffetta", "anna")


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "Password2026!", "P@ssw0rd1234", "qwertyuiop12", "1qaz2wsx3edc", "123456789012", "iloveyou1234",
        "juventus1897", "forzanapoli1", "letmein12345", "Sportello2026", "benvenuto.2026", "Gennaio2026!",
        "smarthelp2026", "passwordpassword", "bruscolini99",
    ],
)  # fmt: skip
def test_passwords_that_are_known_to_many_are_refused_with_what_to_do(password: str) -> None:
    with pytest.raises(people.BadPassword, match="quattro parole"):
        people.check_password(password, "anna", "Anna Bruscolini")


def test_passwords_that_the_gateway_makes_up_are_never_refused() -> None:
    for _ in range(100):
        people.check_password(secrets.token_urlsafe(12), "anna")


def test_hashing_costs_whoever_steals_the_table() -> None:
    hashed = PasswordHasher().hash("una frase qualunque")
    assert extract_parameters(hashed) == extract_parameters(people._NOBODY)
    assert extract_parameters(people._NOBODY).memory_cost >= 64 * 1024


@pytest.mark.parametrize("name", ["", "ab", "Anna", "anna verdi", "anna\n", "../anna", "a" * 65, "à" * 5])
def test_a_name_to_sign_in_with_is_plain(name: str) -> None:
    with pytest.raises(ValueError, match="small letters"):
        Person(0, name, "Anna", frozenset({Role.CLERK}))


@pytest.mark.parametrize(
    "way", ["https://example.com", "//example.com", "/\\example.com", "javascript:alert(1)", "/a\nb", ""]
)
def test_nobody_is_led_elsewhere(running: Running, way: str) -> None:
    running.add("anna", Role.CLERK)
    with running.client() as client:
        assert _try(client, "anna", PASSWORD, verso=way).headers["location"] == "/"


def test_what_was_typed_outlives_the_session(running: Running) -> None:
    anna = running.add("anna", Role.CLERK)
    typed = '"><script>alert(1)</script> ' + "à" * 10_000
    with running.client(anna) as client:
        token = running.csrf(client)
        running.clock.offset += timedelta(hours=2)
        asked = client.post("/cerca?vista=tutte", data={"parole": typed, **token})
        assert asked.status_code == 401
        assert "non va perso" in asked.text
        assert "<script>alert" not in asked.text
        form = _fields(asked.text)
        assert form["kept.parole"] == typed
        assert "kept.csrf" not in form
        again = client.post("/accesso", data={**form, "name": "anna", "password": "sbagliata"})
        assert _fields(again.text)["kept.parole"] == typed
        inside = client.post("/accesso", data={**form, "name": "anna", "password": PASSWORD})
        client.cookies = inside.cookies
        going = _fields(inside.text)
        assert going["parole"] == typed
        action = re.search(r'<form method="post" action="(/cerca[^"]*)"', inside.text)
        assert action is not None
        done = client.post(action[1], data=going)
        assert done.status_code == 303
        assert "vista=tutte" in done.headers["location"]


def _fields(text: str) -> dict[str, str]:
    from html import unescape  # noqa: PLC0415  only here

    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', text)
    return {unescape(name): unescape(value) for name, value in found if name}


def test_what_is_too_large_is_refused_in_words(running: Running) -> None:
    with running.client(running.add("anna", Role.CLERK)) as client:
        large = client.post("/cerca", data={"parole": "à" * 1_500_000, **running.csrf(client)})
        untold = client.post("/cerca", content=iter([b"parole=a"]))
        for answer in (large, untold):
            assert answer.status_code == 413
            assert "Troppo grande" in answer.text


def test_an_expired_session_of_a_part_replaces_the_whole_page(running: Running) -> None:
    with running.client() as client:
        answer = client.post("/prese/1", data={"cosa": "prendi"}, headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["hx-retarget"] == "body"
