"""How many fields are exactly right: ``python -m bench.accuracy [--fresh N] [--seed S] [--mode M ...]``.

Reads the shipped sample post, or with ``--fresh`` pages that nobody has seen, and prints by way of arrival and kind of
field what was right, unsure (flagged for a clerk) and wrong, with 95 % Wilson intervals, then what went wrong.
Writes the same to ``bench/out/accuracy.md`` and all scores to ``accuracy.json``.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bench.score import FieldScore, OutcomeScore, Verdict, score_fields, score_outcomes
from bench.table import by_mode_and_kind, outcomes, wrongs
from intake.receipt import Channel
from jobs.look import look_here
from jobs.post import Post
from samples.make import HOME, generate, paperwork

OUT = Path(__file__).parent / "out"
FRESH_MODES = ("mail-acroform", "scan-300", "scan-300-bw", "scan-200", "fax-fine", "fax-standard")
Piece = tuple[dict[str, Any], bytes]
"""A truth and the bytes of the post that it is about."""


def stored_pieces(folder: Path) -> Iterator[Piece]:
    """Yield the sample post in a folder with its truth."""
    for path in sorted((folder / "post").rglob("*.truth.json")):
        yield (
            json.loads(path.read_text(encoding="utf-8")),
            path.with_name(path.name.removesuffix(".truth.json")).read_bytes(),
        )


def fresh_pieces(seed: int, count: int, modes: tuple[str, ...]) -> Iterator[Piece]:
    """Yield unseen post, ``count`` pieces by each way."""
    for mode in modes:
        for sample in generate(seed, count, mode):
            # Through JSON, so that a fresh truth is the same as a stored one.
            yield json.loads(json.dumps(sample.truth)), sample.raw


def measure(pieces: Iterator[Piece]) -> tuple[list[FieldScore], list[OutcomeScore]]:
    """Read every piece and hold it against its truth; progress goes to stderr."""
    fields: list[FieldScore] = []
    results: list[OutcomeScore] = []
    for truth, raw in pieces:
        started = time.perf_counter()
        received = datetime.fromisoformat(truth["received_at"])
        looked = look_here(Post(truth["file"], raw, Channel(truth["channel"]), received, received.date()))
        found = list(score_fields(truth, looked, paperwork().forms))
        ends = list(score_outcomes(truth, looked))
        fields += found
        results += ends
        _tell(truth, found, ends, time.perf_counter() - started)
    return fields, results


def _tell(truth: dict[str, Any], found: list[FieldScore], ends: list[OutcomeScore], seconds: float) -> None:
    right = sum(s.verdict is Verdict.RIGHT for s in found)
    end = "ok" if all(e.right for e in ends) else "OUTCOME"
    print(f"{truth['file']:52} {right:3}/{len(found):3} {end:8} {seconds:5.1f} s", file=sys.stderr, flush=True)


def report(fields: list[FieldScore], results: list[OutcomeScore]) -> str:
    """Write the whole report as Markdown."""
    parts = (by_mode_and_kind(fields), "## Outcomes", outcomes(results), "## What went wrong", wrongs(fields))
    return "# Accuracy\n\n" + "\n\n".join(parts)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.accuracy", description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=Path, nargs="?", default=HOME, const=HOME, help="shipped post (the default)")
    parser.add_argument("--fresh", type=int, default=0, metavar="N", help="read N unseen pieces by each way instead")
    parser.add_argument("--seed", type=int, default=date.today().toordinal(), help="for --fresh")  # noqa: DTZ011
    parser.add_argument("--mode", action="append", help="only this way of arrival (may be repeated)")
    asked = parser.parse_args()
    if asked.fresh:
        pieces = fresh_pieces(asked.seed, asked.fresh, tuple(asked.mode or FRESH_MODES))
    else:
        pieces = (p for p in stored_pieces(asked.samples) if not asked.mode or p[0]["mode"] in asked.mode)
    fields, results = measure(pieces)
    text = report(fields, results)
    print(text)
    OUT.mkdir(exist_ok=True)
    (OUT / "accuracy.md").write_text(text, encoding="utf-8")
    scores = {"fields": [asdict(s) for s in fields], "outcomes": [asdict(s) for s in results]}
    (OUT / "accuracy.json").write_text(json.dumps(scores, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
