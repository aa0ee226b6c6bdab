"""Names of files from outside: cleaned for people to read, never used as paths."""

import re
import unicodedata

_LONGEST = 120


def clean_name(name: str, fallback: str) -> str:
    """Give the last component of a name without control, format and path characters; or the fallback."""
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(c for c in last if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
    shown = _shorten(" ".join(kept.split()))
    return shown if shown.strip(". ") else fallback


def one_line(text: str, longest: int = 500) -> str:
    """Give text of a header on one line: no control characters, so that it can stand in another header or a log."""
    shown = "".join(" " if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} else c for c in text)
    return " ".join(shown.split())[:longest]


def _shorten(name: str) -> str:
    if len(name) <= _LONGEST:
        return name
    stem, dot, suffix = name.rpartition(".")
    return name[:_LONGEST] if not dot or len(suffix) > 8 else f"{stem[: _LONGEST - len(suffix) - 1]}.{suffix}"
