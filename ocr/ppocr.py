"""Door to onnxruntime with the PP-OCRv6 small recognition model: the accurate reader of single lines.

Input [1, 3, 48, width] in -1..1, output probabilities [1, width / 8, classes]: blank first, space last. No border is
padded around a crop (fine fax: 98 % without, 91 % with 8 pixels) and crops go one by one: batches are slower on a CPU.
"""

from hashlib import sha256
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime

from ocr.engine import NOTHING, Recognised
from ocr.greedy import FLOOR, greedy, limited
from ocr.ink import Lattice
from ocr.lines import part_lines, trim
from ocr.prune import prepare_model
from pages.page import Picture

HEIGHT = 48
LEAST_WIDTH = 16
MOST_WIDTH = 3200


class PpOcr:
    """PP-OCRv6 small, Latin classes only, on one thread."""

    name = "ppocrv6-small-latin"

    def __init__(self, models: Path | None = None) -> None:
        path = prepare_model(models)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # Every crop has its own width: planning memory by shape would only keep plans that never fit again.
        options.enable_mem_pattern = False
        content = path.read_bytes()
        self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        signs = self._session.get_modelmeta().custom_metadata_map["character"].split("\n")
        self._alphabet = "".join(signs) + " "
        self._version = f"onnxruntime {onnxruntime.__version__}, model {sha256(content).hexdigest()[:12]}"

    @property
    def version(self) -> str:
        """Version of the runtime and a hash of the model."""
        return self._version

    def read_line(self, picture: Picture, allowed: str = "") -> Recognised:
        """Read one line; the lattice that goes with it knows no limit."""
        crop = trim(picture)
        if min(crop.shape) < 4:
            return NOTHING
        posterior = self._posterior(crop)
        text, confidence = greedy(limited(posterior, self._alphabet, allowed), self._alphabet)
        return Recognised(text, confidence, Lattice(self._alphabet, np.log(np.maximum(posterior, FLOOR))))

    def read_block(self, picture: Picture) -> Recognised:
        """Read a paragraph line by line."""
        read = [line for part in part_lines(picture) if (line := self.read_line(part)).text]
        if not read:
            return NOTHING
        return Recognised("\n".join(line.text for line in read), min(line.confidence for line in read))

    def read_sheet(self, picture: Picture) -> Recognised:
        """Read a sheet as if it were one column of lines."""
        return self.read_block(picture)

    def _posterior(self, crop: Picture) -> npt.NDArray[np.float32]:
        width = int(np.clip(round(crop.shape[1] * HEIGHT / crop.shape[0]), LEAST_WIDTH, MOST_WIDTH))
        way = cv2.INTER_AREA if crop.shape[0] > HEIGHT else cv2.INTER_LINEAR
        line = np.asarray(cv2.resize(crop, (width, HEIGHT), interpolation=way), dtype=np.float32) / 127.5 - 1
        batch = np.ascontiguousarray(np.broadcast_to(line, (1, 3, HEIGHT, width)))
        (output,) = self._session.run(None, {"x": batch})
        return np.asarray(output[0], dtype=np.float32)
