"""Door to SMTP: a mail is offered up to the point at which the server waits for it; then it is given.

smtplib's ``sendmail`` does both in one, and tells nobody when the mail left. Here the commands stand one by one.
"""

import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from letters.door import NotTaken, Outgoing, Unknown
from letters.mail import BadAddress, checked

_LASTING: Final = 500
_BROKEN: Final = (smtplib.SMTPServerDisconnected, OSError)
_ADDRESS: Final = re.compile(r"[^\s<>@]+@[^\s<>@]+")
_MAIL_ENDED: Final = b"\r\n.\r\n"


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server that takes mail from us. ``answer_s`` is how long it may take to answer after the whole mail.

    Security is "tls" from the first byte, "starttls", or "none" on a network of our own.
    """

    host: str
    port: int
    sender: str
    security: Literal["tls", "starttls", "none"] = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    timeout_s: float = 30.0
    answer_s: float = 600.0
    """RFC 5321, 4.5.3.2.6: ten minutes, for a server that gives up earlier sends twice."""
    hello: str = ""

    def __post_init__(self) -> None:
        if self.user and self.security == "none":
            raise ValueError("a password is not sent in the clear: set security to tls or starttls, or no user")


@dataclass(frozen=True, slots=True)
class Smtp:
    """Mail by one server."""

    server: MailServer

    def offer(self, letter: Outgoing) -> "OfferedMail":
        """Connect, sign in and name sender and recipient; the server waits for the mail then."""
        connection = self._connected()
        try:
            options = [f"size={len(letter.content)}"] if connection.has_extn("size") else []
            _ask(connection, lambda: connection.mail(self.server.sender, options))
            _ask(connection, lambda: connection.rcpt(checked(letter.to.to)))
            _ask(connection, lambda: connection.docmd("data"), goes_on=354)
        except BadAddress as error:
            _hang_up(connection)
            raise NotTaken(str(error), lasting=True) from error
        return OfferedMail(connection, letter.content, self.server.answer_s)

    def resume(self, name: str) -> bool | None:  # noqa: ARG002  one verb for every door
        """Say that nobody can know: a server is not asked later whether it took a mail."""
        return None

    def _connected(self) -> smtplib.SMTP:
        try:
            return _signed_in(self.server)
        except smtplib.SMTPAuthenticationError as error:
            raise NotTaken(f"{self.server.host}: the user name or password is refused ({_told(error)})") from error
        except smtplib.SMTPResponseException as error:
            raise NotTaken(f"{self.server.host}: {_told(error)}") from error
        except (smtplib.SMTPException, ssl.SSLError, OSError) as error:
            raise NotTaken(f"{self.server.host} is not to be reached: {error}") from error


@dataclass(frozen=True, slots=True)
class OfferedMail:
    """A server that said "go ahead"."""

    connection: smtplib.SMTP
    content: bytes = field(repr=False)
    answer_s: float

    def give(self) -> str:
        """Send the mail and wait for the one answer that counts."""
        try:
            if self.connection.sock is not None:
                self.connection.sock.settimeout(self.answer_s)
            self.connection.send(_quoted(self.content))
            code, said = self.connection.getreply()
        except _BROKEN as error:
            self.connection.close()
            raise Unknown(f"the connection broke while the mail was under way: {error}") from error
        _hang_up(self.connection)
        if code // 100 != 2:
            raise NotTaken(_line(code, said), lasting=code >= _LASTING)
        return _line(code, said)

    def withdraw(self) -> None:
        """Break the connection off: a server that waits for a mail forgets it then (RFC 5321, 4.1.1.4)."""
        self.connection.close()


def _signed_in(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=str(server.ca_file) if server.ca_file else None)
    hello = server.hello or server.sender.rpartition("@")[2]
    connection: smtplib.SMTP
    if server.security == "tls":
        connection = smtplib.SMTP_SSL(
            server.host, server.port, local_hostname=hello, timeout=server.timeout_s, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, local_hostname=hello, timeout=server.timeout_s)
    try:
        if server.security == "starttls":
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
        else:
            connection.ehlo_or_helo_if_needed()
    except (smtplib.SMTPException, OSError):
        connection.close()
        raise
    return connection


def _ask(connection: smtplib.SMTP, command: Callable[[], tuple[int, bytes]], goes_on: int = 0) -> None:
    """Give one command; any answer but "yes" means that the mail is not taken."""
    try:
        code, said = command()
    except (smtplib.SMTPException, OSError) as error:
        connection.close()
        raise NotTaken(f"the connection broke before the mail: {error}") from error
    if code != goes_on and (goes_on or code // 100 != 2):
        _hang_up(connection)
        raise NotTaken(_line(code, said), lasting=code >= _LASTING)


def _hang_up(connection: smtplib.SMTP) -> None:
    try:
        connection.quit()
    except (smtplib.SMTPException, OSError):
        connection.close()


def _quoted(content: bytes) -> bytes:
    """Double the dots at the beginning of lines, and end the mail (RFC 5321, 4.5.2)."""
    lines = content.replace(b"\r\n", b"\n").split(b"\n")
    body = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines)
    return body.removesuffix(b"\r\n") + _MAIL_ENDED


def _told(error: smtplib.SMTPResponseException) -> str:
    said = error.smtp_error
    return _line(error.smtp_code, said if isinstance(said, bytes) else str(said).encode())


def _line(code: int, said: bytes) -> str:
    """Give what a server said on one line that may stand in a log: without the address, which servers repeat."""
    words = _ADDRESS.sub("…@…", said.decode("ascii", "replace").replace("\n", " "))
    return f"{code} {''.join(c for c in words if c.isprintable())}"[:300]
