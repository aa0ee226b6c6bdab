from hypothesis import given
from hypothesis import strategies as st

from intake.cursor import Progress, read_progress

uids = st.frozensets(st.integers(1, 60), max_size=30)


def test_progress_is_short_to_write_down() -> None:
    progress = Progress(17).opened(list(range(1, 10_001)))
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
    progress = Progress(17).opened(sorted(first))
    for uid in done:
        progress = progress.without(uid)
    existing = (first - gone) | {61, 62}
    waiting = progress.waiting(existing)
    assert set(waiting) == (existing - done) | {61, 62}
    again = progress.only(existing)
    for start in range(0, len(waiting), 3):
        again = again.opened(waiting[start : start + 3])
    assert again.open == set(waiting)
    assert again.following == 63
    assert again.lowest == min(waiting)
