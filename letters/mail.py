"""Mail: a letter as a message, with headers that put it into the customer's thread and keep machines from answering.

Nothing that a customer wrote comes into a header but his address and the Message-ID of his mail, both checked here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from email_validator import EmailNotValidError, validate_email

_MESSAGE_ID: Final = re.compile(r"<[!-;=?-~]{1,400}@[!-;=?-~]{1,255}>")
_POLICY: Final = SMTP.clone(max_line_length=76)
_LONGEST_NAME: Final = 80


class BadAddress(ValueError):
    """No mail can be sent to this address; the message says why."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A PDF that goes along."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Post:
    """All that makes one mail. ``answers`` is the Message-ID of the mail that it answers, or ""."""

    sender: str
    sender_name: str
    to: str
    subject: str
    text: str
    message_id: str
    at: datetime
    attached: Sequence[Attached]
    answers: str = ""
    reply_to: str = ""


def compose(post: Post) -> bytes:
    """Write a mail as bytes, the same ones each time. Raises ``BadAddress``."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = _address(post.sender, post.sender_name)
    message["To"] = _address(post.to)
    if post.reply_to and post.reply_to != post.sender:
        message["Reply-To"] = _address(post.reply_to)
    message["Subject"] = " ".join(post.subject.split())
    message["Date"] = format_datetime(post.at)
    message["Message-ID"] = post.message_id
    if _MESSAGE_ID.fullmatch(post.answers):
        message["In-Reply-To"] = post.answers
        message["References"] = post.answers
    # RFC 3834: a machine that gets this does not answer it. The second is for machines of one maker that only know it.
    message["Auto-Submitted"] = "auto-replied" if post.answers else "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["Content-Language"] = "it"
    message.set_content(post.text, charset="utf-8", cte="quoted-printable")
    for one in post.attached:
        message.add_attachment(one.content, maintype="application", subtype="pdf", filename=one.name)
    _fix_boundary(message, post.message_id)
    return message.as_bytes()


def checked(address: str) -> str:
    """Give an address as it may stand in a header and an envelope. Raises ``BadAddress``."""
    try:
        told = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise BadAddress(f"no mail can be sent to this address: {error}") from error
    return told.ascii_email or told.normalized


def own_message_id(token: str, domain: str) -> str:
    """Give a Message-ID of ours: nobody can guess the token, so that nobody can forge what comes back for it."""
    return f"<smart-help.{token}@{domain}>"


def _address(address: str, name: str = "") -> Address:
    plain = " ".join(c for c in name.split() if c.isprintable())[:_LONGEST_NAME]
    return Address(display_name=plain, addr_spec=checked(address))


def _fix_boundary(message: EmailMessage, message_id: str) -> None:
    """Give the parts a boundary of the letter's own, so that writing it again gives the same bytes."""
    if message.is_multipart():
        message.set_boundary("=_" + re.sub(r"[^0-9A-Za-z]", "", message_id)[:60])
