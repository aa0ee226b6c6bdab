"""An authority of our own, a mail provider and a customer with certificates of it; made once for a run."""

from datetime import UTC, datetime
from functools import cache

from intake.trust import Trust
from samples.signing import Identity, authority, issue

SINCE = datetime(2025, 1, 1, tzinfo=UTC)
AT = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
LATER = datetime(2031, 1, 1, tzinfo=UTC)
TAX_CODE = "RSSMRA80A01H501U"
PROVIDER = "posta-certificata@pec.example.org"


@cache
def ours() -> Identity:
    return authority("Certificatore di prova", SINCE)


@cache
def customer() -> Identity:
    return issue(ours(), "Maria Rossi", SINCE, serial=f"TINIT-{TAX_CODE}")


@cache
def provider() -> Identity:
    return issue(ours(), "Gestore di prova", SINCE, email=PROVIDER)


@cache
def stranger() -> Identity:
    return authority("Certificatore ignoto", SINCE)


def trusting(*authorities: Identity, at: datetime = AT) -> Trust:
    return Trust(tuple(each.certificate for each in authorities), at)
