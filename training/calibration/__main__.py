"""Collect trials and fit: ``python -m training.calibration collect|fit``.

``collect --channel C --seed S --count N --out FILE`` appends the trials of N forms; several may run side by side.
``fit FILE...`` writes ``parsers/data/calibration-1.json`` and prints what it is worth.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

from ocr.read import standard_reader
from parsers.calibration import BUDGET, SHIPPED, Calibration, group, read_calibration
from parsers.evidence import Manner
from parsers.sound import is_sound
from templates.identify import Identifier
from templates.load import load_forms
from training.calibration.collect import CHANNELS, HAND_CHANNELS, Bench, trials
from training.calibration.fit import Weighed, as_table, fit
from training.calibration.rows import read, write
from training.handprint.strokes import read_strokes, tuned_on
from training.handprint.writers import writers

HOME = Path(__file__).parents[2] / "parsers" / "data"


def collect(channels: list[str], seed: str, count: int, out: Path, strokes: Path | None) -> None:
    """Append trials to a file: of typed forms, or of forms by the hands that the net was tuned on, never trained on."""
    hands = writers(tuned_on(read_strokes(strokes)), Random(seed), least=8) if strokes else ()
    bench = Bench(Identifier(load_forms()), standard_reader(check=is_sound), hands)
    for channel in channels:
        print(f"{channel}: {write(out, trials(bench, channel, seed, count))} readings", flush=True)


def worth(fitted: Calibration, weighed: Sequence[Weighed]) -> str:
    """Say by channel how much is taken without a person, and how much of that is wrong, each form out of its fold."""
    lines = ["| channel | readings | right | taken | wrong among the taken |", "|---|--:|--:|--:|--:|"]
    for channel in sorted({w.trial.channel for w in weighed}):
        here = [w for w in weighed if w.trial.channel == channel and w.trial.evidence.manner is not Manner.BLOCK]
        taken = [w for w in here if w.sure >= fitted.needed(group(w.trial.evidence), BUDGET)]
        wrong = sum(not w.trial.right for w in taken)
        right = sum(w.trial.right for w in here) / len(here)
        lines.append(
            f"| {channel} | {len(here)} | {right:.2%} | {len(taken) / len(here):.1%} "
            f"| {wrong} ({wrong / max(1, len(taken)):.2%}) |"
        )
    return "\n".join(lines)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.calibration", description=(__doc__ or "").splitlines()[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("collect")
    one.add_argument("--channel", action="append", choices=CHANNELS)
    one.add_argument("--strokes", type=Path, help="packed pen strokes: the forms are filled by hand")
    one.add_argument("--seed", default="1")
    one.add_argument("--count", type=int, default=20, help="forms of each channel")
    one.add_argument("--out", type=Path, required=True)
    two = verbs.add_parser("fit")
    two.add_argument("files", nargs="+", type=Path)
    two.add_argument("--onto", type=Path, help="a table whose other manners and curves stay as they are")
    two.add_argument("--out", type=Path, default=HOME / SHIPPED)
    asked = parser.parse_args()
    if asked.verb == "collect":
        channels = asked.channel or list(HAND_CHANNELS if asked.strokes else CHANNELS)
        collect(channels, asked.seed, asked.count, asked.out, asked.strokes)
        return
    fitted, weighed = fit(read(asked.files))
    kept = read_calibration(asked.onto.read_text(encoding="utf-8")) if asked.onto else Calibration({}, {})
    table = as_table(Calibration({**kept.weights, **fitted.weights}, {**kept.curves, **fitted.curves}))
    asked.out.parent.mkdir(exist_ok=True)
    asked.out.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    print(worth(fitted, weighed))


if __name__ == "__main__":
    main()
