"""What every driver of a database offers, and which drivers there are.

The table has their names in ktx.yaml, their SQL, and the runtime feature that each needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any, Protocol, cast

from ktx_daemon.database_query.settings import Settings
from ktx_daemon.errors import UNSUPPORTED, OperationError
from semantic_layer.data.record import Record
from semantic_layer.errors import close_names

NUMBER, TEXT, TIME, BOOLEAN, BINARY, UNKNOWN = COLUMN_TYPES = (
    "number",
    "text",
    "time",
    "boolean",
    "binary",
    "unknown",
)


class Column(Record):
    """A column of an answer: its name, one of COLUMN_TYPES, and the database's word for it."""

    name: str
    type: str
    database_type: str


class Answer(Record):
    """What a statement returned; the values are as the driver gives them."""

    columns: list[Column]
    rows: Sequence[Sequence[Any]]


class Limits(Record):
    """How long one statement and connecting may take, and the time zone that a session is in."""

    timeout_ms: int
    connection_seconds: int
    zone: str = "UTC"

    @property
    def seconds(self) -> float:
        """The limit of one statement, in seconds."""
        return float(self.timeout_ms) / 1000


class Description(Record):
    """What a connection leads to; `tables` counts tables and views."""

    server_version: str | None
    database: str | None
    schemas: list[str]
    tables: int


class ReadOnly(Record):
    """Whether the database itself refuses to write in our sessions, and by what."""

    enforced: bool
    how: str


class Session(Protocol):
    """An open connection, read-only where the database knows such a thing."""

    def rows(self, sql: str, limit: int | None) -> Answer:
        """Run one statement and return its rows, of many the first `limit`."""

    def describe(self, schemas: Sequence[str]) -> Description:
        """Say what is here; only tables of `schemas` count when there are any."""

    def cancel(self) -> None:
        """End what runs now; another thread calls it. May raise."""

    def close(self) -> None:
        """Let the connection go, without waiting for rows that nobody wants."""


class Driver(Protocol):
    """A module for one kind of database."""

    ERRORS: tuple[type[Exception], ...]
    """What the driver's package raises when something is wrong with the database."""
    READ_ONLY: ReadOnly

    def connect(self, settings: Settings, limits: Limits) -> Session:
        """Open a session; raises `ERRORS`, or an OperationError about the settings."""

    def category_of(self, error: Exception) -> str:
        """Return what an error is about: a category of `failures`."""


class Entry(Record):
    """One driver: its module here, its dialect of SQL, and the feature (None: core has it)."""

    module: str
    dialect: str
    feature: str | None = None


_POSTGRES, _MYSQL = Entry("postgres", "postgres"), Entry("mysql", "mysql")
_SQLSERVER = Entry("sqlserver", "tsql", "sqlserver")
_DRIVERS = {
    "postgres": _POSTGRES,
    "postgresql": _POSTGRES,
    "redshift": Entry("postgres", "redshift"),
    "mysql": _MYSQL,
    "mariadb": _MYSQL,
    "duckdb": Entry("duckdb", "duckdb"),
    "snowflake": Entry("snowflake", "snowflake", "snowflake"),
    "bigquery": Entry("bigquery", "bigquery", "bigquery"),
    "clickhouse": Entry("clickhouse", "clickhouse", "clickhouse"),
    "sqlserver": _SQLSERVER,
    "mssql": _SQLSERVER,
    "databricks": Entry("databricks", "databricks", "databricks"),
    "trino": Entry("trino", "trino", "trino"),
    "spark": Entry("spark", "spark", "spark"),
}


def driver_entry(name: str) -> Entry:
    """Return the entry of a driver's name, in any case; raises for an unknown one."""
    entry = _DRIVERS.get(name.lower())
    if entry is None:
        raise OperationError(
            UNSUPPORTED,
            f"Driver '{name}' is not supported. Supported: {', '.join(_DRIVERS)}.",
            fix="Use one of the drivers listed.",
            suggestions=close_names(name.lower(), _DRIVERS),
        )
    return entry


def load_driver(name: str, entry: Entry) -> Driver:
    """Return the driver's module; raises when its packages are not installed."""
    try:
        return cast("Driver", import_module(f"ktx_daemon.database_query.{entry.module}"))
    except ImportError as error:
        if entry.feature is None:
            raise
        raise OperationError(
            UNSUPPORTED,
            f"The driver for {name} is not installed ({error}).",
            fix=f"Run: ktx runtime install --feature {entry.feature} --yes",
        ) from error
