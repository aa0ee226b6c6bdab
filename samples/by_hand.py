"""Fill a form by hand where the penmen are there: they come with the hand-print reader, and nothing else needs them."""

from importlib import import_module
from importlib.util import find_spec
from random import Random

from samples.answers import Answers
from templates.form import Form

HANDWRITTEN, PENMAN = "samples.handwritten", "samples.penman"
STRAY_MM = (0.15, 0.4)
"""How far a person's characters stray from the middle of their cells."""


def penmen_are_there() -> bool:
    """Tell whether this installation has penmen."""
    return find_spec(HANDWRITTEN) is not None and find_spec(PENMAN) is not None


def fill_by_hand(form: Form, answers: Answers, rng: Random) -> bytes:
    """Return the blank with everything written in by one invented hand, flat."""
    penman, handwritten = import_module(PENMAN), import_module(HANDWRITTEN)
    person = penman.Drawn.of(penman.draw_style(rng))
    filled: bytes = handwritten.hand_fill(form, answers, handwritten.Habit(person, rng.uniform(*STRAY_MM)), rng)
    return filled
