"""Write the net as ONNX with its classes and temperatures, and see that it answers as the net does."""

import json
from hashlib import sha256
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn

from training.handprint.pictures import CLASSES, Pictures

CLOSE = 1e-3


def export(net: nn.Module, temperatures: dict[str, float], about: dict[str, str], path: Path) -> str:
    """Write the model, answer its SHA-256."""
    torch.onnx.export(
        net.eval().to(memory_format=torch.contiguous_format),
        (torch.zeros(2, 1, 32, 32),),
        str(path),
        dynamo=False,
        input_names=["ink"],
        output_names=["logits"],
        dynamic_axes={"ink": {0: "cells"}, "logits": {0: "cells"}},
    )
    return save(onnx.load(path), temperatures, about, path)


def save(model: onnx.ModelProto, temperatures: dict[str, float], about: dict[str, str], path: Path) -> str:
    """Write a model with what is to be known of it, answer its SHA-256."""
    facts = {"classes": CLASSES, "temperatures": json.dumps(temperatures, sort_keys=True), **about}
    onnx.helper.set_model_props(model, facts)
    onnx.save(model, path)
    return sha256(path.read_bytes()).hexdigest()


def compare(net: nn.Module, path: Path, pictures: Pictures) -> float:
    """Answer the largest difference of logits; raises ``ValueError`` where the two do not agree."""
    ink = pictures.ink[:512, None].astype(np.float32) / 255
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (there,) = session.run(None, {"ink": ink})
    with torch.no_grad():
        here = net(torch.from_numpy(ink)).numpy()
    difference = float(np.abs(np.asarray(there) - here).max())
    if difference > CLOSE:
        raise ValueError(f"the exported model differs from the net by {difference:.4f}: export it again")
    return difference
