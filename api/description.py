"""Description: what OpenAPI says of the answers, so that each operation documents every error that it can give."""

from typing import Any, Final

from api.problem import KINDS, MEDIA_TYPE

_SCHEMA: Final = {"$ref": "#/components/schemas/Problem"}
EVERYWHERE: Final = (401, 403, 413, 422, 429, 500, 503)
"""Errors that any operation with a key may give."""

Responses = dict[int | str, dict[str, Any]]


def problem(*statuses: int) -> Responses:
    """Describe errors by their status."""
    return {status: _described(status) for status in statuses}


def _described(status: int) -> dict[str, Any]:
    kinds = [kind for kind in KINDS if kind.status.value == status]
    examples = {
        kind.name: {
            "value": {"type": f"urn:sportello-gateway:problem:{kind.name}", "title": kind.title, "status": status,
                      "detail": "What went wrong, and what to do."}
        }
        for kind in kinds
    }  # fmt: skip
    title = " / ".join(kind.title for kind in kinds)
    return {"description": title, "content": {MEDIA_TYPE: {"schema": _SCHEMA, "examples": examples}}}


_EXAMPLE_SUBMISSION: Final[dict[str, Any]] = {
    "form": "CMOR",
    "edition": "2026-01",
    "outcome": "READY",
    "reasons": [],
    "hold_until": None,
    "files": [],
    "pages": [],
    "missing_pages": [],
    "papers": [],
    "fields": {
        "holder_surname": {
            "value": "PROVA",
            "raw": "PROVA",
            "state": "filled",
            "confidence": 1.0,
            "source": "online",
            "file": "",
            "page": None,
            "box": None,
            "reason": "",
            "proposals": [],
            "doubt": "",
        }
    },
    "findings": [],
}
EXAMPLE_CASE: Final[dict[str, Any]] = {
    "content": {
        "application/json": {
            "example": {
                "schema_version": 1,
                "number": "2026/0000123",
                "state": "queued",
                "channel": "online",
                "received_at": "2026-11-24T09:30:00Z",
                "registered_at": "2026-11-24T09:30:04Z",
                "sender": "",
                "submission": _EXAMPLE_SUBMISSION,
            }
        }
    }
}
