"""The door to IMAP servers: the only user of imapclient (4.1.0), with what its answers really mean."""

import imaplib
import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import LoginError

from intake.source import NotSettled, SourceDown

# It writes every line of every mail into its debug log: personal data that belongs in no log.
logging.getLogger("imapclient").setLevel(logging.WARNING)

_REFUSALS = (
    "authenticationfailed",
    "authorizationfailed",
    "authentication failed",
    "invalid credentials",
    "logon failure",
    "bad username or password",
)


class Security(StrEnum):
    """How the connection is protected. ``PLAIN`` is for a server on the same machine only."""

    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """Where the mailbox is, and how long to wait for each answer of the server (seconds)."""

    host: str
    user: str
    password: str = field(repr=False)
    port: int = 993
    folder: str = "INBOX"
    security: Security = Security.TLS
    ca_file: Path | None = None
    connect_seconds: float = 15.0
    read_seconds: float = 60.0

    @property
    def place(self) -> str:
        """Name the mailbox in messages and origins."""
        return f"{self.user}@{self.host}/{self.folder}"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the server says of a message before it is fetched: size in bytes, and when it arrived (UTC)."""

    size: int
    arrived_at: datetime


class Session:
    """One connection with one folder selected. Every failure is a ``SourceDown``."""

    def __init__(self, options: ServerOptions) -> None:
        self._options, self._broken = options, False
        with _explained(options):
            self._client = _logged_in(options)
        try:
            self.validity = self._select()
        except SourceDown:
            self.close()
            raise
        if not self.validity:
            self.close()
            raise SourceDown(f"{options.place}: the server gives no UIDVALIDITY; use another server", transient=False)

    def close(self) -> None:
        """Hang up; nothing depends on the server's goodbye, and a broken connection gets none."""
        with suppress(imaplib.IMAP4.error, OSError, ValueError):
            if not self._broken:
                self._client.logout()
        with suppress(imaplib.IMAP4.error, OSError, ValueError):
            self._client.shutdown()

    def uids(self, lowest: int) -> list[int]:
        """List the UIDs from ``lowest`` on. The server adds its last message to ``n:*`` even when that is below n."""
        with self._asking():
            return sorted(uid for uid in self._client.search(["UID", f"{lowest}:*"]) if uid >= lowest)

    def exists(self, uid: int) -> bool:
        """Tell whether a message is in the folder."""
        with self._asking():
            return uid in self._client.search(["UID", str(uid)])

    def envelopes(self, uids: list[int]) -> dict[int, Envelope]:
        """Give size and arrival of messages; those that are gone are left out."""
        with self._asking():
            answers = self._client.fetch(uids, ["RFC822.SIZE", "INTERNALDATE"])
        return {
            uid: Envelope(int(answer[b"RFC822.SIZE"]), _utc(answer.get(b"INTERNALDATE")))
            for uid, answer in answers.items()
            if b"RFC822.SIZE" in answer
        }

    def content(self, uid: int, section: str = "") -> bytes | None:
        """Give the bytes of a message or a section of it, without marking it as read.

        None when it is gone: Dovecot then answers OK with no body (RFC 9051, EXPUNGEISSUED).
        """
        with self._asking():
            answer = self._client.fetch([uid], [f"BODY.PEEK[{section}]"])
        content = answer.get(uid, {}).get(f"BODY[{section}]".encode())
        return bytes(content) if content else None

    def contents(self, uids: list[int]) -> dict[int, bytes]:
        """Give the bytes of several messages, as ``content`` does of one; those that are gone are left out."""
        with self._asking():
            answers = self._client.fetch(uids, ["BODY.PEEK[]"])
        return {uid: bytes(answer[b"BODY[]"]) for uid, answer in answers.items() if answer.get(b"BODY[]")}

    def mark(self, uids: list[int], keyword: str) -> None:
        """Set a keyword, for people who look into the mailbox; the gateway itself never reads it."""
        with self._asking():
            self._client.add_flags(uids, [keyword], silent=True)

    def move(self, uids: list[int], folder: str) -> None:
        """Move messages, and check that they left: the answer is OK whether or not anything moved.

        Raises ``NotSettled``, for example when the folder is missing or over its quota.
        """
        with self._asking():
            if not self._client.has_capability("MOVE"):
                raise SourceDown(f"{self._options.place}: the server cannot MOVE; use a keyword", transient=False)
            try:
                self._client.move(uids, folder)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as error:
                raise NotSettled(f"cannot be moved to {folder}: {error}. Create it, or correct move_to.") from error
            left = set(uids) & set(self._client.search(["UID", ",".join(map(str, uids))]))
        if left:
            raise NotSettled(f"{len(left)} messages did not move to {folder}, though the server said so")

    def _select(self) -> int:
        with self._asking():
            try:
                answer = self._client.select_folder(self._options.folder)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as error:
                message = f"{self._options.place}: {_words(error)}. Create the folder, or correct its name."
                raise SourceDown(message, transient=False) from error
        return int(answer.get(b"UIDVALIDITY", 0))

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            with _explained(self._options):
                yield
        except SourceDown:
            self._broken = True
            raise


def _logged_in(options: ServerOptions) -> IMAPClient:
    """Log in; only a second refusal in plain words means a wrong password: a cut looks like one (LoginError)."""
    try:
        return _connected(options)
    except LoginError as error:
        if not _is_refusal(error):
            raise
    try:
        return _connected(options)
    except LoginError as error:
        if not _is_refusal(error):
            raise
        remedy = "Check the user name and the password, and whether the provider asks for an application password."
        raise SourceDown(f"{options.place}: the server refuses the login. {remedy}", transient=False) from error


def _connected(options: ServerOptions) -> IMAPClient:
    context = None if options.security is Security.PLAIN else ssl.create_default_context(cafile=options.ca_file)
    timeout = SocketTimeout(options.connect_seconds, options.read_seconds)
    tls = options.security is Security.TLS
    client = IMAPClient(options.host, options.port, ssl=tls, ssl_context=context, timeout=timeout)
    client.normalise_times = False
    try:
        if options.security is Security.STARTTLS:
            client.starttls(context)
        _login(client, options)
    except BaseException:
        with suppress(OSError):
            client.shutdown()
        raise
    return client


def _login(client: IMAPClient, options: ServerOptions) -> None:
    if (options.user + options.password).isascii():
        client.login(options.user, options.password)
    else:
        client.plain_login(options.user, options.password)


def _is_refusal(error: LoginError) -> bool:
    return any(word in str(error).lower() for word in _REFUSALS)


def _utc(arrived: object) -> datetime:
    """Give the arrival in UTC; a server that gives none leaves the time of pickup, the nearest we know."""
    return arrived.astimezone(UTC) if isinstance(arrived, datetime) and arrived.tzinfo else datetime.now(UTC)


@contextmanager
def _explained(options: ServerOptions) -> Iterator[None]:
    """Turn what a broken connection raises into one error with a remedy.

    A cut raises TimeoutError, ConnectionResetError or IMAP4.abort, and in the middle of an answer ValueError too.
    """
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        remedy = "Name the authority's certificate in ca_file, or correct the host name."
        message = f"{options.host}: the server's certificate is not trusted ({error.verify_message}). {remedy}"
        raise SourceDown(message, transient=False) from error
    except (imaplib.IMAP4.error, OSError, ValueError) as error:
        raise SourceDown(f"{options.place}: {_words(error)}. It will be tried again.", transient=True) from error


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".rstrip(". ")[:300]
