"""Stand-ins for what is slow: submissions and deliveries that need no reading. Seen by tests and benches only."""

from datetime import UTC, date, datetime

from cases.submission import Submission
from checks.validation import Finding, Outcome, Severity, Validation
from intake.receipt import Channel, Delivery, Origin
from parsers.reading import Reading

ARRIVED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def submission(outcome: Outcome = Outcome.READY, form: str = "CMOR", hold_until: date | None = None) -> Submission:
    """Give a submission with an outcome and one finding."""
    finding = Finding("stub", "A", "", Severity.NOTE, "Prova.")
    validation = Validation(outcome, ("stub",), (finding,), {}, hold_until)
    return Submission(Reading(form=form, edition="2026-01", values={}), validation)


def delivery(
    origin: str = "fax:tray/1",
    raw: bytes = b"raw",
    channel: Channel = Channel.FAX,
    received_at: datetime = ARRIVED,
    name: str = "000001.tif",
) -> Delivery:
    """Give a delivery."""
    return Delivery(Origin(origin), channel, name, raw, received_at, sender="+39 06 0000000")
