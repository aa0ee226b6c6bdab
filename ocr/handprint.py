"""Door to onnxruntime with our own net for hand-printed characters: cells in, posteriors out.

The weights are ours (training/handprint, MODEL_CARD.md). Input [cells, 1, 32, 32] in 0..1, output logits [cells, 37];
classes and temperatures are in the model's metadata. One thread: two are slower on a busy host.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from ocr.cell_cleaning import clean
from ocr.ink import Cells
from ocr.normalise import normalise
from ocr.shipped import FOLDER, read_weights
from pages.page import Picture

WEIGHTS = FOLDER / "handprint-2.onnx"
WEIGHTS_SHA256 = "82fdf808655d55a891479bc31f3d206b20a36de43a6da539679db8fb8e45c71e"
TASK = "all"
"""The temperature of all 36 characters: what a position allows is the grammar's business."""


class HandPrint:
    """The hand-print net on one thread."""

    name = "handprint-2"

    def __init__(self, weights: Path = WEIGHTS) -> None:
        content = read_weights(weights, WEIGHTS_SHA256)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        facts = self._session.get_modelmeta().custom_metadata_map
        self._alphabet: str = facts["classes"]
        self._temperature = float(json.loads(facts["temperatures"])[TASK])
        self._version = f"onnxruntime {onnxruntime.__version__}, model {WEIGHTS_SHA256[:12]}"

    @property
    def version(self) -> str:
        """Version of the runtime and a hash of the model."""
        return self._version

    def read(self, cells: Sequence[Picture | None]) -> Cells:
        """Read cells, each a picture in square pixels or None where it is empty."""
        drawn = [None if cell is None else normalise(clean(cell)) for cell in cells]
        logp = np.full((len(drawn), len(self._alphabet) + 1), -np.log(len(self._alphabet) + 1), dtype=np.float32)
        inked = [i for i, picture in enumerate(drawn) if picture is not None]
        if inked:
            batch = np.stack([picture for picture in drawn if picture is not None])[:, None].astype(np.float32) / 255
            (logits,) = self._session.run(None, {"ink": batch})
            logp[inked] = _log_softmax(np.asarray(logits, dtype=np.float32) / self._temperature)
        return Cells(self._alphabet, logp, tuple(picture is None for picture in drawn))


def _log_softmax(scores: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    shifted = scores - scores.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)), dtype=np.float32)
