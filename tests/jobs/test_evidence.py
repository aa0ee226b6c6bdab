"""Evidence of signatures crosses the border of the child and stays with the receipt and the case."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bench.stubs import delivery, submission
from cases.database import Database
from cases.queue import Queue
from cases.store import Store, admit
from cases.submission import Looked
from checks.context import CheckSettings
from gateway.settings import BadSettings, load_settings
from gateway.wiring import wired_to
from intake.receipt import Channel, MailKind, Signature, Trusted, Use
from jobs.ask import look_guarded
from jobs.child import Limits
from jobs.post import Post
from tests.intake.identities import ours, provider
from tests.intake.test_pec_signed import envelope

NOW = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)


@pytest.fixture
def trust_store(tmp_path: Path) -> str:
    (tmp_path / "ours.pem").write_bytes(ours().pem)
    return str(tmp_path)


def look(raw: bytes, trust_store: str) -> Looked:
    post = Post("1.eml", raw, Channel.PEC, NOW, date(2026, 3, 11))
    return look_guarded(post, CheckSettings(), Limits(), trust_store)


def test_a_receipt_is_unpacked_and_verified_in_the_child(trust_store: str) -> None:
    raw = envelope(provider(), "X-Ricevuta: avvenuta-consegna")
    looked = look(raw, trust_store)
    assert looked.kind is MailKind.RECEIPT
    assert looked.evidence()["pec_signature"] == "verified"
    assert {part.use for part in looked.parts} == {Use.ASIDE, Use.BODY}
    assert look(raw, "").evidence()["pec_signature"] == "unchecked"
    assert look(raw, f"{trust_store}/gone").evidence()["pec_signature"] == "unchecked"


def test_evidence_stays_with_the_receipt_and_is_told_beside_the_case(database: Database) -> None:
    with database.transaction() as session:
        receipt_id = admit(session, delivery(), delivery().digest, NOW)
    assert receipt_id is not None
    signature = Signature("modulo.pdf.p7m", Trusted.VERIFIED, "Firma valida.", "Maria Rossi", "RSSMRA80A01H501U", "CA")
    looked = Looked(
        (submission(),), facts={"pec": "posta-certificata"}, notes=("Firma valida.",), signatures=(signature,)
    )
    Store(database).settle(receipt_id, looked, NOW)
    with database.transaction() as session:
        facts = session.execute(text("SELECT facts FROM receipt")).scalar_one()
    assert facts["pec"] == "posta-certificata"
    assert facts["signature_1"] == "modulo.pdf.p7m; verified; Maria Rossi; RSSMRA80A01H501U; CA"
    assert set(delivery().facts) <= set(facts)
    (case,) = Queue(database).cases()
    assert [f.message for f in case.published().submission.findings if f.rule == "evidence"] == ["Firma valida."]


def test_a_trust_store_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text('trust_store = "trust"\n', encoding="utf-8")
    settings = load_settings(tmp_path, {})
    assert settings.trusted_folder == tmp_path / "trust"
    with pytest.raises(BadSettings, match="correct trust_store"):
        wired_to("postgresql://nowhere", settings)
