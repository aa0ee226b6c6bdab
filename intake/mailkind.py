"""Tell requests from the mails that never become cases: bounces, receipts, automatic replies, lists, invitations, spam.

A header alone never makes a request vanish: whatever carries a paper is read, except a report on our own mail.
"""

import re

from intake.filetype import SHEETS, FileType, file_type
from intake.headers import param
from intake.message import Mail, Part
from intake.receipt import MailKind

_DAEMON = re.compile(r"(?:mailer-daemon|postmaster)@", re.IGNORECASE)
_REPORTS = frozenset({"message/delivery-status", "message/disposition-notification", "text/rfc822-headers"})
_CARRIERS = SHEETS | {
    FileType.ZIP, FileType.TAR, FileType.GZIP, FileType.RAR, FileType.SEVENZIP, FileType.P7M, FileType.TNEF,
    FileType.MSG, FileType.OLE, FileType.DOCX, FileType.ODT, FileType.RTF,
}  # fmt: skip
"""What may hold a form or a paper."""
_SMALLEST_PICTURE = 20_000
"""Bytes: logos and lines in the signatures of machines are smaller, photos and scans of a sheet are not."""
_METHOD = re.compile(rb"^METHOD:(?:REQUEST|REPLY|CANCEL|COUNTER|PUBLISH)\s*$", re.MULTILINE | re.IGNORECASE)
_OUT_OF_OFFICE = re.compile(
    r"^(?:risposta automatica|automatic reply|out of (?:the )?office|fuori (?:ufficio|sede)"
    r"|auto(?:matic)?[- ]?re(?:ply|sponse)"
    r"|assente|messaggio automatico|autorisposta)\b",
    re.IGNORECASE,
)
_MARKED = re.compile(r"^(?:\[spam\]|\*{2,5}\s?spam\s?\*{2,5}|\{spam\??\}|\[bulk\])", re.IGNORECASE)


def kind_of(mail: Mail) -> MailKind:
    """Say what a mail is, by RFC 3834, 3464 and 8098 headers; in doubt a request, because a person sees it then."""
    paper = any(_is_paper(part) for part in mail.parts)
    return _report(mail, paper=paper) or (MailKind.REQUEST if paper else _of_machine(mail)) or MailKind.REQUEST


def _report(mail: Mail, *, paper: bool) -> MailKind | None:
    """Recognize reports on mail of ours; what they carry back of it is a mail, not a paper beside the report."""
    if mail.message.get_content_type() == "multipart/report" and any(p.declared in _REPORTS for p in mail.parts):
        read = param(mail.message, "report-type") == "disposition-notification"
        return None if paper else MailKind.RECEIPT if read else MailKind.BOUNCE
    return MailKind.BOUNCE if _nobody_answers(mail) and _DAEMON.match(mail.sender) else None


def _of_machine(mail: Mail) -> MailKind | None:
    if _answered_by_machine(mail):
        return MailKind.AUTO_REPLY
    if any(part.declared == "text/calendar" and _METHOD.search(part.content) for part in mail.parts):
        return MailKind.CALENDAR
    if mail.header("List-Id") or mail.header("List-Unsubscribe") or _precedence(mail) in {"bulk", "list", "junk"}:
        return MailKind.LIST
    return MailKind.SPAM if _marked_as_spam(mail) else None


def _answered_by_machine(mail: Mail) -> bool:
    auto = mail.header("Auto-Submitted").lower().split(";")[0].strip()
    said = auto.startswith("auto-") or _precedence(mail) == "auto_reply" or _nobody_answers(mail)
    named = any(mail.header(name) for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply"))
    return said or named or _out_of_office(mail)


def _out_of_office(mail: Mail) -> bool:
    """Believe a subject only of an answer to a mail: anybody may write about his "Risposta automatica"."""
    suppressed = bool(mail.header("X-Auto-Response-Suppress"))
    return _OUT_OF_OFFICE.match(mail.subject) is not None and (bool(mail.references) or suppressed)


def _marked_as_spam(mail: Mail) -> bool:
    flagged = mail.header("X-Spam-Flag").lower().startswith("yes") or mail.header("X-Spam-Status").lower().startswith(
        "yes"
    )
    return flagged or _MARKED.match(mail.subject) is not None


def _nobody_answers(mail: Mail) -> bool:
    return mail.header("Return-Path").replace(" ", "") == "<>"


def _is_paper(part: Part) -> bool:
    """Tell a part that may hold a form from the logos that machines put into their mails."""
    kind = file_type(part.content)
    if kind in {FileType.PDF, FileType.TIFF} or (kind in _CARRIERS and kind not in SHEETS):
        return part.declared not in {"application/pkcs7-signature", "application/x-pkcs7-signature"}
    return kind in SHEETS and len(part.content) >= _SMALLEST_PICTURE


def _precedence(mail: Mail) -> str:
    return mail.header("Precedence").lower().strip()
