"""Let others watch: ``/metrics``, ``/health/live`` and ``/health/ready`` on a loopback port."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from sqlalchemy.exc import InterfaceError, OperationalError

from gateway.metrics import CONTENT_TYPE, exposition
from jobs.facts import Facts

_TEXT: Final = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a watcher gets."""

    status: int
    content_type: str
    body: bytes


def answer(path: str, live: Callable[[], bool], facts: Callable[[], Facts]) -> Answer:
    """Answer a watcher. ``live`` tells whether the supervisor still turns; ``facts`` may find the database away.

    Live means: do not restart me. Ready means: the database answers and a worker's heart beats.
    """
    if path == "/health/live":
        return _plain(200, "live") if live() else _plain(503, "the supervisor hangs")
    if path not in {"/health/ready", "/metrics"}:
        return _plain(404, "ask for /metrics, /health/live or /health/ready")
    try:
        found = facts()
    except (OperationalError, InterfaceError):
        return _plain(503, "the database does not answer")
    if path == "/metrics":
        return Answer(200, CONTENT_TYPE, exposition(found))
    return _plain(200, "ready") if found.workers else _plain(503, "no worker's heart beats")


def _plain(status: int, words: str) -> Answer:
    return Answer(status, _TEXT, f"{words}\n".encode())


class Slow:
    """A number that costs too much to be counted each time somebody looks."""

    def __init__(self, count: Callable[[], int], every_s: float = 60.0) -> None:
        self._count, self._every_s = count, every_s
        self._lock = threading.Lock()
        self._number, self._at = 0, -float("inf")

    def __call__(self) -> int:
        """Give the number, counted not longer ago than the period."""
        with self._lock:
            if time.monotonic() - self._at >= self._every_s:
                self._number = self._count()
                self._at = time.monotonic()
            return self._number


class Watch:
    """A small server on the loopback interface, in threads of this process."""

    def __init__(self, port: int, live: Callable[[], bool], facts: Callable[[], Facts]) -> None:
        class Asked(BaseHTTPRequestHandler):
            """One request of a watcher."""

            timeout = 10

            def do_GET(self) -> None:
                """Answer."""
                said = answer(self.path.partition("?")[0], live, facts)
                self.send_response(said.status)
                self.send_header("Content-Type", said.content_type)
                self.send_header("Content-Length", str(len(said.body)))
                self.end_headers()
                self.wfile.write(said.body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it so
                """Say nothing: watchers come every few seconds."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Asked)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def port(self) -> int:
        """The port that it listens on: for port 0 one that was free."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
