"""Spark by Spark Connect: gRPC and Arrow. It knows no read-only session."""

from __future__ import annotations

import math
import uuid
from collections.abc import Sequence
from contextlib import suppress

from ktx_daemon.database_query import spark_rows
from ktx_daemon.database_query.driver import Answer, Description, Limits, ReadOnly
from ktx_daemon.database_query.failures import TIMEOUT
from ktx_daemon.database_query.settings import Settings
from ktx_daemon.database_query.spark_connect import Client, Failed, open_channel

ERRORS: tuple[type[Exception], ...] = (Failed,)
READ_ONLY = ReadOnly(
    False,
    "Spark knows no read-only session: each statement is sent as a sub-query, where it takes no "
    "other; let the user read only",
)
_PORT = 15002
_LOCAL = ("localhost", "127.0.0.1", "::1")
_SHORT_SECONDS = 5.0
"""For what is asked beside a statement: its end, and that of the session."""


class _Session:
    def __init__(self, client: Client, limits: Limits) -> None:
        self._client = client
        self._limits = limits
        self._running: str | None = None

    def rows(self, sql: str, limit: int | None) -> Answer:
        """Run one statement as a sub-query: Spark's grammar has no room for another there."""
        return self._run(f"SELECT * FROM (\n{sql}\n)", limit)

    def describe(self, schemas: Sequence[str]) -> Description:
        """Say what is in the catalog that is in use."""
        version, catalog = self._run("SELECT version(), current_catalog()", None).rows[0]
        found = sorted(row[0] for row in self._run("SHOW DATABASES", None).rows)
        wanted = [*schemas] or found
        count = sum(len(self._run(f"SHOW TABLES IN {quoted(name)}", None).rows) for name in wanted)
        return Description(version.split()[0], catalog, found, count)

    def begin(self, catalog: str | None, schema: str | None) -> None:
        """Make the session, in the zone of the answer, with the catalog and schema in use."""
        seconds = self._limits.connection_seconds + self._limits.seconds
        self._client.configure({"spark.sql.session.timeZone": self._limits.zone}, seconds)
        if catalog is not None:
            self._run(f"SET CATALOG {quoted(catalog)}", None)
        if schema is not None:
            self._run(f"USE {quoted(schema)}", None)

    def cancel(self) -> None:
        """End the statement on the server."""
        if self._running is not None:
            self._client.interrupt(self._running, _SHORT_SECONDS)

    def close(self) -> None:
        """End the session."""
        self._client.close(_SHORT_SECONDS)

    def _run(self, sql: str, limit: int | None) -> Answer:
        self._running = str(uuid.uuid4())
        seconds = self._limits.seconds
        try:
            batches = self._client.batches(sql, limit, self._running, seconds)
            return spark_rows.answer(batches)
        except Failed as failed:
            if failed.category != TIMEOUT:
                raise
        # Spark itself has no limit for a statement: it would go on.
        with suppress(Failed):
            self.cancel()
        raise Failed(TIMEOUT, f"no answer within {math.ceil(seconds)} seconds")


def connect(settings: Settings, limits: Limits) -> _Session:
    """Make a session in the zone of the answer."""
    settings.read_url(("sc",), matrix=True)
    host = settings.required("host", example="spark.example.com")
    port = settings.port(_PORT)
    token = settings.text("token")
    certificates = settings.text("ca_file")
    channel = open_channel(
        f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        secure=_is_secure(settings, host, token, certificates),
        certificates=_read(settings, certificates),
        seconds=limits.connection_seconds,
    )
    metadata = [("authorization", f"Bearer {token}")] if token is not None else []
    user = settings.text("user", "user_id") or "ktx"
    session = _Session(Client(channel, user, metadata), limits)
    try:
        session.begin(settings.text("catalog"), settings.text("schema"))
    except Failed:
        channel.close()
        raise
    return session


def _is_secure(settings: Settings, host: str, token: str | None, certificates: str | None) -> bool:
    is_local = host in _LOCAL
    secure = settings.flag(
        "use_ssl", certificates is not None or (token is not None and not is_local)
    )
    if token is not None and not secure and not is_local:
        raise settings.wrong(
            "use_ssl", "would send the token unencrypted", "Write `use_ssl: true`."
        )
    return secure


def _read(settings: Settings, path: str | None) -> bytes | None:
    if path is None:
        return None
    try:
        return settings.file(path).read_bytes()
    except OSError as error:
        raise settings.wrong(
            "ca_file", f"cannot be read ({error.strerror})", "Name a file of PEM certificates."
        ) from None


def quoted(name: str) -> str:
    """Return a name in Spark's quotes."""
    return f"`{name.replace('`', '``')}`"


def category_of(error: Exception) -> str:
    """Return what an error is about."""
    category: str = getattr(error, "category", "")
    return category
