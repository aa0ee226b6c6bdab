"""Matter: what a letter may know of a case. Pure; made from the row's stored submission."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from cases.case import CaseState
from checks.context import ROME
from checks.validation import Outcome
from intake.receipt import Channel

SUBJECTS: Final[Mapping[str, str]] = {
    "BONUS": "Bonus luce e gas",
    "CMOR": "Corrispettivo CMOR",
    "DOPPIA": "Doppia fatturazione",
    "INDENNIZZO": "Indennizzo automatico",
    "RIPRISTINO": "Ritorno al precedente fornitore",
}
"""What a letter calls each procedure: no word of health, income or debt stands in it."""
_PEOPLE: Final = ("holder", "delegate")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a person gets post."""

    street: str
    number: str
    postal_code: str
    municipality: str
    province: str

    @property
    def lines(self) -> tuple[str, ...]:
        """Give the lines below the name, as the post wants them: in capitals, the town on the last one."""
        town = f"{self.postal_code} {self.municipality} {self.province}"
        return f"{self.street} {self.number}".upper(), town.upper()


@dataclass(frozen=True, slots=True)
class Matter:
    """A case as the letters see it.

    ``number`` is the case's register number, ``protocol`` that of the arrival that the letter answers: the same for
    the first arrival, another for papers that joined later. ``joined_to`` is the case that an arrival belongs to.
    ``sender`` is the mail address or fax number of the arrival. ``safe`` is "" or why nothing is sent back there.
    """

    number: str
    protocol: str
    state: CaseState
    outcome: Outcome
    reasons: tuple[str, ...]
    channel: Channel
    received_at: datetime
    sender: str
    payload: Mapping[str, Any] = field(repr=False)
    hold_until: date | None = None
    joined_to: str = ""
    safe: str = ""

    @property
    def received_on(self) -> date:
        """The day of arrival in Rome."""
        return self.received_at.astimezone(ROME).date()

    @property
    def subject(self) -> str:
        """What the request is about, "" where no form of ours came."""
        return SUBJECTS.get(self.payload["form"], "")

    @property
    def delegate_acts(self) -> bool:
        """Tell whether anything stands in the delegate's section."""
        names = ("delegate_surname", "delegate_given_name", "delegate_tax_code")
        ticks = ("delegate_not_professional", "delegation_attached")
        return any(self.text(name) for name in names) or any(self.content(name) is True for name in ticks)

    def content(self, name: str) -> Any:  # noqa: ANN401  JSON
        """Give what certainly stands in a field, None in every other case."""
        told = self.payload["fields"].get(name)
        return told["value"] if told and told["state"] == "filled" else None

    def text(self, name: str) -> str:
        """Give a content as text on one line, "" where there is none."""
        content = self.content(name)
        return " ".join(content.split()) if isinstance(content, str) else ""

    def person(self, who: str) -> str:
        """Give the full name of ``holder`` or ``delegate``, "" where a part of it is not certain."""
        given, surname = self.text(f"{who}_given_name"), self.text(f"{who}_surname")
        return f"{given} {surname}".title() if given and surname and who in _PEOPLE else ""

    def address(self, who: str) -> Address | None:
        """Give a whole address of ``mailing``, ``holder`` or ``delegate``, None where a part of it is not certain."""
        parts = ("street", "street_number", "postal_code", "municipality", "province")
        found = [self.text(f"{who}_{part}") for part in parts]
        return Address(*found) if all(found) else None
