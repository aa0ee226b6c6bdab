import threading
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from httpx import Client as Caller
from httpx import Response
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from api.clients import Scope
from api.gate import Gate, Options
from cases.balance import books
from intake.online import NotOnline, OnlineForm, file_names, packed
from intake.source import StoreDown
from jobs.app import Wiring
from jobs.steps import carry

FORM: dict[str, Any] = {
    "form": "CMOR",
    "edition": "2026-01",
    "fields": {
        "holder_surname": "PROVA",
        "customer_type": "domestic",
        "procedure": ["CMOR"],
        "signature_present": True,
    },
}


def sent(caller: Caller, key: str = "key-0001", form: object = FORM, **more: Any) -> Response:  # noqa: ANN401
    return caller.post("/submissions", json=form, headers={"Idempotency-Key": key, **more})


def with_files(
    caller: Caller, *files: tuple[str, bytes], key: str = "key-0001", form: OnlineForm | None = None
) -> Response:
    typed = form or OnlineForm.model_validate(FORM)
    parts: list[Any] = [("submission", ("s.json", typed.model_dump_json(), "application/json"))]
    parts += [("files", (name, raw, "application/pdf")) for name, raw in files]
    return caller.post("/submissions", files=parts, headers={"Idempotency-Key": key})


def test_a_submission_is_kept_queued_and_becomes_a_case(caller: Caller, gate: Gate, wiring: Wiring) -> None:
    answer = with_files(caller, ("carta.pdf", b"%PDF-1"), ("bolletta.pdf", b"%PDF-2"))
    assert answer.status_code == 202
    told = answer.json()
    raw = gate.originals.read(told["sha256"])
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        assert archive.namelist() == ["submission.json", "carta.pdf", "bolletta.pdf"]
    state = caller.get(f"/submissions/{told['id']}").json()
    assert (state["state"], state["cases"]) == ("received", [])
    with gate.database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")).scalar() == 1
    carry(wiring, int(told["id"]), 0)
    state = caller.get(f"/submissions/{told['id']}", params={"wait_s": 2}).json()
    assert state["state"] == "settled"
    assert state["cases"] == [{"number": "2026/0000001", "state": "queued", "outcome": "READY"}]
    case = caller.get("/cases/2026/1").json()
    assert (case["channel"], case["received_at"]) == ("online", told["received_at"])
    assert books(gate.database).discrepancies == ()


def test_a_repeat_is_answered_as_the_first(caller: Caller, gate: Gate, wiring: Wiring) -> None:
    first = sent(caller)
    carry(wiring, int(first.json()["id"]), 0)
    reordered = {**FORM, "fields": dict(reversed(FORM["fields"].items())), "struck_sections": []}
    for again in (sent(caller), sent(caller, form=reordered)):
        assert (again.status_code, again.json(), again.headers["location"]) == (
            202,
            first.json(),
            first.headers["location"],
        )
    with gate.database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM receipt")).scalar() == 1


def test_a_key_is_not_used_for_another_body(caller: Caller) -> None:
    sent(caller)
    other = sent(caller, form={**FORM, "reference": "2"})
    assert (other.status_code, other.json()["type"]) == (422, "urn:sportello-gateway:problem:idempotency-key-reused")
    assert sent(caller, key="key-0002", form={**FORM, "reference": "2"}).status_code == 202


