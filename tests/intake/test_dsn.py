"""Bounces: what became of the mail and which one it was, from any bytes."""

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.dsn import Report, read_report
from intake.message import read_mail
from intake.receipt import MailKind
from intake.unpack import unpack

OURS = "<smart-help.0123@example.org>"
STATUS = (
    "Reporting-MTA: dns; mx.example.com\r\n\r\nFinal-Recipient: rfc822; a@example.com\r\nAction: {}\r\nStatus: {}\r\n"
)


def bounce(action: str = "failed", status: str = "5.1.1", returned: str = "message/rfc822") -> bytes:
    inner = f"Message-ID: {OURS}\r\nSubject: SMART Help\r\n\r\nciao\r\n"
    parts = (
        ("text/plain", "Non consegnato."),
        ("message/delivery-status", STATUS.format(action, status)),
        (returned, inner),
    )
    body = "".join(f"--x\r\nContent-Type: {kind}\r\n\r\n{content}\r\n" for kind, content in parts)
    head = (
        "From: MAILER-DAEMON@example.com\r\nReturn-Path: <>\r\nTo: sportello@example.org\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n"
    )
    return f"{head}{body}--x--\r\n".encode()


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
@pytest.mark.parametrize(("action", "status"), [("failed", "5.1.1"), ("delayed", "4.4.1"), ("delivered", "2.0.0")])
def test_a_report_says_what_became_of_which_mail(action: str, status: str, returned: str) -> None:
    assert read_report(read_mail(bounce(action, status, returned))) == Report(action, status, OURS)


def test_the_parcel_of_a_bounce_names_our_mail_and_what_became_of_it() -> None:
    parcel = unpack("1.eml", bounce())
    assert parcel.kind is MailKind.BOUNCE
    assert parcel.references == (OURS,)
    assert parcel.facts == {"report_action": "failed", "report_status": "5.1.1"}


def test_of_several_recipients_the_gravest_counts() -> None:
    two = bounce().replace(
        b"Status: 5.1.1\r\n", b"Status: 5.1.1\r\n\r\nFinal-Recipient: rfc822; b@x\r\nAction: delivered\r\n"
    )
    assert read_report(read_mail(two)).action == "failed"


def test_a_mail_that_is_no_report_says_nothing() -> None:
    mail = EmailMessage()
    mail["Subject"] = "richiesta"
    mail.set_content("Action: failed")
    assert read_report(read_mail(mail.as_bytes())) == Report()


@given(st.binary(max_size=400), st.integers(0, 400))
def test_any_bytes_give_a_report(noise: bytes, at: int) -> None:
    raw = bounce()
    read_report(read_mail(raw[:at] + noise + raw[at:]))
    read_report(read_mail(noise))
