import sys
from pathlib import Path

import pytest

from bench.reading import read_file
from bench.sheets import make_pile
from bench.speed import Row, Turn, run, table


@pytest.mark.slow
def test_our_side_reads_what_is_written_on_the_pages(tmp_path: Path) -> None:
    pile = make_pile("fax-fine", 2, seed=3)
    file = tmp_path / "pages.pdf"
    file.write_bytes(pile.content)
    read = read_file(file)
    assert len(read) == len(pile.pages) == 2
    written = [(zone.zone, number) for number, zones in enumerate(pile.pages) for zone in zones]
    assert len(written) > 10
    assert all(zone in read[number] for zone, number in written)


def test_a_side_that_fails_gives_no_rate() -> None:
    assert run([[sys.executable, "-c", "pass"]]).wall_s > 0
    with pytest.raises(Exception, match="exit status 3"):
        run([[sys.executable, "-c", "raise SystemExit(3)"]])


def test_the_table_tells_speed_and_accuracy() -> None:
    text = table([Row("scan-200", "lean", 100, 20, 5.0, 5.1, 0.99, 0.5)])
    assert "| scan-200 | lean | 100 | 20 | 5.0 | 5.1 | 99.0% | 50.0% |" in text
    assert Turn(1.0, 2.0).cpu_s == 2.0
