"""Delivery reports (RFC 3464): what became of a mail of ours, and which one it was. Nothing here is proof."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from itertools import islice
from typing import Final

from intake.headers import message_ids, raw_header
from intake.message import Mail, Part

_LARGEST: Final = 65_536
_MOST: Final = 100
_STATUS: Final = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")
_RETURNED: Final = re.compile(rb"^Message-ID:(?:[ \t\r\n]+)?(<[^<>\s]{1,900}>)", re.IGNORECASE | re.MULTILINE)
_GRAVEST: Final = ("failed", "delayed", "expanded", "relayed", "delivered")


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says; "" for what it does not. ``about`` is the Message-ID of the mail that it returns."""

    action: str = ""
    status: str = ""
    about: str = ""

    def facts(self) -> dict[str, str]:
        """Give what it says as evidence, by name; what is empty is left out."""
        said = {"report_action": self.action, "report_status": self.status}
        return {name: value for name, value in said.items() if value}


def read_report(mail: Mail) -> Report:
    """Read a delivery report, or what is left of one; of several recipients the gravest action counts. Never raises."""
    told = list(islice(_recipients(mail.message), _MOST))
    actions = {raw_header(one, "Action").strip().lower() for one in told}
    statuses = [found[0] for one in told if (found := _STATUS.match(raw_header(one, "Status").strip()))]
    return Report(
        action=next((action for action in _GRAVEST if action in actions), ""),
        status=next(iter(statuses), ""),
        about=next((about for part in mail.parts if (about := _returned(part))), ""),
    )


def _recipients(message: Message) -> Iterator[Message]:
    """Give the groups of lines of the status part, one for each recipient: the parser takes them for mails."""
    children = message.get_payload()
    for child in children if isinstance(children, list) else ():
        if isinstance(child, Message) and child.get_content_type() == "message/delivery-status":
            groups = child.get_payload()
            yield from (group for group in (groups if isinstance(groups, list) else ()) if isinstance(group, Message))


def _returned(part: Part) -> str:
    """Give the Message-ID of the mail that comes back with a report: whole, or its headers only."""
    if isinstance(part.nested, Message):
        return "".join(message_ids(raw_header(part.nested, "Message-ID"))[:1])
    if part.declared in {"text/rfc822-headers", "message/rfc822-headers"}:
        found = _RETURNED.search(part.content[:_LARGEST])
        return found[1].decode("ascii", "ignore") if found else ""
    return ""
