"""What holds of every field parser on any text."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.fields import iban, registered_letter
from parsers.fields.confusions import respellings
from parsers.fields.parsed import Context, Parsed
from parsers.fields.tax_code import fault
from parsers.kinds import PARSERS, FieldParser
from templates.form import Kind

TODAY = date(2026, 11, 20)
CONTEXTS = [Context(TODAY), Context(TODAY, birth=True)]
EVERY: dict[str, FieldParser] = {
    **{kind.value: parser for kind, parser in PARSERS.items()},
    "iban": iban,
    "registered_letter": registered_letter,
}
LIKELY = "0123456789 /.,-;:|_'°€@+()ITEOILSBZabcdeilmnopqrstuvzABCDEFGHLMNPRSTUVXZàèéìòù’–\n\t"
SHAPES = (
    "RSSMRA80A01H501U", "IT002E1234567A", "00123456789012", "12345670017", "3 apr. 2025", "03041980", "1.234,56",
    "00197", "02 1234567 int. 5", "06 55555555 / 333 1234567", "UTENTE@EXAMPLE.COM", "S. Giovanni Rotondo", "n. 12/A",
    "snc", "4", "FT 1/2025; FT 2", "IT60X0542811101000000123456", "RR473124829IT", "(na)", "D'Esempio", "2025",
)  # fmt: skip
texts = st.one_of(
    st.text(max_size=40),
    st.text(alphabet=LIKELY, max_size=30),
    st.sampled_from(SHAPES).flatmap(lambda s: st.text(alphabet=LIKELY, max_size=2).map(lambda t: s + t)),
)


def test_every_written_kind_has_a_parser() -> None:
    assert set(Kind) - set(PARSERS) == {Kind.ENUM, Kind.TICKS, Kind.TICK, Kind.INK}


@pytest.mark.parametrize("kind", EVERY)
@settings(max_examples=50)
@given(raw=texts, context=st.sampled_from(CONTEXTS))
def test_a_value_shown_and_read_again_is_the_same(kind: str, raw: str, context: Context) -> None:
    parser = EVERY[kind]
    found = parser.parse(raw, context)
    assert isinstance(found, Parsed)
    assert isinstance(parser.compact(raw), str)
    if found.value is None:
        assert found.reason.endswith(".")
    else:
        assert parser.parse(parser.format(found.value), context).value == found.value


@pytest.mark.parametrize("kind", EVERY)
@settings(max_examples=50)
@given(raw=texts, context=st.sampled_from(CONTEXTS))
def test_what_is_proposed_would_be_accepted(kind: str, raw: str, context: Context) -> None:
    parser = EVERY[kind]
    for proposal in parser.parse(raw, context).proposals:
        assert parser.parse(parser.format(proposal), context).value == proposal


def test_single_confusions_of_a_tax_code_never_pass() -> None:
    near = respellings("RSSMRA80A01H501U")
    assert len(near) > 20
    assert [code for code in near if not fault(code, TODAY)] == []
