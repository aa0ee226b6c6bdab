"""Words from bytes, by the charset they claim and by what they are: the claim is often missing, wrong or unknown."""

import codecs

_NO_CHARSETS = frozenset(
    {"unicode_escape", "raw-unicode-escape", "raw_unicode_escape", "unicode-escape", "idna", "punycode", "undefined"}
)
"""Codecs of Python that no mail is written in, and that cost much or change what is written."""
_SINGLE_BYTE = frozenset({"ascii", "iso8859-1", "iso8859-15", "cp1252"})
"""Charsets that read any bytes: UTF-8 under such a name is the most frequent wrong label."""
_OTHER_NAMES = {
    "unicode11utf7": "utf-7",
    "utf8mb4": "utf-8",
    "ansi": "cp1252",
    "iso88598i": "iso8859-8",
    "unicode": "utf-16",
}
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decode_text(raw: bytes, charset: str) -> str:
    """Decode bytes with the charset they claim, else as UTF-8, else as Windows Latin: the order of what occurs."""
    for name in (_by_mark(raw), _known(charset, raw), "utf-8"):
        try:
            if name:
                return raw.decode(name)
        except (LookupError, ValueError):
            continue
    return raw.decode("cp1252", errors="replace")


def _by_mark(raw: bytes) -> str:
    return next((name for mark, name in _MARKS if raw.startswith(mark)), "")


def _known(charset: str, raw: bytes) -> str:
    """Give Python's name of a charset, or an empty string for one that it does not know."""
    wanted = charset.strip(" \"'").lower()
    squeezed = wanted.removeprefix("x-").replace("-", "").replace("_", "")
    for name in (wanted, wanted.removeprefix("x-"), _OTHER_NAMES.get(squeezed, "")):
        try:
            found = codecs.lookup(name).name if name else ""
        except (LookupError, ValueError):
            continue
        if found and found not in _NO_CHARSETS:
            # Latin text is hardly ever valid UTF-8 by chance; UTF-8 always reads as Latin, wrongly.
            return "utf-8" if found in _SINGLE_BYTE and _is_utf8(raw) else found
    return ""


def _is_utf8(raw: bytes) -> bool:
    try:
        return not raw.decode("utf-8").isascii()
    except ValueError:
        return False
