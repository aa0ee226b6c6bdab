import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates.condition import BadCondition, Condition, Content, is_filled, parse_condition

HOLDS = [
    ("always", {}, True),
    ("never", {"a": "x"}, False),
    ("supply_pod", {"supply_pod": "IT001E12345678"}, True),
    ("supply_pod", {"supply_pod": None}, False),
    ("supply_pod", {}, False),
    ("heir_request", {"heir_request": True}, True),
    ("heir_request", {"heir_request": False}, False),
    ("subcases", {"subcases": ()}, False),
    ("procedure = CMOR", {"procedure": "CMOR"}, True),
    ("procedure = CMOR", {"procedure": ("CMOR", "DOPPIA")}, False),
    ("subcases has not_cancelled", {"subcases": ("charge_error", "not_cancelled")}, True),
    ("subcases has not_cancelled", {"subcases": "not_cancelled"}, False),
    ("supply_service in (gas, both)", {"supply_service": "both"}, True),
    ("supply_service in (gas)", {"supply_service": "electricity"}, False),
    ("not a", {}, True),
    ("not not a", {"a": "1"}, True),
    ("a or b and c", {"a": "1"}, True),
    ("(a or b) and c", {"a": "1"}, False),
    ("not (a and b)", {"a": "1"}, True),
    ("not a and b", {"b": "1"}, True),
    ("year = 2020", {"year": "2020"}, True),
    ("delegate_acts", {"delegate_surname": "Prova"}, True),
    ("delegate_acts", {"delegate_not_professional": True}, True),
    ("delegate_acts", {"delegation_attached": True}, True),
    ("delegate_acts", {"delegation_attached": False, "delegate_surname": None}, False),
    ("delegate_acts", {"delegate_acts": False, "delegate_surname": "Prova"}, False),
]


@pytest.mark.parametrize(("text", "values", "expected"), HOLDS)
def test_holds(text: str, values: dict[str, Content], *, expected: bool) -> None:
    assert parse_condition(text).holds(values) is expected


def test_names_are_all_that_it_asks_about() -> None:
    condition = parse_condition("a = x and (b has y or not c) or delegate_acts")
    assert condition.names == {"a", "b", "c", "delegate_acts"}
    assert parse_condition("always").names == frozenset()


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 0),
        ("   ", 3),
        ("a b", 2),
        ("a and", 5),
        ("a = ", 4),
        ("a = or", 4),
        ("(a", 2),
        ("a)", 1),
        ("a in x", 5),
        ("a in (x", 7),
        ("a in ()", 6),
        ("a ? b", 2),
        ("A", 0),
        ("always or a", 0),
        ("a == b", 3),
        ("not", 3),
    ],
)
def test_a_bad_condition_says_where_and_how_to_mend_it(text: str, position: int) -> None:
    with pytest.raises(BadCondition) as caught:
        parse_condition(text)
    assert caught.value.position == position
    assert caught.value.remedy
    assert f"character {position + 1}" in str(caught.value)


def test_deep_nesting_is_refused_not_a_crash() -> None:
    for text in ("(" * 5000 + "a" + ")" * 5000, "not " * 5000 + "a"):
        with pytest.raises(BadCondition, match="flatter"):
            parse_condition(text)


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("((a))", "a"),
        ("a  or(b or c)", "a or b or c"),
        ("(a or b)and c", "(a or b) and c"),
        ("not(a and b)", "not (a and b)"),
        ("x in(a,b)", "x in (a, b)"),
        (" never ", "never"),
    ],
)
def test_one_normal_spelling(text: str, spelled: str) -> None:
    assert str(parse_condition(text)) == spelled


words = st.sampled_from(
    ["a", "b_1", "CMOR", "and", "or", "not", "in", "has", "=", "(", ")", ",", "always", "never", "?"]
)


@given(st.one_of(st.text(max_size=60), st.lists(words, max_size=14).map(" ".join)))
def test_any_text_is_read_and_round_trips_or_is_refused(text: str) -> None:
    condition: Condition | None = None
    with contextlib.suppress(BadCondition):
        condition = parse_condition(text)
    assert condition is None or parse_condition(str(condition)) == condition


names = st.sampled_from(["a", "b", "c"])
tests = st.one_of(
    names,
    st.builds("{} = {}".format, names, st.sampled_from(["x", "y"])),
    st.builds("{} has {}".format, names, st.sampled_from(["x", "y"])),
    st.builds("{} in (x, {})".format, names, st.sampled_from(["x", "y"])),
)
expressions = st.recursive(
    tests,
    lambda inner: st.one_of(
        inner.map("not ({})".format),
        st.builds("({}) and ({})".format, inner, inner),
        st.builds("({}) or {}".format, inner, inner),
    ),
    max_leaves=5,
)
contents = st.one_of(
    st.none(), st.booleans(), st.sampled_from(["", "x", "y"]), st.sampled_from([(), ("x",), ("x", "y")])
)


@given(expressions, st.dictionaries(names, contents))
def test_the_spelling_keeps_the_meaning(text: str, values: dict[str, Content]) -> None:
    condition = parse_condition(text)
    again = parse_condition(str(condition))
    assert again == condition
    assert again.holds(values) is condition.holds(values)


@given(expressions, st.dictionaries(names, contents))
def test_not_turns_it_round(text: str, values: dict[str, Content]) -> None:
    assert parse_condition(f"not ({text})").holds(values) is not parse_condition(text).holds(values)


def test_filled() -> None:
    assert [is_filled(c) for c in (None, False, "", (), True, "x", ("x",))] == [False] * 4 + [True] * 3
