"""Metrics in Prometheus' text format, from facts. The door to prometheus_client; no global registry."""

from collections.abc import Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from jobs.facts import Facts

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
_PREFIX: Final = "gateway_"
_BY: Final[Mapping[str, tuple[str, str]]] = {
    "receipts": ("channel", "Receipts taken in"),
    "cases": ("state", "Cases"),
    "refused": ("reason", "Receipts that became no case"),
}
_PLAIN: Final[Mapping[str, str]] = {
    "unread": "Receipts that wait to be settled",
    "oldest_unread_s": "Seconds for which the oldest of them has waited",
    "longest_doing_s": "Seconds for which the longest job has been under way",
    "waiting_jobs": "Jobs that wait",
    "failed_jobs": "Jobs that failed",
    "workers": "Workers whose heart beat a moment ago",
    "quarantined": "Receipts that could not be read and went to a clerk",
    "ledger_lines": "Lines of the conservation ledger",
    "unaccounted": "Items unaccounted for; must be 0",
    "disk_free_bytes": "Bytes free on the disk of the originals",
    "disk_bytes": "Bytes of that disk",
    "register_behind": "Finished days whose register is not written yet; must be 0 soon after midnight in Rome",
}


def exposition(facts: Facts) -> bytes:
    """Give the facts as Prometheus reads them."""
    registry = CollectorRegistry()
    for name, words in _PLAIN.items():
        Gauge(_named(name), words, registry=registry).set(getattr(facts, name))
    for name, (label, words) in _BY.items():
        gauge = Gauge(_named(name), words, [label], registry=registry)
        for value, number in getattr(facts, name).items():
            gauge.labels(value).set(number)
    _sources(registry, facts)
    return generate_latest(registry)


def _sources(registry: CollectorRegistry, facts: Facts) -> None:
    since_words, failed_words = "Seconds since a source's last success", "Failures of a source in a row"
    since = Gauge(_named("source_since_success_s"), since_words, ["source"], registry=registry)
    failures = Gauge(_named("source_failures"), failed_words, ["source"], registry=registry)
    for source, told in facts.sources.items():
        failures.labels(source).set(told.failures)
        if told.since_success_s is not None:
            since.labels(source).set(told.since_success_s)


def _named(name: str) -> str:
    return _PREFIX + (f"{name.removesuffix('_s')}_seconds" if name.endswith("_s") else name)
