"""Tables of the accuracy: by way of arrival and kind of field, and what went wrong."""

from collections import defaultdict
from collections.abc import Sequence

from bench.score import FieldScore, OutcomeScore, Verdict
from cases.wilson import wilson


def by_mode_and_kind(scores: Sequence[FieldScore]) -> str:
    """Write the table of filled fields, one block for each way of arrival, with the sum first."""
    groups: dict[tuple[str, str], list[FieldScore]] = defaultdict(list)
    for score in scores:
        if score.filled:
            groups[score.mode, ""].append(score)
            groups[score.mode, score.kind].append(score)
        else:
            groups[score.mode, "~empty"].append(score)
    titles = ("way", "kind", "fields", "exactly right", "unsure", "wrong", "right %", "95 % interval")
    return _head(titles) + "".join(_row(mode, kind, group) for (mode, kind), group in sorted(groups.items()))


def wrongs(scores: Sequence[FieldScore], most: int = 200) -> str:
    """List what went wrong: sample, field, truth, raw, state, confidence."""
    bad = [s for s in scores if s.verdict is not Verdict.RIGHT]
    rows = [
        _line(s.mode, s.sample, s.field, s.verdict.value, s.truth, s.raw, s.read, s.state, f"{s.confidence:.2f}")
        for s in bad[:most]
    ]
    titles = ("way", "sample", "field", "verdict", "truth", "raw", "value", "state", "confidence")
    more = f"\n{len(bad) - most} more are in accuracy.json.\n" if len(bad) > most else ""
    return _head(titles) + "".join(rows) + more


def outcomes(scores: Sequence[OutcomeScore]) -> str:
    """Count the right outcomes and list the wrong ones."""
    right = sum(s.right for s in scores)
    rows = [
        _line(s.mode, s.sample, s.expected, s.found, ", ".join(s.expected_reasons), ", ".join(s.found_reasons))
        for s in scores
        if not s.right
    ]
    titles = ("way", "sample", "expected", "found", "reasons expected", "reasons found")
    return f"Outcomes right: {right} of {len(scores)}\n\n" + (_head(titles) + "".join(rows) if rows else "")


def _row(mode: str, kind: str, group: Sequence[FieldScore]) -> str:
    count = {v: sum(s.verdict is v for s in group) for v in Verdict}
    low, high = wilson(count[Verdict.RIGHT], len(group))
    share = count[Verdict.RIGHT] / len(group)
    name = {"": "**all filled**", "~empty": "(left empty)"}.get(kind, kind)
    return _line(mode, name, str(len(group)), *map(str, count.values()), f"{share:.1%}", f"{low:.1%}-{high:.1%}")


def _head(titles: tuple[str, ...]) -> str:
    return _line(*titles) + "|---" * len(titles) + "|\n"


def _line(*cells: str) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |\n"


def _cell(text: str) -> str:
    flat = text.replace("|", "\\|").replace("\n", " ⏎ ")
    return flat if len(flat) <= 80 else flat[:79] + "…"
