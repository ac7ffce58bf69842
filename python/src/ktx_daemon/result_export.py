"""The operation `result-parquet`: rows as a Parquet file, with types, exact decimals and NULLs."""

# Annotations are read as objects by Model, so this module does not postpone them.
import base64
import json
import tempfile
from pathlib import Path
from typing import Any, Literal

from ktx_daemon.errors import INVALID_REQUEST, OperationError
from ktx_daemon.requests import checked
from ktx_daemon.result_types import column_type, text_of
from semantic_layer.data.model import Model


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
