"""The drivers: their names in ktx.yaml, their SQL, and the runtime feature that each needs."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from ktx_daemon.database_query.driver import Driver
from ktx_daemon.errors import UNSUPPORTED, OperationError
from semantic_layer.data.record import Record
from semantic_layer.errors import close_names


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
}


def driver_entry(name: str) -> Entry:
    """Return the entry of a driver's name, in any case; raises when there is none."""
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
