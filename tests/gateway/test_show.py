"""What the terminal shows is what was meant."""

import pytest

from gateway.show import console


def test_the_name_of_a_source_is_no_emoji(capsys: pytest.CaptureFixture[str]) -> None:
    console().print("fax:fax: 26 done")
    assert capsys.readouterr().out == "fax:fax: 26 done\n"
