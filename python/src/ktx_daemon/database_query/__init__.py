"""The operations `database-query` and `database-test`: asking a database, never changing it."""

# Annotations are read as objects by Model, so this module does not postpone them.
from collections.abc import Callable
from typing import Any, TypeVar

from ktx_daemon.database_query.answers import rows_as_cells
from ktx_daemon.database_query.driver import (
    Answer,
    Description,
    Driver,
    Limits,
    Session,
    driver_entry,
    load_driver,
)
from ktx_daemon.database_query.failures import (
    FIX_OF_REFUSED_COMPILED,
    TIMEOUT,
    Late,
    failure,
    words_of,
)
from ktx_daemon.database_query.running import Work
from ktx_daemon.database_query.settings import Settings
from ktx_daemon.errors import DATABASE, OperationError
from ktx_daemon.requests import checked
from ktx_daemon.sql_analysis.read_only import validate_read_only
from ktx_daemon.sql_analysis.reading import read_tokens
from semantic_layer.data.model import Model
from semantic_layer.errors import Origin
from semantic_layer.syntax.lean_sqlglot import TokenType
from semantic_layer.syntax.reading import with_plain_quotes
from semantic_layer.times.zone import UTC, checked_zone

T = TypeVar("T")
# What a session may take beyond its limits: opening, closing, a slow network.
_GRACE_SECONDS = 5


class ConnectionRequest(Model):
    """A connection of ktx.yaml: its mapping, with secrets in place of references to them.

    `project_directory` is where relative paths begin.
    """

    connection_id: str
    driver: str
    settings: dict[str, Any]
    timeout_ms: int = 30_000
    connection_timeout_seconds: int = 5
    project_directory: str = ""

    def check_consistency(self) -> None:
        """Check the limits."""
        _check_limits(self)


class DatabaseTestRequest(ConnectionRequest):
    """A connection to be tried."""


class DatabaseQueryRequest(ConnectionRequest):
    """A statement for a connection; of its rows at most `max_rows` are read.

    The session is in the time zone `timezone`, by default the connection's own setting or UTC, and
    never in that of a machine. `compiled` says that ktx made it of a question, which is what an
    error then speaks of.
    """

    sql: str
    max_rows: int | None = None
    timezone: str | None = None
    compiled: bool = False

    def check_consistency(self) -> None:
        """Check the limits."""
        _check_limits(self)
        if self.max_rows is not None and not 0 <= self.max_rows <= 2**31 - 2:
            raise ValueError("max_rows must be from 0 to 2147483646")


def _check_limits(request: ConnectionRequest) -> None:
    if not 1 <= request.timeout_ms <= 2**31 - 1:
        raise ValueError("timeout_ms must be from 1 to 2147483647")
    if not 1 <= request.connection_timeout_seconds <= 3600:
        raise ValueError("connection_timeout_seconds must be from 1 to 3600")


def database_query(request: dict[str, Any]) -> dict[str, Any]:
    """Run the operation: the rows of one statement that only reads."""
    asked = checked(DatabaseQueryRequest, request)
    dialect = driver_entry(asked.driver).dialect
    statement = reading_statement(asked.sql, dialect, compiled=asked.compiled)
    limit = None if asked.max_rows is None else asked.max_rows + 1

    def ask(session: Session, _: Settings) -> Answer:
        return session.rows(statement, limit)

    answer = _in_session(asked, ask, compiled=asked.compiled)
    rows = answer.rows if asked.max_rows is None else answer.rows[: asked.max_rows]
    return {
        "columns": [dict(vars(column)) for column in answer.columns],
        "rows": rows_as_cells(rows),
        "truncated": len(answer.rows) > len(rows),
    }


def database_test(request: dict[str, Any]) -> dict[str, Any]:
    """Run the operation: whether the connection works, and what is there."""
    asked = checked(DatabaseTestRequest, request)

    def describe(session: Session, settings: Settings) -> Description:
        return session.describe(settings.names("schemas", "schema"))

    found = _in_session(asked, describe)
    return {
        "driver": asked.driver.lower(),
        "server_version": found.server_version,
        "tables": found.tables,
        "schemas": found.schemas,
        "database": found.database,
        "read_only": dict(vars(_driver_of(asked).READ_ONLY)),
    }


def _driver_of(asked: ConnectionRequest) -> Driver:
    return load_driver(asked.driver, driver_entry(asked.driver))


def _zone_of(asked: ConnectionRequest, settings: Settings) -> str:
    """Return the time zone of the session; an unknown one is an error of the request."""
    wanted = asked.timezone if isinstance(asked, DatabaseQueryRequest) else None
    if wanted is None:
        wanted = settings.text("timezone") or UTC
    return checked_zone(wanted, Origin(f"timezone of connection '{asked.connection_id}'"))


def _in_session(
    asked: ConnectionRequest, use: Callable[[Session, Settings], T], *, compiled: bool = False
) -> T:
    """Return what is made of a session; everything that the database says becomes an error."""
    driver = _driver_of(asked)
    settings = Settings(asked.connection_id, asked.settings, asked.project_directory)
    zone = _zone_of(asked, settings)
    limits = Limits(asked.timeout_ms, asked.connection_timeout_seconds, zone)

    def run(work: Work[T]) -> T:
        session = driver.connect(settings, limits)
        work.cancel = session.cancel
        try:
            return use(session, settings)
        finally:
            session.close()

    errors: tuple[type[Exception], ...] = (*driver.ERRORS, OSError)
    try:
        return Work(run).result_within(limits.seconds + limits.connection_seconds + _GRACE_SECONDS)
    except Late as late:
        error = failure(TIMEOUT, settings, str(late))
    except errors as raised:
        # What the driver says goes on without its chain: that may quote the settings.
        category = driver.category_of(raised)
        error = failure(category, settings, words_of(raised), compiled=compiled)
    raise error


def reading_statement(sql: str, dialect: str, *, compiled: bool = False) -> str:
    """Return the statement without what follows it (semicolons, comments); raises if it writes.

    Of SQL that ktx `compiled`, the question is what the error asks to correct.
    """
    sql = with_plain_quotes(sql, dialect)
    verdict = validate_read_only(sql, dialect)
    if not verdict.ok or verdict.statement_kind == "pragma":
        said = verdict.error or "The statement is no SELECT but PRAGMA."
        raise OperationError(
            DATABASE,
            f"The SQL is not run. {said}",
            fix=FIX_OF_REFUSED_COMPILED
            if compiled
            else "Ask with one SELECT or WITH statement that only reads.",
        )
    own = [
        token for token in read_tokens(sql, dialect) if token.token_type is not TokenType.SEMICOLON
    ]
    return sql[own[0].start : own[-1].end + 1]
