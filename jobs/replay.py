"""Replay: read past intakes again with what is installed now, and tell what would change. Nothing stored is touched."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from cases.intakes import Intake, Intakes
from cases.recorded import Recorded
from cases.submission import Looked
from checks.context import CheckSettings
from intake.originals import Damaged, Originals
from intake.receipt import Channel
from intake.scanner import NotScanned, Scanner
from jobs.ask import LOOKED, look_guarded
from jobs.child import ChildFailed, Limits, run_in_child
from jobs.compare import Replayed, compare
from jobs.post import Post
from jobs.scanning import infected, virus_in

_STORED = "jobs.rethink:answer"


@dataclass(frozen=True, slots=True)
class Rethink:
    """What crosses the process border towards a child that decodes a stored reading anew."""

    record: Recorded
    channel: Channel
    received_at: str
    checks: CheckSettings


RETHINK = TypeAdapter(Rethink)


@dataclass(frozen=True, slots=True)
class Again:
    """How intakes are read again: from their originals, or from the stored readings alone."""

    originals: Originals
    checks: CheckSettings
    limits: Limits
    trust_store: str = ""
    only_stored: bool = False
    scanner: Scanner | None = None

    def look(self, intake: Intake) -> Looked:
        """Read one intake as on the day on which it was read first; whatever it does, the next one is read.

        Raises ``ScannerDown``: nothing is opened that was not scanned.
        """
        return self._think(intake) if self.only_stored else self._read(intake)

    def _read(self, intake: Intake) -> Looked:
        try:
            raw = self.originals.read(intake.digest)
        except Damaged as error:
            return Looked((), failure=str(error))
        if self.scanner is not None:
            try:
                found = virus_in(self.scanner, intake.name, raw, self.limits)
            except NotScanned as error:
                return Looked((), failure=str(error))
            if found:
                return infected(found)
        post = Post(intake.name, raw, intake.channel, intake.received_at, intake.looked_on)
        return look_guarded(post, self.checks, self.limits, self.trust_store)

    def _think(self, intake: Intake) -> Looked:
        if intake.record is None:
            return Looked((), failure=intake.missing)
        if intake.record.failure:
            return Looked((), failure=f"the stored look had failed: {intake.record.failure}")
        received = intake.record.certified_at or intake.received_at
        question = RETHINK.dump_json(Rethink(intake.record, intake.channel, received.isoformat(), self.checks))
        try:
            looked = LOOKED.validate_json(run_in_child(_STORED, question, self.limits))
            return replace(looked, versions={**intake.versions, **looked.versions})
        except ChildFailed as failure:
            return Looked((), failure=str(failure))


def replay(intakes: Intakes, numbers: Iterable[int], look: Callable[[Intake], Looked]) -> Iterator[Replayed]:
    """Read intakes again one after the other; one that fails is told and stops no other."""
    for number in numbers:
        intake = intakes.intake(number)
        yield compare(intake, look(intake))
