"""A real Dovecot on the loopback interface, for benches and tests."""

import getpass
import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from imapclient import IMAPClient

from intake.imap import Security, ServerOptions
from intake.mailbox import MailboxOptions

PASSWORD = "secret"  # noqa: S105 - of a server that lives as long as the tests
_MISSING = "Dovecot is missing: apt-get install dovecot-core dovecot-imapd openssl"
_CONFIG = """
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{root}/c.pem
ssl_key = <{root}/k.pem
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:{root}/mail/%u
mail_max_userip_connections = 100
passdb {{
driver = static
args = password={password}
}}
userdb {{
driver = static
args = uid={user} gid={group} home={root}/mail/%u
}}
auth_failure_delay = 0
service anvil {{
unix_listener anvil-auth-penalty {{
mode = 0
}}
}}
service imap-login {{
inet_listener imap {{
port = {port}
}}
inet_listener imaps {{
port = {tls_port}
}}
}}
"""
# Without root every process of the server runs as the caller, and none can change its root folder.
_UNPRIVILEGED = """
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
service anvil {{
chroot =
}}
service imap-login {{
chroot =
}}
service stats {{
chroot =
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """A running server: its folder and its ports."""

    root: Path
    port: int
    tls_port: int

    @property
    def certificate(self) -> Path:
        """The certificate that clients must trust."""
        return self.root / "c.pem"


@dataclass(frozen=True)
class Box:
    """A mailbox on the server, empty until something is put in."""

    server: Dovecot
    user: str

    def options(
        self, *, port: int = 0, read_seconds: float = 10.0, move_to: str = "", size_limit: int = 50_000_000
    ) -> MailboxOptions:
        """Give the options with which a source reads this mailbox."""
        server = ServerOptions(
            host="127.0.0.1",
            user=self.user,
            password=PASSWORD,
            port=port or self.server.port,
            security=Security.PLAIN,
            connect_seconds=5.0,
            read_seconds=read_seconds,
        )
        return MailboxOptions(server, move_to=move_to, size_limit=size_limit)

    def client(self) -> IMAPClient:
        """Open a session of somebody else, as a person at a mail program would."""
        client = IMAPClient("127.0.0.1", self.server.port, ssl=False)
        client.login(self.user, PASSWORD)
        client.select_folder("INBOX")
        return client

    def put(self, *mails: bytes, at: datetime | None = None) -> None:
        """Put mails into the inbox, in this order."""
        client = self.client()
        for raw in mails:
            client.append("INBOX", raw, msg_time=at or datetime.now(UTC))
        client.logout()

    def folder(self, name: str) -> list[bytes]:
        """Give the mails in a folder, by UID."""
        client = self.client()
        client.select_folder(name, readonly=True)
        found = client.fetch(client.search(), ["BODY.PEEK[]"])
        client.logout()
        return [answer[b"BODY[]"] for _, answer in sorted(found.items())]

    def make_folder(self, name: str) -> None:
        """Make a folder beside the inbox."""
        client = self.client()
        client.create_folder(name)
        client.logout()

    @property
    def maildir(self) -> Path:
        """Where the server keeps the inbox."""
        return self.server.root / "mail" / self.user


class NoDovecot(Exception):
    """Dovecot cannot be started; the message says what to do."""


@contextmanager
def dovecot_server() -> Iterator[Dovecot]:
    """Run a server of our own; it and its mails are gone at the end. Raises ``NoDovecot``."""
    program = shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if program is None or shutil.which("openssl") is None:
        raise NoDovecot(_MISSING)
    # Short, because the paths of its sockets may have 107 characters at most.
    root = Path(tempfile.mkdtemp(prefix="dv-"))
    server = Dovecot(root, _free_port(), _free_port())
    _write_config(server)
    child = subprocess.Popen([program, "-F", "-c", str(root / "conf")], stdout=subprocess.DEVNULL)  # noqa: S603  our own server
    try:
        _await_greeting(server, child)
        yield server
    finally:
        child.terminate()
        child.wait(10)
        shutil.rmtree(root)


def _write_config(server: Dovecot) -> None:
    root, privileged = server.root, os.geteuid() == 0
    user = "mail" if privileged else getpass.getuser()
    group = "mail" if privileged else grp.getgrgid(os.getgid()).gr_name
    root.chmod(0o755)
    (root / "mail").mkdir()
    if privileged:
        os.chown(root / "mail", pwd.getpwnam(user).pw_uid, grp.getgrnam(group).gr_gid)
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"]
    files = ["-keyout", f"{root}/k.pem", "-out", f"{root}/c.pem"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject, *files]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603  our own words
    facts = {"root": root, "port": server.port, "tls_port": server.tls_port, "user": user, "group": group}
    text = _CONFIG + ("" if privileged else _UNPRIVILEGED)
    (root / "conf").write_text(text.format(**facts, password=PASSWORD))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _await_greeting(server: Dovecot, child: "subprocess.Popen[bytes]") -> None:
    """Wait for our own server: another program may listen on a port that was free a moment ago."""
    until = time.monotonic() + 20
    while time.monotonic() < until and child.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", server.port), 1) as peer:
                if b"Dovecot" in peer.recv(300):
                    return
        except OSError:
            time.sleep(0.05)
    log = server.root / "log"
    raise NoDovecot("Dovecot did not start: " + (log.read_text() if log.exists() else "no log"))
