"""The operation `result-parquet`: rows as a Parquet file, with types, exact decimals and NULLs."""

# Annotations are read as objects by Model, so this module does not postpone them.
import base64
import json
import re
import tempfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Literal

from ktx_daemon.errors import INVALID_REQUEST, OperationError
from ktx_daemon.requests import checked
from semantic_layer.data.model import Model

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"\d\d:\d\d:\d\d(\.\d{1,6})?")
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d(:\d\d)?)")
_TIME_TYPES: tuple[tuple[re.Pattern[str], Callable[[str], object], str], ...] = (
    (_DATE, date.fromisoformat, "DATE"),
    (_TIMESTAMP, datetime.fromisoformat, "TIMESTAMP"),
    (_MOMENT, datetime.fromisoformat, "TIMESTAMP WITH TIME ZONE"),
    (_TIME, time.fromisoformat, "TIME"),
)
_WORDS = {"Infinity", "-Infinity", "NaN"}
_PLAIN_DECIMAL = re.compile(r"[+-]?(\d*)\.?(\d*)")
_MOST_DIGITS = 38  # of a DECIMAL
_EXACT_IN_DOUBLE = 2**53
_WITHOUT_VALUES = {
    "number": "DOUBLE",
    "time": "TIMESTAMP",
    "boolean": "BOOLEAN",
    "binary": "BLOB",
}


def text_of(cell: Any) -> str | None:
    """Return what DuckDB casts to the cell's value; raises ValueError for what is no cell."""
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, (int, float)):
        return repr(cell)
    if isinstance(cell, dict) and len(cell) == 1:
        kind, value = next(iter(cell.items()))
        if isinstance(value, str) and _is_sound(kind, value):
            return value
    raise ValueError(f"{cell!r} is no cell")


def _is_sound(kind: str, value: str) -> bool:
    if kind == "hex":
        return re.fullmatch("([0-9a-fA-F]{2})*", value) is not None
    return kind == "decimal" or (kind == "float" and value in _WORDS)


def column_type(told: str, cells: list[Any]) -> str:
    """Return DuckDB's name of the narrowest type that holds every cell unchanged.

    `told` is what the database said; it decides where there are no values, and whether texts are
    dates and times. What fits nowhere together is text.
    """
    values = [cell for cell in cells if cell is not None]
    kinds = {_kind(value) for value in values}
    if not kinds:
        return _WITHOUT_VALUES.get(told, "VARCHAR")
    if kinds == {"text"}:
        return _time_type(values) if told == "time" else "VARCHAR"
    if len(kinds) == 1 and (simple := {"bool": "BOOLEAN", "hex": "BLOB"}.get(min(kinds))):
        return simple
    return _number_type(kinds, values) if kinds <= {"int", "float", "decimal"} else "VARCHAR"


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return str(next(iter(value)))
    return {bool: "bool", int: "int", float: "float", str: "text"}[type(value)]


def _time_type(texts: list[str]) -> str:
    for pattern, read, name in _TIME_TYPES:
        if all(pattern.fullmatch(text) for text in texts):
            return name if all(_reads(read, text) for text in texts) else "VARCHAR"
    return "VARCHAR"


def _reads(read: Callable[[str], object], text: str) -> bool:
    """Whether it is a day that there is, and a time of it."""
    try:
        read(text)
    except ValueError:
        return False
    return True


def _number_type(kinds: set[str], values: list[Any]) -> str:
    if kinds == {"int"} and all(-(2**63) <= value < 2**63 for value in values):
        return "BIGINT"
    if "float" not in kinds:
        return _decimal_type([str(text_of(value)) for value in values])
    whole = [value for value in values if isinstance(value, int)]
    exact = "decimal" not in kinds and all(abs(value) <= _EXACT_IN_DOUBLE for value in whole)
    return "DOUBLE" if exact else "VARCHAR"


