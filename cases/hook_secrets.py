"""The secrets of webhooks at rest: sealed like the originals where there is a key, in plain where there is none.

Whoever signs must have a secret itself, so that no hash of it would do. A sealed one is of no use under another
address: the address is authenticated with it.
"""

import base64
from typing import Final

from sqlalchemy import select
from sqlmodel import Session, col

from cases.hook_tables import EndpointRow
from intake.sealed import Broken, Keyring, id_of, key_id, seal, unseal

_SEALED: Final = "sealed:"


def at_rest(secret: str, url: str, ring: Keyring) -> str:
    """Give a secret as it is kept; nothing stays nothing."""
    if ring.current is None or not secret:
        return secret
    return _SEALED + base64.b64encode(seal(secret.encode(), url, ring.current)).decode()


def in_plain(kept: str, url: str, ring: Keyring) -> str:
    """Give a secret itself. Raises ``KeyMissing`` or ``Broken``."""
    return unseal(_raw(kept), url, ring).decode() if kept.startswith(_SEALED) else kept


def seal_secrets(session: Session, ring: Keyring) -> int:
    """Seal with the current key what lies in plain or under an older key; give how many endpoints that changed.

    One whose key is not at hand stays as it is.
    """
    count = 0
    for row in session.scalars(select(EndpointRow).order_by(col(EndpointRow.id)).with_for_update()):
        fresh = [_sealed_anew(kept, row.url, ring) for kept in (row.secret, row.former)]
        count += fresh != [row.secret, row.former]
        row.secret, row.former = fresh
    return count


def in_plain_at_rest(session: Session) -> int:
    """Count the endpoints whose secret lies in plain."""
    kept = session.execute(select(col(EndpointRow.secret), col(EndpointRow.former))).all()
    return sum(any(secret and not secret.startswith(_SEALED) for secret in row) for row in kept)


def _sealed_anew(kept: str, url: str, ring: Keyring) -> str:
    return at_rest(in_plain(kept, url, ring), url, ring) if _is_old(kept, ring) else kept


def _is_old(kept: str, ring: Keyring) -> bool:
    """Tell whether a secret is to be sealed anew, and can be."""
    if not kept or ring.current is None:
        return False
    if not kept.startswith(_SEALED):
        return True
    try:
        known = id_of(_raw(kept))
    except Broken:
        return False
    return known != key_id(ring.current) and known in ring.by_id


def _raw(kept: str) -> bytes:
    try:
        return base64.b64decode(kept.removeprefix(_SEALED), validate=True)
    except ValueError as error:
        raise Broken("the sealed secret of a webhook was changed") from error
