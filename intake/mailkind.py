"""Tell requests from the mails that never become cases: bounces, receipts, automatic replies, lists."""

import re

from intake.headers import param
from intake.message import Mail
from intake.receipt import MailKind

_DAEMON = re.compile(r"(?:mailer-daemon|postmaster)@", re.IGNORECASE)
_PAPERS = frozenset({"application/pdf", "image/tiff", "image/jpeg", "image/png"})


def kind_of(mail: Mail) -> MailKind:
    """Say what a mail is, by RFC 3834 and RFC 3464 headers; in doubt a request, because a person sees it then."""
    report = _report(mail)
    if report is not None:
        return report
    auto = mail.header("Auto-Submitted").lower().split(";")[0].strip()
    if _answered_by_machine(mail, auto):
        return MailKind.AUTO_REPLY
    if mail.header("Return-Path").replace(" ", "") == "<>":
        return MailKind.BOUNCE if _DAEMON.match(mail.sender) else MailKind.AUTO_REPLY
    if mail.header("List-Id") or _precedence(mail) in {"bulk", "list", "junk"}:
        return MailKind.LIST
    return MailKind.REQUEST


def _report(mail: Mail) -> MailKind | None:
    if mail.message.get_content_type() != "multipart/report":
        return None
    read = param(mail.message, "report-type") == "disposition-notification"
    return MailKind.RECEIPT if read else MailKind.BOUNCE


def _answered_by_machine(mail: Mail, auto: str) -> bool:
    """Tell automatic answers; a copier that mails its scans is "auto-generated" too: with a paper, it is a request."""
    if auto == "auto-generated":
        return not _has_paper(mail)
    return (
        auto.startswith("auto-replied")
        or auto == "auto-notified"
        or bool(mail.header("X-Autoreply") or mail.header("X-Autorespond") or mail.header("X-Autoresponder"))
        or _precedence(mail) == "auto_reply"
    )


def _has_paper(mail: Mail) -> bool:
    return any(part.declared in _PAPERS or part.name.lower().endswith((".pdf", ".tif", ".tiff")) for part in mail.parts)


def _precedence(mail: Mail) -> str:
    return mail.header("Precedence").lower().strip()
