from hypothesis import given
from hypothesis import strategies as st

from intake.cursor import Progress, read_progress

uids = st.frozensets(st.integers(1, 60), max_size=30)


def test_progress_is_short_to_write_down() -> None:
    progress = Progress(17).after_search(range(1, 10_001), 10_001)
    assert progress.text() == "17 10001 1:10000"
    assert progress.without(1).without(5000).text() == "17 10001 2:4999,5001:10000"
    assert Progress(17, 10_001).text() == "17 10001"


@given(uids, st.integers(1, 80))
def test_what_is_written_down_is_read_back(still_open: frozenset[int], following: int) -> None:
    progress = Progress(17, following, still_open)
    assert read_progress(progress.text(), 17) == progress


@given(st.one_of(st.none(), st.text(max_size=20), st.sampled_from(["18 5 1:3", "17", "17 x", "17 5 a:b"])))
def test_nonsense_or_another_epoch_starts_at_the_first_message(text: str | None) -> None:
    assert read_progress(text, 17) == Progress(17)


@given(uids, uids, uids)
def test_no_message_is_skipped_and_none_comes_back(
    first: frozenset[int], done: frozenset[int], gone: frozenset[int]
) -> None:
    progress = Progress(17).after_search(first, max(first, default=0) + 1)
    for uid in done:
        progress = progress.without(uid)
    existing = (first - gone) | {61, 62}
    again = progress.after_search(existing, 63)
    assert again.open == (existing - done - gone) | {61, 62}
    assert again.lowest == min(again.open)
