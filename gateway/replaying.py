"""``gateway replay``: the run itself, kept line by line in a file of its own, so that it can be stopped and resumed."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from cases.intakes import Intake, Intakes, Span
from jobs.compare import Change, Replayed
from jobs.replay import replay

_LINE = TypeAdapter(Replayed)


class OtherRun(Exception):
    """The file holds a run with other options; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Notebook:
    """The file of one run: its options in the first line, then one past intake a line. It holds personal data."""

    path: Path
    asked: Mapping[str, Any]

    def begin(self, *, resume: bool) -> list[Replayed]:
        """Open the run, anew or where it stopped; give what is done. Raises ``OtherRun``."""
        if resume and self.path.exists():
            return self._done()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.unlink(missing_ok=True)
        self.path.touch(mode=0o600)
        self._add(json.dumps(self.asked))
        return []

    def add(self, replayed: Replayed) -> None:
        """Note one intake."""
        self._add(_LINE.dump_json(replayed).decode())

    def _done(self) -> list[Replayed]:
        head, *lines = self.path.read_text(encoding="utf-8").split("\n")[:-1] or ["{}"]
        if json.loads(head) != self.asked:
            raise OtherRun(
                f"{self.path} holds a run with other options ({head}). Give the same ones, or leave --resume out."
            )
        return [_LINE.validate_json(line) for line in lines]

    def _add(self, line: str) -> None:
        with self.path.open("a", encoding="utf-8") as notes:
            notes.write(line + "\n")


@dataclass(frozen=True, slots=True)
class Totals:
    """What a run found, added up."""

    intakes: int
    failed: int
    cases: int
    cases_same: int
    outcomes_changed: int
    fields: Mapping[str, int] = field(default_factory=dict)
    clerk_agrees: int = 0
    clerk_differs: int = 0


def run(
    intakes: Intakes, span: Span, look: Callable[[Intake], Any], notebook: Notebook, *, resume: bool
) -> tuple[int, Iterator[Replayed]]:
    """Give how many intakes there are, and each as it is replayed, those of a run before first. Raises ``OtherRun``."""
    numbers = intakes.numbers(span)
    done = notebook.begin(resume=resume)
    known = {one.receipt for one in done}
    left = [number for number in numbers if number not in known]

    def each() -> Iterator[Replayed]:
        yield from done
        for replayed in replay(intakes, left, look):
            notebook.add(replayed)
            yield replayed

    return len(done) + len(left), each()


def add_up(found: Sequence[Replayed]) -> Totals:
    """Add a run up."""
    cases = [case for one in found for case in one.cases]
    counts: Counter[str] = Counter({change.value: 0 for change in Change})
    for case in cases:
        counts.update(case.counts)
    told = [diff.agrees for case in cases for diff in case.fields if diff.agrees is not None]
    return Totals(
        intakes=len(found),
        failed=sum(1 for one in found if one.failure),
        cases=len(cases),
        cases_same=sum(1 for case in cases if case.same),
        outcomes_changed=sum(1 for case in cases if case.outcome_was != case.outcome_now),
        fields=dict(counts),
        clerk_agrees=sum(told),
        clerk_differs=len(told) - sum(told),
    )


def run_as_json(found: Sequence[Replayed], *, complete: bool) -> dict[str, Any]:
    """Give a run as one JSON object; ``complete`` is False where it was stopped."""
    return {"complete": complete, "totals": asdict(add_up(found)), "intakes": [asdict(one) for one in found]}
