"""What was searched for, as it may stand in an address: sealed, so that no name gets into histories and logs."""

import base64
import binascii
import secrets
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select
from sqlmodel import Session, col

from cases.tables import InstallationRow

_NONCE: Final = 12
_FOR: Final = b"what was searched for at the desk"


def seal(session: Session, words: str) -> str:
    """Seal words for an address of this installation; the same words look different each time."""
    nonce = secrets.token_bytes(_NONCE)
    sealed = nonce + _lock(session).encrypt(nonce, words.encode(), _FOR)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def unseal(session: Session, sealed: str) -> str:
    """Give the words again; an empty text for what was not sealed here."""
    try:
        raw = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
        return _lock(session).decrypt(raw[:_NONCE], raw[_NONCE:], _FOR).decode()
    except (InvalidTag, ValueError, binascii.Error):
        return ""


def _lock(session: Session) -> AESGCM:
    """Give the lock: its key is the installation's own random name, which never leaves the database."""
    name = session.execute(select(col(InstallationRow.id))).scalar_one()
    return AESGCM(sha256(_FOR + name.encode()).digest())
