"""The door to SMTP against a real server: what left, what did not, and what nobody can know."""

import email
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email.policy import default
from pathlib import Path

import pytest

from letters.door import NotTaken, Outgoing, Unknown
from letters.mail import Attached, Post, compose
from letters.recipient import Recipient, Role, Way
from letters.smtp import MailServer, Smtp, _quoted
from tests.letters.smtp_host import Host, certificate, running

SECRET = "parola-di-prova"  # noqa: S105  of a server that lives for one test
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def outgoing(to: str = "cliente@example.com", text: str = "Buongiorno,\n.una riga con il punto\n") -> Outgoing:
    post = Post(
        "sportello@example.org", "Sportello di prova", to, "SMART Help", text, "<smart-help.1@example.org>", AT,
        [Attached("lettera.pdf", b"%PDF-1.7 prova")], answers="<richiesta.1@example.com>",
    )  # fmt: skip
    return Outgoing("2026-0000124", Recipient(Role.HOLDER, Way.EMAIL, "Maria Prova", to), compose(post))


@pytest.fixture
def host() -> Iterator[Host]:
    with running(Host()) as found:
        yield found


def door(host: Host, **changes: object) -> Smtp:
    options: dict[str, object] = {"security": "none", "timeout_s": 5.0, "answer_s": 5.0}
    return Smtp(MailServer("127.0.0.1", host.port, "sportello@example.org", **{**options, **changes}))  # type: ignore[arg-type]


def test_a_mail_arrives_as_it_was_kept(host: Host) -> None:
    letter = outgoing()
    assert door(host).offer(letter).give().startswith("250")
    (got,) = host.got
    assert got.mail_from == "sportello@example.org"
    assert got.rcpt_tos == ["cliente@example.com"]
    assert got.original_content == letter.content
    message = email.message_from_bytes(letter.content, policy=default)
    assert message["In-Reply-To"] == message["References"] == "<richiesta.1@example.com>"
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["Message-ID"] == "<smart-help.1@example.org>"
    body = message.get_body(("plain",))
    assert body is not None
    assert ".una riga con il punto" in body.get_content()
    (pdf,) = message.iter_attachments()
    assert (pdf.get_filename(), pdf.get_content()) == ("lettera.pdf", b"%PDF-1.7 prova")


def test_what_is_withdrawn_never_arrives(host: Host) -> None:
    door(host).offer(outgoing()).withdraw()
    door(host).offer(outgoing("altra@example.com")).give()
    assert [got.rcpt_tos for got in host.got] == [["altra@example.com"]]


@pytest.mark.parametrize(("said", "lasting"), [("450 4.2.0 later", False), ("550 5.1.1 nobody", True)])
def test_a_refused_recipient(host: Host, said: str, lasting: bool) -> None:  # noqa: FBT001
    host.on_rcpt = lambda _: said
    with pytest.raises(NotTaken) as caught:
        door(host).offer(outgoing())
    assert caught.value.lasting is lasting
    assert said[4:] in str(caught.value)
    assert host.got == []


@pytest.mark.parametrize(("said", "lasting"), [("451 4.3.0 later", False), ("554 5.7.1 no", True)])
def test_a_refused_mail(host: Host, said: str, lasting: bool) -> None:  # noqa: FBT001
    host.on_data = lambda _: said
    offer = door(host).offer(outgoing())
    with pytest.raises(NotTaken) as caught:
        offer.give()
    assert caught.value.lasting is lasting


def test_a_connection_that_breaks_before_the_mail_took_nothing(host: Host) -> None:
    host.on_rcpt = lambda _: None
    with pytest.raises(NotTaken) as caught:
        door(host).offer(outgoing())
    assert not caught.value.lasting
    host.on_rcpt = lambda _: "250 OK"
    host.on_command = lambda _: None
    with pytest.raises(NotTaken):
        door(host).offer(outgoing())


def test_a_connection_that_breaks_after_the_mail_leaves_it_unknown(host: Host) -> None:
    host.on_data = lambda _: None
    offer = door(host).offer(outgoing())
    with pytest.raises(Unknown):
        offer.give()
    assert len(host.got) == 1  # it did arrive, and nobody told us


def test_a_server_that_does_not_answer_in_time_leaves_it_unknown() -> None:
    heard = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_mute_after_data, args=(listening, heard), daemon=True)
        thread.start()
        server = MailServer(
            "127.0.0.1", listening.getsockname()[1], "sportello@example.org", "none", timeout_s=5.0, answer_s=0.3
        )
        offer = Smtp(server).offer(outgoing())
        with pytest.raises(Unknown):
            offer.give()
        heard.set()
        thread.join()


def _mute_after_data(listening: socket.socket, heard: threading.Event) -> None:
    peer, _ = listening.accept()
    with peer:
        peer.sendall(b"220 slow\r\n")
        for line in peer.makefile("rb"):
            if line.startswith(b"DATA") or line.lower().startswith(b"data"):
                peer.sendall(b"354 go on\r\n")
                break
            peer.sendall(b"250 OK\r\n")
        heard.wait(10)


def test_nobody_there_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(NotTaken) as caught:
        Smtp(MailServer("127.0.0.1", port, "sportello@example.org", "none", timeout_s=1.0)).offer(outgoing())
    assert not caught.value.lasting


def test_starttls_and_a_password(tmp_path: Path) -> None:
    context, trusted = certificate(tmp_path)
    with running(Host(user="sportello", password=SECRET), context) as host:
        server = MailServer(
            "localhost", host.port, "sportello@example.org", "starttls", "sportello", SECRET, trusted, 5.0, 5.0
        )
        assert "localhost" in server.host
        Smtp(server).offer(outgoing()).give()
        assert len(host.got) == 1
        wrong = MailServer(
            "localhost", host.port, "sportello@example.org", "starttls", "sportello", "falsa", trusted, 5.0, 5.0
        )
        with pytest.raises(NotTaken, match="password is refused"):
            Smtp(wrong).offer(outgoing())
        stranger = MailServer("localhost", host.port, "sportello@example.org", "starttls", timeout_s=5.0)
        with pytest.raises(NotTaken, match="not to be reached"):  # a certificate that nobody we trust has given
            Smtp(stranger).offer(outgoing())
        assert len(host.got) == 1


def test_a_password_never_goes_in_the_clear() -> None:
    with pytest.raises(ValueError, match="in the clear"):
        MailServer("localhost", 25, "sportello@example.org", "none", user="sportello", password=SECRET)


def test_dots_are_doubled_and_the_mail_ends() -> None:
    assert _quoted(b"uno\n.due\n..tre\r\n") == b"uno\r\n..due\r\n...tre\r\n.\r\n"
    assert _quoted(b"uno") == b"uno\r\n.\r\n"


def test_the_same_letter_is_the_same_mail() -> None:
    assert outgoing().content == outgoing().content
