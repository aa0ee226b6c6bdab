import select
import shutil
import socket
import struct
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.imap import Security
from intake.mailbox import Mailbox
from intake.originals import Originals
from intake.receipt import Channel, Delivery
from intake.receive import TakeReport, take
from intake.source import HEADERS_ONLY, NotSettled, SourceDown
from tests.intake.dovecot import Box


class Cursor(dict[str, str]):
    def put(self, name: str, value: str) -> None:
        self[name] = value


class Desk:
    """A desk that takes a mailbox in, and remembers like the database would: by origin and by digest."""

    def __init__(self, folder: Path) -> None:
        self.originals = Originals(folder / "originals")
        self.cursor = Cursor()
        self.rows: dict[str, str] = {}

    def register(self, kept: Sequence[tuple[Delivery, str]]) -> list[int | None]:
        return [self.enter(delivery, digest) for delivery, digest in kept]

    def enter(self, delivery: Delivery, digest: str) -> int | None:
        if delivery.origin in self.rows or digest in self.rows.values():
            return None
        self.rows[delivery.origin] = digest
        return len(self.rows)

    def take(self, mailbox: Mailbox) -> TakeReport:
        return take(mailbox, self.originals, self.register)

    def bodies(self) -> list[bytes]:
        return sorted(self.originals.read(digest) for digest in self.rows.values())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def mail(number: int, size: int = 0) -> bytes:
    return b"From: a@example.com\r\nSubject: n%d\r\n\r\nNumero %d\r\n" % (number, number) + b"x" * 70 * (size // 70)


def mails(count: int, size: int = 0) -> list[bytes]:
    return [mail(number, size) for number in range(count)]


@pytest.fixture
def servers() -> Iterator[list[socket.socket]]:
    opened: list[socket.socket] = []
    yield opened
    for each in opened:
        each.close()


def cut_proxy(servers: list[socket.socket], port: int, after: int, mode: str) -> int:
    """Pass so many bytes of the server's, then end the connection: properly, by a reset, or by silence."""
    listener = socket.create_server(("127.0.0.1", 0))
    servers.append(listener)

    def run() -> None:
        with suppress(OSError), listener.accept()[0] as client, socket.create_connection(("127.0.0.1", port)) as server:
            passed = 0
            while passed < after:
                for ready in select.select([client, server], [], [])[0]:
                    data = ready.recv(4096 if ready is client else min(4096, after - passed))
                    if not data:
                        return
                    (server if ready is client else client).sendall(data)
                    passed += len(data) if ready is server else 0
            if mode == "stall":
                servers.append(client.dup())
                time.sleep(1.0)
            if mode == "rst":
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    threading.Thread(target=run, daemon=True).start()
    return int(listener.getsockname()[1])


def test_everything_is_taken_once_whether_somebody_has_read_it_or_not(box: Box, desk: Desk) -> None:
    box.put(*mails(5))
    client = box.client()
    client.add_flags([1, 3], [b"\\Seen"])
    mailbox = Mailbox(box.options(), desk.cursor)
    report = desk.take(mailbox)
    assert report == TakeReport(mailbox.name, (1, 2, 3, 4, 5))
    assert desk.bodies() == mails(5)
    client.select_folder("INBOX")
    flags = client.get_flags([1, 2, 3, 4, 5])
    client.logout()
    assert [b"\\Seen" in flags[uid] for uid in range(1, 6)] == [True, False, True, False, False]
    assert all(b"$GatewayTaken" in each for each in flags.values())
    assert desk.take(mailbox) == TakeReport(mailbox.name)
    box.put(mail(9))
    assert desk.take(mailbox).taken == (6,)
    assert len(box.folder("INBOX")) == 6


def test_a_delivery_knows_when_it_arrived_and_by_which_channel(box: Box, desk: Desk) -> None:
    at = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    box.put(mail(1), at=at)
    (delivery,) = Mailbox(replace(box.options(), pec=True), desk.cursor).waiting()
    assert delivery.received_at == at
    assert delivery.channel is Channel.PEC
    assert delivery.name == "1.eml"
    assert delivery.origin.startswith(f"imap:{box.user}@127.0.0.1/INBOX/")
    assert delivery.origin.endswith("/1")


def test_nothing_moves_on_before_it_is_settled(box: Box, desk: Desk) -> None:
    box.put(*mails(4))
    mailbox = Mailbox(box.options(), desk.cursor)
    first = list(mailbox.waiting())
    assert [delivery.raw for delivery in first] == mails(4)
    mailbox.settle(first[2])
    mailbox.close()
    again = Mailbox(box.options(), desk.cursor)
    assert [delivery.raw for delivery in again.waiting()] == [mail(0), mail(1), mail(3)]


def test_one_that_cannot_be_registered_is_offered_again_and_stops_none(box: Box, desk: Desk) -> None:
    box.put(*mails(4))
    mailbox = Mailbox(box.options(), desk.cursor)

    def picky(kept: Sequence[tuple[Delivery, str]]) -> list[int | None]:
        if any(delivery.raw == mail(1) for delivery, _ in kept):
            raise ValueError("no room for this one")
        return desk.register(kept)

    report = take(mailbox, desk.originals, picky)
    assert len(report.taken) == 3
    assert [(failure.name, failure.reason) for failure in report.failures] == [
        ("2.eml", "ValueError: no room for this one")
    ]
    assert len(desk.take(mailbox).taken) == 1
    assert desk.bodies() == mails(4)


def test_a_mail_removed_between_search_and_fetch_is_vanished_and_no_mail(box: Box, desk: Desk) -> None:
    box.put(*mails(3, size=3_000_000))  # too large to come along with the one before
    mailbox = Mailbox(box.options(), desk.cursor)
    deliveries = mailbox.waiting()
    taken = [next(deliveries)]
    other = box.client()
    other.delete_messages([2])
    other.expunge([2])
    other.logout()
    taken += list(deliveries)
    assert [delivery.raw for delivery in taken] == [mail(0, 3_000_000), mail(2, 3_000_000)]
    assert [(problem.name, "vanished" in problem.reason) for problem in mailbox.problems()] == [("2", True)]
    desk.take(mailbox)
    assert not mailbox.problems()
    assert desk.bodies() == [mail(0, 3_000_000), mail(2, 3_000_000)]


def test_a_new_uidvalidity_reads_everything_again_and_doubles_nothing(box: Box, desk: Desk) -> None:
    box.put(*mails(3))
    mailbox = Mailbox(box.options(), desk.cursor)
    assert len(desk.take(mailbox).taken) == 3
    time.sleep(1.1)  # the server takes the second as the new UIDVALIDITY
    for path in [box.maildir / "dovecot-uidlist", *box.maildir.glob("dovecot.index*")]:
        path.unlink()
    box.put(mail(7))
    report = desk.take(mailbox)
    assert (len(report.taken), report.known) == (1, 3)
    assert "UIDVALIDITY changed" in report.problems[0].reason
    assert desk.bodies() == [*mails(3), mail(7)]
    assert desk.take(mailbox) == TakeReport(mailbox.name)


def test_a_folder_made_anew_is_read_from_its_first_mail(box: Box, desk: Desk) -> None:
    options = box.options()
    options = replace(options, server=replace(options.server, folder="Moduli"))
    for number in (1, 2):
        client = box.client()
        client.create_folder("Moduli")
        client.append("Moduli", mail(number))
        client.logout()
        assert desk.take(Mailbox(options, desk.cursor)).taken == (number,)
        client = box.client()
        client.delete_folder("Moduli")
        client.logout()
        time.sleep(1.1)


def test_taken_mails_are_moved_and_nothing_is_deleted(box: Box, desk: Desk) -> None:
    box.put(*mails(3))
    box.make_folder("Presi")
    assert len(desk.take(Mailbox(box.options(move_to="Presi"), desk.cursor)).taken) == 3
    assert box.folder("INBOX") == []
    assert box.folder("Presi") == mails(3)


def test_a_move_that_fails_is_shown_and_tried_again_and_doubles_nothing(box: Box, desk: Desk) -> None:
    box.put(*mails(3))
    mailbox = Mailbox(box.options(move_to="Presi"), desk.cursor)
    report = desk.take(mailbox)
    assert len(report.taken) == 3
    assert len(report.failures) == 3
    assert "cannot be moved to Presi" in report.failures[0].reason
    again = desk.take(mailbox)
    assert (again.taken, again.known) == ((), 0)
    assert "3 messages are safe but still in the folder" in again.problems[0].reason
    assert len(box.folder("INBOX")) == 3
    box.make_folder("Presi")
    assert desk.take(mailbox) == TakeReport(mailbox.name)
    assert box.folder("Presi") == mails(3)
    assert desk.bodies() == mails(3)


def test_a_mail_moved_away_by_a_person_before_we_settle_is_no_failure(box: Box, desk: Desk) -> None:
    box.put(mail(1))
    box.make_folder("Presi")
    mailbox = Mailbox(box.options(move_to="Presi"), desk.cursor)
    (delivery,) = mailbox.waiting()
    person = box.client()
    person.move([1], "Presi")
    person.logout()
    mailbox.settle(delivery)
    mailbox.close()
    assert box.folder("Presi") == [mail(1)]


def test_settling_after_the_folder_was_numbered_anew_touches_nothing(box: Box, desk: Desk) -> None:
    box.put(mail(1))
    mailbox = Mailbox(box.options(), desk.cursor)
    (delivery,) = mailbox.waiting()
    other = replace(delivery, origin=type(delivery.origin)(delivery.origin.rsplit("/", 2)[0] + "/17/1"))
    with pytest.raises(NotSettled, match="UIDVALIDITY"):
        mailbox.settle(other)
    mailbox.close()
    assert len(desk.take(Mailbox(box.options(), desk.cursor)).taken) == 1


def test_of_a_mail_over_the_limit_the_headers_are_taken(box: Box, desk: Desk) -> None:
    big = mail(1, size=40_000_000)
    box.put(mail(0), big, mail(2))
    deliveries = list(Mailbox(box.options(size_limit=1_000_000), desk.cursor).waiting())
    assert [delivery.name for delivery in deliveries] == ["1.eml", "2" + HEADERS_ONLY, "3.eml"]
    assert deliveries[1].raw == b"From: a@example.com\r\nSubject: n1\r\n\r\n"
    assert deliveries[1].facts == {"too_big": str(len(big))}


@pytest.mark.parametrize("mode", ["fin", "rst", "stall"])
def test_a_connection_cut_anywhere_loses_and_doubles_nothing(
    box: Box, desk: Desk, servers: list[socket.socket], mode: str
) -> None:
    box.put(*mails(4, size=3000))
    for after in range(1, 15_500, 6_000 if mode == "stall" else 1_900):
        port = cut_proxy(servers, box.server.port, after, mode)
        report = desk.take(Mailbox(box.options(port=port, read_seconds=0.3), desk.cursor))
        if after < 200:
            assert not report.ok
            assert all(failure.transient for failure in report.failures)
        assert set(desk.bodies()) <= set(mails(4, size=3000))
    report = desk.take(Mailbox(box.options(), desk.cursor))
    assert report.ok
    assert desk.bodies() == mails(4, size=3000)
    assert desk.take(Mailbox(box.options(), desk.cursor)).known == 0


@pytest.mark.slow
@pytest.mark.parametrize(("mode", "step"), [("fin", 60), ("rst", 60), ("stall", 500)])
def test_each_cut_alone_takes_no_part_of_a_mail(
    box: Box, tmp_path: Path, servers: list[socket.socket], mode: str, step: int
) -> None:
    box.put(*mails(2, size=2000))
    for after in range(1, 6000, step):
        desk = Desk(tmp_path / str(after))
        port = cut_proxy(servers, box.server.port, after, mode)
        desk.take(Mailbox(box.options(port=port, read_seconds=0.5), desk.cursor))
        desk.take(Mailbox(box.options(), desk.cursor))
        assert desk.bodies() == mails(2, size=2000), f"cut after {after} bytes"


def test_a_server_that_says_nothing_is_left_after_the_timeout(
    box: Box, desk: Desk, servers: list[socket.socket]
) -> None:
    silent = socket.create_server(("127.0.0.1", 0))
    servers.append(silent)
    options = box.options(port=int(silent.getsockname()[1]))
    options = replace(options, server=replace(options.server, connect_seconds=0.3, read_seconds=0.3))
    start = time.monotonic()
    report = desk.take(Mailbox(options, desk.cursor))
    assert time.monotonic() - start < 3
    assert [failure.transient for failure in report.failures] == [True]


def test_a_wrong_password_is_said_so_and_is_not_transient(box: Box, desk: Desk) -> None:
    options = box.options()
    options = replace(options, server=replace(options.server, password="wrong"))  # noqa: S106
    with pytest.raises(SourceDown, match=r"refuses the login.+Check the user name and the password") as caught:
        list(Mailbox(options, desk.cursor).waiting())
    assert not caught.value.transient
    assert "wrong" not in str(caught.value)
    assert "secret" not in repr(box.options())


def test_a_folder_that_is_not_there_is_said_so(box: Box, desk: Desk) -> None:
    options = box.options()
    options = replace(options, server=replace(options.server, folder="Altrove"))
    with pytest.raises(SourceDown, match="Create the folder") as caught:
        list(Mailbox(options, desk.cursor).waiting())
    assert not caught.value.transient


def test_a_server_that_is_down_is_tried_again(box: Box, desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    with pytest.raises(SourceDown, match="tried again") as caught:
        list(Mailbox(box.options(port=port), desk.cursor).waiting())
    assert caught.value.transient


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_certificate_nobody_vouches_for_is_refused(box: Box, desk: Desk, security: Security) -> None:
    box.put(mail(1))
    options = box.options()
    port = box.server.tls_port if security is Security.TLS else box.server.port
    secure = replace(options.server, port=port, security=security)
    with pytest.raises(SourceDown, match=r"not trusted.*ca_file") as caught:
        list(Mailbox(replace(options, server=secure), desk.cursor).waiting())
    assert not caught.value.transient
    trusted = replace(secure, ca_file=box.server.certificate)
    assert desk.take(Mailbox(replace(options, server=trusted), desk.cursor)).taken == (1,)


def test_a_password_that_is_not_ascii_is_sent_as_utf_8(box: Box, desk: Desk) -> None:
    options = box.options()
    options = replace(options, server=replace(options.server, password="perché"))  # noqa: S106
    with pytest.raises(SourceDown, match="refuses the login"):
        list(Mailbox(options, desk.cursor).waiting())


def test_a_mailbox_that_lost_its_cursor_recognizes_what_it_knows(box: Box, desk: Desk) -> None:
    box.put(*mails(3))
    desk.take(Mailbox(box.options(), desk.cursor))
    desk.cursor.clear()
    report = desk.take(Mailbox(box.options(), desk.cursor))
    assert (report.taken, report.known, report.ok) == ((), 3, True)


def test_a_disk_that_refuses_stops_the_round_and_leaves_the_mailbox_alone(box: Box, desk: Desk) -> None:
    box.put(*mails(3))
    desk.originals.root.parent.mkdir(exist_ok=True)
    desk.originals.root.write_bytes(b"a file where the folder should be")
    report = desk.take(Mailbox(box.options(), desk.cursor))
    assert len(report.failures) == 1
    assert "Free or repair the disk" in report.failures[0].reason
    desk.originals.root.unlink()
    assert len(desk.take(Mailbox(box.options(), desk.cursor)).taken) == 3
    shutil.rmtree(desk.originals.root)
