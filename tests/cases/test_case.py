import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from cases.case import ARROWS, FIRST, CaseState, Event, NoArrow, arrow
from checks.validation import Outcome

END = {CaseState.CLOSED}


def test_every_outcome_but_one_is_born_as_a_case() -> None:
    assert set(FIRST) == set(Outcome) - {Outcome.NOT_A_REQUEST}
    assert FIRST[Outcome.READY] is CaseState.QUEUED
    assert FIRST[Outcome.NOT_ADMISSIBLE] is CaseState.REFUSAL_PROPOSED


def test_a_refusal_needs_a_clerk() -> None:
    ways_in = {(state, event) for (state, event), after in ARROWS.items() if after is CaseState.REFUSED}
    assert ways_in == {(CaseState.REFUSAL_PROPOSED, Event.REFUSAL_CONFIRMED)}


def test_from_every_state_but_the_end_a_case_can_come_to_its_end() -> None:
    reaches = set(END)
    while more := {state for (state, _), after in ARROWS.items() if after in reaches} - reaches:
        reaches |= more
    assert reaches == set(CaseState)


def test_every_state_can_be_reached_from_birth() -> None:
    reached = set(FIRST.values())
    while more := {after for (state, _), after in ARROWS.items() if state in reached} - reached:
        reached |= more
    assert reached == set(CaseState)


@given(st.sampled_from(CaseState), st.sampled_from(Event))
def test_an_event_without_an_arrow_is_refused(state: CaseState, event: Event) -> None:
    if (state, event) in ARROWS:
        assert arrow(state, event) is ARROWS[state, event]
    else:
        with pytest.raises(NoArrow):
            arrow(state, event)


class Life(RuleBasedStateMachine):
    """A case meets any events in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.state = CaseState.WAITING_CLERK
        self.confirmed = self.taken = False

    @rule(outcome=st.sampled_from(sorted(FIRST)))
    def born_again(self, outcome: Outcome) -> None:
        self.state = FIRST[outcome]
        self.confirmed = self.taken = False

    @rule(event=st.sampled_from(Event))
    def happens(self, event: Event) -> None:
        before = self.state
        try:
            self.state = arrow(before, event)
        except NoArrow:
            assert (before, event) not in ARROWS
            return
        self.confirmed |= event is Event.REFUSAL_CONFIRMED
        self.taken |= event is Event.TAKEN
        assert before not in END

    @invariant()
    def refused_only_by_a_clerk(self) -> None:
        assert self.state is not CaseState.REFUSED or self.confirmed

    @invariant()
    def handed_over_only_when_taken(self) -> None:
        assert self.state is not CaseState.HANDED_OVER or self.taken


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=30)
