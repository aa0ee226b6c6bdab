"""Context and CheckSettings: what the checks must know besides the reading itself."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, Literal
from zoneinfo import ZoneInfo

from checks.validation import Finding
from intake.receipt import Channel

ROME = ZoneInfo("Europe/Rome")
"""Terms are counted on the dates of the desk's own wall calendar."""


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """What the rules leave to the operator; the defaults are those of the rules.

    ``wait_days`` after the complaint of which the request must not come before; counted from the day on which the
    complaint was ``sent`` or ``received`` by the supplier. ``strict`` asks that the days have passed (elapsed > 40),
    ``loose`` lets the last of them through. ``wait_rollover`` moves a last day on a Sunday or holiday to the next
    working one. With ``wait_early_answer`` an answer, with its copy, opens at once. ``wait_exempt`` are procedures
    without complaint.
    ``paper_card_ends`` is the first day on which paper identity cards no longer count.
    ``delegate_signals`` are words, and ``delegate_domains`` parts of mail domains, of professionals.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}  # a mistyped setting must not pass unseen

    wait_days: int = 40
    wait_start: Literal["sent", "received"] = "sent"
    wait_mode: Literal["strict", "loose"] = "strict"
    wait_rollover: bool = False
    wait_early_answer: bool = True
    wait_exempt: tuple[str, ...] = ("BONUS",)
    complaint_age_flag_days: int = 365
    paper_card_ends: date = date(2026, 8, 3)
    bonus_automatic_from: date = date(2021, 1, 1)
    delegate_repeat_threshold: int = 5
    delegate_signals: tuple[str, ...] = (
        "studio", "avv", "avvocato", "avvocata", "avvocati", "legale", "caf", "patronato", "associazione",
        "commercialista", "consulente", "consulenza", "srl", "spa", "sas", "snc", "professionista",
    )  # fmt: skip
    delegate_domains: tuple[str, ...] = ("avvocat", "ordine", "studiolegale", "commercialist", "patronat", "consulen")

    def __post_init__(self) -> None:
        if self.wait_days < 0:
            raise ValueError("wait_days cannot be negative: give the days to wait after the complaint, or 0")


@dataclass(frozen=True, slots=True)
class Context:
    """How and when a submission came, and what the desk knows besides.

    ``received_at`` is the instant of receipt (with time zone), ``processed_on`` the day of these checks.
    ``sender`` is the address or fax number. ``delegate_cases`` counts the cases that the same delegate already has.
    ``delegate_professional`` is a clerk's word, None while nobody has looked.
    ``noticed`` are findings from outside this submission, such as a case that it perhaps belongs to; they are weighed
    like those of the checks.
    ``accepted`` names findings (rule, field) that a clerk has looked at and let pass, ``confirmed`` those that the
    customer must put right.
    """

    channel: Channel
    received_at: datetime
    processed_on: date
    settings: CheckSettings = field(default_factory=CheckSettings)
    sender: str = ""
    delegate_cases: int = 0
    delegate_professional: bool | None = None
    noticed: tuple[Finding, ...] = ()
    accepted: frozenset[tuple[str, str]] = frozenset()
    confirmed: frozenset[tuple[str, str]] = frozenset()

    def __post_init__(self) -> None:
        if self.received_at.tzinfo is None:
            raise ValueError("received_at must carry a time zone")

    @property
    def received_on(self) -> date:
        """The day of receipt in Rome."""
        return self.received_at.astimezone(ROME).date()
