"""ClickHouse, in a process of another environment: its own server's code without the server.

Most tables that people have there are of plain columns, which have no NULL and answer with 0 and
'' where another database has none; so everything is asked of both, with `clickhouse` and with
`clickhouse-plain`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from support.databases import Row, literal
from support.worker import Worker

_TYPES = {
    "INTEGER": "Int32",
    "INT": "Int32",
    "BIGINT": "Int64",
    "REAL": "Float32",
    "DOUBLE": "Float64",
    "DOUBLE PRECISION": "Float64",
    "TEXT": "String",
    "BOOLEAN": "Bool",
    "DATE": "Date",
    "TIMESTAMP": "DateTime64(6)",
    "TIMESTAMPTZ": "DateTime64(6, 'UTC')",
}
# What people take for moments that need no more: from 1970 on, and whole seconds.
_SHORT = {"TIMESTAMP": "DateTime", "TIMESTAMPTZ": "DateTime('UTC')"}
_MOMENT = re.compile(r"(?:19[789]|20\d)\d-[^.]*")


class ClickHouse(Worker):
    """ClickHouse whose columns may all be NULL, and hold every time."""

    dialect = "clickhouse"
    words_sql = "SELECT keyword FROM system.keywords"
    as_standard = " SETTINGS join_use_nulls = 1, aggregate_functions_null_for_empty = 1"

    def created(self, name: str, columns: str, rows: Sequence[Row]) -> list[str]:
        parts = [_split(part) for part in _parts(columns)]
        written = [
            f"{column} {self._type(type_, [row[place] for row in rows])}"
            for place, (column, type_) in enumerate(parts)
        ]
        table = self.quoted(name)
        return [
            f"DROP TABLE IF EXISTS {table}",
            f"CREATE TABLE {table} ({', '.join(written)}) ENGINE = Memory",
        ]

    def literal(self, value: Any) -> str:
        """Return a value; a backslash is an escape there."""
        return literal(value.replace("\\", "\\\\") if isinstance(value, str) else value)

    def set_zone(self, zone: str) -> None:
        self.run([f"SET session_timezone = '{zone}'"])

    def _statements(self, name: str, table: tuple[str, Sequence[Row]]) -> list[str]:
        self._loaded.pop(name, None)  # Made anew: it costs as much as to empty one.
        return super()._statements(name, table)

    def _type(self, type_: str, _: Sequence[Any]) -> str:
        return f"Nullable({_TYPES.get(type_, type_)})"


class PlainClickHouse(ClickHouse):
    """ClickHouse whose columns have NULL only where a row has one."""

    def _type(self, type_: str, values: Sequence[Any]) -> str:
        plain = _TYPES.get(type_, type_)
        if type_ in _SHORT and all(v is None or _MOMENT.fullmatch(v) for v in values):
            plain = _SHORT[type_]
        return f"Nullable({plain})" if None in values else plain


def _parts(columns: str) -> list[str]:
    """Return the definitions in a list; a type may have a comma in parentheses."""
    return re.split(r", (?![^(]*\))", columns)


def _split(part: str) -> tuple[str, str]:
    """Return the name and the type of one definition; the name may be quoted and have blanks."""
    quoted = re.match(r'"(?:[^"]|"")*"', part)
    end = quoted.end() if quoted else part.index(" ")
    return part[:end], part[end:].strip()
