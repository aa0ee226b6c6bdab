"""What an operator can set about letters: who writes, by which ways, and what waits for a clerk first."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, model_validator

from gateway.part import Part
from letters.letter import LetterCode


class SmtpSettings(Part):
    """A server that takes our mail. The password comes from ``password_file`` or from the environment."""

    host: str
    port: int = Field(default=587, gt=0, le=65535)
    sender: str
    """The address that the letters come from; answers and bounces come back to it."""
    security: Literal["tls", "starttls", "none"] = "starttls"
    user: str = ""
    password_file: Path | None = None
    ca_file: Path | None = None
    timeout_s: float = Field(default=30.0, gt=0)
    answer_s: float = Field(default=600.0, gt=0)

    def password(self, environment: Mapping[str, str], variable: str) -> SecretStr:
        """Read the password; raises ``ValueError`` with the remedy."""
        if not self.user:
            return SecretStr("")
        if variable in environment:
            return SecretStr(environment[variable])
        if self.password_file is None:
            raise ValueError(f"letters: no password for {self.host}. Set its password_file, or {variable}.")
        try:
            return SecretStr(self.password_file.read_text(encoding="utf-8").strip())
        except OSError as error:
            raise ValueError(f"letters: {self.password_file} cannot be read: {error.strerror}.") from error


class LettersSettings(Part):
    """The letters to customers. Switched off until somebody says who writes them."""

    send: Literal["off", "hold", "auto"] = "off"
    """off: nobody is written to. hold: each letter waits for a clerk. auto: letters go by themselves."""
    hold: tuple[LetterCode, ...] = ()
    """Kinds that wait for a clerk though ``send`` is auto."""
    name: str = ""
    lines: tuple[str, ...] = ()
    place: str = ""
    email: str = ""
    pec: str = ""
    fax: str = ""
    post: str = ""
    notice: str = ""
    window: Literal["right", "left"] = "right"
    smtp: SmtpSettings | None = None
    pec_smtp: SmtpSettings | None = None
    fax_tray: Path | None = None
    print_tray: Path | None = Path("outbox/print")
    per_address: int = Field(default=6, ge=1)
    per_address_hours: int = Field(default=24, ge=1)

    @model_validator(mode="after")
    def _says_who(self) -> "LettersSettings":
        if self.send != "off" and not (self.name and (self.email or self.pec or self.fax or self.post)):
            raise ValueError("letters need a name, and at least one of email, pec, fax and post to answer to")
        return self
