"""An office with its house, and doors that are real: trays in a folder."""

from pathlib import Path

import pytest

from intake.originals import Originals
from letters.faxed import as_fax
from letters.house import House
from letters.office import Office
from letters.recipient import Way
from letters.tray import FaxTray, PrintTray
from templates.load import load_forms

HOUSE = House(
    name="Sportello di prova",
    lines=("Ufficio fittizio, Casella di esempio 1", "00100 Roma RM"),
    place="Roma",
    email="integrazioni@example.org",
    fax="06 5555 5555",
    post="Sportello di prova, Casella di esempio 1, 00100 Roma RM",
    notice="CAMPIONE – mittente fittizio",
)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(
        house=HOUSE,
        library=load_forms(),
        kept=Originals(tmp_path / "letters"),
        doors={Way.FAX: FaxTray(tmp_path / "fax", as_fax), Way.PRINT: PrintTray(tmp_path / "print")},
        senders={Way.EMAIL: "sportello@example.org"},
        own=frozenset({"integrazioni@example.org", "sportello@example.org"}),
        holds=frozenset(),
        key=bytes(range(32)),
    )
