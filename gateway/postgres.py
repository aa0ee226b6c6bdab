"""The embedded PostgreSQL server: a supervised child on a private socket, for one data folder.

One process owns the server; others on this machine attach to it while it runs. Only the programs of the wheel are
used. Never cut short: ``fsync``, ``full_page_writes`` and ``synchronous_commit`` stay on, and are checked.
"""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote

import psutil

from gateway.account import Account, choose_account, own_folder
from gateway.leash import leashed
from gateway.pgbin import NoPostgres, find_bin
from gateway.pgcluster import prepare
from gateway.pgidentity import answers, assert_ours, ensure_database, is_server_of, pid_in
from gateway.pglock import Lock, Served

DATABASE: Final = "gateway"
_PORT: Final = 5432  # names the socket file; nothing listens on TCP
_LONGEST_SOCKET: Final = 107
_LOG_BYTES: Final = 5_000_000
_POLL_S: Final = 0.05
_OTHERS_S: Final = 60.0  # a short command that owns the server lets a longer one beside it finish
_ORPHAN_S: Final = 10.0
_SETTINGS: Final[Mapping[str, str]] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "logging_collector": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class EmbeddedPostgres:
    """The server of one data folder. ``start`` gives the URL of its database; ``owner`` tells whether we run it."""

    def __init__(self, data_dir: Path, runtime_dir: Path | None = None) -> None:
        self.data_dir = data_dir.absolute()
        self.runtime_dir = (runtime_dir or runtime_folder(self.data_dir)).absolute()
        self._lock = Lock(self.data_dir.with_name(f"{self.data_dir.name}.lock"))
        self._users = Lock(self.data_dir.with_name(f"{self.data_dir.name}.users"))
        self._process: subprocess.Popen[bytes] | None = None
        self._url = ""

    @property
    def url(self) -> str:
        """URL of the database, once started."""
        if not self._url:
            raise RuntimeError("the server is not started")
        return self._url

    @property
    def owner(self) -> bool:
        """Tell whether this process runs the server, or only attached to it."""
        return self._lock.held

    @property
    def pid(self) -> int | None:
        """Process id of the server, if known."""
        served = self._lock.read()
        return self._process.pid if self._process else served.pid if served else None

    def start(self, wait_s: float = 60.0) -> str:
        """Attach to the running server of this folder, or start it; give the URL.

        Raises ``NoPostgres`` with a sentence that says what to do.
        """
        self.data_dir.parent.mkdir(parents=True, exist_ok=True)
        deadline = time.monotonic() + wait_s
        while True:
            if self._lock.held or self._lock.take():
                self._url = self._own(deadline)
                return self._url
            if self._attach():
                return self._url
            if time.monotonic() > deadline:
                raise NoPostgres(
                    f"Another process holds {self.data_dir}, but its server does not answer: stop that process."
                )
            time.sleep(_POLL_S)

    def alive(self) -> bool:
        """Tell whether the server runs, as far as this process can see."""
        if self._process is not None:
            return self._process.poll() is None
        return bool(self._url) and answers(self._url, self.data_dir)

    def responds(self) -> bool:
        """Tell whether the server answers a question: one that hangs is alive and does not."""
        return bool(self._url) and answers(self._url, self.data_dir)

    def put_down(self) -> None:
        """End a server that hangs, by force; the next start recovers from the log."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait(30)

    def stop(self, wait_for_users_s: float = 0.0) -> None:
        """Stop the server if we own it, after waiting for others that use it; detach otherwise."""
        if self._lock.held:
            deadline = time.monotonic() + wait_for_users_s
            while not self._users.take() and time.monotonic() < deadline:
                time.sleep(_POLL_S)
            self._halt()
            self._lock.write(None)
        self._users.release()
        self._lock.release()
        self._url = ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop(wait_for_users_s=_OTHERS_S)

    def _attach(self) -> bool:
        served = self._lock.read()
        if served is None or not self._users.take(shared=True):
            return False
        if not answers(served.url, self.data_dir):
            self._users.release()
            return False
        self._url = served.url
        return True

    def _own(self, deadline: float) -> str:
        self._users.release()
        try:
            return self._serve(deadline)
        except BaseException:
            self._halt()
            self._lock.release()
            raise

    def _serve(self, deadline: float) -> str:
        programs = find_bin()
        account = choose_account(self.data_dir, (self.data_dir, self.runtime_dir, programs / "postgres"))
        major = prepare(self.data_dir, programs, account)
        own_folder(self.runtime_dir, account)
        socket = self.runtime_dir / f".s.PGSQL.{_PORT}"
        if len(os.fsencode(socket)) >= _LONGEST_SOCKET:
            raise NoPostgres(f"The path {self.runtime_dir} is too long for a socket: choose a shorter one.")
        self._put_down_orphan()
        self._launch(programs, account, deadline)
        assert_ours(self._address("postgres"), self.data_dir, major)
        ensure_database(self._address("postgres"), DATABASE)
        return self._address(DATABASE)

    def _address(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={quote(str(self.runtime_dir), safe='')}&port={_PORT}"

    def _launch(self, programs: Path, account: Account, deadline: float) -> None:
        """Start the server, again and again while what a killed one left behind still goes away."""
        while True:
            self._process = self._spawn(programs, account)
            while self._process.poll() is None:
                if answers(self._address("postgres"), self.data_dir):
                    return
                if time.monotonic() > deadline:
                    raise NoPostgres(f"PostgreSQL does not answer. Read {self._log()}.")
                time.sleep(_POLL_S)
            if time.monotonic() > deadline:
                raise NoPostgres(
                    f"PostgreSQL does not start on {self.data_dir}: perhaps another server uses this folder. "
                    f"Read {self._log()}. Its last lines:\n{self._last_words()}"
                )
            time.sleep(5 * _POLL_S)

    def _spawn(self, programs: Path, account: Account) -> subprocess.Popen[bytes]:
        settings = {**_SETTINGS, "unix_socket_directories": f'"{self.runtime_dir}"'}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        argv = [str(programs / "postgres"), "-D", str(self.data_dir), "-p", str(_PORT), *options]
        environment = {"PATH": str(programs), "LC_ALL": "C.UTF-8", **self._past_a_stale_pid()}
        log = self._log()
        if log.exists() and log.stat().st_size > _LOG_BYTES:
            log.rename(log.with_suffix(".log.1"))
        with log.open("ab") as sink:
            process = subprocess.Popen(  # noqa: S603  our own programs
                leashed(argv, signal.SIGINT, *account.leash),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=environment,
                start_new_session=True,
            )
        started = psutil.Process(process.pid).create_time()
        self._lock.write(Served(self._address(DATABASE), process.pid, started))
        return process

    def _past_a_stale_pid(self) -> dict[str, str]:
        """Let PostgreSQL start though ``postmaster.pid`` names a process that runs: another program, after a reboot.

        The file is never removed. PostgreSQL itself overlooks its grandparent's pid, so we name the stranger as one.
        """
        pid = pid_in(self.data_dir / "postmaster.pid")
        if pid is None or not psutil.pid_exists(pid) or is_server_of(pid, self.data_dir):
            return {}
        return {"PG_GRANDPARENT_PID": str(pid)}

    def _put_down_orphan(self) -> None:
        """Stop the server that an owner left when it was killed; refuse one that somebody else started.

        We hold the owner's lock, so the server that it names has no owner. The leash has sent it SIGINT already.
        """
        pid, served = pid_in(self.data_dir / "postmaster.pid"), self._lock.read()
        if pid is None or not psutil.pid_exists(pid) or not is_server_of(pid, self.data_dir):
            return
        orphan = psutil.Process(pid)
        ours = served is not None and served.pid == pid and abs(orphan.create_time() - served.started) < 1
        for blow in (signal.SIGINT, signal.SIGQUIT):
            if ours:
                orphan.send_signal(blow)
            if not psutil.wait_procs([orphan], timeout=_ORPHAN_S)[1]:
                return
        raise NoPostgres(f"Another PostgreSQL server (process {pid}) uses {self.data_dir}: stop it, then try again.")

    def _halt(self) -> None:
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)  # at once, but safe: the next start recovers from the log
            process.wait(30)

    def _log(self) -> Path:
        return self.data_dir.with_name(f"{self.data_dir.name}.log")

    def _last_words(self) -> str:
        return "\n".join(self._log().read_text(encoding="utf-8", errors="replace").splitlines()[-5:])


def runtime_folder(data_dir: Path) -> Path:
    """Give a short private folder for the socket of a data folder; always the same for the same one."""
    name = f"gateway-{sha256(os.fsencode(data_dir.resolve())).hexdigest()[:12]}"
    own = os.environ.get("XDG_RUNTIME_DIR")
    base = Path("/run") if os.geteuid() == 0 else Path(own) if own else Path(tempfile.gettempdir())
    return base / name
