"""Processes that are kept running: started on a leash, and again after any exit, with growing waits."""

import logging
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.leash import leashed
from jobs.beat import silent_s

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait before a restart, in seconds; and after how many quick exits it is a crash loop."""

    first_s: float = 0.5
    longest_s: float = 60.0
    steady_s: float = 60.0
    """A child that ran for so long has recovered: the count starts again."""
    loop: int = 5

    def wait_s(self, exits: int) -> float:
        """Give the wait after so many quick exits in a row."""
        return float(min(self.longest_s, self.first_s * 2 ** (exits - 1)))


@dataclass(frozen=True, slots=True)
class Pulse:
    """Where a child's heart beats, and after how many silent seconds the child counts as hung."""

    file: Path
    hung_s: float = 120.0
    first_s: float = 300.0
    """How long the first beat may take: a worker loads its engines before."""


class Kept:
    """One child process, kept running until it is told to stop; one whose heart stops is killed, and starts again."""

    def __init__(
        self,
        name: str,
        argv: Sequence[str],
        environment: Mapping[str, str],
        backoff: Backoff,
        pulse: Pulse | None = None,
    ) -> None:
        self.name = name
        self._argv, self._environment, self._backoff, self._pulse = argv, environment, backoff, pulse
        self._process: subprocess.Popen[bytes] | None = None
        self._began = self._again_at = 0.0
        self._exits = 0

    @property
    def pid(self) -> int | None:
        """Process id, while it runs."""
        return self._process.pid if self._process else None

    def tend(self, alarm: Callable[[str], None]) -> None:
        """Start the child if it does not run and its wait is over; raise the alarm once in a crash loop."""
        if self._process is not None and self._process.poll() is None and self._hangs():
            alarm(f"{self.name} hangs: it is killed and starts again. What it had in hand is done again.")
            self._process.kill()  # also ends a process that was stopped, which no other signal does
            self._process.wait()
        if self._process is not None and self._process.poll() is not None:
            self._note_exit(self._process.returncode, alarm)
        if self._process is None and time.monotonic() >= self._again_at:
            self._start()

    def order_stop(self) -> None:
        """Ask the child to finish what it has in hand and end."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def see_off(self, deadline: float) -> None:
        """Wait for the end until ``deadline`` (monotonic), then end it by force: its work is safe to repeat."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            _LOG.warning("%s did not end in time; it is killed", self.name)
            self._process.kill()
            self._process.wait()
        self._process = None

    def _hangs(self) -> bool:
        if self._pulse is None:
            return False
        age = time.monotonic() - self._began  # before the other: without a beat yet, the silence is not shorter
        silent = silent_s(self._pulse.file, self._began)
        return silent > (self._pulse.hung_s if silent < age else max(self._pulse.hung_s, self._pulse.first_s))

    def _start(self) -> None:
        # SIGKILL on our death: a worker without its supervisor must not go on beside the next one's.
        self._process = subprocess.Popen(  # noqa: S603  our own command
            leashed(self._argv, signal.SIGKILL),
            stdin=subprocess.DEVNULL,
            env={**os.environ, **self._environment},
            start_new_session=True,
        )
        self._began = time.monotonic()

    def _note_exit(self, code: int, alarm: Callable[[str], None]) -> None:
        steady = time.monotonic() - self._began >= self._backoff.steady_s
        self._exits = 1 if steady else self._exits + 1
        wait = self._backoff.wait_s(self._exits)
        _LOG.warning("%s ended with code %d; it starts again in %.1f s", self.name, code, wait)
        if self._exits == self._backoff.loop:
            alarm(f"{self.name} ended {self._exits} times in a row (code {code}): read its log.")
        self._process, self._again_at = None, time.monotonic() + wait
