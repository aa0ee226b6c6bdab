"""What a broken mail hides: files under a wrong or missing transfer encoding, and parts that were taken for text.

Mail programs of copiers, web forms and old scripts write such mails, and the reading of others forgives them; a form
that came so must not be taken for a text that asks for nothing.
"""

import base64
import binascii
import re
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

from intake.filetype import FileType, file_type

_HEAD = re.compile(rb"[A-Za-z0-9+/]{60,}")
_WEAK = frozenset({FileType.TEXT, FileType.HTML, FileType.EML, FileType.BMP, FileType.EMPTY, FileType.UNKNOWN})
"""Types that a few bytes make, so that letters which happen to be base64 could be taken for them."""
_PART = re.compile(
    rb"^--([^\s\"\\]{1,70})[ \t]*\r?\n(?:[A-Za-z0-9-]{1,60}:[^\n]{0,998}\r?\n){0,20}?"
    rb"Content-(?:Type|Transfer-Encoding|Disposition):",
    re.MULTILINE | re.IGNORECASE,
)


def decoded(content: bytes) -> bytes:
    """Decode a file that still stands in base64, up to the first sign that is none; give anything else as it is."""
    text = content.lstrip()
    if not _HEAD.match(text):
        return content
    digits = b"".join(re.split(rb"[^A-Za-z0-9+/\s]", text, maxsplit=1)[0].split())
    whole = digits[: len(digits) - (len(digits) % 4 == 1)]
    try:
        found = base64.b64decode(whole + b"=" * (-len(whole) % 4))
    except binascii.Error:
        return content
    return content if file_type(found) in _WEAK else found


def parts_in(text: bytes) -> Message | None:
    """Read the parts that stand in a text with their boundary and headers; None where there are none."""
    found = _PART.search(text)
    if found is None:
        return None
    head = b'Content-Type: multipart/mixed; boundary="' + found[1] + b'"\r\n\r\n'
    message = BytesParser(policy=compat32).parsebytes(head + text)
    return message if message.is_multipart() else None
