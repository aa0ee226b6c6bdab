"""Logs for machines: one JSON object a line, and nothing personal in it.

What a document says never reaches a log: an error is told by its type and its place in the code, not by its message;
of what other packages say only the template is kept, not what they put in; what still looks personal is blanked.
"""

import logging
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any, Final

import structlog

_OURS: Final = frozenset(
    {
        "intake", "pages", "templates", "ocr", "parsers", "checks", "cases", "letters", "jobs", "api", "backoffice",
        "gateway", "procrastinate",
    }
)  # fmt: skip
_PERSONAL: Final = re.compile(
    r"[^\s<>()\[\]:;,\"']+@[^\s<>()\[\]:;,\"']+"  # mail addresses
    r"|\b[A-Z]{6}[0-9LMNP-V]{2}[A-EHLMPR-T][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]\b"  # codice fiscale
    r"|\bIT[0-9]{3}E[0-9A-Z]{8,9}\b"  # POD
    # Telephone, PDR, VAT, numbers of documents; no dates.
    r"|(?<![\w.:/-])(?![0-9]{4}-[0-9]{2}-[0-9]{2})\+?[0-9](?:[ ./-]?[0-9]){7,}(?![\w:])",
    re.IGNORECASE,
)
_BLANK: Final = "[…]"


def start_logs(file: Path | None = None, level: int = logging.INFO) -> None:
    """Let every log of this process go to a file, or to standard error."""
    handler = logging.FileHandler(file, encoding="utf-8") if file else logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter())
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.setLevel(level)


def formatter() -> logging.Formatter:
    """Give the formatter: time, level, logger, event, and for an error its type and place."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)],
        processors=[_only_what_is_allowed, structlog.processors.JSONRenderer(ensure_ascii=False)],
        pass_foreign_args=True,
    )


def blanked(text: str) -> str:
    """Blank what looks personal.

    >>> blanked("mail of mario.rossi@example.com, RSSMRA80A01H501U")
    'mail of […], […]'
    """
    return _PERSONAL.sub(_BLANK, text)


def _only_what_is_allowed(_logger: object, _method: str, told: MutableMapping[str, Any]) -> Mapping[str, object]:
    record: logging.LogRecord = told["_record"]
    line: dict[str, object] = {
        "at": told.get("timestamp", ""),
        "level": record.levelname.lower(),
        "from": record.name,
        "event": blanked(_words(record, told)),
    }
    raised = told.get("exc_info")
    if isinstance(raised, tuple) and raised[1] is not None:
        line["error"] = _place(raised[1])
    return line


def _words(record: logging.LogRecord, told: Mapping[str, Any]) -> str:
    """Give the message of a logger of ours; of any other only the template, which the package's author wrote."""
    if record.name.partition(".")[0] in _OURS:
        return str(told["event"])
    return str(record.msg) if told.get("positional_args") else f"a message of {record.name}"


def _place(error: BaseException) -> str:
    """Name the types and places of an error and of what caused it, without their messages."""
    told: list[str] = []
    current: BaseException | None = error
    while current is not None and len(told) < 5:
        frames = traceback.extract_tb(current.__traceback__)
        where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
        told.append(f"{type(current).__name__}{where}")
        current = current.__cause__ or current.__context__
    return " < ".join(told)
