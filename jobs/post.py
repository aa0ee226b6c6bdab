"""Post: what a look is given."""

from dataclasses import dataclass, field
from datetime import date, datetime

from intake.receipt import Channel


@dataclass(frozen=True, slots=True)
class Post:
    """The bytes of one delivery, how and when they came, and the day on which they are looked at."""

    name: str
    raw: bytes = field(repr=False)
    channel: Channel
    received_at: datetime
    processed_on: date
