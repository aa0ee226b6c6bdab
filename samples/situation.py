"""Situation: who asks for what, when, and what is odd about it. Everything else follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from samples.people import DISTRIBUTORS, SUPPLIERS, Person, invent, with_home

PROCEDURES = ("BONUS", "RIPRISTINO", "CMOR", "DOPPIA", "INDENNIZZO")
_DAY_ZERO = date(2026, 9, 7)


@dataclass(frozen=True, slots=True)
class Situation:
    """One request before anything is written down.

    ``complaint`` is None where no complaint was made. ``service`` is electricity, gas or both.
    """

    procedure: str
    holder: Person
    delegate: Person | None
    service: str
    variant: str
    suppliers: tuple[str, str]
    distributor: str
    received_at: datetime
    complaint: date | None
    answered: date | None
    amount_cents: int
    seed: int

    @property
    def day(self) -> date:
        """The day of arrival. Sample post arrives around noon, so UTC and Rome agree on it."""
        return self.received_at.date()

    @property
    def to_whom(self) -> str:
        """The operator to whom the complaint went."""
        return self.suppliers[1] if self.procedure == "CMOR" else self.suppliers[0]


_VARIANTS: Mapping[str, tuple[str, ...]] = {
    "BONUS": ("economic", "physical", "large_family"),
    "RIPRISTINO": ("contract_not_concluded",),
    "CMOR": ("not_due", "already_paid", "wrong_amount"),
    "DOPPIA": ("double_billing",),
    "INDENNIZZO": ("late_complaint_answer", "late_billing_correction", "late_double_billing_correction", "other"),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a situation must have; None leaves it to chance."""

    delegate: bool | None = None
    answered: bool | None = None
    waited: int | None = None
    variant: str = ""
    service: str = ""
    received: date | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


def imagine(rng: Random, procedure: str, wish: Wish) -> Situation:
    """Draw a situation of ``procedure`` that fulfils ``wish``. ``waited`` is days from complaint to arrival."""
    seed = rng.randrange(2**31)
    holder = invent(rng)
    delegate = with_home(invent(rng, surname=holder.surname), holder.home)
    day = wish.received or _DAY_ZERO + timedelta(days=rng.randrange(70))
    waited = rng.randint(45, 150)
    waited = waited if wish.waited is None else wish.waited
    complaint = None if procedure == "BONUS" else day - timedelta(days=waited)
    answered = rng.random() < 0.3 if wish.answered is None else wish.answered
    acts = rng.random() < 0.3 if wish.delegate is None else wish.delegate
    answer = (
        complaint + timedelta(days=min(rng.randint(12, 35), max(1, waited - 3))) if complaint and answered else None
    )
    first, second = rng.sample(SUPPLIERS, 2)
    minute = timedelta(hours=8, minutes=rng.randrange(480))
    return Situation(
        procedure=procedure,
        holder=holder,
        delegate=delegate if acts else None,
        service=wish.service or rng.choice(("electricity", "electricity", "gas", "both")),
        variant=wish.variant or rng.choice(_VARIANTS[procedure]),
        suppliers=(first, second),
        distributor=rng.choice(DISTRIBUTORS),
        received_at=datetime(day.year, day.month, day.day, tzinfo=UTC) + minute,
        complaint=complaint,
        answered=answer,
        amount_cents=rng.randrange(1200, 250_000),
        seed=seed,
    )
