"""Acceptance: how sure a reading must be before nobody is asked; one table, made to be replaced by a fitted one."""

from dataclasses import dataclass

from templates.form import Kind


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Bounds for values read by an engine. Penalties and costs in nats, confidences of the least certain character.

    The start values are those of typed text on flat pages; hand-print and photos need their own.
    """

    silent_penalty: float = 1.0
    """A pattern may cost this much, fixed places apart, and still be taken as what the page says."""
    checked_penalty: float = 6.0
    """The same for a text whose check digit passes."""
    proposal_penalty: float = 6.0
    """Beyond this a pattern was forced upon something else."""
    repair_cost: float = 4.0
    """A repair below this makes a failed check a doubt about the reading rather than about the customer."""
    alone: float = 0.90
    """For a code without a check digit that only one engine read."""
    checked: float = 0.05
    """For a code whose check digit passes."""
    agreed: float = 0.30
    """For anything that two engines read alike."""
    differing: float = 0.98
    """For a text that another engine reads differently."""
    free_text: float = 0.60
    """For a line of text, where a slip in one letter does no harm that a clerk would not see."""
    lexicon: float = 0.40
    """For a text that is a whole entry of an official list."""
    long_text: float = 0.20
    """For a paragraph: it is there and says something; its words are read by people."""
    wrong: float = 0.90
    """For saying that the customer wrote something wrong."""
    hand_alone: float = 0.999
    """For a hand-printed codice fiscale that no other field confirms: the posterior of its cells."""
    hand_checked: float = 0.99
    """The same where a name, the birth date, the sex or the birthplace on the form agrees."""
    hand_agreed: float = 0.98
    """For hand-printed cells without a check character, which a line reader reads alike."""
    hand_keyed: float = 0.90
    """For hand-printed cells that another field says as well."""
    second_decides: frozenset[Kind] = frozenset({Kind.POD, Kind.PDR, Kind.POSTAL_CODE, Kind.AMOUNT})
    """Kinds without check digit: where two engines read two right-looking values, a clerk looks."""


SHIPPED = Acceptance()
