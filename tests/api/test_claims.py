from collections.abc import Callable
from typing import Any

from httpx import Client as Caller

Born = Callable[..., None]


def claimed(caller: Caller, **body: object) -> list[dict[str, Any]]:
    answer = caller.post("/cases/claim", json=body)
    assert answer.status_code == 200
    leases: list[dict[str, Any]] = answer.json()["leases"]
    return leases


def test_a_case_is_claimed_renewed_and_completed(caller: Caller, born: Born) -> None:
    born(2)
    (lease,) = claimed(caller)
    at, token = f"/cases/{lease['case']['number']}", {"token": lease["token"]}
    assert lease["case"]["state"] == "handed_over"
    assert caller.post(f"{at}/renew", json={**token, "for_s": 900}).json()["expires_at"] > lease["expires_at"]
    for _ in range(2):
        assert caller.post(f"{at}/complete", json=token).json() == {"number": "2026/0000001", "state": "closed"}
    lost = caller.post(f"{at}/release", json=token)
    assert (lost.status_code, lost.json()["type"]) == (409, "urn:sportello-gateway:problem:lease-lost")


def test_a_released_case_goes_out_again(caller: Caller, born: Born) -> None:
    born(1)
    (lease,) = claimed(caller, most=5)
    assert claimed(caller) == []
    token = {"token": lease["token"]}
    assert caller.post("/cases/2026/1/release", json=token).json()["state"] == "queued"
    assert [again["case"]["number"] for again in claimed(caller)] == ["2026/0000001"]


def test_a_claim_may_ask_for_forms(caller: Caller, born: Born) -> None:
    born(2)
    born(2, form="BONUS", first=5)
    born(1, form="DOPPIA", first=3)
    got = [lease["case"]["submission"]["form"] for lease in claimed(caller, forms=["BONUS", "DOPPIA"], most=2)]
    assert len(got) == 2
    assert [lease["case"]["number"] for lease in claimed(caller, most=10)][:2] == ["2026/0000001", "2026/0000002"]


def test_what_is_not_there_cannot_be_completed(caller: Caller) -> None:
    answer = caller.post("/cases/2026/7/complete", json={"token": "x" * 32})
    assert answer.status_code == 404
