"""Wire the letters: settings in, the office out, with its doors and the key of its return sheets."""

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Final

from gateway.letters_settings import LettersSettings, SmtpSettings
from gateway.settings import BadSettings, Settings
from intake.originals import Originals
from letters.door import Door
from letters.faxed import as_fax
from letters.house import House
from letters.letter import LetterCode
from letters.office import FOLDER, Cap, Office
from letters.recipient import Way
from letters.smtp import MailServer, Smtp
from letters.tray import FaxTray, PrintTray
from templates.load import load_forms

KEY_FILE: Final = "sheets.key"
"""The key of the codes on return sheets: whoever has it can write one for any case. A new one makes old sheets void."""
_KEY_BYTES: Final = 32


def office(settings: Settings) -> Office | None:
    """Wire the letters, None where they are switched off. Raises ``BadSettings``."""
    told = settings.letters
    if told.send == "off":
        return None
    try:
        return _office(settings, told)
    except ValueError as error:
        raise BadSettings(f"{error} Correct the table [letters] of gateway.toml.") from error


def _office(settings: Settings, told: LettersSettings) -> Office:
    house = House(
        told.name, told.lines, told.place, told.email, told.pec, told.fax, told.post, told.notice, told.window
    )
    senders = {Way.EMAIL: told.smtp, Way.PEC: told.pec_smtp}
    ring = settings.keeping.keyring(os.environ)
    return Office(
        house=house,
        library=load_forms(),
        kept=Originals(settings.home / FOLDER, settings.keeping.spare_mb * 1_000_000, ring),
        doors=doors(settings.home, told),
        senders={way: server.sender for way, server in senders.items() if server},
        own=frozenset(_own(settings, told)),
        holds=frozenset(LetterCode) if told.send == "hold" else frozenset(told.hold),
        cap=Cap(told.per_address, timedelta(hours=told.per_address_hours)),
        key=sheets_key(settings.home),
    )


def doors(home: Path, told: LettersSettings) -> dict[Way, Door]:
    """Open the ways out of the house that are set."""
    found: dict[Way, Door] = {}
    if told.smtp:
        found[Way.EMAIL] = Smtp(_server(told.smtp, "GATEWAY_SMTP_PASSWORD"))
    if told.pec_smtp:
        found[Way.PEC] = Smtp(_server(told.pec_smtp, "GATEWAY_PEC_SMTP_PASSWORD"))
    if told.fax_tray:
        found[Way.FAX] = FaxTray(home / told.fax_tray, as_fax)
    if told.print_tray:
        found[Way.PRINT] = PrintTray(home / told.print_tray)
    return found


def sheets_key(home: Path) -> bytes:
    """Read the key of return sheets, which is made at the first time. Raises ``BadSettings``."""
    path = home / KEY_FILE
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True, mode=0o711)
        part = home / f".{KEY_FILE}.{secrets.token_hex(4)}"
        part.touch(mode=0o600)
        part.write_bytes(secrets.token_bytes(_KEY_BYTES))
        try:
            os.link(part, path)  # the first of several processes wins, and no key is ever written over
        except FileExistsError:
            pass
        finally:
            part.unlink()
    key = path.read_bytes()
    if len(key) != _KEY_BYTES:
        raise BadSettings(f"{path} is no key of ours: restore it from the backup.")
    return key


def _server(told: SmtpSettings, variable: str) -> MailServer:
    return MailServer(
        host=told.host,
        port=told.port,
        sender=told.sender,
        security=told.security,
        user=told.user,
        password=told.password(os.environ, variable).get_secret_value(),
        ca_file=told.ca_file,
        timeout_s=told.timeout_s,
        answer_s=told.answer_s,
    )


def _own(settings: Settings, told: LettersSettings) -> set[str]:
    """Name our own addresses: nothing is ever sent there."""
    named = [told.email, told.pec, *(s.sender for s in (told.smtp, told.pec_smtp) if s)]
    return {address.lower() for address in (*named, *(box.user for box in settings.mailboxes)) if "@" in address}
