"""What is introspected: the address of a connection, its schemas, and the limits of asking."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from ktx_daemon.addresses import database_file, redacted
from ktx_daemon.database_query.driver import Limits
from ktx_daemon.database_query.settings import Settings
from ktx_daemon.errors import DATABASE, OperationError
from semantic_layer.data.record import Record
from semantic_layer.errors import close_names

DEFAULT_SCHEMAS = ["public"]


class Target(Record):
    """A database's address, the schemas to read and the limits of the session.

    `settings` is the connection that the address was made of, when it was.
    """

    url: str
    schemas: list[str]
    statement_timeout_ms: int
    connection_timeout_seconds: int
    settings: Settings | None = None

    @property
    def statement_timeout_seconds(self) -> float:
        """The limit of one statement, in seconds."""
        return self.statement_timeout_ms / 1000

    @property
    def place(self) -> str:
        """Where the address stands, for what an error asks to correct."""
        if self.settings is None:
            return "the url"
        return f"connections.{self.settings.connection_id} in ktx.yaml"

    def schemas_or(self, default: Sequence[str]) -> list[str]:
        """Return the schemas asked for; `public`, the request's default, is the database's."""
        return list(default) if self.schemas == DEFAULT_SCHEMAS else list(self.schemas)

    def require_schemas(self, wanted: Iterable[str], existing: Sequence[str]) -> None:
        """Raise when a schema that is wanted does not exist."""
        for schema in wanted:
            if schema not in existing:
                raise OperationError(
                    DATABASE,
                    f"The database has no schema '{schema}'. "
                    f"Schemas: {', '.join(existing) or 'none'}.",
                    fix="Name schemas that the database has and this user may see.",
                    suggestions=close_names(schema, existing),
                )

    def file(self, scheme: str) -> Path:
        """Return the path of a database that is a file; raises when there is no file."""
        return database_file(self.url, scheme)

    def redacted(self, message: str) -> str:
        """Return a driver's message without anything of the address that may be secret."""
        return redacted(message, self.url) if not self.settings else self.settings.redacted(message)


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
