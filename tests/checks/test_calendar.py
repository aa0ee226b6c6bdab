"""The vectors of the toll-free line's calendar."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.calendar import Hours, hours, hours_in_words, next_opening, opens
from checks.context import ROME

WHOLE = Hours(time(8), time(18))
HALF = Hours(time(8), time(12))


def rome(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ROME)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2024-11-02", None),
        ("2025-11-02", None),
        ("2026-11-02", HALF),
        ("2027-11-02", HALF),
        ("2028-11-02", HALF),
        ("2026-06-29", None),
        ("2027-06-29", None),
        ("2028-06-29", None),
        ("2025-12-24", HALF),
        ("2025-12-31", HALF),
        ("2026-12-24", HALF),
        ("2026-12-31", HALF),
        ("2028-12-24", None),
        ("2028-12-31", None),
        ("2026-08-14", WHOLE),
        ("2026-10-05", WHOLE),
        ("2017-10-04", WHOLE),
        ("2026-04-06", None),
        ("2026-06-02", None),
        ("2026-12-08", None),
        ("2027-10-04", None),
        ("2028-10-04", None),
    ],
)
def test_hours_of_a_day(day: str, expected: Hours | None) -> None:
    assert hours(date.fromisoformat(day)) == expected


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("2026-06-26T18:00", "2026-06-30T08:00"),
        ("2026-12-24T12:00", "2026-12-28T08:00"),
        ("2026-12-31T12:00", "2027-01-04T08:00"),
        ("2026-10-30T18:00", "2026-11-02T08:00"),
        ("2027-10-01T18:00", "2027-10-05T08:00"),
        ("2026-11-03T07:59", "2026-11-03T08:00"),
        ("2026-11-03T08:00", "2026-11-04T08:00"),
    ],
)
def test_next_opening(after: str, expected: str) -> None:
    assert next_opening(rome(after)) == rome(expected)


def test_next_opening_over_the_change_of_the_clock() -> None:
    assert next_opening(datetime(2026, 10, 23, 17, tzinfo=UTC)) == datetime(2026, 10, 26, 7, tzinfo=UTC)
    assert next_opening(datetime(2026, 3, 27, 18, tzinfo=UTC)) == datetime(2026, 3, 30, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-03T07:59:59", False),
        ("2026-11-03T08:00:00", True),
        ("2026-11-03T17:59:59", True),
        ("2026-11-03T18:00:00", False),
        ("2026-11-02T11:59:59", True),
        ("2026-11-02T12:00:00", False),
    ],
)
def test_instants(at: str, *, expected: bool) -> None:
    assert opens(rome(at)) is expected
    assert opens(rome(at).astimezone(UTC)) is expected


@pytest.mark.parametrize(
    ("year", "days", "total"),
    [(2024, 254, 2528), (2025, 251, 2498), (2026, 253, 2512), (2027, 253, 2512), (2028, 248, 2474)],
)
def test_totals_of_a_year(year: int, days: int, total: int) -> None:
    first = date(year, 1, 1)
    told = [hours(first + timedelta(days=n)) for n in range(366) if (first + timedelta(days=n)).year == year]
    found = [h for h in told if h]
    assert (len(found), sum(h.closes.hour - h.opens.hour for h in found)) == (days, total)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        opens(datetime(2026, 11, 3, 9))  # noqa: DTZ001  this is what is refused


@given(st.datetimes(datetime(2015, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_the_next_opening_opens_and_nothing_before_it_does(at: datetime) -> None:
    there = next_opening(at)
    assert at < there
    assert opens(there)
    assert not opens(there - timedelta(seconds=1))


def test_the_words_name_every_day_that_is_different() -> None:
    words = hours_in_words()
    for part in ("dalle 8 alle 18", "2 novembre", "24 e il 31 dicembre", "dalle 8 alle 12", "29 giugno"):
        assert part in words
