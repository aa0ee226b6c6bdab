"""``gateway serve`` and ``gateway users`` as an operator meets them, and the desk as a child of ``gateway run``."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from click.testing import Result
from typer.testing import CliRunner

from bench.ground import scratch
from gateway.cli import command_line


@pytest.fixture
def home() -> Iterator[Path]:
    with scratch() as folder:
        yield folder


def _gateway(home: Path, *words: str, said: str = "") -> Result:
    argv = [*words, "--home", str(home)]
    return CliRunner().invoke(command_line(argv), argv, input=said)


def _env(url: str) -> dict[str, str]:
    return {**os.environ, "GATEWAY_DB": url}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def _running(home: Path, url: str, words: Sequence[str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-m", "gateway", *words, "--home", str(home)], env=_env(url))
    try:
        until = time.monotonic() + 240
        while not _answers(port):
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.2)
        yield process
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/accesso", trust_env=False).is_success
    except httpx.TransportError:
        return False


def test_people_are_added_shown_and_taken_away(home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_DB", database_url)
    added = _gateway(home, "users", "add", "anna", "--role", "clerk", "--role", "supervisor")
    assert "with the password" in added.output
    twice = _gateway(home, "users", "add", "anna", "--role", "clerk")
    assert (twice.exit_code, "already" in twice.output) == (2, True)
    short = _gateway(home, "users", "add", "piero", "--role", "phone", "--password-stdin", said="corta\n")
    assert (short.exit_code, "12" in short.output) == (2, True)
    for known in (("add", "piero", "--role", "phone"), ("passwd", "anna")):
        told = _gateway(home, "users", *known, "--password-stdin", said="Password2026!\n")
        assert (told.exit_code, "quattro parole" in " ".join(told.output.split())) == (2, True)
    assert "no longer" in _gateway(home, "users", "disable", "anna").output
    assert _gateway(home, "users", "passwd", "nessuno").exit_code == 6
    listed = _gateway(home, "users", "list").output
    assert "no longer" in listed
    assert "supervisor" in listed
    told = _gateway(home, "audit", "list").output
    assert "person_added" in told
    assert "person_disabled" in told
    verified = _gateway(home, "audit", "verify")
    assert (verified.exit_code, "2 lines" in verified.output) == (0, True)
    broken = _gateway(home, "audit", "verify", "--tip", "3:" + "0" * 64)
    assert (broken.exit_code, "cut off" in broken.output) == (7, True)


@pytest.mark.slow
def test_the_desk_is_served_and_ends_when_told(home: Path, own_database_url: str) -> None:
    port = _free_port()
    with _running(home, own_database_url, ("serve", "--port", str(port)), port) as process:
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0


@pytest.mark.slow
def test_run_keeps_the_desk_when_it_has_a_port(home: Path, own_database_url: str) -> None:
    port = _free_port()
    (home / "gateway.toml").write_text(f"[desk]\nport = {port}\n", encoding="utf-8")
    with _running(home, own_database_url, ("run",), port) as process:
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0
    assert not _answers(port)
