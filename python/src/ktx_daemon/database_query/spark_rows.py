"""Rows of Spark, which come as Arrow streams, as values of Python."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from nanoarrow import ArrayStream
from nanoarrow.ipc import InputStream
from nanoarrow.iterator import PyIterator

from ktx_daemon.database_query.answers import column_of, converted, single_precision
from ktx_daemon.database_query.driver import Answer, Column
from ktx_daemon.database_query.failures import VALUES
from ktx_daemon.database_query.spark_connect import Failed

_WORDS = {
    "NULL": "void",
    "BOOL": "boolean",
    "INT8": "tinyint",
    "INT16": "smallint",
    "INT32": "int",
    "INT64": "bigint",
    "FLOAT": "float",
    "DOUBLE": "double",
    "STRING": "string",
    "LARGE_STRING": "string",
    "BINARY": "binary",
    "LARGE_BINARY": "binary",
    "DATE32": "date",
    "TIME64": "time",
    "DURATION": "interval day to second",
    "INTERVAL_MONTHS": "interval year to month",
}


class _Values(PyIterator):  # type: ignore[misc]
    """Values of a column; the package itself has no word for maps."""

    def _iter_chunk(self, offset: int, length: int) -> Iterator[Any]:
        kind = self.schema.type.name
        if kind == "MAP":
            return map(_mapping, self._list_iter(offset, length))
        if kind == "INTERVAL_MONTHS":
            return map(_years_and_months, super()._iter_chunk(offset, length))
        found: Iterator[Any] = super()._iter_chunk(offset, length)
        return found


def answer(batches: Iterable[bytes]) -> Answer:
    """Return the rows of the streams, which all have the same columns; raises `Failed`."""
    columns: list[Column] = []
    rows: list[tuple[Any, ...]] = []
    for batch in batches:
        stream = ArrayStream(InputStream.from_readable(io.BytesIO(batch)))
        fields = list(stream.schema.fields)
        columns = columns or [column_of(field.name, word_of(field)) for field in fields]
        with stream:
            for array in stream:
                rows += _rows(array, columns)
    floats = [place for place, column in enumerate(columns) if column.database_type == "float"]
    return Answer(columns, converted(rows, dict.fromkeys(floats, single_precision)))


def _rows(array: Any, columns: Sequence[Column]) -> list[tuple[Any, ...]]:
    if not columns:
        return []
    values = []
    for column, child in zip(columns, array.iter_children(), strict=True):
        try:
            values.append(list(_Values.get_iterator(child)))
        except (ValueError, OverflowError) as error:
            raise Failed(
                VALUES,
                f"`{column.name}` has a {column.database_type} before the year 1 or after 9999 "
                f"({error}); CAST(… AS STRING) shows it",
            ) from None
    return list(zip(*values, strict=True))


def word_of(field: Any) -> str:
    """Return Spark's word for a type of Arrow; raises `Failed` for one that shows nothing."""
    kind: str = field.type.name
    if kind.startswith("DECIMAL"):
        return f"decimal({field.precision},{field.scale})"
    if kind == "TIMESTAMP":
        return "timestamp" if field.timezone else "timestamp_ntz"
    if kind in ("LIST", "LARGE_LIST"):
        return f"array<{word_of(field.field(0))}>"
    if kind == "MAP":
        key, value = field.field(0).fields
        return f"map<{word_of(key)},{word_of(value)}>"
    if kind == "STRUCT":
        parts = list(field.fields)
        if [part.name for part in parts] == ["value", "metadata"] and parts[1].metadata:
            raise Failed(VALUES, f"`{field.name}` is a VARIANT; TO_JSON(…) shows it")
        return f"struct<{','.join(f'{part.name}:{word_of(part)}' for part in parts)}>"
    return _WORDS.get(kind, kind.lower())


def _mapping(pairs: Any) -> Any:
    """Return a map; with keys that are not plain it stays a list of its entries."""
    if pairs is None or any(isinstance(pair["key"], (dict, list)) for pair in pairs):
        return pairs
    return {pair["key"]: pair["value"] for pair in pairs}


def _years_and_months(months: int | None) -> str | None:
    if months is None:
        return None
    sign, count = ("-", -months) if months < 0 else ("", months)
    return f"{sign}{count // 12}-{count % 12}"
