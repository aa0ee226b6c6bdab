"""Validation: what the checks found in one submission, and where it goes from here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from parsers.reading import Value


class Severity(StrEnum):
    """What a finding asks for. The names are part of the published contract."""

    MISSING = "missing"
    """The customer must add it."""
    INVALID = "invalid"
    """Read well, but wrong: a clerk confirms, then the customer corrects it."""
    DOUBTFUL = "doubtful"
    """A clerk must look."""
    REFUSAL = "refusal"
    """Not admissible on this channel; a clerk confirms."""
    NOTE = "note"
    """Worth knowing; stops nothing."""


class Outcome(StrEnum):
    """Where a submission goes. The names are those of the rules and part of the published contract."""

    READY = "READY"
    INCOMPLETE = "INCOMPLETE"
    HELD_UNTIL = "HELD_UNTIL"
    NOT_ADMISSIBLE = "NOT_ADMISSIBLE"
    WRONG_FORM = "WRONG_FORM"
    DUPLICATE_OF = "DUPLICATE_OF"
    JOINED_TO = "JOINED_TO"
    MANUAL_REVIEW = "MANUAL_REVIEW"
    NOT_A_REQUEST = "NOT_A_REQUEST"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the checks found. ``message`` is Italian and says what would cure it.

    ``section`` is a letter A-N or "" for the submission as a whole; ``field`` a field or attachment code or "".
    """

    rule: str
    section: str
    field: str
    severity: Severity
    message: str


@dataclass(frozen=True, slots=True)
class Validation:
    """The result of all checks: one outcome with its reasons, every finding, and the values with their final states."""

    outcome: Outcome
    reasons: tuple[str, ...]
    findings: tuple[Finding, ...]
    values: Mapping[str, Value]
    hold_until: date | None = None
