from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from httpx import Client as Caller
from PIL import Image

from api.clients import Scope
from api.gate import Gate
from bench.stubs import delivery, submission
from cases.audit import trail
from cases.shown import NotSeen, Sight
from cases.store import Store, admit
from cases.submission import Looked, Submission
from intake.receipt import Channel
from jobs.child import Limits
from jobs.show import look_up
from jobs.showing import shower
from parsers.reading import FileUse, PageUse, Role

FAX = Path(__file__).parents[2] / "samples/post/fax/29-cmor-complete.tif"


def of_fax(raw: bytes) -> Submission:
    arrived, found = delivery(raw=raw), submission()
    files = (FileUse("000001.tif", arrived.digest),)
    pages = tuple(PageUse("000001.tif", n, None, 1.0, role=Role.UNSURE) for n in (1, 2))
    return replace(found, reading=replace(found.reading, files=files, pages=pages))


@pytest.fixture
def faxed(gate: Gate) -> str:
    raw = FAX.read_bytes()
    digest = gate.originals.keep(raw)
    with gate.database.transaction() as session:
        receipt = admit(session, delivery(raw=raw, channel=Channel.FAX), digest, gate.now())
    assert receipt is not None
    Store(gate.database).settle(receipt, Looked((of_fax(raw),)), gate.now())
    return digest


def test_documents_and_sheets_are_shown_and_every_look_is_noted(caller: Caller, gate: Gate, faxed: str) -> None:
    at = "/cases/2026/1/documents"
    assert caller.get(at).json()["items"] == [{"name": "000001.tif", "sha256": faxed, "pages": [1, 2]}]
    whole = caller.get(f"{at}/{faxed}")
    assert whole.content == FAX.read_bytes()
    assert whole.headers["content-disposition"].startswith("attachment")
    assert whole.headers["x-document-type"] == "image/tiff"
    sheet = caller.get(f"{at}/{faxed}/pages/2", params={"width": 300})
    assert sheet.headers["content-type"] == "image/png"
    assert Image.open(BytesIO(sheet.content)).width == 300
    with gate.database.transaction() as session:
        lines = [(line.actor, line.action, line.subject) for line in trail(session)]
    assert lines == [("client:desk", "seen", "2026/0000001")] * 2


def test_what_is_not_there_or_not_allowed(caller: Caller, narrow: Callable[..., Caller], faxed: str) -> None:
    at = "/cases/2026/1/documents"
    for path in (f"{at}/{'0' * 64}", f"{at}/{faxed}/pages/99", "/cases/2026/2/documents"):
        assert caller.get(path).status_code == 404
    assert caller.get(f"{at}/nonsense").status_code == 422
    assert narrow(Scope.CASES_READ).get(f"{at}/{faxed}").status_code == 403


def test_an_erased_original_is_gone(caller: Caller, gate: Gate, faxed: str) -> None:
    with gate.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE receipt SET erased_at = now()")
    assert caller.get(f"/cases/2026/1/documents/{faxed}").status_code == 410


def test_an_original_with_a_virus_is_given_to_nobody(caller: Caller, gate: Gate, faxed: str) -> None:
    assert caller.get(f"/cases/2026/1/documents/{faxed}").status_code == 200
    with gate.database.engine.begin() as connection:
        connection.exec_driver_sql('UPDATE receipt SET facts = facts || \'{"virus": "Prova.Uno"}\'')
    for address in (faxed, f"{faxed}/pages/1"):
        answer = caller.get(f"/cases/2026/1/documents/{address}")
        assert answer.status_code == 404
        assert "virus" in answer.json()["detail"]


def test_only_what_is_in_the_delivery_is_seen() -> None:
    raw = FAX.read_bytes()
    sight = Sight("a.tif", pec=False, digest=delivery(raw=raw).digest, page=1, width=100)
    assert (look_up(sight, raw) or b"").startswith(b"\x89PNG")
    assert look_up(replace(sight, digest="0" * 64), raw) is None
    assert look_up(sight, b"%PDF-1.7 broken") is None
    with pytest.raises(NotSeen, match="no such file"):
        shower(Limits())(replace(sight, page=99), raw)
