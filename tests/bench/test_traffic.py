"""Some minutes of the simulated day. ``python -m bench.traffic`` is the long run of the same."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from bench.gate import Gate
from bench.stage import NoMount
from bench.town import infected_mail, mail, spoiled
from bench.traffic import traffic

MINUTES = ("worker killed at an instant", "IMAP connection cut", "infected mail", "queue lost")


@pytest.fixture
def echo() -> Iterator[int]:
    """Give the port of a server that gives back what it is sent, on any number of connections."""

    def serve(listener: socket.socket) -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            with peer, suppress(ConnectionError):  # the gate may cut it
                while data := peer.recv(4096):
                    peer.sendall(data)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(10)


def received(gate: Gate, sent: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", gate.number), 10) as link:
        link.sendall(sent)
        got = b""
        while len(got) < len(sent) and (more := link.recv(4096)):
            got += more
        return got


def test_a_gate_passes_all_or_cuts_after_so_many_bytes(echo: int) -> None:
    with closing(Gate(echo)) as gate:
        gate.open()
        assert received(gate, b"all of it") == b"all of it"
        gate.after = 3
        assert received(gate, b"all of it") == b"all"
        assert gate.cut >= 1  # the first connection may still have been under way


def test_a_mail_has_the_line_endings_in_which_a_server_gives_it_back() -> None:
    for raw in (mail(1), infected_mail(2)):
        assert raw.count(b"\n") == raw.count(b"\r\n")
    assert (spoiled(mail(1)), spoiled(infected_mail(2))) == (False, True)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_four_minutes_of_traffic_lose_nothing_and_double_nothing() -> None:
    try:
        tally = traffic(len(MINUTES), seed=20261127, kinds=MINUTES)
    except NoMount as error:
        pytest.skip(str(error))
    assert tally.wrong == [], tally.as_json()
    assert tally.faults == dict.fromkeys(MINUTES, 1)
    assert 0 < tally.by_day <= tally.settled
    assert tally.arrived >= tally.settled > 0
