"""Make the sample post: ``python -m samples.make [--out DIR] [--seed N] [--count N]``.

``generate`` is the same machinery for benches, which want pages that nobody has seen.
"""

import argparse
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from random import Random

from intake.receipt import Channel
from samples.catalogue import catalogue
from samples.jigsaw import jigsaw_post
from samples.odd import odd_post
from samples.plan import SHIPPED
from samples.post import send
from samples.sample import Sample
from samples.scenarios import SCENARIOS
from samples.sheets import Paperwork
from samples.trapped import trapped_post
from samples.wrapped import wrapped_post
from templates.load import load_forms

SEED = 20261124
HOME = Path(__file__).parent
_TRAYS = {Channel.EMAIL: "mail", Channel.PEC: "pec", Channel.FAX: "fax", Channel.POST: "scan"}


@lru_cache(maxsize=1)
def paperwork() -> Paperwork:
    """Load the shipped forms, the newest edition of each."""
    newest = sorted(load_forms(), key=lambda form: form.valid_from)
    return Paperwork({form.code: form for form in newest})


def generate(seed: int, count: int, mode: str, scenario: str = "") -> Iterator[Sample]:
    """Yield ``count`` unseen samples sent by ``mode`` (a key of ``MODES``), over all procedures in turn."""
    for i in range(count):
        rng = Random(f"{seed}/{mode}/{i}")
        chosen = SCENARIOS[scenario or ("complete", "complete-delegate", "complete-gas")[i % 3]]
        draft = chosen.draft(rng, chosen.procedures[i % len(chosen.procedures)])
        yield send(chosen, draft, mode, paperwork(), rng.randrange(2**31), f"{mode}-{seed}-{i:03d}")


def shipped(seed: int = SEED, count: int = 0) -> Iterator[Sample]:
    """Yield the shipped set (its first ``count`` rows, 0 for all of it), the same at each run."""
    for i, (name, mode, procedure) in enumerate(SHIPPED[: count or None], 1):
        rng = Random(f"{seed}/{i}")
        scenario = SCENARIOS[name]
        draft = scenario.draft(rng, procedure)
        yield send(scenario, draft, mode, paperwork(), rng.randrange(2**31), f"{i:02d}-{procedure.lower()}-{name}")
    if not count:
        yield from odd_post(paperwork(), seed)
        yield from wrapped_post(paperwork(), seed)
        yield from trapped_post(paperwork(), seed)
        yield from jigsaw_post(paperwork(), seed)


def write(samples: Iterator[Sample], out: Path) -> list[Sample]:
    """Write post, sidecars and truths below ``out/post``, and the catalogue. Returns what was written."""
    written = []
    for sample in samples:
        tray = out / "post" / _TRAYS[sample.channel]
        tray.mkdir(parents=True, exist_ok=True)
        (tray / sample.name).write_bytes(sample.raw)
        _write_json(tray / f"{sample.name}.truth.json", sample.truth)
        if sample.sidecar is not None:
            _write_json(tray / f"{sample.name}.json", sample.sidecar)
        written.append(sample)
    (out / "CATALOGUE.md").write_text(catalogue(written, _TRAYS), encoding="utf-8")
    return written


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m samples.make", description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=HOME, help="folder for post/ and CATALOGUE.md")
    parser.add_argument("--seed", type=int, default=SEED, help="another seed gives other people")
    parser.add_argument("--count", type=int, default=0, help="only the first rows of the plan")
    asked = parser.parse_args()
    written = write(shipped(asked.seed, asked.count), asked.out)
    size = sum(len(sample.raw) for sample in written)
    print(f"{len(written)} pieces of post, {size / 1e6:.1f} MB, below {asked.out}")  # noqa: T201 - a command speaks


if __name__ == "__main__":
    main()
