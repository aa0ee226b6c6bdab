"""Door to onnx, used once at setup: the recognition model with its 18,710 classes cut down to Latin.

The source is the PP-OCRv6 small recognition model inside the ``rapidocr`` wheel (Apache-2.0), checked by SHA-256.
Pruning keeps every reading, saves 12 % of the time, and leaves no Chinese look-alikes to choose by mistake.
"""

import os
import tempfile
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from ocr.alphabet import LATIN

SOURCE = "models/PP-OCRv6_rec_small.onnx"
SOURCE_SHA256 = "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884"
MODEL_NAME = f"ppocrv6-small-latin-{SOURCE_SHA256[:12]}-1.onnx"
"""The last number counts our recipes of pruning: another recipe makes another file."""
HEAD = ("linear_8.w_0", "linear_8.b_0")


class ModelMissing(RuntimeError):
    """The recognition model is not where it should be, or not the one that was measured."""


def default_folder() -> Path:
    """Answer the folder of derived models: GATEWAY_MODELS, else ``models`` beside the packages."""
    named = os.environ.get("GATEWAY_MODELS")
    return Path(named) if named else Path(__file__).resolve().parent.parent / "models"


def prepare_model(target: Path | None = None) -> Path:
    """Make the pruned model in a folder unless it is there already, and answer its path.

    Safe to run by several processes at once. Raises ``ModelMissing`` when the wheel's model is absent or another.
    """
    folder = target or default_folder()
    path = folder / MODEL_NAME
    if path.exists():
        return path
    pruned = prune(_source())
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as part:
        part.write(pruned)
        part.flush()
        os.fsync(part.fileno())
    Path(part.name).replace(path)
    return path


def _source() -> bytes:
    resource = files("rapidocr").joinpath(SOURCE)
    if not resource.is_file():
        raise ModelMissing(f"rapidocr is installed without {SOURCE}; install the locked version: make setup")
    content = resource.read_bytes()
    if sha256(content).hexdigest() != SOURCE_SHA256:
        raise ModelMissing(f"{SOURCE} is not the model that was measured; install the locked rapidocr: make setup")
    return content


def prune(source: bytes, keep: str = LATIN) -> bytes:
    """Cut the classes of a PP-OCR recognition model down to blank, the characters to keep, and the space."""
    # onnx is a tool of setup: the readers, which start often, do without it.
    import onnx  # noqa: PLC0415
    from onnx import numpy_helper  # noqa: PLC0415

    model = onnx.load_from_string(source)
    entry = next(prop for prop in model.metadata_props if prop.key == "character")
    known = entry.value.split("\n")
    wanted = [index for index, sign in enumerate(known) if sign in keep]
    classes = [0, *(index + 1 for index in wanted), len(known) + 1]
    for weight in model.graph.initializer:
        if weight.name in HEAD:
            values = numpy_helper.to_array(weight)[..., classes]
            weight.CopyFrom(numpy_helper.from_array(values.copy(), weight.name))
    for shape in (*model.graph.value_info, *model.graph.output):
        last = shape.type.tensor_type.shape.dim[-1:]
        if last and last[0].dim_value == len(known) + 2:
            last[0].dim_value = len(classes)
    entry.value = "\n".join(known[index] for index in wanted)
    return bytes(model.SerializeToString())


if __name__ == "__main__":
    print(prepare_model())  # noqa: T201 - `python -m ocr.prune` is the setup step, and says where the model is
