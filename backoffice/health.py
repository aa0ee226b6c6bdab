"""Health: how the machinery behind the desk fares, in numbers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Health:
    """Numbers only; ``unaccounted`` is how many pieces of the post are in no bin of the ledger."""

    unaccounted: int = 0
    ledger_lines: int = 0
    workers: int = 0
    waiting_jobs: int = 0
    failed_jobs: int = 0
    unread: int = 0
    oldest_unread_s: float = 0.0
    quarantined: int = 0
    disk_free_bytes: int = 0
    disk_bytes: int = 0
