"""What an operator can set about the clerk's desk."""

from pydantic import Field, field_validator

from gateway.part import Part


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

    @field_validator("public_url")
    @classmethod
    def _is_an_origin(cls, told: str) -> str:
        bare = told.rstrip("/")
        if bare and (not bare.startswith(("http://", "https://")) or bare.count("/") != 2):
            raise ValueError("write scheme and host only, like https://sportello.example.it")
        return bare
