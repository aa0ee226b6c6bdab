"""Settings: built-in defaults, then ``gateway.toml``, then ``GATEWAY_*`` of the environment.

Secrets come only from files of their own or from the environment.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, model_validator

from cases.register_day import Body
from checks.context import CheckSettings
from gateway.api_settings import ApiSettings
from gateway.desk_settings import DeskSettings
from gateway.letters_settings import LettersSettings
from gateway.part import Part
from gateway.webhook_settings import WebhookSettings
from intake.sealed import BadKey, Keyring, read_keys
from jobs.child import Limits
from parsers.calibration import BUDGET
from templates.load import FORMS

FILE_NAME = "gateway.toml"


class BadSettings(Exception):
    """The settings cannot be used; the message names the place and the remedy."""


class MailboxSettings(Part):
    """An IMAP mailbox. The password comes from ``password_file`` or ``GATEWAY_MAILBOX_<NAME>_PASSWORD``."""

    name: str
    host: str
    port: int = 993
    user: str
    folder: str = "INBOX"
    pec: bool = False
    tls: Literal["tls", "starttls", "none"] = "tls"
    ca_file: Path | None = None
    password_file: Path | None = None
    move_to: str = ""
    max_message_mb: int = Field(default=30, gt=0)

    def password(self, environment: Mapping[str, str]) -> SecretStr:
        """Read the password from the environment or from its file."""
        key = f"GATEWAY_MAILBOX_{self.name.upper().replace('-', '_')}_PASSWORD"
        if key in environment:
            return SecretStr(environment[key])
        if self.password_file is None:
            raise BadSettings(f"mailbox {self.name}: no password. Set password_file in {FILE_NAME}, or {key}.")
        try:
            return SecretStr(self.password_file.read_text(encoding="utf-8").strip())
        except OSError as error:
            raise BadSettings(f"mailbox {self.name}: {self.password_file} cannot be read: {error.strerror}.") from error


class TraySettings(Part):
    """A folder that is watched. Relative folders are below the home folder."""

    name: str
    folder: Path
    quiet_s: float = Field(default=5.0, ge=0)
    pec: bool = False


class RetentionSettings(Part):
    """For how many days contents are kept, by class; 0 keeps them. Counted from the day on which the work ended."""

    originals: int = Field(default=0, ge=0)
    """The raw message, fax or scan of a case that is closed, refused, handed over or linked."""
    values: int = Field(default=0, ge=0)
    """What was read of it: fields, sender, names of files."""
    no_case: int = Field(default=0, ge=0)
    """What became no case: receipts, bounces, advertisements."""


class KeepingSettings(Part):
    """Encryption at rest, retention, and how much of the disk is left free."""

    key_file: Path | None = None
    spare_mb: int = Field(default=200, ge=0)
    tips_file: Path | None = None
    days: RetentionSettings = Field(default_factory=RetentionSettings)
    legal_hold: bool = False
    hold: tuple[str, ...] = ()
    """Register numbers of cases of which nothing is erased."""

    def keyring(self, environment: Mapping[str, str]) -> Keyring:
        """Read the keys from ``GATEWAY_KEY`` or from the file; none means that originals lie in plain."""
        written = environment.get("GATEWAY_KEY", "")
        try:
            if not written and self.key_file is not None:
                written = self.key_file.read_text(encoding="ascii")
            return Keyring(read_keys(written))
        except (OSError, UnicodeDecodeError) as error:
            raise BadSettings(
                f"the key file {self.key_file} cannot be read: {error}. Correct keeping.key_file."
            ) from None
        except BadKey as error:
            raise BadSettings(f"{self.key_file or 'GATEWAY_KEY'}: {error}") from None


class ReadingSettings(Part):
    """How much error is borne among values that nobody looks at, as a share: 0.0014 is that of double keying."""

    error_budget: float = Field(default=BUDGET, ge=0, le=0.05)


class RegisterSettings(Part):
    """Whose protocol register it is, its name there (both stand on each daily register), and where days are written."""

    body: str = Field(default=Body().name, min_length=1)
    name: str = Field(default=Body().register, min_length=1)
    folder: str = "register"
    """Where the register of each finished day is written; empty: nowhere."""


class ScannerSettings(Part):
    """The virus scanner: the path of clamd's socket, or host:port; empty means that nothing is scanned."""

    address: str = Field(default="", pattern=r"^(|/.+|.+:\d{1,5})$")
    timeout_s: float = Field(default=60.0, gt=0)


