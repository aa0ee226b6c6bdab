"""Door to onnxruntime with our own small reader of typed lines: quick, and independent of every other reader.

``training/lines`` makes the weights, and its model card tells what they are worth. Input [1, 1, 32, width], 0 = paper,
1 = ink; output natural logs [1, width / 4, classes], blank first; the alphabet stands in the model's metadata.
"""

from json import loads
from pathlib import Path

import numpy as np
import onnxruntime

from ocr.engine import NOTHING, Recognised
from ocr.greedy import greedy, limited
from ocr.ink import Lattice
from ocr.line_crop import shaped
from ocr.lines import padded, part_lines
from ocr.shipped import FOLDER, read_weights
from pages.page import Picture

WEIGHTS = FOLDER / "lines-2.onnx"
WEIGHTS_SHA256 = "30b6ecc94ed7e0d774e842841452211ec628fb438e5b871fc505976b6412189d"


class LineNet:
    """Our own reader of typed lines, on one thread."""

    name = "lines-2"

    def __init__(self, weights: Path = WEIGHTS) -> None:
        content = read_weights(weights, WEIGHTS_SHA256)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # Every crop has its own width: planning memory by shape would only keep plans that never fit again.
        options.enable_mem_pattern = False
        self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        self._alphabet: str = loads(self._session.get_modelmeta().custom_metadata_map["alphabet"])
        self._version = f"onnxruntime {onnxruntime.__version__}, model {WEIGHTS_SHA256[:12]}"

    @property
    def version(self) -> str:
        """Version of the runtime and a hash of the model."""
        return self._version

    def read_line(self, picture: Picture, allowed: str = "") -> Recognised:
        """Read one line; the lattice that goes with it knows no limit."""
        line = shaped(picture)
        if line is None:
            return NOTHING
        (output,) = self._session.run(None, {"lines": line[None, None].astype(np.float32) / 255})
        logs = np.asarray(output[0], dtype=np.float32)
        posterior = np.exp(logs)
        text, confidence = greedy(limited(posterior, self._alphabet, allowed), self._alphabet)
        return Recognised(text, confidence, Lattice(self._alphabet, logs))

    def read_block(self, picture: Picture) -> Recognised:
        """Read a paragraph line by line."""
        read = [line for part in part_lines(picture) if (line := self.read_line(padded(part))).text]
        if not read:
            return NOTHING
        return Recognised("\n".join(line.text for line in read), min(line.confidence for line in read))

    def read_sheet(self, picture: Picture) -> Recognised:
        """Read a sheet as if it were one column of lines."""
        return self.read_block(picture)
