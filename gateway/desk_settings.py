"""What an operator can set about the clerk's desk."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, SecretStr, field_validator

from gateway.part import Part
from templates.form import Kind

SECRET: str = "GATEWAY_OIDC_SECRET"  # noqa: S105  the name of a variable


class OidcSettings(Part):
    """The single sign-on. The secret comes from ``client_secret_file`` or from ``GATEWAY_OIDC_SECRET``."""

    issuer: str
    client_id: str
    client_secret_file: Path | None = None
    name_claim: str = "preferred_username"

    @field_validator("issuer")
    @classmethod
    def _is_safe(cls, told: str) -> str:
        if not told.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise ValueError("the provider must be reached by https://")
        return told

    def secret(self, environment: Mapping[str, str]) -> SecretStr:
        """Read the client's secret. Raises ``ValueError`` with reason and remedy."""
        if SECRET in environment:
            return SecretStr(environment[SECRET])
        if self.client_secret_file is None:
            raise ValueError(f"desk.oidc: no secret. Set client_secret_file, or {SECRET}.")
        try:
            return SecretStr(self.client_secret_file.read_text(encoding="utf-8").strip())
        except OSError as error:
            raise ValueError(f"desk.oidc: {self.client_secret_file} cannot be read: {error.strerror}.") from error


class DeskSettings(Part):
    """The desk on the web: where it listens, and how long sessions last."""

    host: str = "127.0.0.1"
    """Loopback: what stands between the desk and the network is a proxy with TLS."""
    port: int = Field(default=0, ge=0, le=65535)
    """0: ``gateway run`` starts no desk, and ``gateway serve`` takes 8080."""
    public_url: str = ""
    """The address that clerks type, when a proxy stands before the desk. With https cookies are Secure."""
    proxies: tuple[str, ...] = ()
    """Addresses of proxies whose word about the clerk's own address is believed."""
    idle_minutes: int = Field(default=30, ge=1, le=24 * 60)
    longest_hours: int = Field(default=10, ge=1, le=24 * 7)
    claim_minutes: int = Field(default=15, ge=1, le=24 * 60)
    refusals_by_two: bool = False
    """A refusal is confirmed by another person than the one who proposed it."""
    oidc: OidcSettings | None = None
    second_share: float = Field(default=0.05, ge=0, le=1)
    """The share of cases of which a field is keyed again by somebody who does not see the first value."""
    second_kinds: tuple[Kind, ...] = ()
    """Kinds of field that are all keyed again in those cases, like "tax_code"."""

    @field_validator("public_url")
    @classmethod
    def _is_an_origin(cls, told: str) -> str:
        bare = told.rstrip("/")
        if bare and (not bare.startswith(("http://", "https://")) or bare.count("/") != 2):
            raise ValueError("write scheme and host only, like https://sportello.example.it")
        return bare
