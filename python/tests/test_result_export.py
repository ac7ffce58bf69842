"""Rows as Parquet, read back by DuckDB: every value as it was, in the type that it should have."""

from __future__ import annotations

import base64
import datetime
import json
import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ktx_daemon.dispatch import dispatch
from ktx_daemon.result_export import unique_names


def export(columns: dict[str, str], rows: list[list[Any]]) -> dict[str, Any]:
    listed = [{"name": name, "type": kind} for name, kind in columns.items()]
    request = json.dumps({"columns": listed, "rows": rows}).encode()
    reply: dict[str, Any] = json.loads(dispatch("result-parquet", request))
    return reply


def read_back(
    folder: Path, columns: dict[str, str], rows: list[list[Any]]
) -> tuple[dict[str, str], list[tuple[Any, ...]]]:
    """The types and the rows that another reader finds in the file."""
    file = folder / "result.parquet"
    file.write_bytes(base64.b64decode(export(columns, rows)["ok"]["base64"]))
    with duckdb.connect() as session:
        session.execute("SET TimeZone = 'UTC'")
        found = session.execute("SELECT * FROM read_parquet(?)", [str(file)])
        types = {column[0]: str(column[1]) for column in found.description or []}
        # Python's values of moments would need another package.
        moments = [name for name, kind in types.items() if kind == "TIMESTAMP WITH TIME ZONE"]
        read = ", ".join(f'"{name}"::TIMESTAMP AS "{name}"' for name in moments)
        replaced = f"REPLACE ({read})" if moments else ""
        rows_read = session.execute(f"SELECT * {replaced} FROM read_parquet(?)", [str(file)])
        return types, rows_read.fetchall()


def test_each_kind_of_value_keeps_its_type(tmp_path: Path) -> None:
    columns = {
        "whole": "number",
        "real": "number",
        "money": "number",
        "paid": "boolean",
        "raw": "binary",
        "said": "text",
        "day": "time",
        "moment": "time",
        "local": "time",
        "clock": "time",
    }
    times = ["2026-05-01", "2026-05-01T10:00:00+02:00", "2026-05-01 10:00", "10:00:00.5"]
    rows: list[list[Any]] = [
        [2**63 - 1, 0.1, {"decimal": "12.30"}, True, {"hex": "00ff"}, 'a "b"\n\x00é', *times],
        [None] * 10,
        [-1, {"float": "-Infinity"}, 7, False, {"hex": ""}, "", *times],
    ]
    types, found = read_back(tmp_path, columns, rows)
    assert types == {
        "whole": "BIGINT",
        "real": "DOUBLE",
        "money": "DECIMAL(4,2)",
        "paid": "BOOLEAN",
        "raw": "BLOB",
        "said": "VARCHAR",
        "day": "DATE",
        "moment": "TIMESTAMP WITH TIME ZONE",
        "local": "TIMESTAMP",
        "clock": "TIME",
    }
    assert found[0][:6] == (2**63 - 1, 0.1, Decimal("12.30"), True, b"\x00\xff", 'a "b"\n\x00é')
    assert found[0][6] == datetime.date(2026, 5, 1)
    assert found[0][7] == datetime.datetime(2026, 5, 1, 8), "in UTC"
    assert found[0][8] == datetime.datetime(2026, 5, 1, 10)
    assert found[0][9] == datetime.time(10, 0, 0, 500000)
    assert found[1] == (None,) * 10
    assert found[2][:6] == (-1, -math.inf, Decimal("7.00"), False, b"", "")


def test_nothing_is_rounded_to_fit_a_type(tmp_path: Path) -> None:
    """What no number type holds together stays the text that it was."""
    columns = dict.fromkeys(["wide", "mixed", "huge", "both", "words", "date"], "unknown") | {
        "date": "time"
    }
    rows = [
        [{"decimal": "1" * 39}, {"decimal": "0.1"}, 2**64, 2**53 + 1, 1, "2026-02-30"],
        [{"decimal": "0.5"}, 0.25, 1, 0.5, "one", "2026-02-28"],
    ]
    types, found = read_back(tmp_path, columns, rows)
    assert types == {
        "wide": "VARCHAR",
        "mixed": "VARCHAR",
        "huge": "DECIMAL(20,0)",
        "both": "VARCHAR",
        "words": "VARCHAR",
        "date": "VARCHAR",
    }
    assert found[0] == ("1" * 39, "0.1", 2**64, str(2**53 + 1), "1", "2026-02-30")


def test_no_rows_still_have_types(tmp_path: Path) -> None:
    types, found = read_back(tmp_path, {"a": "number", "b": "time", "c": "unknown"}, [])
    assert types == {"a": "DOUBLE", "b": "TIMESTAMP", "c": "VARCHAR"}
    assert found == []


def test_names_are_unique_whatever_they_are(tmp_path: Path) -> None:
    assert unique_names(["a", "A", "a", "a_1", ""]) == ["a", "A_1", "a_2", "a_1_1", "column"]
    types, _ = read_back(tmp_path, {'we"ird, name': "unknown", "": "unknown"}, [[1, 2]])
    assert list(types) == ['we"ird, name', "column"]


@pytest.mark.parametrize("cell", [[1], {"hex": "0"}, {"float": "1"}, {"x": "1"}, {"decimal": 1}])
def test_what_is_no_cell_is_refused(cell: Any) -> None:
    error = export({"a": "unknown"}, [[1], [cell]])["error"]
    assert error["kind"] == "invalid_request"
    assert error["message"].startswith("Row 1: ")


CELL = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8"), max_size=8),
)


@settings(deadline=None)
@given(st.lists(CELL, min_size=1, max_size=12))
def test_a_column_of_anything_comes_back(
    tmp_path_factory: pytest.TempPathFactory, cells: list[Any]
) -> None:
    """As the value that it was, or as its text where the cells have no type together."""
    types, found = read_back(tmp_path_factory.mktemp("x"), {"v": "unknown"}, [[c] for c in cells])
    for cell, (value,) in zip(cells, found, strict=True):
        if types["v"] == "VARCHAR" and cell is not None and not isinstance(cell, str):
            assert value == (str(cell).lower() if isinstance(cell, bool) else repr(cell))
        else:
            assert value == cell
