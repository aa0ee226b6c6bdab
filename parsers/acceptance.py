"""Acceptance: when a reading is taken without a person, by what it is worth and what errors may cost."""

from dataclasses import dataclass, field

from parsers.calibration import BUDGET, Calibration, group, load_calibration
from parsers.evidence import Evidence, Manner


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The measured worth of readings, the error budget, and bounds for what is no reading at all.

    ``budget`` is the share of wrong values that is borne among those that nobody looks at. Penalties and costs are in
    nats, confidences those of the least certain character.
    """

    calibration: Calibration = field(default_factory=load_calibration)
    budget: float = BUDGET
    proposal_penalty: float = 6.0
    """Beyond this a pattern was forced upon something else."""
    silent_penalty: float = 1.0
    """Up to this the page says a shape by itself."""
    repair_cost: float = 4.0
    """A repair below this makes a failed check a doubt about the reading rather than about the customer."""
    prose: float = 0.20
    """For a paragraph: it is there and says something. People read its words, so the budget does not count them."""
    stroke: float = 0.60
    """For believing a stroke in a field that says "not applicable": a faint 1 looks like one."""
    alone: float = 0.90
    """For preferring words as they were read over the kind's usual patterns."""
    wrong: float = 0.90
    """For saying that the customer wrote something wrong."""
    hand_keyed: float = 0.90
    """For a hand-written line whose province stands in cells: the product of these."""

    def probability(self, evidence: Evidence) -> float:
        """Answer the probability that a reading is exactly right."""
        return self.calibration.probability(evidence)

    def takes(self, evidence: Evidence, sure: float) -> bool:
        """Tell whether a reading of that probability is taken without a person."""
        if evidence.manner is Manner.BLOCK:
            return evidence.confidence >= self.prose and self.budget > 0
        return sure >= self.calibration.needed(group(evidence), self.budget)
