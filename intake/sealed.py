"""Encryption at rest: the door to cryptography (AES-256-GCM, HKDF).

A sealed file is: magic, key id, salt, then chunks in the STREAM construction (Hoang and others, 2015): the nonce of a
chunk is its number and whether it is the last, so that chunks cannot be reordered, dropped or cut off unnoticed. The
file's own name is authenticated with each: two files cannot be exchanged. Every file has a key of its own, derived.
"""

import base64
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC: Final = b"GWSEAL1\n"
_ID_BYTES: Final = 8
_SALT_BYTES: Final = 16
_HEAD: Final = len(MAGIC) + _ID_BYTES + _SALT_BYTES
_KEY_BYTES: Final = 32
_CHUNK: Final = 1_048_576
_TAG: Final = 16


class KeyMissing(Exception):
    """A file is sealed with a key that is not at hand. The message says which, and what to do."""


class Broken(Exception):
    """A sealed file was changed, cut or exchanged."""


class BadKey(Exception):
    """What should be a key is none. The message never quotes it."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys: new files are sealed with the first, files of all can be opened. Without keys nothing is sealed."""

    keys: tuple[bytes, ...] = field(default=(), repr=False)

    @property
    def current(self) -> bytes | None:
        """The key for new files, if there is one."""
        return self.keys[0] if self.keys else None

    @property
    def by_id(self) -> Mapping[bytes, bytes]:
        """The keys by their ids."""
        return MappingProxyType({key_id(key): key for key in self.keys})


def key_id(key: bytes) -> bytes:
    """Give the id of a key, which tells nothing about it."""
    return sha256(b"gateway key id\n" + key).digest()[:_ID_BYTES]


def new_key() -> str:
    """Make a key, as it is written down."""
    return base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def read_keys(text: str) -> tuple[bytes, ...]:
    """Read keys as they are written down, one a line or with commas between; the first is for new files.

    Raises ``BadKey``.
    """
    written = [word.strip() for line in text.splitlines() if not line.startswith("#") for word in line.split(",")]
    return tuple(_key(word) for word in written if word)


def seal(raw: bytes, name: str, key: bytes) -> bytes:
    """Encrypt bytes that will stand under a name."""
    head = MAGIC + key_id(key) + secrets.token_bytes(_SALT_BYTES)
    cipher, about = _cipher(key, head), head + name.encode()
    chunks = [raw[at : at + _CHUNK] for at in range(0, len(raw), _CHUNK)] or [b""]
    last = len(chunks) - 1
    return head + b"".join(cipher.encrypt(_nonce(n, last=n == last), chunk, about) for n, chunk in enumerate(chunks))


def unseal(sealed: bytes, name: str, ring: Keyring) -> bytes:
    """Decrypt what stands under a name. Raises ``KeyMissing`` or ``Broken``."""
    head = sealed[:_HEAD]
    key = ring.by_id.get(id_of(sealed))
    if key is None:
        raise KeyMissing(
            f"{name[:16]}… is encrypted with the key {id_of(sealed).hex()}, which is not among the keys given. "
            "Add it to the key file (key_file in gateway.toml) or to GATEWAY_KEY."
        )
    cipher, about = _cipher(key, head), head + name.encode()
    chunks = list(_chunks(sealed))
    last = len(chunks) - 1
    try:
        return b"".join(cipher.decrypt(_nonce(n, last=n == last), chunk, about) for n, chunk in enumerate(chunks))
    except InvalidTag as error:
        raise Broken("the encrypted file was changed") from error


def id_of(sealed: bytes) -> bytes:
    """Give the id of the key that a file is sealed with. Raises ``Broken``."""
    if len(sealed) < _HEAD or not sealed.startswith(MAGIC):
        raise Broken("no encrypted file of ours")
    return sealed[len(MAGIC) : len(MAGIC) + _ID_BYTES]


def ids(keys: Sequence[bytes]) -> list[str]:
    """Give the ids of keys, to be shown."""
    return [key_id(key).hex() for key in keys]


def _key(word: str) -> bytes:
    try:
        key = base64.b64decode(word, validate=True)
    except ValueError:  # also binascii.Error
        key = b""
    if len(key) != _KEY_BYTES:
        raise BadKey("a key is 32 bytes in base64, one a line; 'gateway keys new' makes one.")
    return key


def _cipher(key: bytes, head: bytes) -> AESGCM:
    own = HKDF(SHA256(), _KEY_BYTES, head[len(MAGIC) + _ID_BYTES :], b"gateway original").derive(key)
    return AESGCM(own)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _chunks(sealed: bytes) -> Iterator[bytes]:
    step = _CHUNK + _TAG
    for at in range(_HEAD, max(len(sealed), _HEAD + 1), step):
        yield sealed[at : at + step]