def test_repeats_at_the_same_instant_are_taken_once(caller: Caller, gate: Gate) -> None:
    got: list[Response] = []
    threads = [threading.Thread(target=lambda: got.append(sent(caller))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in got} == {202}
    assert len({answer.text for answer in got}) == 1
    with gate.database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM receipt")).scalar() == 1


def test_two_clients_have_keys_of_their_own(narrow: Callable[..., Caller]) -> None:
    one, two = narrow(Scope.SUBMISSIONS_WRITE), narrow(Scope.SUBMISSIONS_WRITE)
    first = sent(one).json()
    assert sent(two, form={**FORM, "reference": "2"}).status_code == 202
    assert two.get(f"/submissions/{first['id']}").status_code == 404


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_around_the_commit_loses_nothing_and_doubles_nothing(
    caller: Caller, gate: Gate, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    register = gate.register

    def falls(delivery: Any, digest: str) -> None:  # noqa: ANN401
        if when == "after":
            register(delivery, digest)
        raise StoreDown("the database went away")

    monkeypatch.setattr("api.submissions.admit", lambda d, originals, _: falls(d, originals.keep(d.raw)))
    fallen = sent(caller)
    assert (fallen.status_code, fallen.headers["retry-after"]) == (503, "10")
    monkeypatch.undo()
    again = sent(caller)
    assert again.status_code == 202
    assert sent(caller).json() == again.json()
    with gate.database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM receipt")).scalar() == 1


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"form": "OTHER"}, "body.form"),
        ({"edition": "1999-01"}, "body.form"),
        ({"form": "DELEGA"}, "body.form"),
        ({"fields": {"no_such_field": "x"}}, "body.fields.no_such_field"),
        ({"fields": {"signature_present": "X"}}, "body.fields.signature_present"),
        ({"fields": {"customer_type": "both"}}, "body.fields.customer_type"),
        ({"fields": {"procedure": "CMOR"}}, "body.fields.procedure"),
        ({"fields": {"holder_surname": True}}, "body.fields.holder_surname"),
        ({"fields": {"holder_surname": ["a"]}}, "body.fields.holder_surname"),
        ({"fields": {"holder_surname": "x" * 4001}}, "body.fields.holder_surname.constrained"),
        ({"struck_sections": ["Z"]}, "body.struck_sections"),
        ({"attachments": {"a.pdf": "no_such_code"}}, "body.attachments"),
        ({"attachments": {"a.pdf": "complaint_copy"}}, "body.attachments"),
        ({"sender": "nobody"}, "body.sender"),
        ({"more": 1}, "body.more"),
    ],
)
def test_what_cannot_be_a_submission_is_named(caller: Caller, change: dict[str, Any], where: str) -> None:
    answer = sent(caller, form={**FORM, **change})
    assert answer.status_code == 422
    assert any(
        error["where"].startswith(where.split(".constrained", maxsplit=1)[0]) for error in answer.json()["errors"]
    )


def test_bodies_of_other_kinds_are_refused(caller: Caller, narrow: Callable[..., Caller]) -> None:
    head = {"Idempotency-Key": "key-0001"}
    assert caller.post("/submissions", json=FORM).status_code == 422
    assert caller.post("/submissions", content=b"x", headers=head).status_code == 415
    assert (
        caller.post("/submissions", content=b"{", headers={**head, "Content-Type": "application/json"}).status_code
        == 422
    )
    broken = {**head, "Content-Type": "multipart/form-data; boundary=x"}
    assert caller.post("/submissions", content=b"nonsense", headers=broken).status_code == 400
    assert caller.post("/submissions", files={"files": b"x"}, headers=head).status_code == 400
    assert caller.post("/submissions", files={"submission": b"{}", "other": b"x"}, headers=head).status_code == 400
    few = narrow(Scope.SUBMISSIONS_WRITE, options=Options(most_files=2, submission_bytes=5000))
    assert with_files(few, *((f"{n}.pdf", b"x") for n in range(3))).status_code == 400
    assert with_files(few, ("a.pdf", b"x" * 6000)).status_code == 413
    assert with_files(few, ("a.pdf", b"x"), ("a.pdf", b"y")).status_code == 422
    assert with_files(few, ("../submission.json", b"x")).status_code == 422


@given(st.binary())
def test_no_bytes_but_a_submission_is_read_as_one(raw: bytes) -> None:
    try:
        OnlineForm.read(raw)
    except NotOnline as error:
        assert str(error).startswith("no online submission")  # noqa: PT017 - both ways are right


_ANSWERS = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True),
    st.booleans() | st.text(max_size=20) | st.lists(st.text(max_size=5), max_size=3),
    max_size=8,
)


@given(_ANSWERS, st.randoms())
def test_the_same_submission_always_makes_the_same_bytes(answers: dict[str, Any], chance: Any) -> None:  # noqa: ANN401
    shuffled = list(answers.items())
    chance.shuffle(shuffled)
    one, other = (OnlineForm(form="CMOR", edition="2026-01", fields=f) for f in (answers, dict(shuffled)))
    assert packed(one, {"a": b"1"}) == packed(other, {"a": b"1"})
    with zipfile.ZipFile(BytesIO(packed(one, {}))) as archive:
        assert OnlineForm.read(archive.read("submission.json")) == one


@given(st.lists(st.text(), max_size=5))
def test_names_of_files_are_told_apart_or_refused(names: list[str]) -> None:
    try:
        cleaned = file_names(names)
    except ValueError:
        return
    assert len(set(cleaned)) == len(names)
    assert not any("/" in name or "\\" in name for name in cleaned)
