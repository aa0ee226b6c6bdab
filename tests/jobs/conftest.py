"""A process wired to an empty database, with a look that tells everything apart by its first byte."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.stubs import submission
from bench.yard import HASTE
from cases.submission import Looked
from intake.originals import Originals
from intake.receipt import MailKind, Receipt
from jobs.app import Wiring, configure
from tests.intake.dovecot import box, dovecot

__all__ = ["box", "dovecot"]


def look(_receipt: Receipt, raw: bytes) -> Looked:
    if raw.startswith(b"advert"):
        return Looked((), kind=MailKind.LIST)
    if raw.startswith(b"two"):
        return Looked((submission(), submission()))
    if raw.startswith(b"broken"):
        raise ValueError("a fault in a parser")
    return Looked((submission(),))


@pytest.fixture
def wiring(database_url: str, tmp_path: Path) -> Iterator[Wiring]:
    wired = configure(database_url, look, Originals(tmp_path / "originals"), {}, HASTE)
    yield wired
    wired.database.close()
