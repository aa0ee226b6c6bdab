"""Join nets into one model that answers the mean of what they say: ``python -m training.handprint.join A.onnx B.onnx``.

Nets that were trained apart err apart: the mean of their logarithms is right more often, and sure of less that is
wrong. The temperature is fitted anew, on the same writers as that of a single net.
"""

import argparse
from collections.abc import Sequence
from functools import reduce
from hashlib import sha256
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper
from torch import Tensor, nn

from training.handprint.export import save
from training.handprint.net import CLASS_COUNT
from training.handprint.report import fitted_temperatures, report
from training.handprint.strokes import read_strokes, tuned_on


class Joined(nn.Module):  # type: ignore[misc]  # torch is no package of the product
    """A model, asked as a net is."""

    def __init__(self, model: onnx.ModelProto) -> None:
        super().__init__()
        self._session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])

    def forward(self, ink: Tensor) -> Tensor:
        """[n, 1, 32, 32] to logits [n, 37]."""
        (logits,) = self._session.run(None, {"ink": ink.numpy()})
        return torch.from_numpy(np.asarray(logits))


def join(nets: Sequence[onnx.ModelProto]) -> onnx.ModelProto:
    """Put nets side by side over one input ``ink``; ``logits`` is the mean of their log probabilities."""
    named = [onnx.compose.add_prefix(net, f"{letter}_") for letter, net in zip("abcdefgh", nets, strict=False)]
    graphs = [net.graph for net in named]
    entry = helper.make_tensor_value_info("ink", TensorProto.FLOAT, ["cells", 1, 32, 32])
    answer = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["cells", CLASS_COUNT])
    nodes = [helper.make_node("Identity", ["ink"], [graph.input[0].name]) for graph in graphs]
    nodes += [node for graph in graphs for node in graph.node]
    logs = [f"logs_{i}" for i in range(len(graphs))]
    nodes += [
        helper.make_node("LogSoftmax", [g.output[0].name], [log], axis=1) for g, log in zip(graphs, logs, strict=True)
    ]
    nodes.append(helper.make_node("Mean", logs, ["logits"]))
    weights = [tensor for graph in graphs for tensor in graph.initializer]
    whole = helper.make_graph(nodes, "handprint", [entry], [answer], weights)
    opset = reduce(max, (o.version for net in nets for o in net.opset_import if not o.domain))
    model = helper.make_model(whole, opset_imports=[helper.make_opsetid("", opset)], ir_version=nets[0].ir_version)
    onnx.checker.check_model(model)
    return model


def main() -> None:
    """Join, fit the temperatures, report, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("nets", nargs="+", type=Path)
    parser.add_argument("--strokes", type=Path, required=True, help="the packed pen strokes")
    parser.add_argument("--out", type=Path, default=Path("handprint-2.onnx"))
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    model = join([onnx.load(path) for path in asked.nets])
    net, samples = Joined(model), read_strokes(asked.strokes)
    temperatures = fitted_temperatures(net, tuned_on(samples), asked.seed)
    report(net, samples, temperatures, asked.seed)
    made_of = ", ".join(sha256(path.read_bytes()).hexdigest()[:12] for path in asked.nets)
    print(f"{asked.out}: sha256 {save(model, temperatures, {'joined': made_of}, asked.out)}")


if __name__ == "__main__":
    main()
