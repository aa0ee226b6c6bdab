"""Every error is a problem, and says nothing of what was sent."""

from collections.abc import Callable

import pytest
from httpx import Client as Caller
from sqlalchemy.exc import OperationalError

from api.clients import BadClient, Clients, Scope
from api.gate import Gate, Options
from cases.listing import Position

SECRET = "RSSMRA80A01H501U"  # noqa: S105  a made-up tax code, to be looked for


def is_problem(answer: object, status: int, kind: str) -> bool:
    told = answer.json()  # type: ignore[attr-defined]
    return (
        answer.status_code == told["status"] == status  # type: ignore[attr-defined]
        and answer.headers["content-type"] == "application/problem+json"  # type: ignore[attr-defined]
        and told["type"] == f"urn:sportello-gateway:problem:{kind}"
        and bool(told["title"] and told["detail"])
    )


def test_what_is_not_there(caller: Caller) -> None:
    assert is_problem(caller.get("/nothing"), 404, "not-found")
    assert is_problem(caller.get("/cases/2026/1/nothing"), 404, "not-found")
    wrong = caller.delete("/cases")
    assert is_problem(wrong, 405, "method-not-allowed")
    assert wrong.headers["allow"] == "GET"


def test_what_is_wrong_is_named_and_not_repeated(caller: Caller) -> None:
    for answer in (
        caller.post("/cases/claim", json={"most": SECRET, SECRET: 1}),
        caller.get("/cases", params={"state": SECRET, "limit": 0}),
    ):
        assert is_problem(answer, 422, "invalid")
        assert "errors" in answer.json()
        assert SECRET not in answer.text


def test_what_is_no_json(caller: Caller) -> None:
    broken = caller.post("/cases/claim", content=b"{", headers={"Content-Type": "application/json"})
    assert is_problem(broken, 400, "bad-request")
    typed = caller.post("/cases/claim", content=b"{}", headers={"Content-Type": "text/plain"})
    assert is_problem(typed, 415, "wrong-media-type")


def test_an_address_with_a_line_break_is_none_of_ours(caller: Caller) -> None:
    assert is_problem(caller.post("/cases/2026%0A/7/renew", json={}), 404, "not-found")


def test_what_is_too_large(caller: Caller) -> None:
    large = b"[" + b" " * 70_000
    assert is_problem(caller.post("/cases/claim", content=large), 413, "too-large")
    pieces = (b" " * 10_000 for _ in range(8))
    streamed = caller.post("/cases/claim", content=pieces, headers={"Content-Type": "application/json"})
    assert is_problem(streamed, 413, "too-large")


def test_a_key_is_needed(caller: Caller, gate: Gate) -> None:
    for header in ("", "Basic abc", "Bearer", "Bearer sgw_0_0", "Bearer sgw_ù", "Bearer " + "x" * 5000):
        answer = caller.get("/cases", headers={"Authorization": header.encode()})
        assert is_problem(answer, 401, "no-key")
        assert answer.headers["www-authenticate"] == "Bearer"
    key = Clients(gate.database).add("once", ["cases:read"], gate.now())
    once = {"Authorization": f"Bearer {key}"}
    assert caller.get("/cases", headers=once).status_code == 200
    Clients(gate.database).revoke("once", gate.now())
    assert is_problem(caller.get("/cases", headers=once), 401, "no-key")


def test_a_key_allows_only_its_scopes(narrow: Callable[..., Caller]) -> None:
    reader = narrow(Scope.CASES_READ)
    assert reader.get("/cases").status_code == 200
    refused = reader.post("/cases/claim", json={})
    assert is_problem(refused, 403, "not-allowed")
    assert "cases:claim" in refused.json()["detail"]


def test_a_client_that_calls_too_often_waits(narrow: Callable[..., Caller]) -> None:
    busy = narrow(Scope.CASES_READ, options=Options(rate="3/minute"))
    answers = [busy.get("/cases") for _ in range(4)]
    assert [a.status_code for a in answers[:3]] == [200, 200, 200]
    assert is_problem(answers[3], 429, "too-many-requests")
    assert answers[3].headers["retry-after"] == "60"


def test_whoever_guesses_keys_waits(narrow: Callable[..., Caller]) -> None:
    guesser = narrow(Scope.CASES_READ, options=Options(strangers="2/minute"))
    wrong = {"Authorization": "Bearer sgw_000000000000_x"}
    answers = [guesser.get("/cases", headers=wrong) for _ in range(3)]
    assert [a.status_code for a in answers] == [401, 401, 429]


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (OperationalError("SELECT 1", {}, Exception("away")), 503, "unavailable"),
        (ZeroDivisionError(SECRET), 500, "fault"),
    ],
)
def test_a_fault_is_a_problem_too(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, kind: str
) -> None:
    def fail(*_: object) -> tuple[Position, ...]:
        raise error

    monkeypatch.setattr("api.cases.page", fail)
    answer = caller.get("/cases")
    assert is_problem(answer, status, kind)
    assert SECRET not in answer.text


def test_answers_are_not_kept_by_browsers_and_proxies(caller: Caller) -> None:
    answer = caller.get("/cases")
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")


def test_clients_are_named_scoped_and_kept_as_digests(gate: Gate) -> None:
    clients = Clients(gate.database)
    for name, scopes, words in (("A b", ["cases:read"], "no name"), ("a", ["all"], "no such scope"), ("a", [], "none")):
        with pytest.raises(BadClient, match=words):
            clients.add(name, scopes, gate.now())
    key = clients.add("a", ["cases:read"], gate.now())
    with pytest.raises(BadClient, match="already"):
        clients.add("a", ["cases:read"], gate.now())
    found = clients.find(key)
    assert found is not None
    assert (found.name, found.scopes) == ("a", {Scope.CASES_READ})
    assert clients.find(key[:-1]) is None
    with pytest.raises(BadClient, match="no client"):
        clients.revoke("b", gate.now())
    with gate.database.engine.connect() as connection:
        assert key not in str(connection.exec_driver_sql("SELECT * FROM api_client").all())
