"""A crowd of made-up cases for the desk: as many as wanted, the same for the same seed. No person in it exists."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert
from sqlmodel import Session, col

from cases.tables import CaseRow, ReceiptRow, StepRow

_SURNAMES: Final = (
    "Rossi",
    "Bianchi",
    "Esposito",
    "D'Angelo",
    "Colombo",
    "Ricci",
    "Marini",
    "Greco",
    "Lo Turco",
    "Nicolò",
)
_GIVEN: Final = ("Maria", "Giuseppe", "Anna", "Luca", "Niccolò", "Francesca", "Paolo", "Chiara", "Aldo", "Irene")
_FORMS: Final = ("BONUS", "CMOR", "DOPPIA", "INDENNIZZO", "RIPRISTINO", "")
_CHANNELS: Final = ("email", "email", "pec", "fax", "post", "online")
_KINDS: Final = (
    (
        "waiting_clerk",
        "MANUAL_REVIEW",
        "field_unreadable",
        "doubtful",
        "Sezione A – Codice fiscale: non si legge.",
    ),
    ("waiting_clerk", "MANUAL_REVIEW", "id_expired", "invalid", "Sezione L – Documento d'identità: risulta scaduto."),
    (
        "waiting_clerk",
        "MANUAL_REVIEW",
        "bill_unclear",
        "doubtful",
        "Sezione L – Bolletta: forse non è quella.",
    ),
    (
        "refusal_proposed",
        "NOT_ADMISSIBLE",
        "channel_not_for_customer_type",
        "refusal",
        "Il cliente non domestico deve usare il Portale.",
    ),
    ("waiting_customer", "INCOMPLETE", "complaint_copy", "missing", "Manca la copia del reclamo inviato al venditore."),
    ("held", "HELD_UNTIL", "wait_not_over", "note", "I 40 giorni dal reclamo non sono ancora passati."),
    ("queued", "READY", "", "note", "Completa."),
)
_AT_ONCE: Final = 2000


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many cases, and which. ``kinds`` are places in the table of kinds; empty: all of them."""

    size: int
    seed: int = 1
    kinds: Sequence[int] = ()
    until: datetime = datetime(2026, 11, 25, 12, tzinfo=UTC)
    fields: dict[str, str] = field(default_factory=dict)
    """Values that every case has, in place of made-up ones."""
    said: str = ""
    """What every finding says, in place of its own words."""


def gather(session: Session, crowd: Crowd) -> list[int]:
    """Write the receipts, cases and first steps of a crowd; give the ids of the cases."""
    dice = random.Random(crowd.seed)
    ids: list[int] = []
    numbers = iter(range(1 + crowd.seed * 1_000_000, 1 + crowd.seed * 1_000_000 + crowd.size))
    for start in range(0, crowd.size, _AT_ONCE):
        some = min(_AT_ONCE, crowd.size - start)
        arrivals = sorted(crowd.until - timedelta(minutes=dice.randrange(60 * 24 * 60)) for _ in range(some))
        receipts = session.scalars(
            insert(ReceiptRow).returning(col(ReceiptRow.id), sort_by_parameter_order=True),
            [_receipt(crowd, start + n, at) for n, at in enumerate(arrivals)],
        ).all()
        cases = list(_cases(crowd, dice, receipts, arrivals, numbers))
        made = insert(CaseRow).returning(col(CaseRow.id), sort_by_parameter_order=True)
        born = session.scalars(made, cases).all()
        ids += born
        steps = [_step(case_id, case) for case_id, case in zip(born, cases, strict=True)]
        session.execute(insert(StepRow), steps)
    return ids


def _receipt(crowd: Crowd, number: int, at: datetime) -> dict[str, Any]:
    return {
        "origin": f"crowd:{crowd.seed}/{number}",
        "channel": "email",
        "name": "modulo.pdf",
        "digest": f"{crowd.seed:02x}{number:062x}",
        "size": 1,
        "received_at": at,
        "registered_at": at,
        "settled_at": at,
        "sender": "",
        "subject": "",
        "message_id": "",
        "facts": {},
        "state": "settled",
        "sweeps": 0,
        "deaths": 0,
        "failure": "",
    }


def _cases(
    crowd: Crowd, dice: random.Random, receipts: Sequence[int], arrivals: Sequence[datetime], numbers: Iterator[int]
) -> Iterator[dict[str, Any]]:
    for receipt, at in zip(receipts, arrivals, strict=True):
        state, outcome, reason, weight, words = _KINDS[dice.choice(crowd.kinds or range(len(_KINDS)))]
        hold = (at + timedelta(days=dice.randrange(1, 40))).date() if state == "held" else None
        form = dice.choice(_FORMS)
        finding = {"rule": reason, "section": "", "field": "", "severity": weight, "message": crowd.said or words}
        values = _person(dice) | crowd.fields
        yield {
            "receipt_id": receipt,
            "item": 0,
            "year": 2026,
            "number": next(numbers),
            "state": state,
            "outcome": outcome,
            "reasons": [reason] if reason else [],
            "form": form,
            "edition": "2026-01" if form else "",
            "channel": dice.choice(_CHANNELS),
            "sender": "",
            "received_at": at,
            "registered_at": at,
            "hold_until": hold,
            "payload": _payload(form, outcome, [reason] if reason else [], hold, values, finding),
            "version": 1,
        }


def _payload(
    form: str, outcome: str, reasons: list[str], hold: date | None, values: dict[str, str], finding: dict[str, str]
) -> dict[str, Any]:
    told = {
        name: {"value": value, "raw": value, "state": "filled", "confidence": 1.0, "source": "acroform"}
        for name, value in values.items()
    }
    return {
        "form": form,
        "edition": "2026-01" if form else "",
        "outcome": outcome,
        "reasons": reasons,
        "hold_until": hold.isoformat() if hold else None,
        "files": [],
        "pages": [],
        "missing_pages": [],
        "papers": [],
        "fields": told,
        "findings": [finding],
    }


def _person(dice: random.Random) -> dict[str, str]:
    surname, given = dice.choice(_SURNAMES), dice.choice(_GIVEN)
    code = "".join(c for c in (surname + given).upper() if c in "BCDFGLMNPRSTVZ")[:6].ljust(6, "X")
    return {
        "holder_surname": surname,
        "holder_given_name": given,
        "holder_tax_code": f"{code}{dice.randrange(40, 99)}A{dice.randrange(10, 31)}Z{dice.randrange(100, 999)}X",
        "supply_pod": f"IT001E{dice.randrange(10**8):08d}",
        "holder_mobile": f"+393{dice.randrange(10**9):09d}",
    }


def _step(case_id: int, case: dict[str, Any]) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "at": case["registered_at"],
        "event": "born",
        "state": case["state"],
        "actor": "gateway",
        "written": True,
        "announced": True,
    }
