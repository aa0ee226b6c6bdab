"""A real mail server on loopback that takes, refuses, breaks off or dawdles as a test wants it to."""

import gc
import socket
import ssl
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Answer = str | None
"""A reply line; None breaks the connection off without one."""


@dataclass
class Host:
    """What the server says, and what it got. ``port`` is set when it runs."""

    on_rcpt: Callable[[str], Answer] = lambda _: "250 OK"
    on_data: Callable[[bytes], Answer] = lambda _: "250 2.0.0 taken"
    on_command: Callable[[str], Answer] = lambda _: ""
    user: str = ""
    password: str = ""
    port: int = 0
    got: list[Envelope] = field(default_factory=list)
    logins: int = 0

    async def handle_RCPT(  # noqa: N802  the server's own name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        said = self.on_rcpt(address)
        if said is None:
            return _broken(server)
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        said = self.on_data(content)
        if said is None or said.startswith("250"):
            self.got.append(envelope)
        return _broken(server) if said is None else said

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, told: object
    ) -> AuthResult:
        self.logins += 1
        right = isinstance(told, LoginPassword) and (told.login, told.password) == (
            self.user.encode(),
            self.password.encode(),
        )
        return AuthResult(success=right, handled=False)


def _broken(server: SMTP) -> str:
    server.transport.abort()
    return "421 gone"


class _Breaking(SMTP):
    """Breaks the connection off when a test wants it at a command."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if self.event_handler.on_command("DATA") is None:
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Breaking(self.handler, **self.SMTP_kwargs)


@contextmanager
def running(host: Host, tls: ssl.SSLContext | None = None) -> Iterator[Host]:
    """Run the server on a free port."""
    options: dict[str, Any] = {"enable_SMTPUTF8": False}
    if tls:
        options |= {"tls_context": tls, "require_starttls": True}
    if host.user:
        options |= {"authenticator": host.authenticate, "auth_required": True}
    with socket.create_server(("127.0.0.1", 0)) as free:
        host.port = free.getsockname()[1]
    controller = _Controller(host, hostname="127.0.0.1", port=host.port, **options)
    controller.start()
    try:
        yield host
    finally:
        controller.stop()
        # Connections that a test broke off on purpose are left to the collector, which complains of each: here, and
        # not in whatever test comes next.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            del controller
            gc.collect()


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Make a certificate for localhost; give the server's context and the file that a client trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    crt, pem = folder / "ca.pem", folder / "key.pem"
    crt.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(crt, pem)
    return context, crt
