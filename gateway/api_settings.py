"""What an operator can set about the API for machines."""

from pydantic import Field, field_validator

from api.gate import Options
from api.rate import Rate
from gateway.part import Part


class ApiSettings(Part):
    """The API under /api: how often, and how much, a client may send."""

    rate: str = "600/minute"
    """Requests of one client; more wait."""
    strangers: str = "30/minute"
    """Requests with a wrong key from one address."""
    submission_mb: int = Field(default=40, ge=1, le=45)
    """The largest online submission with its attachments; what is unpacked may have 50 MB a file."""
    most_files: int = Field(default=40, ge=1, le=200)

    @field_validator("rate", "strangers")
    @classmethod
    def _is_a_rate(cls, told: str) -> str:
        try:
            Rate.of(told)
        except ValueError:
            raise ValueError("write a number per time, like 600/minute or 10/second") from None
        return told

    def options(self, *, inside: bool) -> Options:
        """Give the settings as the API takes them; ``inside``: webhooks may lead to machines of the house."""
        return Options(
            rate=self.rate,
            strangers=self.strangers,
            submission_bytes=self.submission_mb * 1_000_000,
            most_files=self.most_files,
            hooks_inside=inside,
        )
