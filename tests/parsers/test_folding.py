"""Folding: the quick way for ASCII says what the long way says."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from parsers.fields.folding import APOSTROPHES, fold, squeeze

ascii_texts = st.text(st.characters(max_codepoint=127))


def slowly(raw: str) -> str:
    plain = unicodedata.normalize("NFKC", raw.translate(APOSTROPHES))
    return " ".join("".join(" " if unicodedata.category(c) in {"Cc", "Cf"} else c for c in plain).split())


@given(ascii_texts)
def test_ascii_is_squeezed_as_all_else(raw: str) -> None:
    assert squeeze(raw) == slowly(raw)


@given(ascii_texts)
def test_ascii_is_folded_as_all_else(raw: str) -> None:
    assert fold(raw) == slowly(unicodedata.normalize("NFKD", slowly(raw).casefold()))
