"""Judge the line reader against the others on the same drawn lines: ``python -m training.lines.judge --fonts FOLDER``.

Runs in the product's environment. Typefaces and words of the test side alone; spaces count for nothing.
"""

import argparse
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random

from rapidfuzz.distance import Levenshtein

from ocr.engine import Engine
from ocr.line_net import LineNet
from ocr.ppocr import PpOcr
from ocr.tesseract import Tesseract
from training.lines.batches import Crop, crops

SEED = 11


@dataclass
class Tally:
    """What one engine made of the lines of one channel."""

    lines: int = 0
    right: int = 0
    wrong_characters: int = 0
    characters: int = 0

    def count(self, text: str, read: str) -> None:
        """Count one line."""
        self.lines += 1
        self.right += text == read
        self.wrong_characters += Levenshtein.distance(text, read)
        self.characters += len(text)


def judge(engines: Sequence[Engine], judged: Sequence[Crop]) -> dict[str, list[Tally]]:
    """Tally by channel and engine."""
    tallies: dict[str, list[Tally]] = defaultdict(lambda: [Tally() for _ in engines])
    for crop in judged:
        for engine, tally in zip(engines, tallies[crop.channel], strict=True):
            tally.count(_bare(crop.text), _bare(engine.read_line(crop.picture).text))
    return dict(tallies)


def table(engines: Sequence[Engine], tallies: dict[str, list[Tally]]) -> str:
    """Write exact lines and character errors as a Markdown table."""
    head = "| channel | lines | " + " | ".join(f"{engine.name} exact / CER" for engine in engines) + " |"
    rows = [
        f"| {channel} | {row[0].lines} | "
        + " | ".join(f"{t.right / t.lines:.1%} / {t.wrong_characters / t.characters:.3f}" for t in row)
        + " |"
        for channel, row in sorted(tallies.items())
    ]
    return "\n".join([head, "|---|--:|" + "--:|" * len(engines), *rows])


def _bare(text: str) -> str:
    return "".join(text.split()).replace("’", "'").replace("º", "°").replace("–", "-")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.lines.judge", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--fonts", type=Path, required=True)
    parser.add_argument("--lines", type=int, default=700)
    asked = parser.parse_args()
    engines: list[Engine] = [LineNet(), PpOcr(), Tesseract()]
    judged = list(islice(crops(asked.fonts, Random(SEED), held_out=True), asked.lines))
    print(table(engines, judge(engines, judged)))


if __name__ == "__main__":
    main()
