"""The guards of privacy can fail: a letter that says too much is caught by them."""

from hypothesis import given
from hypothesis import strategies as st

from letters.privacy import is_telling, mask_codes, whole_codes


def test_words_of_health_and_income_are_caught() -> None:
    for words in ("Attestazione ISEE", "disagio fisico", "certificato ASL", "il Suo reddito", "Protocollo DSU"):
        assert is_telling(words)
    assert not is_telling("Il codice fiscale si trova sulla tessera sanitaria.")


def test_whole_codes_are_caught() -> None:
    codes = ("RSSMRA80A01H501U", "IT001E12345678", "00123456789012", "12345670017", "CA00000AA", "AX1234567")
    for code in codes:
        assert whole_codes(f"il codice {code} manca") == (code,)


@given(st.text())
def test_no_whole_code_is_left_after_masking(text: str) -> None:
    assert not whole_codes(mask_codes(text))
