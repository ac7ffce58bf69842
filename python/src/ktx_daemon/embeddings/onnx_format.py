"""The part of the ONNX file format that a graph needs, as bytes: protocol buffers, written by hand.

The package `onnx` would bring 20 MB and its own protobuf for what are a few field numbers. They are
those of the specification's `onnx.proto`, which may never change.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

FLOAT = 1
INT32 = 6
INT64 = 7

_LENGTH_DELIMITED = 2
_FIXED_32 = 5

Dimension = int | str
Attribute = int | float | Sequence[int]


def model(graph: bytes, opsets: Sequence[tuple[str, int]]) -> bytes:
    """A ModelProto of IR version 9 with operator sets (domain, version)."""
    imports = [_field(8, _field(1, domain) + _field(2, version)) for domain, version in opsets]
    return _field(1, 9) + _field(2, "ktx") + _field(7, graph) + b"".join(imports)


def graph(
    name: str,
    nodes: Sequence[bytes],
    initializers: Sequence[bytes],
    inputs: Sequence[bytes],
    outputs: Sequence[bytes],
) -> bytes:
    """A GraphProto; nodes in the order in which they run."""
    parts = [_field(1, node) for node in nodes]
    parts.append(_field(2, name))
    parts += [_field(5, tensor) for tensor in initializers]
    parts += [_field(11, value) for value in inputs]
    parts += [_field(12, value) for value in outputs]
    return b"".join(parts)


def node(
    operator: str, inputs: Sequence[str], output: str, domain: str = "", **attributes: Attribute
) -> bytes:
    """A NodeProto with one output, which also names it."""
    parts = [_field(1, text) for text in inputs]
    parts += [_field(2, output), _field(3, output), _field(4, operator)]
    parts += [_field(5, _attribute(name, value)) for name, value in attributes.items()]
    if domain:
        parts.append(_field(7, domain))
    return b"".join(parts)


def external_tensor(name: str, shape: Sequence[int], file: str, offset: int, length: int) -> bytes:
    """A float TensorProto whose values are `length` bytes of `file`, from `offset` on."""
    entries = {"location": file, "offset": str(offset), "length": str(length)}
    parts = [_field(1, size) for size in shape] + [_field(2, FLOAT), _field(8, name)]
    parts += [_field(13, _field(1, key) + _field(2, value)) for key, value in entries.items()]
    return b"".join([*parts, _field(14, 1)])


def int_tensor(name: str, values: Sequence[int]) -> bytes:
    """An int64 TensorProto of one dimension."""
    raw = struct.pack(f"<{len(values)}q", *values)
    return _field(1, len(values)) + _field(2, INT64) + _field(8, name) + _field(9, raw)


def float_scalar(name: str, value: float) -> bytes:
    """A float TensorProto without dimensions."""
    return _field(2, FLOAT) + _field(8, name) + _field(9, struct.pack("<f", value))


def value_info(name: str, element: int, shape: Sequence[Dimension]) -> bytes:
    """A ValueInfoProto; a dimension is a size or the name of one."""
    dims = [_field(1, _field(1 if isinstance(d, int) else 2, d)) for d in shape]
    tensor = _field(1, element) + _field(2, b"".join(dims))
    return _field(1, name) + _field(2, _field(1, tensor))


def _attribute(name: str, value: Attribute) -> bytes:
    kinds = {float: 1, int: 2}
    start = _field(1, name)
    if isinstance(value, float):
        return start + _tag(2, _FIXED_32) + struct.pack("<f", value) + _field(20, kinds[float])
    if isinstance(value, int):
        return start + _field(3, value) + _field(20, kinds[int])
    return start + b"".join(_field(8, item) for item in value) + _field(20, 7)


def _field(number: int, value: bytes | str | int) -> bytes:
    if isinstance(value, int):
        return _tag(number, 0) + _varint(value)
    data = value.encode() if isinstance(value, str) else value
    return _tag(number, _LENGTH_DELIMITED) + _varint(len(data)) + data


def _tag(number: int, wire_type: int) -> bytes:
    return _varint(number << 3 | wire_type)


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1  # a negative number takes ten bytes
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
