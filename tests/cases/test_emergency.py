"""The emergency register: read from a list, and entered once."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.balance import books
from cases.database import Database
from cases.emergency import COLUMNS, BadSeries, merge_series, read_series
from cases.register import Direction, RegisterNumber
from cases.register_check import check_register

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
HEAD = ";".join(COLUMNS)
ROWS = (
    "2026/1;2026-11-26 09:30;entrata;post;Mario Rossi;;Richiesta CMOR",
    "2026/2;2026-11-26 09:40;uscita;fax;;06 5555 5555;Avviso",
)


def listed(*rows: str) -> bytes:
    return "\r\n".join((HEAD, *rows)).encode("utf-8-sig")


def test_a_list_is_read_with_the_clock_of_rome() -> None:
    first, second = read_series(listed(*ROWS))
    assert (first.direction, first.channel, first.sender, first.reference) == (
        Direction.IN, "post", "Mario Rossi", "E2026/0000001",
    )  # fmt: skip
    assert first.received_at == datetime(2026, 11, 26, 8, 30, tzinfo=UTC)
    assert (second.direction, second.recipient) == (Direction.OUT, "06 5555 5555")
    assert len(first.digest) == 64


def test_a_list_is_entered_once_and_goes_on_where_it_ended(database: Database) -> None:
    with database.transaction() as session:
        made = merge_series(session, read_series(listed(ROWS[0])), NOW)
    assert made == [("E2026/0000001", RegisterNumber(2026, 1))]
    for expected in ([("E2026/0000002", RegisterNumber(2026, 2))], []):
        with database.transaction() as session:
            assert merge_series(session, read_series(listed(*ROWS)), NOW) == expected
    assert check_register(database).wrong == ()
    assert books(database).discrepancies == ()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"numero;data\n", "must name the columns"),
        (listed("2026/1;2026-11-26;entrata;post;a;b"), "line 2 has not 7 columns"),
        (listed("2026/1;2026-11-26;entrata;post;a;b;c;d"), "line 2 has not 7 columns"),
        (listed("uno;2026-11-26;entrata;post;a;;c"), "line 2: a register number reads"),
        (listed("2026/1;ieri;entrata;post;a;;c"), "line 2: "),
        (listed("2026/1;2026-11-26;dentro;post;a;;c"), "line 2: "),
        (listed("2026/1;2026-11-26;entrata;piccione;a;;c"), "line 2: "),
        (listed(ROWS[0], ROWS[0]), "line 3: the number 2026/1 comes twice"),
        (b"\xff\xfe", "no CSV in UTF-8"),
    ],
)
def test_a_list_that_cannot_be_used_names_its_line(raw: bytes, words: str) -> None:
    with pytest.raises(BadSeries, match=words):
        read_series(raw)


@given(st.binary(max_size=200) | st.text(max_size=200).map(listed))
def test_any_bytes_are_a_list_or_refused(raw: bytes) -> None:
    with suppress(BadSeries):
        assert all(entry.reference.startswith("E") for entry in read_series(raw))
