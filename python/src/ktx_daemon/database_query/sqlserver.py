"""SQL Server over TDS, with the intent to read only, in a transaction that is rolled back."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Sequence
from decimal import Context, Decimal
from typing import Any

import pytds
from pytds import tds_base

from ktx_daemon.database_query.answers import (
    Converters,
    column_of,
    converted,
    fetched,
    single_precision,
)
from ktx_daemon.database_query.driver import Answer, Description, Limits, ReadOnly
from ktx_daemon.database_query.failures import (
    AUTHENTICATION,
    FORBIDDEN,
    MISSING,
    OTHER,
    SYNTAX,
    TIMEOUT,
    UNREACHABLE,
    VALUES,
    WRITES,
    category_by_code,
)
from ktx_daemon.database_query.settings import Settings

_WORDS = {
    tds_base.SYBBIT: "bit",
    tds_base.SYBBITN: "bit",
    tds_base.SYBINT1: "tinyint",
    tds_base.SYBINT2: "smallint",
    tds_base.SYBINT4: "int",
    tds_base.SYBINT8: "bigint",
    tds_base.SYBREAL: "real",
    tds_base.SYBFLT8: "float",
    tds_base.SYBMONEY4: "smallmoney",
    tds_base.SYBMONEY: "money",
    tds_base.SYBDATETIME4: "smalldatetime",
    tds_base.SYBDATETIME: "datetime",
    tds_base.SYBMSDATE: "date",
    tds_base.SYBTEXT: "text",
    tds_base.SYBNTEXT: "ntext",
    tds_base.SYBIMAGE: "image",
    tds_base.SYBMSXML: "xml",
    tds_base.SYBUNIQUE: "uniqueidentifier",
    tds_base.SYBVARIANT: "sql_variant",
}
# Types that may be NULL come as one code for all their sizes.
_BY_SIZE = {
    tds_base.SYBINTN: {1: "tinyint", 2: "smallint", 4: "int", 8: "bigint"},
    tds_base.SYBFLTN: {4: "real", 8: "float"},
    tds_base.SYBMONEYN: {4: "smallmoney", 8: "money"},
    tds_base.SYBDATETIMN: {4: "smalldatetime", 8: "datetime"},
}
_WITH_LENGTH = {
    tds_base.XSYBVARCHAR: "varchar",
    tds_base.XSYBNVARCHAR: "nvarchar",
    tds_base.XSYBVARBINARY: "varbinary",
}
_WITH_SCALE = {
    tds_base.SYBMSTIME: "time",
    tds_base.SYBMSDATETIME2: "datetime2",
    tds_base.SYBMSDATETIMEOFFSET: "datetimeoffset",
}
_MONEY_SCALE = 4
_DECIMALS = (tds_base.SYBDECIMAL, tds_base.SYBMONEY, tds_base.SYBMONEY4, tds_base.SYBMONEYN)


def type_word(serializer: Any) -> str:
    """Return the word for what the driver reads a column with; or "" for anything else.

    The driver reads char as varchar; a type that a class defines (geography) has a name of its own.
    """
    code, size = serializer.type, serializer.size
    if code in _BY_SIZE:
        return _BY_SIZE[code].get(size, "")
    if code in _WITH_LENGTH:
        # Without a length of its own it is (max); that of nvarchar comes as half a number of bytes.
        length = int(size) if size and size > 0 else "max"
        return f"{_WITH_LENGTH[code]}({length})"
    if code in _WITH_SCALE:
        return f"{_WITH_SCALE[code]}({serializer.precision})"
    if code == tds_base.SYBDECIMAL:
        return f"decimal({serializer.precision},{serializer.scale})"
    return _WORDS.get(code) or str(getattr(serializer, "type_name", ""))


def exact_converters(serializers: Sequence[Any]) -> Converters:
    """Return what undoes what the driver does to values.

    It drops the zeros at the end of decimals, and leaves XML its mark of the byte order.
    """
    found = [_converter(serializer) for serializer in serializers]
    return {place: convert for place, convert in enumerate(found) if convert}


def _converter(serializer: Any) -> Callable[[Any], Any] | None:
    if serializer.type == tds_base.SYBMSXML:
        return lambda text: text.removeprefix("\ufeff")
    if type_word(serializer) == "real":
        return single_precision
    if serializer.type not in _DECIMALS:
        return None
    scale = _MONEY_SCALE if serializer.scale is None else serializer.scale
    step, context = Decimal(1).scaleb(-scale), Context(prec=38)
    return lambda value: value.quantize(step, context=context)


ERRORS: tuple[type[Exception], ...] = (pytds.Error,)
READ_ONLY = ReadOnly(
    False,
    "ApplicationIntent=ReadOnly, and every transaction is rolled back: let its login read only",
)
_NUMBERS = {
    AUTHENTICATION: (18452, 18456, 18470, 18486, 18487, 18488),
    MISSING: (207, 208, 195, 4060, 911, 2812, 4121),
    FORBIDDEN: (229, 230, 262, 916),
    SYNTAX: (102, 105, 137, 145, 156, 164, 174, 206, 209, 319, 402, 4104, 8117, 8120),
    VALUES: (220, 232, 241, 242, 245, 512, 8114, 8115, 8134, 9420),
    WRITES: (3906, 978),
}
_SYSTEM = "('sys', 'INFORMATION_SCHEMA', 'guest')"


class _Session:
    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._cursor = connection.cursor()

    def rows(self, sql: str, limit: int | None) -> Answer:
        """Run one statement."""
        try:
            self._cursor.execute(sql)
            rows = fetched(self._cursor, limit)
        except TimeoutError:
            self.cancel()  # SQL Server knows no limit of its own for a statement.
            raise
        # The cursor's own description lacks the words for the types.
        found = self._cursor._session.res_info.columns
        words = [type_word(column.serializer) for column in found]
        pairs = zip(found, words, strict=True)
        columns = [column_of(column.column_name, word) for column, word in pairs]
        converters = exact_converters([column.serializer for column in found])
        return Answer(columns, converted(rows, converters))

    def describe(self, schemas: Sequence[str]) -> Description:
        """Say what is in the database that is in use."""
        ((version, database),) = self.rows(
            "SELECT CAST(SERVERPROPERTY('ProductVersion') AS NVARCHAR(128)), DB_NAME()", None
        ).rows
        names = self.rows(
            f"SELECT name FROM sys.schemas WHERE schema_id < 16384 AND name NOT IN {_SYSTEM}", None
        ).rows
        found = sorted(row[0] for row in names)
        wanted = set(schemas or found)
        tables = self.rows("SELECT TABLE_SCHEMA FROM INFORMATION_SCHEMA.TABLES", None).rows
        return Description(version, database, found, sum(row[0] in wanted for row in tables))

    def cancel(self) -> None:
        """Tell the server to end what runs; whoever waits for the rows reads its answer."""
        session = self._cursor._session
        if not session.in_cancel:
            session.put_cancel()

    def close(self) -> None:
        """Roll back, and let the connection go."""
        self._connection.close()


def connect(settings: Settings, limits: Limits) -> _Session:
    """Log in."""
    settings.read_url(("sqlserver", "mssql"), "database")
    encrypted = settings.flag("encrypt", True)
    user = settings.required("user", "username", example="reader")
    host = settings.required("host", "server", example="sql.example.com")
    port = None if "\\" in host else settings.port(1433)  # an instance has a port of its own
    if port is not None:
        # The driver tries until its time is over, and does not say what was wrong.
        socket.create_connection((host, port), limits.connection_seconds).close()
    connection = _logged_in(
        limits,
        dsn=host,
        port=port,
        database=settings.text("database"),
        user=user,
        password=settings.text("password") or "",
        appname="ktx",
        readonly=True,
        autocommit=False,
        cafile=_authorities(settings) if encrypted else None,
        validate_host=not settings.flag("trust_server_certificate", False),
    )
    return _Session(connection)


def _logged_in(limits: Limits, **options: Any) -> Any:
    """Return a connection, for which the driver tries until its time is over; else say why not."""
    try:
        return pytds.connect(
            timeout=limits.seconds,
            login_timeout=limits.connection_seconds,
            disable_connect_retry=True,
            **options,
        )
    except TimeoutError as error:
        if isinstance(error.__cause__, (pytds.Error, ConnectionError)):
            raise error.__cause__ from None
        waited = limits.connection_seconds
        raise ConnectionError(f"no answer to the log-in within {waited} seconds") from None


def _authorities(settings: Settings) -> str:
    path = settings.text("ca_file")
    if path is not None:
        return str(settings.file(path))
    known = ssl.get_default_verify_paths().cafile
    if known is not None:
        return known
    import certifi

    return certifi.where()


def category_of(error: Exception) -> str:
    """Return what an error is about."""
    number = getattr(error, "number", None) or getattr(error, "msg_no", None)
    if category := category_by_code(number, _NUMBERS):
        return category
    if isinstance(error, pytds.LoginError):
        return AUTHENTICATION
    if isinstance(error, socket.gaierror):
        return UNREACHABLE
    if isinstance(error, TimeoutError):
        return TIMEOUT
    return UNREACHABLE if isinstance(error, (OSError, tds_base.ClosedConnectionError)) else OTHER
