"""Door to onnxruntime with our own small reader of typed lines: quick, and independent of every other reader.

``training/lines`` makes the weights, and its model card tells what they are worth. Input [1, 1, 32, width], 0 = paper,
1 = ink; output natural logs [1, width / 4, classes], blank first; the alphabet stands in the model's metadata.
"""

from hashlib import sha256
from importlib.resources import files
from json import loads

import numpy as np
import onnxruntime

from ocr.engine import NOTHING, Recognised
from ocr.greedy import greedy, limited
from ocr.ink import Lattice
from ocr.line_crop import shaped
from ocr.lines import part_lines
from pages.page import Picture

WEIGHTS = "weights/lines-1.onnx"
SHA256 = "4280f991096e2ac3fb9679fcd3297ade98e8784fd7a315a16ae6de59473fa495"


class WeightsDamaged(RuntimeError):
    """The shipped weights are missing or not the ones that were judged."""


def weights() -> bytes:
    """Read the shipped weights. Raises ``WeightsDamaged`` unless they are the ones that the model card describes."""
    resource = files("ocr").joinpath(WEIGHTS)
    content = resource.read_bytes() if resource.is_file() else b""
    if sha256(content).hexdigest() != SHA256:
        state = "not the file that was judged" if content else "missing"
        raise WeightsDamaged(f"ocr/{WEIGHTS} is {state}; restore it: git checkout -- ocr/{WEIGHTS}")
    return content


class LineNet:
    """Our own reader of typed lines, on one thread."""

    name = "lines-1"

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # Every crop has its own width: planning memory by shape would only keep plans that never fit again.
        options.enable_mem_pattern = False
        self._session = onnxruntime.InferenceSession(weights(), options, providers=["CPUExecutionProvider"])
        self._alphabet: str = loads(self._session.get_modelmeta().custom_metadata_map["alphabet"])
        self._version = f"onnxruntime {onnxruntime.__version__}, model {SHA256[:12]}"

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
        read = [line for part in part_lines(picture) if (line := self.read_line(part)).text]
        if not read:
            return NOTHING
        return Recognised("\n".join(line.text for line in read), min(line.confidence for line in read))

    def read_sheet(self, picture: Picture) -> Recognised:
        """Read a sheet as if it were one column of lines."""
        return self.read_block(picture)
