"""What a net is worth: its temperatures, and its figures by set, channel and mask."""

from torch import Tensor, from_numpy, nn

from training.handprint.judge import MASKS, figures, fit_temperature, joined, read_anyway
from training.handprint.pictures import Pictures, for_judging, for_rejecting
from training.handprint.scanned import MODES
from training.handprint.spoiled import KINDS
from training.handprint.strokes import Sample, held_out, tuned_on
from training.handprint.train import logits

TUNED_OVER = ("grey", "bilevel", "standard")
SPOILED_EACH = 400


def fitted_temperatures(net: nn.Module, samples: list[Sample], seed: int) -> dict[str, float]:
    """Fit one temperature for each mask over three channels together."""
    drawn = [for_judging(samples, mode, seed) for mode in TUNED_OVER]
    every, label = joined([logits(net, p) for p in drawn]), joined([_label(p) for p in drawn])
    return {mask: round(fit_temperature(every, label, mask), 4) for mask in MASKS}


def report(net: nn.Module, samples: list[Sample], temperatures: dict[str, float], seed: int) -> None:
    """Print the figures by set, channel and mask, and the share of spoiled cells that are read all the same."""
    print(f"temperatures {temperatures}")
    for name, part in (("tos", tuned_on(samples)), ("held out", held_out(samples))):
        for mode in MODES:
            drawn = for_judging(part, mode, seed)
            out = logits(net, drawn)
            for mask, t in temperatures.items():
                print(f"{name:9}{mode:9}{mask:9}{figures(out, _label(drawn), mask, t)}")
    for kind in KINDS:
        out = logits(net, for_rejecting(held_out(samples), kind, SPOILED_EACH, seed))
        read = ", ".join(f"{mask} {read_anyway(out, mask, t):.1%}" for mask, t in temperatures.items())
        print(f"{kind}: read with p > .9: {read}")


def _label(pictures: Pictures) -> Tensor:
    return from_numpy(pictures.label)
