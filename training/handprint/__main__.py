"""Make the weights: ``python -m training.handprint --strokes FILE --fonts DIR`` (see training/README.md)."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from training.handprint.export import compare, export
from training.handprint.fonts import glyphs
from training.handprint.pictures import Amounts, Pictures, for_judging, for_training
from training.handprint.report import fitted_temperatures, report
from training.handprint.strokes import Sample, read_strokes, trained_on, tuned_on
from training.handprint.train import Recipe, train


def main() -> None:
    """Draw, train, fit the temperatures, report, export."""
    asked = _asked()
    torch.set_num_threads(1)
    samples = read_strokes(asked.strokes)
    amounts = Amounts(*(round(n * asked.share) for n in asdict(Amounts()).values()))
    recipe = Recipe(steps=asked.steps, rate=asked.rate)
    pictures = _pictures(asked, samples, amounts)
    print(f"{len(pictures.label)} pictures", flush=True)
    net = train(pictures, recipe, asked.seed, asked.start)
    torch.save(net.state_dict(), asked.out.with_suffix(".pt"))
    temperatures = fitted_temperatures(net, tuned_on(samples), asked.seed)
    report(net, samples, temperatures, asked.seed)
    about = {"seed": str(asked.seed), "recipe": json.dumps(asdict(recipe) | asdict(amounts), sort_keys=True)}
    digest = export(net, temperatures, about, asked.out)
    difference = compare(net, asked.out, for_judging(tuned_on(samples), "grey", asked.seed))
    print(f"{asked.out}: sha256 {digest}, differs from the net by {difference:.1e}")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strokes", type=Path, required=True, help="the packed pen strokes")
    parser.add_argument("--fonts", type=Path, required=True, help="folder below which @fontsource packages lie")
    parser.add_argument("--out", type=Path, default=Path("handprint-1.onnx"))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=Recipe().steps)
    parser.add_argument("--rate", type=float, default=Recipe().rate, help="highest learning rate of the cycle")
    parser.add_argument("--start", type=Path, help="train on from the net in this file (NAME.pt of a former run)")
    parser.add_argument("--share", type=float, default=1.0, help="share of the recipe's amounts of pictures")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="keep the drawn pictures in this file, and take them from there")
    return parser.parse_args()


def _pictures(asked: argparse.Namespace, samples: list[Sample], amounts: Amounts) -> Pictures:
    if asked.keep and asked.keep.exists():
        with np.load(asked.keep) as kept:
            return Pictures(kept["ink"], kept["label"])
    drawn = for_training(trained_on(samples), list(glyphs(asked.fonts)), amounts, asked.seed, asked.workers)
    if asked.keep:
        np.savez(asked.keep, ink=drawn.ink, label=drawn.label)
    return drawn


if __name__ == "__main__":
    main()
