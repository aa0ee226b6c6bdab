"""Read a posterior without a grammar: the best class of each step."""

import numpy as np
import numpy.typing as npt

FLOOR = 1e-12
Posterior = npt.NDArray[np.float32]
"""Probabilities [steps, 1 + len(alphabet)], column 0 is the blank."""


def greedy(posterior: Posterior, alphabet: str) -> tuple[str, float]:
    """Take the best class of each step, collapse repeats, drop blanks; the confidence is the least certain character's.

    A character is as certain as the best step of its run.
    """
    best, chance = posterior.argmax(axis=1), posterior.max(axis=1)
    text: list[str] = []
    sure: list[float] = []
    previous = 0
    for step, sign in enumerate(best.tolist()):
        if sign and sign == previous:
            sure[-1] = max(sure[-1], float(chance[step]))
        elif sign:
            text.append(alphabet[sign - 1])
            sure.append(float(chance[step]))
        previous = sign
    joined = "".join(text)
    return joined.strip(), float(np.clip(min(sure, default=0.0), 0.0, 1.0))


def limited(posterior: Posterior, alphabet: str, allowed: str) -> Posterior:
    """Leave out what is not allowed ("" allows all). A space that may not be is no character: it counts as blank."""
    if not allowed:
        return posterior
    keep = np.array([True, *(sign in allowed for sign in alphabet)])
    kept = np.where(keep, posterior, 0)
    if " " in alphabet and " " not in allowed:
        kept[:, 0] += posterior[:, 1 + alphabet.index(" ")]
    return np.asarray(kept / np.maximum(kept.sum(axis=1, keepdims=True), FLOOR), dtype=np.float32)
