from collections.abc import Callable

from httpx import Client as Caller

from api.clients import Scope
from api.gate import Gate
from cases import hooks

URL = "https://desk.example.it/hooks"


def test_an_address_is_registered_rotated_and_removed(caller: Caller, gate: Gate, born: Callable[..., None]) -> None:
    made = caller.post("/webhooks", json={"url": URL, "events": ["taken"]})
    assert made.status_code == 201
    told = made.json()
    assert told["secret"].startswith("whsec_")
    (listed,) = caller.get("/webhooks").json()["items"]
    assert (listed["url"], listed["events"], "secret" in listed) == (URL, ["taken"], False)
    at = f"/webhooks/{told['id']}"
    assert caller.post(f"{at}/rotate").json()["secret"] != told["secret"]
    born(1)
    caller.post("/cases/claim", json={})
    with gate.database.transaction() as session:
        hooks.announce(session, gate.now())
    assert caller.delete(at).status_code == 204
    (dead,) = caller.get(f"{at}/dead").json()["items"]
    assert (dead["number"], dead["event"], dead["failure"]) == ("2026/0000001", "taken", "removed by its owner")
    assert caller.post(f"{at}/replay").json() == {"count": 1}
    assert caller.get("/webhooks").json()["items"][0]["ending"] == ""


def test_a_client_sees_and_changes_its_own_only(caller: Caller, narrow: Callable[..., Caller]) -> None:
    made = caller.post("/webhooks", json={"url": URL}).json()
    other = narrow(Scope.WEBHOOKS_MANAGE)
    assert other.get("/webhooks").json()["items"] == []
    at = f"/webhooks/{made['id']}"
    answers = (other.delete(at), other.post(f"{at}/rotate"), other.get(f"{at}/dead"), other.post(f"{at}/replay"))
    assert {answer.status_code for answer in answers} == {404}


def test_an_address_inside_the_house_or_without_tls_is_refused(caller: Caller) -> None:
    for url in ("http://desk.example.it/", "https://127.0.0.1/", "https://[::1]/", "nonsense"):
        answer = caller.post("/webhooks", json={"url": url})
        assert (answer.status_code, answer.json()["errors"][0]["where"]) == (422, "body.url")


def test_a_client_has_only_so_many(caller: Caller) -> None:
    answers = [caller.post("/webhooks", json={"url": URL}).status_code for _ in range(21)]
    assert answers == [201] * 20 + [422]
