"""Resolution and polarity of pictures, by the statements and sheets that really come."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.picture import dark_on_light, resolution
from samples.channels.named import send
from samples.degrade import draw_pages
from samples.leaf import Leaf, draw_leaves

LEAF = draw_leaves(Leaf("Prova", "Testa", ("Una riga di testo lunga abbastanza per essere vista. " * 6,) * 6))


@pytest.mark.parametrize(
    ("size", "stated", "expected"),
    [
        ((1654, 2339), (200.0, 200.0), (200, 200)),
        ((1654, 2339), (96.0, 96.0), (200, 200)),
        ((1654, 2339), (300.0, 300.0), (200, 200)),
        ((1654, 2339), (72.0, 72.0), (200, 200)),
        ((1654, 2339), None, (200, 200)),
        ((1240, 1754), (165.0, 165.0), (165, 165)),  # a copy at 91 % is still what it says
        ((1728, 1146), (204.0, 98.0), (204, 98)),
        ((1728, 1146), (204.0, 204.0), (204, 98)),
        ((1728, 2292), (200.0, 200.0), (204, 196)),
        ((1000, 600), (150.0, 150.0), (85, 85)),  # 102 mm high by its statement: no sheet
        ((1000, 800), (150.0, 150.0), (150, 150)),
    ],
)
def test_a_resolution_is_believed_where_it_makes_a_sheet(
    size: tuple[int, int], stated: tuple[float, float] | None, expected: tuple[float, float]
) -> None:
    assert resolution(*size, stated) == pytest.approx(expected, rel=0.01)


@given(
    st.integers(1, 60_000),
    st.integers(1, 60_000),
    st.one_of(st.none(), st.tuples(st.floats(1, 5000), st.floats(1, 5000))),
)
def test_a_resolution_is_always_positive(width: int, height: int, stated: tuple[float, float] | None) -> None:
    assert min(resolution(width, height, stated)) > 0


@pytest.mark.parametrize("channel", ["clean", "scan-100", "fax-standard", "photo-small"])
def test_a_negative_becomes_positive_and_a_positive_stays(channel: str) -> None:
    (page,) = draw_pages(LEAF, 300)
    seen = send(channel, page, Random(3)).picture
    assert np.array_equal(dark_on_light(seen), seen)
    assert np.array_equal(dark_on_light(255 - seen), seen)
    dark = (seen // 3).astype(np.uint8)
    assert np.array_equal(dark_on_light(dark), dark)


@pytest.mark.parametrize("shape", [(1, 20_000), (20_000, 1), (90, 90), (150, 150)])
@pytest.mark.parametrize("grey", [0, 40, 255])
def test_a_sheet_of_nothing_is_left_alone(shape: tuple[int, int], grey: int) -> None:
    picture = np.full(shape, grey, np.uint8)
    assert np.array_equal(dark_on_light(picture), picture)