class Settings(Part):
    """Everything that an operator can set."""

    home: Path
    db: SecretStr | None = None
    originals: Path | None = None
    workers: int = Field(default=1, ge=1, le=64)
    concurrency: int = Field(default=1, ge=1, le=64)
    pickup_every_s: int = Field(default=60, ge=1)
    mailboxes: tuple[MailboxSettings, ...] = ()
    mail_drops: tuple[TraySettings, ...] = (TraySettings(name="mail", folder=Path("inbox/mail")),)
    fax_trays: tuple[TraySettings, ...] = (TraySettings(name="fax", folder=Path("inbox/fax")),)
    scan_folders: tuple[TraySettings, ...] = (TraySettings(name="scan", folder=Path("inbox/scan")),)
    trust_store: Path | None = None
    """Folder with the certificates of the authorities whose digital signatures are trusted."""
    forms: Path | None = None
    """Folder of form definitions beside the shipped ones."""
    checks: CheckSettings = Field(default_factory=CheckSettings)
    reading: ReadingSettings = Field(default_factory=ReadingSettings)
    scanner: ScannerSettings = Field(default_factory=ScannerSettings)
    register_: RegisterSettings = Field(default_factory=RegisterSettings, alias="register")
    """The table is named ``register``; the attribute is not, for pydantic's class has a method of that name."""
    limits: Limits = Field(default_factory=Limits)
    keeping: KeepingSettings = Field(default_factory=KeepingSettings)
    api: ApiSettings = Field(default_factory=ApiSettings)
    webhooks: WebhookSettings = Field(default_factory=WebhookSettings)
    desk: DeskSettings = Field(default_factory=DeskSettings)
    letters: LettersSettings = Field(default_factory=LettersSettings)
    watch_port: int = Field(default=0, ge=0, le=65535)
    log_file: Path | None = None

    @model_validator(mode="after")
    def _names_differ(self) -> "Settings":
        names = [box.name for box in self.mailboxes]
        names += [tray.name for tray in (*self.mail_drops, *self.fax_trays, *self.scan_folders)]
        twice = {n for n in names if names.count(n) > 1}
        if twice:
            raise ValueError(f"two sources are named {', '.join(sorted(twice))}: give each its own name")
        return self

    @property
    def trusted_folder(self) -> Path | None:
        """The trust store, below the home folder unless its path is absolute."""
        return self.home / self.trust_store if self.trust_store else None

    @property
    def forms_folder(self) -> Path | None:
        """The folder of own forms, below the home folder unless its path is absolute."""
        return self.home / self.forms if self.forms else None

    @property
    def register_folder(self) -> Path | None:
        """Where the daily register is written, below the home folder unless its path is absolute; None: nowhere."""
        return self.home / self.register_.folder if self.register_.folder else None

    @property
    def body(self) -> Body:
        """Whose register it is."""
        return Body(self.register_.body, self.register_.name)

    @property
    def originals_folder(self) -> Path:
        """Where raw bytes are kept: ``originals`` when set, else below the home folder."""
        return self.originals or self.home / "originals"

    @property
    def tips_file(self) -> Path:
        """Where tips of the ledger are noted: best on another disk."""
        return self.keeping.tips_file or self.home / "ledger.tips"


def load_settings(home: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Load the settings for a home folder.

    The home is ``home``, else ``GATEWAY_HOME``, else ``gateway-data`` in the current folder.
    Raises ``BadSettings`` naming file, key and remedy.
    """
    env = os.environ if environment is None else environment
    folder = (home or Path(env.get("GATEWAY_HOME", "gateway-data"))).absolute()
    told = _from_file(folder / FILE_NAME)
    told.update({key: env[name] for key, name in _OVERRIDES.items() if env.get(name)})
    try:
        return Settings(home=folder, **told)
    except ValidationError as error:
        raise BadSettings(_explain(folder / FILE_NAME, error)) from error


_OVERRIDES = {
    "db": "GATEWAY_DB",
    "originals": "GATEWAY_ORIGINALS",
    "forms": FORMS,
    "workers": "GATEWAY_WORKERS",
    "concurrency": "GATEWAY_CONCURRENCY",
    "pickup_every_s": "GATEWAY_PICKUP_EVERY_S",
    "watch_port": "GATEWAY_WATCH_PORT",
    "log_file": "GATEWAY_LOG_FILE",
}


def _from_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSettings(
            f"{path} cannot be read: {error}. Mend it, or write a fresh one with 'gateway init'."
        ) from error
    if "db" in told:
        raise BadSettings(
            f"{path}: the database address may hold a password, so it is not read from here. Set GATEWAY_DB."
        )
    return told


def _explain(path: Path, error: ValidationError) -> str:
    lines = [f"{path} or a GATEWAY_ variable is wrong:"]
    lines += [f"  {'.'.join(str(p) for p in e['loc']) or 'settings'}: {e['msg']}" for e in error.errors()]
    lines.append("Correct it; 'gateway init --show' prints a commented example.")
    return "\n".join(lines)
