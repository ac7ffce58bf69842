"""What a connection of ktx.yaml leads to, as the address that the readers take."""

from __future__ import annotations

from collections.abc import Callable

from ktx_daemon.database_introspection.target import database_file
from ktx_daemon.database_query.driver import Limits
from ktx_daemon.database_query.settings import Settings


def address_of(reader: str, settings: Settings, limits: Limits) -> str:
    """Return the address for a reader, the same that a query of the connection goes to.

    Raises an error about the settings when they do not say enough.
    """
    return _ADDRESSES[reader](settings, limits)


def _postgres(settings: Settings, limits: Limits) -> str:
    from ktx_daemon.database_query import postgres

    return postgres.address_of(settings, limits)


def _mysql(settings: Settings, _: Limits) -> str:
    from ktx_daemon.database_query import mysql

    return mysql.address_of(settings)


def _duckdb(settings: Settings, _: Limits) -> str:
    from ktx_daemon.database_query import duckdb

    return str(duckdb.file_of(settings))


def _sqlite(settings: Settings, _: Limits) -> str:
    path = settings.text("path") or settings.url or settings.required("path", example="shop.db")
    return str(database_file(path, "sqlite", settings.directory))


_ADDRESSES: dict[str, Callable[[Settings, Limits], str]] = {
    "postgres_reader": _postgres,
    "mysql_reader": _mysql,
    "duckdb_reader": _duckdb,
    "sqlite_reader": _sqlite,
}
