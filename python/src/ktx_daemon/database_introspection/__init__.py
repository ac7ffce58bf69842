"""The operation `database-introspect`: the tables of a live database, read and never changed."""

# Annotations are read as objects by Model, so this module does not postpone them.
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from ktx_daemon.database_introspection.tables import (
    DatabaseIntrospectionRows as DatabaseIntrospectionRows,
)
from ktx_daemon.database_introspection.tables import LiveDatabaseColumn as LiveDatabaseColumn
from ktx_daemon.database_introspection.tables import LiveDatabaseTable as LiveDatabaseTable
from ktx_daemon.database_introspection.target import DEFAULT_SCHEMAS, Target, address_of
from ktx_daemon.database_query.driver import Limits
from ktx_daemon.database_query.settings import Settings
from ktx_daemon.errors import DATABASE, UNSUPPORTED, OperationError
from ktx_daemon.requests import checked
from ktx_daemon.sentences import sentence
from semantic_layer.data.model import Model
from semantic_layer.errors import close_names

Introspector = Callable[[Target], DatabaseIntrospectionRows]

_READERS = {
    "postgres": "postgres_reader",
    "postgresql": "postgres_reader",
    "sqlite": "sqlite_reader",
    "duckdb": "duckdb_reader",
    "mysql": "mysql_reader",
    "mariadb": "mysql_reader",
}


class DatabaseIntrospectionRequest(Model):
    """Which database to read, and the limits of the session.

    It is named by its `url`, or by `settings`: the mapping of a connection in ktx.yaml, with
    secrets in place of references to them, whose relative paths begin at `project_directory`.
    `schemas` is `["public"]` by default. That means the database's own default: `main` of SQLite
    and DuckDB, and of MySQL the database that the address names.
    """

    connection_id: str
    driver: str = "postgres"
    url: str | None = None
    settings: dict[str, Any] | None = None
    project_directory: str = ""
    schemas: list[str] | None = None
    statement_timeout_ms: int = 30_000
    connection_timeout_seconds: int = 5

    def check_consistency(self) -> None:
        """Check the limits, and that there is something to read."""
        if (self.url is None) == (self.settings is None):
            raise ValueError("either url or settings must be given")
        if self.schemas == []:
            raise ValueError("schemas must not be empty")
        if not 1 <= self.statement_timeout_ms <= 2**31 - 1:
            raise ValueError("statement_timeout_ms must be from 1 to 2147483647")
        if not 1 <= self.connection_timeout_seconds <= 3600:
            raise ValueError("connection_timeout_seconds must be from 1 to 3600")


class IntrospectionMetadata(Model):
    """What was read, by which driver."""

    driver: str
    schemas: list[str]


class DatabaseIntrospectionResponse(Model):
    """The tables of a connection at one moment (ISO 8601, UTC)."""

    connection_id: str
    extracted_at: str
    metadata: IntrospectionMetadata
    tables: list[LiveDatabaseTable]
    warnings: list[str] = []


def database_introspect(request: dict[str, Any]) -> dict[str, Any]:
    """Run the operation `database-introspect`."""
    asked = checked(DatabaseIntrospectionRequest, request)
    return introspect_database_response(asked).model_dump()


def introspect_database_response(
    request: DatabaseIntrospectionRequest, introspector: Introspector | None = None
) -> DatabaseIntrospectionResponse:
    """Read the database with the driver of its name, or with `introspector`."""
    target = _target_of(request)
    rows = introspector(target) if introspector else _read(request.driver, target)
    return DatabaseIntrospectionResponse(
        connection_id=request.connection_id,
        extracted_at=datetime.now(UTC).isoformat(),
        metadata=IntrospectionMetadata(driver=request.driver, schemas=rows.schemas),
        tables=rows.tables,
        warnings=rows.warnings,
    )


def _target_of(request: DatabaseIntrospectionRequest) -> Target:
    settings = None
    url = request.url or ""
    if request.settings is not None:
        settings = Settings(request.connection_id, request.settings, request.project_directory)
        limits = Limits(request.statement_timeout_ms, request.connection_timeout_seconds)
        url = address_of(_reader_of(request.driver), settings, limits)
    return Target(
        url,
        DEFAULT_SCHEMAS if request.schemas is None else request.schemas,
        request.statement_timeout_ms,
        request.connection_timeout_seconds,
        settings,
    )


def _reader_of(driver: str) -> str:
    if driver not in _READERS:
        raise OperationError(
            UNSUPPORTED,
            f"Driver '{driver}' is not supported. Supported: {', '.join(_READERS)}.",
            fix="Use one of the drivers listed.",
            suggestions=close_names(driver, _READERS),
        )
    return _READERS[driver]


def _read(driver: str, target: Target) -> DatabaseIntrospectionRows:
    reader = import_module(f"ktx_daemon.database_introspection.{_reader_of(driver)}")
    try:
        rows: DatabaseIntrospectionRows = reader.read_database(target)
    except OperationError:
        raise
    except (*reader.ERRORS, OSError) as error:
        # What the driver says goes on without its chain: that may quote the address.
        message = target.redacted(str(error)) or type(error).__name__
    except ValueError:
        message = "the url cannot be understood"
    else:
        return rows
    raise OperationError(
        DATABASE,
        f"The database could not be read: {sentence(message)}",
        fix=f"Check {target.place}"
        + ("." if reader.IS_FILE else ", and that the server is up and lets this user in."),
    )