def _decimal_type(numbers: list[str]) -> str:
    before = after = 0
    for number in numbers:
        parts = _PLAIN_DECIMAL.fullmatch(number)
        if parts is None:
            return "VARCHAR"
        before = max(before, len(parts[1].lstrip("0")))
        after = max(after, len(parts[2]))
    digits = max(1, before + after)
    return f"DECIMAL({digits}, {after})" if digits <= _MOST_DIGITS else "VARCHAR"


class ResultColumn(Model):
    """A column's name and what its database said of its values."""

    name: str
    type: Literal["number", "text", "time", "boolean", "binary", "unknown"]


class ResultParquetRequest(Model):
    """Rows as `database-query` has them: each as long as there are columns."""

    columns: list[ResultColumn]
    rows: list[list[Any]]


class ResultParquetResponse(Model):
    """The file's bytes."""

    base64: str


def result_parquet(request: dict[str, Any]) -> dict[str, Any]:
    """Run the operation: the rows in the narrowest types that hold every value as it is."""
    result = checked(ResultParquetRequest, request)
    if not result.columns:
        raise OperationError(INVALID_REQUEST, "A result has at least one column.")
    texts = [_checked_row(result, number) for number in range(len(result.rows))]
    types = [
        column_type(column.type, [row[index] for row in result.rows])
        for index, column in enumerate(result.columns)
    ]
    names = unique_names([column.name for column in result.columns])
    return {"base64": base64.b64encode(_write(names, types, texts)).decode("ascii")}


def unique_names(names: list[str]) -> list[str]:
    """Return the names, with a number behind those that were there before in any case.

    A file has no column without a name: such a one is called "column".
    """
    taken: set[str] = set()
    unique = []
    for given in names:
        name = candidate = given or "column"
        number = 1
        while candidate.casefold() in taken:
            candidate = f"{name}_{number}"
            number += 1
        taken.add(candidate.casefold())
        unique.append(candidate)
    return unique


def _checked_row(result: ResultParquetRequest, number: int) -> list[str | None]:
    row = result.rows[number]
    if len(row) != len(result.columns):
        raise OperationError(
            INVALID_REQUEST,
            f"Row {number} has {len(row)} cells, and there are {len(result.columns)} columns.",
        )
    try:
        return [text_of(cell) for cell in row]
    except ValueError as error:
        raise OperationError(INVALID_REQUEST, f"Row {number}: {error}") from error


def _write(names: list[str], types: list[str], rows: list[list[str | None]]) -> bytes:
    """Return the file. Every cell goes to DuckDB as a text, and is cast there."""
    import duckdb

    with tempfile.TemporaryDirectory(prefix="ktx-") as folder:
        source, target = Path(folder) / "rows.json", Path(folder) / "rows.parquet"
        with source.open("w", encoding="utf-8") as file:
            longest = 0
            for row in rows:
                line = json.dumps({f"c{i}": cell for i, cell in enumerate(row)}) + "\n"
                longest = max(longest, len(line))
                file.write(line)
        columns = ", ".join(f"c{i}: 'VARCHAR'" for i in range(len(names)))
        cells = ", ".join(
            f"{_cast(f'c{i}', kind)} AS {_quoted(name)}"
            for i, (name, kind) in enumerate(zip(names, types, strict=True))
        )
        # Nothing is fetched, and no setting of the user's is read.
        with duckdb.connect(
            ":memory:", config={"autoinstall_known_extensions": "false"}
        ) as session:
            session.execute("SET preserve_insertion_order = true")
            session.execute(
                f"COPY (SELECT {cells} FROM read_json({_text(source)}, columns = {{{columns}}}, "
                f"format = 'newline_delimited', maximum_object_size = {longest + 1024})) "
                f"TO {_text(target)} (FORMAT parquet)"
            )
        return target.read_bytes()


def _cast(cell: str, kind: str) -> str:
    return f"unhex({cell})" if kind == "BLOB" else f"CAST({cell} AS {kind})"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
