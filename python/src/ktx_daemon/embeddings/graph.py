"""The graph of all-MiniLM-L6-v2 for ONNX Runtime: six BERT layers, mean pooling, normalising.

The weights stay in `model.safetensors`: its tensors are raw little-endian floats at known places,
so the graph names them as external data, which the runtime maps instead of copying.

Inputs are `input_ids` and `attention_mask`, int64 of shape (batch, tokens); the output is
`embedding`, float of shape (batch, 384) and length 1 each.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from pathlib import Path

from ktx_daemon.embeddings import onnx_format as onnx

LAYERS = 6
HEADS = 12
WIDTH = 384
INNER = 1536
EPSILON = 1e-12

# LayerNormalization and Gelu are operators since 20; the attention is ONNX Runtime's own.
_OPSETS = (("", 20), ("com.microsoft", 1))


def build_graph(weights: Path) -> bytes:
    """Return the ONNX file for the weights in `weights`, to be kept in the same folder.

    Raises ValueError or KeyError when the file is not the model's.
    """
    return _Builder(weights.name, read_header(weights)).build()


def read_header(weights: Path) -> dict[str, tuple[list[int], int, int]]:
    """Return each tensor of a safetensors file: shape, offset in the file and length, in bytes."""
    with weights.open("rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        tensors[name] = (entry["shape"], 8 + size + begin, end - begin)
    return tensors


class _Builder:
    def __init__(self, file: str, tensors: dict[str, tuple[list[int], int, int]]) -> None:
        self.file = file
        self.tensors = tensors
        self.nodes: list[bytes] = []
        self.initializers: list[bytes] = []

    def build(self) -> bytes:
        hidden = self.embeddings()
        for layer in range(LAYERS):
            hidden = self.layer(f"encoder.layer.{layer}", hidden)
        self.pool(hidden)
        batch = ("batch", "tokens")
        graph = onnx.graph(
            "all-MiniLM-L6-v2",
            self.nodes,
            self.initializers,
            [onnx.value_info(name, onnx.INT64, batch) for name in ("input_ids", "attention_mask")],
            [onnx.value_info("embedding", onnx.FLOAT, ("batch", WIDTH))],
        )
        return onnx.model(graph, _OPSETS)

    def add(
        self,
        operator: str,
        inputs: Sequence[str],
        output: str,
        domain: str = "",
        **attributes: onnx.Attribute,
    ) -> str:
        self.nodes.append(onnx.node(operator, inputs, output, domain, **attributes))
        return output

    def weight(self, name: str) -> str:
        """The tensor of that name, in its file."""
        shape, offset, length = self.tensors[name]
        self.initializers.append(onnx.external_tensor(name, shape, self.file, offset, length))
        return name

    def ints(self, name: str, *values: int) -> str:
        self.initializers.append(onnx.int_tensor(name, values))
        return name

    def embeddings(self) -> str:
        """Words, positions from 0 on, and the one token type, summed and normalised."""
        words = self.weight("embeddings.word_embeddings.weight")
        positions = self.weight("embeddings.position_embeddings.weight")
        types = self.weight("embeddings.token_type_embeddings.weight")
        self.add("Shape", ["input_ids"], "tokens", start=1, end=2)
        zero = self.ints("zero", 0)
        one = self.ints("one", 1)
        self.add("Gather", [words, "input_ids"], "words", axis=0)
        self.add("Slice", [positions, zero, "tokens", zero], "positions")
        self.add("Slice", [types, zero, one, zero], "type")
        self.add("Add", ["positions", "type"], "places")
        self.add("Add", ["words", "places"], "embedded")
        # Its type is that of ONNX Runtime's attention.
        self.add("Cast", ["attention_mask"], "key_mask", to=onnx.INT32)
        self.ints("rows", -1, WIDTH)
        self.add("Shape", ["words"], "shape")
        return self.normalized("embeddings.LayerNorm", "embedded")

    def layer(self, name: str, hidden: str) -> str:
        """Attention and a feed-forward part, each added to its input and normalised."""
        rows = self.add("Reshape", [hidden, "rows"], f"{name}.rows")
        places = [
            self.add(
                "Reshape",
                [self.linear(f"{name}.attention.self.{part}", rows), "shape"],
                f"{name}.{part}.placed",
            )
            for part in ("query", "key", "value")
        ]
        attended = self.add(
            "MultiHeadAttention",
            [*places, "", "key_mask"],
            f"{name}.attended",
            "com.microsoft",
            num_heads=HEADS,
        )
        attended = self.add("Reshape", [attended, "rows"], f"{name}.attended.rows")
        dense = self.linear(f"{name}.attention.output.dense", attended)
        added = self.add("Add", [dense, rows], f"{name}.attention.added")
        middle = self.normalized(f"{name}.attention.output.LayerNorm", added)
        inner = self.linear(f"{name}.intermediate.dense", middle)
        inner = self.add("Gelu", [inner], f"{name}.inner")
        dense = self.linear(f"{name}.output.dense", inner)
        added = self.add("Add", [dense, middle], f"{name}.added")
        output = self.normalized(f"{name}.output.LayerNorm", added)
        return self.add("Reshape", [output, "shape"], f"{name}.hidden")

    def linear(self, name: str, rows: str) -> str:
        """Rows times the transposed weights, as they are stored, plus the bias."""
        inputs = [rows, self.weight(f"{name}.weight"), self.weight(f"{name}.bias")]
        return self.add("Gemm", inputs, f"{name}.result", transB=1)

    def normalized(self, name: str, value: str) -> str:
        inputs = [value, self.weight(f"{name}.weight"), self.weight(f"{name}.bias")]
        return self.add(
            "LayerNormalization", inputs, f"{name}.result", axis=-1, epsilon=float(EPSILON)
        )

    def pool(self, hidden: str) -> None:
        """The mean over the tokens that are no padding, brought to length 1."""
        self.add("Cast", ["attention_mask"], "weights", to=onnx.FLOAT)
        self.add("Unsqueeze", ["weights", self.ints("last", -1)], "mask")
        self.add("Mul", [hidden, "mask"], "masked")
        self.add("ReduceSum", ["masked", "one"], "sum", keepdims=0)
        self.add("ReduceSum", ["mask", "one"], "count", keepdims=0)
        self.add("Div", ["sum", "count"], "mean")
        self.add("LpNormalization", ["mean"], "embedding", axis=-1, p=2)
