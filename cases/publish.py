"""Publish: write a reading and what the checks say of it into its case, whoever had it judged anew."""

from datetime import datetime
from typing import Any, Final, cast

from sqlmodel import Session

from cases.contract import submission_payload
from cases.plain import plain, plain_json
from cases.submission import Submission
from cases.tables import CaseRow
from cases.whole import noticed
from checks.context import ROME, CheckSettings, Context
from checks.validation import Validation
from intake.receipt import Channel
from parsers.reading import Reading

_KEPT: Final = frozenset({"evidence", "repeated_bytes", "premature_at_receipt", "another_case_named"})
"""Findings that no check makes: they stay whatever is corrected or joined."""


def publish(case: CaseRow, reading: Reading, found: Validation) -> None:
    """Write a reading and its validation into a case; the caller moves the case or notes the step."""
    payload = cast("dict[str, Any]", plain_json(submission_payload(Submission(reading, found))))
    payload["files"] = payload["files"] or case.payload["files"]
    payload["findings"] += [f for f in case.payload["findings"] if f["rule"] in _KEPT]
    case.payload = payload
    case.outcome, case.reasons = found.outcome.value, [plain(r) for r in found.reasons]
    case.form, case.edition, case.hold_until = plain(reading.form), plain(reading.edition), found.hold_until


def context_of(session: Session, case: CaseRow, checks: CheckSettings, now: datetime) -> Context:
    """Give what the checks must know of a case besides its reading."""
    return Context(
        channel=Channel(case.channel),
        received_at=case.received_at,
        processed_on=now.astimezone(ROME).date(),
        settings=checks,
        sender=case.sender,
        noticed=noticed(session, case.id),
    )
